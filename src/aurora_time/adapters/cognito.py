"""The Accounts port on a user pool of Amazon Cognito.

A user is found by the subject: of who came by another provider (Google), the pool takes only the name that it made.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aurora_time.ports import UnavailableError

_GONE: Final = "UserNotFoundException"


class CognitoAccounts:
    def __init__(self, client: Any, pool: str) -> None:  # noqa: ANN401  boto3 makes its clients at run time
        self._client = client
        self._pool = pool

    async def forget(self, subject: str) -> None:
        """Raises UnavailableError."""
        name = await self._name(subject)
        if name:
            await self._ask(self._client.admin_delete_user, Username=name)

    async def describe(self, subject: str, locale: str, time_zone: str) -> None:
        """Raises UnavailableError."""
        name = await self._name(subject)
        if name:
            said = [{"Name": "locale", "Value": locale}, {"Name": "zoneinfo", "Value": time_zone}]
            await self._ask(self._client.admin_update_user_attributes, Username=name, UserAttributes=said)

    async def address(self, subject: str) -> str:
        """Of the user itself, for a search may be a moment behind. Raises UnavailableError."""
        name = await self._name(subject)
        found = await self._ask(self._client.admin_get_user, Username=name) if name else {}
        said = {each["Name"]: each["Value"] for each in found.get("UserAttributes", ())}
        return str(said.get("email", "")) if said.get("email_verified") == "true" else ""

    async def sign_out(self, subject: str) -> None:
        """Refresh tokens end, and access tokens at the pool's own API; who verifies one by itself takes it until its
        time. The cookie of the pool's pages stays. Raises UnavailableError.
        """
        name = await self._name(subject)
        if name:
            await self._ask(self._client.admin_user_global_sign_out, Username=name)

    async def _name(self, subject: str) -> str:
        """What the pool calls its user; empty where there is none (any more)."""
        quoted = subject.replace("\\", "\\\\").replace('"', '\\"')
        found = await self._ask(self._client.list_users, Filter=f'sub = "{quoted}"', Limit=1)
        return str(found["Users"][0]["Username"]) if found.get("Users") else ""

    async def _ask(self, call: Any, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        try:
            answer: dict[str, Any] = await asyncio.to_thread(call, UserPoolId=self._pool, **fields)
        except ClientError as error:
            said = error.response["Error"]
            if said["Code"] == _GONE:
                return {}
            raise UnavailableError(f"the user pool refuses it ({said['Code']}: {said['Message']})") from None
        except BotoCoreError as error:
            raise UnavailableError(f"the user pool cannot be asked: {error}") from None
        return answer

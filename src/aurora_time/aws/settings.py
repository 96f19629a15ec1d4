"""What a function is told by its environment: the names that a home of one machine has, and those of its neighbours.

The stack writes them (infra/), so what is missing is a mistake of ours, raised as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from aurora_time.adapters.oidc import IssuerSettings
    from aurora_time.operations.admitting import Policy

_ENGINE: Final = "dynamodb:"
_CANARY_EVERY: Final = 900
"""Seconds, as in any home whose table is paid for by use (run/settings.py)."""


@dataclass(frozen=True, slots=True)
class CloudSettings:
    """``function`` is the file of ``api/`` that a function answers for. ``queue`` is the URL of the errands' queue,
    ``mail_set`` the SES configuration set. ``canary_every``: seconds from one canary to the next. ``answers`` is the
    bucket for what is too large to be answered, empty where there is none. ``signup``: who may make an account.
    ``mails``: how many a second SES takes of this home, 0 where that is not said. ``said`` is all that the environment
    says.
    """

    table: str
    public_url: str
    function: str = ""
    queue: str = ""
    mail_from: str = ""
    mail_set: str = ""
    rate_limit: int = 1_200
    canary_every: int = _CANARY_EVERY
    answers: str = ""
    signup: Policy = "invite"
    mails: int = 0
    said: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def known_as(self) -> str:
        """The issuer whose subjects sign in; empty for the functions that are asked by it, or by nobody."""
        return self.said.get("AURORA_ISSUER", "")

    @property
    def issuer(self) -> IssuerSettings:
        """Whose tokens are good; reading it loads what verifies them."""
        from aurora_time.adapters.oidc import IssuerSettings

        audiences = self.said.get("AURORA_AUDIENCE", "").split(",")
        return IssuerSettings(
            self.known_as,
            self.said["AURORA_CLIENT_ID"],
            audiences=frozenset(each.strip() for each in audiences if each.strip()),
            scope_prefix=self.said.get("AURORA_SCOPE_PREFIX", "aurora/"),
            cli_client_id=self.said.get("AURORA_CLI_CLIENT_ID", ""),
        )


def read_settings(environ: Mapping[str, str]) -> CloudSettings:
    return CloudSettings(
        environ["AURORA_TABLE"].removeprefix(_ENGINE),
        environ["AURORA_PUBLIC_URL"].rstrip("/"),
        environ.get("AURORA_FUNCTION", ""),
        environ.get("AURORA_QUEUE", ""),
        environ.get("AURORA_MAIL_FROM", ""),
        environ.get("AURORA_MAIL_SET", ""),
        int(environ.get("AURORA_RATE_LIMIT") or 1_200),
        int(environ.get("AURORA_CANARY") or _CANARY_EVERY),
        environ.get("AURORA_ANSWERS", ""),
        cast("Policy", environ.get("AURORA_SIGNUP") or "invite"),
        int(environ.get("AURORA_MAILS") or 0),
        {name: value for name, value in environ.items() if name.startswith("AURORA_")},
    )

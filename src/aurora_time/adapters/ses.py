"""The Mailer port on SES v2: our own message, byte by byte, so that its headers and its calendar part are ours.

SES puts a Message-ID of its own in the place of ours, and takes no address with letters beyond ASCII before its ``@``.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from aurora_time.adapters.mime import to_envelope
from aurora_time.ports import (
    Clock,
    Mail,
    MailRefusedError,
    MailThrottledError,
    MailUnavailableError,
    RecipientRefusedError,
)

_ADDRESS_WORDS: Final = ("address", "domain", "recipient")
_OURS: Final = "not verified"
"""Said of a sender, and in the sandbox of whom we may not write to yet: for an operator to mend, not for us to drop."""
_PASSES: Final = frozenset({"TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"})
_THROTTLED: Final = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling"})
_OF_A_DAY: Final = ("daily", "quota")
"""Said by the same codes when a day's mails are used up, which no wait of minutes mends."""
_LOG = structlog.get_logger("mail")


class SesMailer:
    """``settings`` names the configuration set, whose events tell of bounces and complaints; empty for none."""

    def __init__(self, client: Any, sender: str, settings: str, clock: Clock) -> None:  # noqa: ANN401  boto3's
        self._client = client
        self._sender = sender
        self._settings = settings
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Raises MailRefusedError, MailUnavailableError."""
        envelope = to_envelope(mail, self._sender, self._clock.now())
        if envelope.utf8:
            raise RecipientRefusedError("Amazon SES takes only ASCII before the @ of an address")
        request: dict[str, Any] = {
            "FromEmailAddress": envelope.sender,
            "Destination": {"ToAddresses": [envelope.recipient]},
            "Content": {"Raw": {"Data": envelope.message}},
        }
        if mail.tags:
            request["EmailTags"] = [{"Name": name, "Value": value} for name, value in mail.tags]
        if self._settings:
            request["ConfigurationSetName"] = self._settings
        try:
            await asyncio.to_thread(self._client.send_email, **request)
        except ClientError as error:
            raise understood(error) from error
        except BotoCoreError as error:
            raise MailUnavailableError(f"Amazon SES cannot be reached: {error}") from error


def understood(error: ClientError) -> MailRefusedError | MailUnavailableError:
    """What SES means. What concerns the whole account (throttled, paused, not verified) is no matter of this mail."""
    said = error.response.get("Error", {})
    code, words = str(said.get("Code", "")), str(said.get("Message", ""))
    reason = f"Amazon SES: {code}: {words}"
    if code not in ("MessageRejected", "BadRequestException") or _OURS in words.lower():
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        if code not in _PASSES and status < 500:
            # The role, the identity, the account: no later try is taken until somebody mends it.
            _LOG.error("SES lets this home send nothing; an operator has to mend it", code=code, reason=words[:300])
        if code in _THROTTLED and not any(word in words.lower() for word in _OF_A_DAY):
            return MailThrottledError(reason)
        return MailUnavailableError(reason)
    if code == "BadRequestException" and any(word in words.lower() for word in _ADDRESS_WORDS):
        return RecipientRefusedError(reason)
    return MailRefusedError(reason)

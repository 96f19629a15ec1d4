"""``aurora mail test``: whether mails arrive, by sending one."""

from __future__ import annotations

from email.utils import parseaddr

import msgspec

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.mail.account import Addressee, test_mail
from aurora_time.ports import Ids, MailRefusedError, MailUnavailableError
from aurora_time.run.addresses import host_of
from aurora_time.run.control import OperatorError
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import OUTBOX_SENDER


class MailTest(msgspec.Struct, frozen=True):
    """To whom; without an address, to the sender itself."""

    address: str | None = None


class MailSent(msgspec.Struct, frozen=True):
    """What happened, in one sentence."""

    sentence: str


async def send_test(
    settings: Settings, mailer: SmtpMailer | OutboxMailer, public_url: str, ids: Ids, wanted: MailTest
) -> MailSent:
    """Send it the way every mail goes. Raises OperatorError with what the mail server has against it."""
    sender = settings.smtp.sender if settings.smtp else OUTBOX_SENDER
    address = wanted.address or parseaddr(sender)[1]
    message_id = f"<{ids.new()}@{host_of(public_url) or 'localhost'}>"
    try:
        await mailer.send(test_mail(Addressee(address, "en", message_id), public_url))
    except (MailRefusedError, MailUnavailableError) as error:
        raise OperatorError(f"The test mail to {address} was not sent: {str(error).rstrip('.')}.") from None
    if settings.smtp:
        server = f"{settings.smtp.host}:{settings.smtp.port}"
        return MailSent(f"{server} has taken a test mail to {address}; look into that mailbox.")
    return MailSent(
        f"No mail server is set, so mails stay on this machine: the test mail is in {settings.outbox}, "
        f"and at {public_url}/outbox while Aurora Time runs."
    )

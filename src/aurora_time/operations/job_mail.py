"""Handing over the mail of a job, which is tried again while the mail server is away."""

from __future__ import annotations

from typing import Final

from aurora_time.operations.services import Services
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError
from aurora_time.store.jobs import Job

GIVE_UP: Final = 24 * 3600
"""Seconds for which a mail server that is away is tried again."""


async def hand_over(services: Services, job: Job, mail: Mail) -> None:
    """An address that takes no mail is no error. Raises MailUnavailableError when it is to be tried again."""
    try:
        await services.mailer.send(mail)
    except MailRefusedError:
        return
    except MailUnavailableError:
        services.meter.note_in_vain(services.now - job.created)
        if services.now - job.created <= GIVE_UP:
            raise

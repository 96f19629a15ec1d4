"""The mail to an address by which somebody signs in no more: its reader may be the one who should have been asked.

By a job that the change's own write starts, so that no change is without it. It holds all that it needs: whoever took
the account over may change its language and zone at once.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import msgspec

from aurora_time.domain.zones import zone
from aurora_time.mail.account import Addressee
from aurora_time.mail.security import Happened, happened_mail
from aurora_time.mail.wording import Wall, locale_of
from aurora_time.operations.job_mail import hand_over
from aurora_time.operations.restored import restored_at
from aurora_time.operations.services import Services
from aurora_time.ports import Change
from aurora_time.store import jobs, keys
from aurora_time.store.jobs import Job
from aurora_time.store.people import Person

ADDRESS_NOTICE: Final = "address-notice"


class Left(msgspec.Struct, frozen=True):
    """The address that was left, and how to write to its reader."""

    email: str
    locale: str
    time_zone: str
    what: Happened = "email_changed"


def start_notice(services: Services, person: Person, email: str, what: Happened = "email_changed") -> list[Change]:
    """What lets the address that ``person`` has had until now be told that it is ``email`` now, or is that for the
    issuer alone; nothing where only the case differs.
    """
    if person.email.casefold() == email.casefold():
        return []
    argument = msgspec.json.encode(Left(person.email, person.locale, person.time_zone, what)).decode()
    job = jobs.new_job(person.id, services.ids.new(), ADDRESS_NOTICE, argument, services.now)
    return jobs.start(person.id, job, services.ids.new())


async def send_notice(services: Services, _owner: str, job: Job) -> None:
    """The job's only page. Raises MailUnavailableError when it is to be tried again."""
    (restored,) = await services.table.get(keys.restored())
    if job.created <= (restored_at(restored) or 0):
        return  # it may have been sent after the backup was made
    left = msgspec.json.decode(job.argument, type=Left)
    clock = zone(left.time_zone)
    host = urlsplit(services.public_url).hostname or "localhost"
    # Of the job, so the same however often a crash has it sent.
    message_id = f"<{keys.digest(ADDRESS_NOTICE, job.id)}@{'localhost' if ':' in host else host}>"
    to = Addressee(left.email, locale_of(left.locale), message_id)
    at = Wall(clock.wall(job.created), clock.id)
    await hand_over(services, job, happened_mail(to, left.what, at, what="", reset_url=""))

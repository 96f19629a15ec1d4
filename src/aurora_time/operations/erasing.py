"""Closing an account: a tombstone first, so that nothing rings and no token works at once; then nothing is left.

The tombstone is that the person, and whatever leads to the person, is not there any more. The pages of the job find
all else by the kinds that ``store/keys.py`` names, so that a new kind of item cannot be forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import quote, unquote

from aurora_time.domain.availability import Schedule
from aurora_time.operations.services import Services
from aurora_time.ports import MAX_CHANGES, Change, Delete, Item, Key, Put, Range
from aurora_time.store import keys
from aurora_time.store.agenda import Planned
from aurora_time.store.calendar_links import CalendarLink, lookup
from aurora_time.store.codec import decode, encode
from aurora_time.store.jobs import Job
from aurora_time.store.people import EMBEDDED, Person, Subject, SubjectName, Token
from aurora_time.store.reminders import Armed
from aurora_time.store.schedules import Booking, link_keys

DELETE_ACCOUNT: Final = "delete-account"
AT_LAST: Final = "at last"
"""The cursor of the last sweep: whatever was in hand when the account was closed is written down by then."""
SCRUB: Final = "scrub"
"""The cursor at which only the overwriting of the traces is left."""
PAUSES: Final = {AT_LAST: 150, SCRUB: 600}
"""Seconds before the page at a cursor: to the last sweep longer than the lease of a mail that was being sent."""
_AT_ISSUER: Final = "@"
"""Before a subject of the home's issuer in the job's argument; it is quoted as in a URL."""
TOKENS_FORGOTTEN: Final = 86_400
"""Seconds for which another issuer's tokens may still name somebody; no issuer makes them last longer."""
_BATCH: Final = 200
"""Items of each part that one page takes."""

_Leads = Callable[[Item], list[Key]]


def _token(item: Item) -> list[Key]:
    return [keys.token(decode(item.body, Token).hashed)]


def _armed(item: Item) -> list[Key]:
    return [decode(item.body, Armed).due_key]


def _job(item: Item) -> list[Key]:
    return [decode(item.body, Job).due_key]


def _subject(item: Item) -> list[Key]:
    name = decode(item.body, SubjectName)
    return [keys.subject(name.issuer, name.subject)]


def _person(item: Item) -> list[Key]:
    address = decode(item.body, Person).email
    of_address = (keys.email, keys.login, keys.refusals, keys.held, keys.invited)
    return [key(address) for key in of_address]


def _agenda(item: Item) -> list[Key]:
    return [decode(item.body, Planned).due_key] if item.key.sort == keys.agenda("").sort else []


def _schedule(item: Item) -> list[Key]:
    name = decode(item.body, Schedule).slug
    return [keys.slug(name)] if name else []


def _booking(item: Item) -> list[Key]:
    return link_keys(decode(item.body, Booking))


def _link(item: Item) -> list[Key]:
    return [lookup(decode(item.body, CalendarLink))]


LEADS: Final[dict[str, tuple[_Leads, frozenset[str]]]] = {
    "tokens": (_token, frozenset({"token"})),
    "armed": (_armed, frozenset({"due"})),
    "agenda": (_agenda, frozenset({"due"})),
    "job": (_job, frozenset({"due"})),
    "subjects": (_subject, frozenset({"subject"})),
    "schedule": (_schedule, frozenset({"slug"})),
    "booking": (_booking, frozenset({"bookinglink"})),
    "calendarlink": (_link, frozenset({"ical"})),
    "person": (_person, frozenset({"email", "login", "refusals", "held", "invited"})),
}
"""What is found only through an item of the person: which item says where it is, and of which kinds that is."""


def tombstone(services: Services, person: Item, names: Iterable[SubjectName]) -> list[Change]:
    """What ends an account in one write: the person, the address, and whatever leads there or signs in.

    A subject of another issuer stays as nobody's for a day, so that a token which is still good makes no new person.
    """
    nobody, until = encode(Subject("", services.now + 1)), services.now + TOKENS_FORGOTTEN
    owner = decode(person.body, Person).id
    changes: list[Change] = [Delete(person.key, person.version), *(Delete(key) for key in _person(person))]
    for name in names:
        key = keys.subject(name.issuer, name.subject)
        changes.append(Delete(keys.subjects(owner, name.issuer, name.subject)))
        if name.issuer == EMBEDDED:
            changes += [Delete(key), Delete(keys.account(name.subject))]
        else:
            changes.append(Put(key, nobody, services.ids.new(), None, until))
    return changes


def subjects_text(names: Iterable[SubjectName], issuer: str) -> str:
    """For the job: the subjects with which somebody signed in here, or at this home's issuer, with spaces between."""
    here = [name.subject for name in names if name.issuer == EMBEDDED]
    there = [f"{_AT_ISSUER}{quote(name.subject)}" for name in names if name.issuer == issuer != EMBEDDED]
    return " ".join([*here, *there])


async def page(services: Services, owner: str, job: Job) -> str | None:
    """Delete some of what is left; at last, let no trace of it be in the file.

    ``job.argument`` is made by ``subjects_text``. Raises UnavailableError when the issuer does not forget them now.
    """
    words = job.argument.split()
    subjects = [owner, *(each for each in words if not each.startswith(_AT_ISSUER))]
    parts = [f"{kind}#{owner}" for kind in sorted(keys.OF_PERSON)]
    parts += [f"{kind}#{subject}" for kind in sorted(keys.OF_SUBJECT) for subject in subjects]
    own = keys.job(owner, job.id)
    if job.cursor not in PAUSES:
        if await _sweep(services, parts, own):
            return "more"
        for each in (each for each in words if each.startswith(_AT_ISSUER)):
            await services.accounts.forget(unquote(each.removeprefix(_AT_ISSUER)))
        return AT_LAST
    while await _sweep(services, parts, own):
        continue
    return None if await services.scrub() else SCRUB


async def sweep_tokens(services: Services, owner: str) -> None:
    """End all API tokens now, rather than with the job."""
    while await _sweep(services, [keys.tokens(owner).part]):
        continue


async def _sweep(services: Services, parts: Iterable[str], but: Key | None = None) -> bool:
    """Delete some items of each part with what they lead to; False when there was nothing."""
    found = await services.table.query(*(Range(part, limit=_BATCH) for part in parts))
    doomed = [item for items in found for item in items if item.key != but]
    await asyncio.gather(*(services.table.write(*batch) for batch in _batches(doomed)))
    return bool(doomed)


def _batches(doomed: Iterable[Item]) -> Iterator[list[Change]]:
    """Writes that each delete some items with what they lead to, so that no lead is lost before what it leads to."""
    batch: dict[Key, Change] = {}
    for item in doomed:
        together = [*_led_to(item), item.key]
        if len(batch) + len(together) > MAX_CHANGES:
            yield list(batch.values())
            batch = {}
        batch |= {key: Delete(key) for key in together}
    if batch:
        yield list(batch.values())


def _led_to(item: Item) -> list[Key]:
    leads = LEADS.get(item.key.part.split("#", 1)[0])
    return leads[0](item) if leads else []

"""The secret link of a calendar: whoever has it reads the calendar, not signed in, until its owner takes it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from aurora_time import __version__
from aurora_time.domain.icalendar_writer import CalendarWriter, Heading
from aurora_time.domain.moment import print_instant
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.errors import ChangedError, NotFoundError
from aurora_time.operations.exporting import write_objects
from aurora_time.operations.people import read_person
from aurora_time.operations.retrying import BUSY, until_done
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Check, ConflictError
from aurora_time.store import calendar_links, keys
from aurora_time.store.calendar_links import CalendarLink, Held, Linked
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.people import hash_secret

_ASK_AGAIN: Final = ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
"""How often a client that subscribes should look (RFC 7986 section 5.7, and its elder)."""
SUFFIX: Final = ".ics"
NONE: Final = "none"
"""The version where there is no link."""


class LinkResource(msgspec.Struct, frozen=True, rename="camel"):
    """The secret link of a calendar. Whoever has it can read the calendar."""

    secret_url: Annotated[str | None, Meta(description="null: there is none.")] = None
    created: str | None = None
    etag: str = NONE


@dataclass(frozen=True, slots=True)
class Published:
    """A calendar to which a secret link leads. ``version`` changes with whatever its text says."""

    owner: str
    calendar: Calendar
    version: str


async def read_link(services: Services, owner: str, calendar_id: str) -> LinkResource:
    """Raises NotFoundError for a calendar that is not there."""
    await read_calendar(services, owner, calendar_id)
    held = await _held(services, owner, calendar_id)
    return _resource(services, *held) if held else LinkResource()


async def renew_link(services: Services, owner: str, calendar_id: str) -> LinkResource:
    """Make the link; one that there was is void at once. Raises NotFoundError for a calendar that is not there."""

    async def attempt() -> LinkResource:
        _, seen = await read_calendar(services, owner, calendar_id)
        old = await _held(services, owner, calendar_id)
        link, version = CalendarLink(services.ids.secret(), services.now), services.ids.new()
        changes = calendar_links.renewal((owner, calendar_id), old, link, version)
        await _write(services, *changes, Check(keys.calendar(owner, calendar_id), seen))
        return _resource(services, link, version)

    return await until_done(attempt)


async def remove_link(
    services: Services, owner: str, calendar_id: str, check: Callable[[str], None] = lambda _: None
) -> None:
    """Take it back; where there is none, nothing is done. ``check`` sees the version, and may raise.

    Raises NotFoundError for a calendar that is not there.
    """

    async def attempt() -> None:
        await read_calendar(services, owner, calendar_id)
        old = await _held(services, owner, calendar_id)
        check(old[1] if old else NONE)
        if old is not None:
            await _write(services, *calendar_links.removal(owner, calendar_id, old))

    await until_done(attempt)


async def _write(services: Services, *changes: Change) -> None:
    try:
        await services.table.write(*changes)
    except ConflictError:
        raise ChangedError(BUSY) from None


async def _held(services: Services, owner: str, calendar_id: str) -> Held:
    """The link that a calendar has, with its version."""
    (item,) = await services.table.get(keys.calendar_link(owner, calendar_id))
    return (decode(item.body, CalendarLink), item.version) if item else None


def _resource(services: Services, link: CalendarLink, version: str) -> LinkResource:
    return LinkResource(f"{services.public_url}/ical/{link.secret}{SUFFIX}", print_instant(link.created), version)


# --- who has the link -------------------------------------------------------------------------------------------------
async def find_published(services: Services, name: str) -> Published:
    """The calendar behind the last segment of a link. Raises NotFoundError, alike for what never was and is no more."""
    secret = name.removesuffix(SUFFIX)
    if secret == name or not secret:
        raise NotFoundError
    (item,) = await services.table.get(keys.ical(hash_secret(secret)))
    if item is None:
        raise NotFoundError
    linked = decode(item.body, Linked)
    # The head before all else: what is written meanwhile is then shown under the elder version, never the other way.
    (head,) = await services.table.get(keys.head(linked.owner))
    await read_person(services, linked.owner)
    calendar, version = await read_calendar(services, linked.owner, linked.calendar_id)
    words = (item.version, version, head.version if head else "", __version__)
    return Published(linked.owner, calendar, keys.digest(*words))


async def published_text(services: Services, published: Published) -> str:
    """All that is in the calendar, without reminders: they are its owner's."""
    writer = CalendarWriter(Heading(published.calendar.name, lines=_ASK_AGAIN, alarms=False))
    await write_objects(services, published.owner, published.calendar, writer)
    return await asyncio.to_thread(writer.text)

"""People: who a token belongs to, the person's own settings, and API tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.operations import jobs
from aurora_time.operations.errors import ChangedError, InvalidError, NotFoundError
from aurora_time.operations.services import Services
from aurora_time.ports import ConflictError, Put, Range
from aurora_time.store import calendars, keys, people
from aurora_time.store.calendars import Calendar, Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Person, Pointer, Token

SCOPES: Final = (
    "account:read",
    "account:write",
    "calendars:read",
    "calendars:write",
    "events:read",
    "events:write",
    "reminders:read",
)
TOKEN_PREFIX: Final = "aur_"  # noqa: S105  the part of a token that is no secret
_FIRST_CALENDAR: Final = {"en": "Personal", "vi": "Cá nhân"}
LANGUAGES: Final = tuple(_FIRST_CALENDAR)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What sign-up knows of somebody. ``email`` is verified; ``time_zone`` is an IANA id."""

    email: str
    name: str
    time_zone: str
    locale: str


async def find_person_id(services: Services, issuer: str, subject: str) -> str | None:
    (item,) = await services.table.get(keys.subject(issuer, subject))
    return decode(item.body, Pointer).id if item else None


async def ensure_person(services: Services, issuer: str, subject: str, new: NewPerson) -> str:
    """The id of the person behind (issuer, subject); made, with a first calendar, at the first call.

    Somebody who is here under another issuer is linked by the verified address.
    """
    known = await find_person_id(services, issuer, subject)
    if known is not None:
        return known
    version = services.ids.new()
    (item,) = await services.table.get(keys.email(new.email))
    try:
        if item is not None:
            person_id = decode(item.body, Pointer).id
            await services.table.write(people.subject_put(issuer, subject, person_id, version))
        else:
            person_id = await _make_person(services, issuer, subject, new)
    except ConflictError:
        return await ensure_person(services, issuer, subject, new)
    return person_id


async def _make_person(services: Services, issuer: str, subject: str, new: NewPerson) -> str:
    ids, now = services.ids, services.now
    person_id, calendar_id, version = ids.new(), ids.new(), ids.new()
    locale = new.locale if new.locale in LANGUAGES else "en"
    person = Person(person_id, new.email, new.name, new.time_zone, locale, now, now, first_calendar=calendar_id)
    calendar = Calendar(calendar_id, _FIRST_CALENDAR[locale], now, now, time_zone=new.time_zone)
    noted = LogItem(now, (Changed("calendar", calendar_id),))
    log, _ = calendars.advance(person_id, Held(), version, noted, Growth(calendars=1))
    await services.table.write(
        *people.new_person(person, version),
        people.subject_put(issuer, subject, person_id, version),
        calendars.calendar_put(person_id, calendar, version, ""),
        *log,
    )
    return person_id


async def read_person(services: Services, person_id: str) -> tuple[Person, str]:
    """The person and the version. Raises NotFoundError when the account is gone."""
    (item,) = await services.table.get(keys.person(person_id))
    if item is None:
        raise NotFoundError
    return decode(item.body, Person), item.version


async def update_person(
    services: Services, person_id: str, change: Callable[[Person, str], Person]
) -> tuple[Person, str]:
    """Change the settings; ``change`` sees the person and the version. What rings by them is armed anew by a job."""
    for _ in range(5):
        person, version = await read_person(services, person_id)
        changed = msgspec.structs.replace(change(person, version), updated=services.now)
        new_version = services.ids.new()
        put = Put(keys.person(person_id), encode(changed), new_version, version)
        rings = (person.time_zone, person.default_alarms) != (changed.time_zone, changed.default_alarms)
        try:
            if rings:
                await jobs.start_with(services, person_id, jobs.REARM, put)
            else:
                await services.table.write(put)
        except ConflictError:
            continue
        return changed, new_version
    raise ChangedError("It is being changed by somebody else all the time. Try again.")


async def create_token(
    services: Services, person_id: str, name: str, scopes: tuple[str, ...], expires: int | None
) -> tuple[Token, str, str]:
    """A new API token: (token, version, secret). The secret is not stored. Raises InvalidError for unknown scopes."""
    for index, scope in enumerate(scopes):
        if scope not in SCOPES:
            raise InvalidError(f"/scopes/{index}", f"There is no such scope. Choose from: {', '.join(SCOPES)}.")
    if expires is not None and expires <= services.now:
        raise InvalidError("/expires", "This is already past. Give a later time, or leave `expires` out.")
    secret, version = TOKEN_PREFIX + services.ids.secret(), services.ids.new()
    token = Token(
        services.ids.new(),
        person_id,
        name,
        tuple(dict.fromkeys(scopes)),
        services.now,
        people.hash_secret(secret),
        expires,
    )
    await services.table.write(*people.token_items(token, version))
    return token, version, secret


async def list_tokens(services: Services, person_id: str) -> list[tuple[Token, str]]:
    """All tokens that are good now, the oldest first."""
    (items,) = await services.table.query(Range(keys.tokens(person_id).part))
    found = ((decode(item.body, Token), item.version) for item in items)
    return sorted(found, key=lambda pair: (pair[0].created, pair[0].id))


async def read_token(services: Services, person_id: str, token_id: str) -> tuple[Token, str]:
    (item,) = await services.table.get(keys.tokens(person_id, token_id))
    if item is None:
        raise NotFoundError
    return decode(item.body, Token), item.version


async def delete_token(services: Services, person_id: str, token_id: str) -> None:
    token, version = await read_token(services, person_id, token_id)
    try:
        await services.table.write(*people.token_removal(token, version))
    except ConflictError:
        raise NotFoundError from None  # somebody else was faster


async def find_token(services: Services, secret: str) -> Token | None:
    """Whose an API token is, None when it is unknown or past."""
    (item,) = await services.table.get(keys.token(people.hash_secret(secret)))
    return decode(item.body, Token) if item else None

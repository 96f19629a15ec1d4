"""People: who a token belongs to, the person's own settings, and API tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.domain.zones import UnknownZoneError, modern, zone
from aurora_time.mail.wording import locale_of
from aurora_time.operations import rearming
from aurora_time.operations.errors import ChangedError, InvalidError, NotFoundError
from aurora_time.operations.retrying import BUSY
from aurora_time.operations.services import Build, Services
from aurora_time.ports import Change, Check, ConflictError, Put, Range, UnavailableError
from aurora_time.store import calendars, keys, people
from aurora_time.store.agenda import Planned, plan_anew
from aurora_time.store.calendars import Calendar, Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Assumed, Person, Pointer, SubjectName, Token

SCOPES: Final = (
    "account:read",
    "account:write",
    "calendars:read",
    "calendars:write",
    "changes:read",
    "events:read",
    "events:write",
    "jobs:read",
    "reminders:read",
    "reminders:write",
    "schedules:read",
    "schedules:write",
    "tasks:read",
    "tasks:write",
)
TOKEN_PREFIX: Final = "aur_"  # noqa: S105  the part of a token that is no secret
_FIRST_CALENDAR: Final = {"en": "Personal", "vi": "Cá nhân"}
LANGUAGES: Final = tuple(_FIRST_CALENDAR)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What sign-up knows of somebody, by a verified address. ``time_zone`` is an IANA id; ``assumed``: see Person."""

    email: str
    name: str
    time_zone: str
    locale: str
    assumed: tuple[Assumed, ...] = ()


def newcomer(email: str, name: str, time_zone: str, locale: str) -> NewPerson:
    """Somebody as an issuer describes them, who may say anything or nothing of all but the address."""
    zone_id, assumed = modern(time_zone), list[Assumed]()
    try:
        zone(zone_id)
    except UnknownZoneError:
        zone_id = "UTC"
        assumed.append("timeZone")
    if not locale:
        assumed.append("locale")
    return NewPerson(email, name[:100], zone_id, locale_of(locale), tuple(assumed))


async def find_person_id(services: Services, issuer: str, subject: str) -> str | None:
    (item,) = await services.table.get(keys.subject(issuer, subject))
    return (decode(item.body, Pointer).id or None) if item else None


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
            still = Check(item.key, item.version)  # the address may be going to somebody else just now
            named = people.subject_items(SubjectName(issuer, subject), person_id, version, new.email)
            await services.table.write(still, *named)
        else:
            person_id = await _make_person(services, issuer, subject, new)
    except ConflictError:
        return await ensure_person(services, issuer, subject, new)
    return person_id


async def link_person(services: Services, issuer: str, subject: str, new: NewPerson) -> str | None:
    """As ``ensure_person``, but nobody new is made: None for an address that is not known here."""
    (item,) = await services.table.get(keys.email(new.email))
    if item is None:
        return await find_person_id(services, issuer, subject)
    return await ensure_person(services, issuer, subject, new)


async def _make_person(services: Services, issuer: str, subject: str, new: NewPerson) -> str:
    ids, now = services.ids, services.now
    person_id, calendar_id, version = ids.new(), ids.new(), ids.new()
    locale = new.locale if new.locale in LANGUAGES else "en"
    said = Person(person_id, new.email, new.name, new.time_zone, locale, now, now, assumed=new.assumed)
    person = msgspec.structs.replace(said, first_calendar=calendar_id)
    own_zone = "" if "timeZone" in new.assumed else new.time_zone
    calendar = Calendar(calendar_id, _FIRST_CALENDAR[locale], now, now, time_zone=own_zone)
    noted = LogItem(now, (Changed("calendar", calendar_id),))
    log, _ = calendars.advance(person_id, Held(), version, noted, Growth(calendars=1))
    await services.table.write(
        *people.new_person(person, version),
        *people.subject_items(SubjectName(issuer, subject), person_id, version, new.email),
        calendars.calendar_put(person_id, calendar, version, ""),
        *log,
    )
    return person_id


async def move_person(services: Services, name: SubjectName, email: str, *also: Change) -> None:
    """Give the person behind a subject another verified address, in one write with what the issuer's side changes.

    Raises ConflictError when another person has the address, or somebody was faster.
    """
    person_id = await find_person_id(services, name.issuer, name.subject)
    (item,) = await services.table.get(keys.person(person_id or ""))
    if item is None or person_id is None:
        raise ConflictError(keys.person(person_id or ""))
    version = services.ids.new()
    moved = people.moved(decode(item.body, Person), item.version, email, services.now, version)
    await services.writers.commit(services.table, person_id, noted(services, person_id, version, *moved, *also))


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
        rings = people.rings_otherwise(person, changed)
        if rings:
            changed = people.ringing_since(person, changed, services.now)
        new_version = services.ids.new()
        put = Put(keys.person(person_id), encode(changed), new_version, version)
        also = await _agenda_changes(services, person, changed)
        renamed = await _first_calendar_renamed(services, person, changed, new_version)
        if rings:
            also += await rearming.begin(services, person_id)
        told = [*_changed_rules(person, changed), *(Changed("calendar", person.first_calendar) for _ in renamed)]
        build = noted(services, person_id, new_version, put, *also, *renamed, also=told)
        try:
            await services.writers.commit(services.table, person_id, build)
        except ConflictError:
            continue
        if rings:
            services.nudge(services.now)
        if (person.locale, person.time_zone) != (changed.locale, changed.time_zone):
            await _describe(services, changed)
        return changed, new_version
    raise ChangedError(BUSY)


async def _first_calendar_renamed(services: Services, old: Person, new: Person, version: str) -> list[Change]:
    """It was named in a language that nobody had said: in the one that is said now, if its owner left it as it was."""
    if "locale" not in old.assumed or "locale" in new.assumed or old.locale == new.locale:
        return []
    (item,) = await services.table.get(keys.calendar(old.id, old.first_calendar))
    if item is None:
        return []
    calendar = decode(item.body, Calendar)
    if (calendar.name, calendar.updated) != (_FIRST_CALENDAR[old.locale], calendar.created):
        return []
    named = msgspec.structs.replace(calendar, name=_FIRST_CALENDAR[new.locale], updated=services.now)
    return [calendars.calendar_put(old.id, named, version, item.version)]


async def _describe(services: Services, person: Person) -> None:
    """Tell the issuer, whose own mails are to be in the person's language. The settings stand also where it fails."""
    (items,) = await services.table.query(Range(keys.subjects(person.id).part))
    names = (decode(item.body, SubjectName) for item in items)
    for name in (name for name in names if name.issuer == services.issuer):
        with suppress(UnavailableError):
            await services.accounts.describe(name.subject, person.locale, person.time_zone)


def noted(services: Services, person_id: str, version: str, *changes: Change, also: Iterable[Changed] = ()) -> Build:
    """The changes with their place in the log, as all that a client shows has one."""
    noted = (Changed("me", person_id), *also)

    def build(held: Held) -> tuple[list[Change], Held]:
        item = LogItem(services.now, noted)
        log, after = calendars.advance(person_id, held, version, item, Growth())
        return [*changes, *log], after

    return build


def _changed_rules(old: Person, new: Person) -> list[Changed]:
    """What the change feed tells of the rules, which are kept with the person."""
    before, after = ({rule.id: rule for rule in each.rules} for each in (old, new))
    ids = {**before, **after}
    return [Changed("rule", id_, id_ not in after) for id_ in ids if before.get(id_) != after.get(id_)]


async def _agenda_changes(services: Services, old: Person, new: Person) -> list[Change]:
    """The agenda mail follows the zone and the wish."""
    if (old.time_zone, old.agenda_mail) == (new.time_zone, new.agenda_mail):
        return []
    (item,) = await services.table.get(keys.agenda(new.id))
    held = (decode(item.body, Planned), item.version) if item else None
    return plan_anew(new, services.now, held, services.ids.new())


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

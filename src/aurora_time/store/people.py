"""People, who they are to an issuer, and their API tokens."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Zone
from aurora_time.domain.zones import zone
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode

DEFAULT_ALARMS: Final = (Alarm("email", minutes_before=10), Alarm("email", days_before=0, at=8 * 3600))
"""Ten minutes before what has a time; at eight in the morning of what has none."""


class Person(msgspec.Struct, frozen=True):
    """Somebody with an account. ``time_zone`` is an IANA id, ``locale`` en or vi, times are instants."""

    id: str
    email: str
    name: str
    time_zone: str
    locale: str
    created: int
    updated: int
    week_start: str = "MO"
    default_alarms: tuple[Alarm, ...] = DEFAULT_ALARMS
    first_calendar: str = ""

    @property
    def home(self) -> Zone:
        """The zone in which this person reads dates and floating times."""
        return zone(self.time_zone)


class Pointer(msgspec.Struct, frozen=True, array_like=True):
    """An item that only leads to another: the id it leads to."""

    id: str


class Token(msgspec.Struct, frozen=True):
    """An API token without its secret. ``expires`` is an instant or None."""

    id: str
    person_id: str
    name: str
    scopes: tuple[str, ...]
    created: int
    hashed: str
    expires: int | None = None


def hash_secret(secret: str) -> str:
    """How a 160-bit random secret is stored: nobody can guess it, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def subject_put(issuer: str, subject: str, person_id: str, version: str) -> Put:
    return Put(keys.subject(issuer, subject), encode(Pointer(person_id)), version, ABSENT)


def new_person(person: Person, version: str) -> list[Change]:
    """A person and the address that is now theirs; a conflict on the address means that somebody has it."""
    return [
        Put(keys.person(person.id), encode(person), version, ABSENT),
        Put(keys.email(person.email), encode(Pointer(person.id)), version, ABSENT),
    ]


def token_items(token: Token, version: str) -> list[Change]:
    """A token is found by its hash when it is used and by its owner when it is listed."""
    body = encode(token)
    return [
        Put(keys.token(token.hashed), body, version, ABSENT, token.expires),
        Put(keys.tokens(token.person_id, token.id), body, version, ABSENT, token.expires),
    ]


def token_removal(token: Token, version: str) -> list[Change]:
    listed: Key = keys.tokens(token.person_id, token.id)
    return [Delete(listed, version), Delete(keys.token(token.hashed))]

"""People, who they are to an issuer, and their API tokens."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

from aurora_time.domain.agenda import AgendaMail
from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Zone
from aurora_time.domain.quiet_hours import Quiet
from aurora_time.domain.reminder_rules import ReminderRule
from aurora_time.domain.reminders import Preferences
from aurora_time.domain.zones import zone
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode

Assumed = Literal["timeZone", "locale"]
EMBEDDED: Final = "embedded"
"""Under this name the embedded provider's subjects are known, so that a home may change its address."""
DEFAULT_ALARMS: Final = (Alarm("email", minutes_before=10), Alarm("email", days_before=0, at=8 * 3600))
"""Ten minutes before what has a time; at eight in the morning of what has none."""


class Person(msgspec.Struct, frozen=True):
    """Somebody with an account. ``time_zone`` is an IANA id, ``locale`` en or vi, times are instants.

    Where ``reminder_mail`` is off, no reminder is sent by mail. ``rings_since`` is when it was last changed what rings.
    ``assumed``: what of timeZone and locale nobody has said yet, whose value is therefore ours.
    """

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
    agenda_mail: AgendaMail = AgendaMail()
    reminder_mail: bool = True
    rules: tuple[ReminderRule, ...] = ()
    quiet: Quiet = Quiet()
    rings_since: int = 0
    assumed: tuple[Assumed, ...] = ()

    @property
    def home(self) -> Zone:
        """The zone in which this person reads dates and floating times."""
        return zone(self.time_zone)

    @property
    def preferences(self) -> Preferences:
        """What this person wants of reminders."""
        return Preferences(self.home, self.default_alarms, self.rules, self.quiet)


def rings_otherwise(old: Person, new: Person) -> bool:
    """Whether a change of settings changes what rings, or when: the names of rules do not."""
    return _rings_by(old) != _rings_by(new)


def _rings_by(person: Person) -> tuple[object, ...]:
    rules = tuple((rule.id, rule.match, rule.triggers) for rule in person.rules if rule.enabled)
    return person.time_zone, person.default_alarms, person.quiet.hours, rules


def ringing_since(old: Person, new: Person, now: int) -> Person:
    """The new settings with what has to be remembered of the old ones, for what was held by them and is still to ring.

    ``quiet.hours`` of the new is what counts of its quiet hours.
    """
    quiet = old.quiet
    if (new.quiet.hours, new.time_zone) != (quiet.hours, old.time_zone):
        quiet = quiet.changed(new.quiet.hours, old.time_zone, now)
    return msgspec.structs.replace(new, quiet=quiet, rings_since=now)


class Pointer(msgspec.Struct, frozen=True, array_like=True):
    """An item that only leads to another: the id it leads to."""

    id: str


class Subject(msgspec.Struct, frozen=True, array_like=True):
    """Whose a token is. One issued before ``not_before``, an instant, is good no more: they signed out everywhere.

    The embedded provider needs no such mark, as its tokens end with their sign-in. ``email`` is the address that the
    issuer had verified for it when that was last told us; ``refused`` one that it has verified since and that is
    somebody else's here, when the person was told of it.
    """

    id: str
    not_before: int = 0
    email: str = ""
    refused: str = ""


class SubjectName(msgspec.Struct, frozen=True, array_like=True):
    """What an issuer calls somebody."""

    issuer: str
    subject: str


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


def subject_items(name: SubjectName, person_id: str, version: str, email: str = "") -> list[Change]:
    """Found by what the issuer says when a token is used, and by the person when an account is closed."""
    issuer, subject = name.issuer, name.subject
    return [
        Put(keys.subject(issuer, subject), encode(Subject(person_id, email=email)), version, ABSENT),
        Put(keys.subjects(person_id, issuer, subject), encode(name), version),
    ]


def new_person(person: Person, version: str) -> list[Change]:
    """A person and the address that is now theirs; a conflict on the address means that somebody has it."""
    return [
        Put(keys.person(person.id), encode(person), version, ABSENT),
        Put(keys.email(person.email), encode(Pointer(person.id)), version, ABSENT),
    ]


def moved(person: Person, version: str, email: str, now: int, new_version: str) -> list[Change]:
    """The person with another address, which is theirs from then on, as the old one is not."""
    changed = msgspec.structs.replace(person, email=email, updated=now)
    old, new = keys.email(person.email), keys.email(email)
    changes: list[Change] = [Put(keys.person(person.id), encode(changed), new_version, version)]
    if old != new:
        changes += [Delete(old), Put(new, encode(Pointer(person.id)), new_version, ABSENT)]
        # Or these would outlive the account.
        changes += [Delete(keys.refusals(person.email)), Delete(keys.held(person.email))]
    return changes


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

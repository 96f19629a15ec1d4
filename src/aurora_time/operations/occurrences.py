"""Single occurrences of a series, and "this and following": read, change and delete, each in one write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from aurora_time.domain.component import Event
from aurora_time.domain.moment import MomentError, Zone, parse_compact
from aurora_time.domain.series import Occurrence, occurrence_at
from aurora_time.domain.series_edit import (
    SplitError,
    given,
    split,
    with_override,
    without_occurrence,
    yielding,
)
from aurora_time.operations.drafts import Fresh, check_size, read_event, with_end
from aurora_time.operations.errors import InvalidError, NotFoundError
from aurora_time.operations.events import (
    Check_,
    Written,
    accept,
    calendar_checks,
    commit,
    load_live,
    read_event_by_id,
)
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EventInput, EventResource, event_resource
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.operations.writing import About, Step, undo_token
from aurora_time.store.objects import Heir, Old
from aurora_time.store.people import Person


@dataclass(frozen=True, slots=True)
class Place:
    """An occurrence of a series: the series' id, and the original local start like ``20261123T090000``."""

    event_id: str
    recurrence_id: str

    @classmethod
    def of(cls, listed_id: str) -> Place | None:
        """What the id of a listed occurrence names; None for one of another form."""
        event_id, separator, recurrence_id = listed_id.rpartition("_")
        return cls(event_id, recurrence_id) if separator else None


@dataclass(frozen=True, slots=True)
class Found:
    """An occurrence with its series, of which ``version`` is."""

    series: Event
    version: str
    occurrence: Occurrence

    @property
    def resource(self) -> EventResource:
        return event_resource(self.series, self.version, self.occurrence)

    @property
    def original(self) -> int:
        """The wall of its original start."""
        return self.occurrence.original or 0


class Deleted(NamedTuple):
    """How to undo it, and which version what is left of the series has (None: nothing is)."""

    undo: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Halves:
    """What became of a series: ``series`` is what was before, ``new`` what follows (None: all was changed)."""

    series: Written
    new: Written | None


ChangeOne = Callable[[Found], EventInput]
"""From an occurrence to what shall be instead; may raise."""
ChangeFollowing = Callable[[Found, Event], tuple[EventInput, frozenset[str]]]
"""From an occurrence and the series that begins with it to what this series shall be instead, and the names of those
fields in which that is not what the occurrence shows; may raise."""


def find(series: Event, version: str, recurrence_id: str, home: Zone) -> Found:
    """The occurrence of this name. Raises NotFoundError."""
    try:
        wall, _ = parse_compact(recurrence_id)
        occurrence = occurrence_at(series, wall, home)
    except MomentError:
        raise NotFoundError from None
    if occurrence is None or occurrence.recurrence_id != recurrence_id:
        raise NotFoundError
    return Found(series, version, occurrence)


async def read_occurrence(services: Services, owner: str, place: Place) -> Found:
    """Raises NotFoundError, also while its calendar is being deleted."""
    person, _ = await read_person(services, owner)
    series, version = await read_event_by_id(services, owner, place.event_id)
    return find(series, version, place.recurrence_id, person.home)


async def _look_up(services: Services, person: Person, place: Place) -> tuple[Old, Found]:
    old, series = await load_live(services, person.id, place.event_id)
    return old, find(series, old.version, place.recurrence_id, person.home)


def _fresh(services: Services, person: Person, event: Event) -> Fresh:
    return Fresh(event.id, event.uid, services.now, person.home, event.calendar_id)


async def change_occurrence(services: Services, owner: str, place: Place, change: ChangeOne) -> Written:
    """Change one occurrence alone: what differs from the series is kept; what does not is no difference any more."""
    person, _ = await read_person(services, owner)

    async def attempt() -> Written:
        old, found = await _look_up(services, person, place)
        series, occurrence = found.series, found.occurrence
        base = occurrence.event if occurrence.event.recurrence_id else given(series, found.original, person.home)
        if base is None:
            raise NotFoundError
        part = read_event(change(found), _fresh(services, person, series), base)
        event = replace(with_override(series, part, person.home), updated=part.updated)
        check_size(event)
        version, _ = await commit(services, person, [Step(old, event)], [], About(place.recurrence_id))
        shown = occurrence_at(event, found.original, person.home)
        if shown is None:  # it was cancelled
            shown = Occurrence(part.start.moment, part.end.moment, part, found.original)
        return Written(event, version, event_resource(event, version, shown), undo_token(event.id, version))

    return await until_done(attempt)


async def delete_occurrence(services: Services, owner: str, place: Place, check: Check_ = accept) -> Deleted:
    """Delete one occurrence alone; with the last of them its series. Raises NotFoundError."""
    person, _ = await read_person(services, owner)

    async def attempt() -> Deleted:
        old, found = await _look_up(services, person, place)
        check(old.version)
        left = without_occurrence(found.series, found.original, person.home)
        event = left and replace(left, updated=services.now)
        if event is not None:
            check_size(event)
        about = About(place.recurrence_id, event is not None)
        version, _ = await commit(services, person, [Step(old, event)], [], about)
        return Deleted(undo_token(place.event_id, version), version if event is not None else None)

    return await until_done(attempt)


def _split(services: Services, found: Found, home: Zone) -> tuple[Event | None, Event]:
    new_id = services.ids.new()
    try:
        before, after = split(found.series, found.original, (new_id, f"{new_id}@aurora-time"), home)
    except SplitError as error:
        raise InvalidError("", str(error)) from None
    now = services.now
    if before is None:
        return None, after
    ended = replace(before, updated=now, sequence=before.sequence + 1)
    return ended, replace(after, created=now, updated=now)


async def change_following(services: Services, owner: str, place: Place, change: ChangeFollowing) -> Halves:
    """Change an occurrence and all that follow: one write makes a series of its own of them.

    From the first occurrence on it is the whole series that changes. Raises InvalidError where it cannot be divided.
    """
    person, _ = await read_person(services, owner)

    async def attempt() -> Halves:
        old, found = await _look_up(services, person, place)
        before, after = _split(services, found, person.home)
        body, changed = change(found, after)
        body = with_end(body, (found.occurrence.start, found.occurrence.end), person.home)
        if after.start.wall != found.original and body.start != event_resource(after, "").start:
            detail = "This occurrence was added to the series by a date of its own. Move it alone, or a later one."
            raise InvalidError("/start", detail)
        # What is changed of all is changed of this one too, which somebody may have changed before by itself.
        after = yielding(
            after, found.original, ("alarms" if name == "reminders" else name for name in changed), person.home
        )
        event = read_event(body, _fresh(services, person, after), after)
        checks = await calendar_checks(services, person, event.calendar_id)
        steps = [Step(old, event)]
        if before is not None:
            steps = [Step(old, before), Step(Heir(old.armed[0] if old.armed else None), event)]
        version, resources = await commit(services, person, steps, checks)
        made = [each for each in (before, event) if each is not None]
        token = undo_token(place.event_id, version)
        written = [Written(each, version, shown, token) for each, shown in zip(made, resources, strict=True)]
        return Halves(written[0], written[1] if before is not None else None)

    return await until_done(attempt)


async def delete_following(services: Services, owner: str, place: Place, check: Check_ = accept) -> Deleted:
    """End a series before an occurrence; before the first it is deleted."""
    person, _ = await read_person(services, owner)

    async def attempt() -> Deleted:
        old, found = await _look_up(services, person, place)
        check(old.version)
        before, _after = _split(services, found, person.home)
        version, _ = await commit(services, person, [Step(old, before)], [])
        return Deleted(undo_token(place.event_id, version), version if before is not None else None)

    return await until_done(attempt)

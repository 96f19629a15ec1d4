"""What becomes of an object when a text says something of it again (RFC 5546 2.1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from aurora_time.domain.component import Event, Task, Time
from aurora_time.domain.icalendar_values import on_clock_of

Object = TypeVar("Object", Event, Task)


def merged(old: Object, new: Object) -> Object | None:
    """The object as the newer text has it, None where that is no newer or says nothing new.

    A higher SEQUENCE is newer, then a later LAST-MODIFIED; a changed occurrence has its own. Text that only has single
    occurrences changes these and leaves the others, and the series, as they are. Reminders stay where the text has
    none: they are its reader's own.
    """
    if new.recurrence_id is not None:
        made = _with_occurrences(old, _parts(new))
    elif old.recurrence_id is not None:  # so far only single occurrences were known
        made = _with_occurrences(_instead(old, new, _parts(old)), _parts(old), new.updated)
    elif _is_newer(new, old):
        made = _instead(old, new, old.overrides)
    else:
        made = _with_occurrences(old, new.overrides, old.updated)
    return None if _says_the_same(made, old) else made


def _parts(made: Object) -> tuple[Object, ...]:
    """The occurrences that an object holds of a series that is not known."""
    return (replace(made, overrides=()), *made.overrides)


def _is_newer(new: Event | Task, old: Event | Task) -> bool:
    return (new.sequence, new.updated) > (old.sequence, old.updated)


def _instead(old: Object, new: Object, occurrences: Iterable[Object]) -> Object:
    """The whole of the new object, as the one that is there; ``occurrences`` are those that were known."""
    alarms = {each.recurrence_id: each.alarms for each in occurrences}
    overrides = tuple(
        replace(each, id=old.id, alarms=alarms.get(each.recurrence_id) if each.alarms is None else each.alarms)
        for each in new.overrides
    )
    own = old.alarms if old.recurrence_id is None else None
    made = replace(new, id=old.id, overrides=overrides, alarms=own if new.alarms is None else new.alarms)
    if isinstance(old, Event):
        made = replace(made, origin=old.origin, booked=old.booked)
    return made


def _says_the_same(made: Object, old: Object) -> bool:
    """But for the stamps, which many programs make anew whenever they write."""
    stamps = {each.recurrence_id: (each.created, each.updated) for each in old.overrides}
    overrides = (
        replace(each, created=stamps[each.recurrence_id][0], updated=stamps[each.recurrence_id][1])
        if each.recurrence_id in stamps
        else each
        for each in made.overrides
    )
    return replace(made, created=old.created, updated=old.updated, overrides=tuple(overrides)) == old


def _with_occurrences(old: Object, occurrences: Iterable[Object], since: int | None = None) -> Object:
    """The object with those of the occurrences that are newer than what it has.

    Of a text of the whole series those that it lacks count if they were changed after ``since``: the others were
    taken out of it.
    """
    held = old.overrides if old.recurrence_id is None else _parts(old)
    clock = _clock(old)
    found = {each.recurrence_id: each for each in held}
    for each in occurrences:
        original = each.recurrence_id
        if original is not None and clock is not None:
            original = on_clock_of(original, clock)
        there = found.get(original)
        if (since is not None and each.updated <= since) if there is None else not _is_newer(each, there):
            continue
        alarms = there.alarms if there is not None and each.alarms is None else each.alarms
        found[original] = replace(each, id=old.id, recurrence_id=original, recurrence=(), alarms=alarms)
    return _together(old, [found[key] for key in sorted(found, key=_order)])


def _together(old: Object, occurrences: list[Object]) -> Object:
    if old.recurrence_id is not None:
        return replace(occurrences[0], overrides=tuple(occurrences[1:]))
    updated = max([old.updated, *(each.updated for each in occurrences)])
    return replace(old, overrides=tuple(occurrences), updated=updated)


def _clock(made: Event | Task) -> Time | None:
    """What original starts are told on."""
    start = made.start or made.due if isinstance(made, Task) else made.start
    return start if made.recurrence_id is None else made.recurrence_id


def _order(time: Time | None) -> tuple[int, str]:
    return (time.wall, time.tzid) if time else (0, "")

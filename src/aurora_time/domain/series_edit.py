"""Edits of a series: one occurrence changed or taken out, the whole moved, and the split into two.

An override is a whole event, but what a person means by one is a difference: so when the series changes, an override
takes over every field in which it did not differ before, and what then differs in nothing is no override any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import MAX_WALL, Duration, Moment, Zone
from aurora_time.domain.recurrence import names_start, occurrences
from aurora_time.domain.recurrence_lines import split_line
from aurora_time.domain.series import Occurrence, given_at, occurrence_at, occurrences_since
from aurora_time.domain.series_lines import (
    Shift,
    dates_before,
    dates_from,
    limited,
    moment,
    until_before,
    with_exdate,
    without_exdate,
)
from aurora_time.domain.series_plan import Bounded, Plan, length_of, original_of, plain_plan, walls_of

COUNTED: Final = 100_000
"""Occurrences up to which a COUNT is divided."""
_COMPARED: Final = 400
"""Occurrences of the later half that are held against those of the series before it is divided."""
_FIELDS: Final = (
    "summary", "description", "location", "url", "alarms", "attendees", "organizer", "status", "transparency",
    "visibility", "color", "categories", "extra",
)  # fmt: skip
"""What an override has of its own beside its time."""
_UNFIT: Final = (
    "How this series repeats does not fit with that start, and cannot be moved along. Change how it repeats, too "
    "(`recurrence`), or change only one of its occurrences."
)


class UnfitError(ValueError):
    """The rule of a series does not name the start that it should have from now on; the message says what to do."""


class SplitError(ValueError):
    """A series that cannot be divided here without changing when it takes place; the message says how to go on."""


# --- one occurrence ---------------------------------------------------------------------------------------------------
def given(series: Event, original: int, home: Zone) -> Event | None:
    """What the series itself says of the occurrence at a wall, as an override that differs in nothing."""
    found = given_at(series, original, home)
    return None if found is None else _component(series, found)


def _component(series: Event, found: Occurrence) -> Event:
    named = Time(found.original or 0, series.start.tzid, series.start.is_date)
    return replace(
        series,
        start=Time.of(found.start),
        end=Time.of(found.end),
        recurrence=(),
        overrides=(),
        recurrence_id=named,
    )


def _same(left: Event, right: Event) -> bool:
    """Whether two components say the same, whenever they were written."""
    return all(getattr(left, name) == getattr(right, name) for name in ("start", "end", *_FIELDS))


def with_override(series: Event, override: Event, home: Zone) -> Event:
    """The series with an override; one that differs in nothing from the series takes its difference away."""
    wall = original_of(override, series)
    if series.recurrence_id is not None and original_of(series, series) == wall:
        return replace(override, overrides=series.overrides)  # the one that stands for a series we do not have
    plain = given(series, wall, home)
    others = without_override(series, wall).overrides
    if plain is not None and _same(plain, override):
        return replace(series, overrides=others)
    placed = sorted((*others, override), key=lambda each: original_of(each, series))
    return replace(series, overrides=tuple(placed))


def yielding(series: Event, original: int, names: Iterable[str], home: Zone) -> Event:
    """The series whose override at a wall, if any, says of these fields what the series itself says."""
    plain = given(series, original, home)
    for each in series.overrides:
        if plain is not None and original_of(each, series) == original:
            own = {name: getattr(plain, name) for name in names if name in ("start", "end", *_FIELDS)}
            return with_override(series, replace(each, **own), home)
    return series


def without_override(series: Event, original: int) -> Event:
    """The series without what was changed of one occurrence."""
    return replace(series, overrides=tuple(each for each in series.overrides if original_of(each, series) != original))


def without_occurrence(series: Event, original: int, home: Zone) -> Event | None:
    """The series without one occurrence; None when that was the last."""
    if series.recurrence_id is not None and original_of(series, series) == original:
        if not series.overrides:
            return None
        first, *rest = series.overrides
        return replace(first, overrides=tuple(rest))
    left = without_override(series, original)
    if given_at(left, original, home) is not None:
        left = replace(left, recurrence=with_exdate(left.recurrence, left.start, original))
    return left if next(occurrences_since(left, -MAX_WALL, home), None) is not None else None


def with_occurrence(series: Event, original: int, home: Zone) -> Event | None:
    """The series with an occurrence again that was taken out by itself; None if none was there."""
    back = without_override(series, original)
    back = replace(back, recurrence=without_exdate(back.recurrence, back.start, original))
    is_new = occurrence_at(series, original, home) is None and given_at(back, original, home) is not None
    return back if is_new else None


# --- the whole --------------------------------------------------------------------------------------------------------
def whole(old: Event, new: Event, home: Zone) -> Event:
    """A series after its own fields were changed: moving its start moves its dates, its UNTIL and its overrides.

    Lines that are as they were before move along; others were written for the new start. Overrides whose original
    start the new lines do not give are dropped. Raises UnfitError where a rule that should move along cannot.
    """
    if old.recurrence_id is not None:
        parts = tuple(replace(each, calendar_id=new.calendar_id, uid=new.uid) for each in old.overrides)
        return replace(new, recurrence_id=old.recurrence_id, overrides=parts)
    if new.start != old.start and new.recurrence:
        lines = Shift(old.start, new.start).lines(new.recurrence, frozenset(old.recurrence))
        is_moved = set(_rules(new)) <= set(old.recurrence)
        new = replace(new, recurrence=lines)
        if is_moved and _names_start(old) and not _names_start(new):
            raise UnfitError(_UNFIT)
    if not old.overrides:
        return new
    kept: dict[int, Event] = {}
    for each in old.overrides:
        place = _place(old, new, original_of(each, old), home)
        if place is not None:
            moved = _carried(each, old, new, (original_of(each, old), place), home)
            kept.pop(place, None)
            if moved is not None:
                kept[place] = moved
    return replace(new, overrides=tuple(kept[place] for place in sorted(kept)))


def _rules(series: Event) -> list[str]:
    return [line for line in series.recurrence if split_line(line)[0] == "RRULE"]


def _names_start(series: Event) -> bool:
    """Whether a rule names the start, which is an occurrence in any case."""
    return any(names_start(bounded.rule, series.start.wall) for bounded in plain_plan(series).rules)


def _place(old: Event, new: Event, original: int, home: Zone) -> int | None:
    """The original start that an override has after its series was moved; None if there is no such any more."""
    if (old.start, old.recurrence) == (new.start, new.recurrence):
        return original
    shift = Shift(old.start, new.start)
    places = dict.fromkeys((shift.wall(original), shift.same_day(original)))
    if given_at(old, original, home) is None:
        return shift.wall(original)  # the lines did not give it before either
    return next((place for place in places if given_at(new, place, home) is not None), None)


def _carried(override: Event, old: Event, new: Event, walls: tuple[int, int], home: Zone) -> Event | None:
    """An override after its series changed from ``old`` to ``new``: what it did not change itself changes along.

    ``walls`` are its original start before and now. None for what differs in nothing any more.
    """
    before, after = given(old, walls[0], home), given(new, walls[1], home)
    fields = {
        name: getattr(override if getattr(override, name) != getattr(old, name) else new, name) for name in _FIELDS
    }
    start, end = override.start, override.end
    if before is not None and after is not None and override.start == before.start:
        start = after.start
        end = after.end if override.end == before.end else _after(start, override)
    if start.is_date != override.start.is_date:
        fields["alarms"] = new.alarms  # minutes before a day are not what was meant
    named = Time(walls[1], new.start.tzid, new.start.is_date)
    made = replace(
        override,
        id=new.id,
        uid=new.uid,
        calendar_id=new.calendar_id,
        start=start,
        end=end,
        recurrence_id=named,
        **fields,
    )
    return None if after is not None and _same(after, made) else made


def _after(start: Time, lasting: Event) -> Time:
    """The end of what starts then and lasts as long as another."""
    return Time.of(length_of(lasting.start.moment, lasting.end.moment).after(start.moment))


# --- this and following -----------------------------------------------------------------------------------------------
def split(series: Event, original: int, names: tuple[str, str], home: Zone) -> tuple[Event | None, Event]:
    """A series in two: what comes before an original start, and what follows, with ``names`` (id and UID) of its own.

    Each half has its own share of COUNT, dates and overrides; together they take place when the series did. Where
    nothing comes before, what follows is all of it and keeps its names. Raises SplitError.
    """
    if series.recurrence_id is not None:
        raise SplitError("Only single occurrences of this series are known here. Change them one by one.")
    is_first = not _comes_before(series, original, home)
    plan = plain_plan(series)
    rules = _rules(series)
    nexts = [next(_counted(plan, bounded, original, MAX_WALL), None) for bounded in plan.rules]
    start = min((wall for wall in nexts if wall is not None), default=max(original, series.start.wall))
    first: list[str] = []
    second: list[str] = []
    for line, bounded, following in zip(rules, plan.rules, nexts, strict=True):
        if following is None:
            first.append(line)
            continue
        ended, going_on = _divided(line, plan, bounded, (original, start))
        first.append(ended)
        second.append(going_on)
    dates = series.recurrence, series.start, original
    begin = moment(start, series.start)
    after = replace(
        series,
        start=Time.of(begin),
        end=_end_at(series, plan, begin),
        recurrence=(*second, *dates_from(*dates)),
        overrides=_side(series, original, before=False),
    )
    _compare(series, after, original, home)
    if is_first:
        return None, after
    before = replace(
        _begun_before(series, plan, original),
        recurrence=(*first, *dates_before(*dates)) if series.start.wall < original else dates_before(*dates),
        overrides=_side(series, original, before=True),
        continued_by=names[0],
    )
    return before, _named(after, names)


def _begun_before(series: Event, plan: Plan, original: int) -> Event:
    """The series with a start before a wall. The start itself may come after RDATEs, and always counts."""
    if series.start.wall < original:
        return series
    dates = [each.wall for each in plan.recurrence.rdates] + [original_of(each, series) for each in series.overrides]
    begin = moment(min(dates), series.start)
    return replace(series, start=Time.of(begin), end=_end_at(series, plan, begin))


def _named(after: Event, names: tuple[str, str]) -> Event:
    """The half that follows as a series of its own, whose reminders keep their names in the ledger."""
    overrides = tuple(replace(each, id=names[0], uid=names[1]) for each in after.overrides)
    origin = after.origin or after.id
    return replace(after, id=names[0], uid=names[1], overrides=overrides, sequence=0, origin=origin, booked="")


def _comes_before(series: Event, original: int, home: Zone) -> bool:
    if any(original_of(each, series) < original and each.status != "CANCELLED" for each in series.overrides):
        return True
    plain = replace(series, overrides=())
    replaced = {original_of(each, series) for each in series.overrides}
    for each in occurrences_since(plain, -MAX_WALL, home):
        if each.original is None or each.original >= original:
            return False
        if each.original not in replaced:
            return True
    return False


def _counted(plan: Plan, bounded: Bounded, low: int, high: int) -> Iterator[int]:
    """The walls that a rule counts, EXDATEs too."""
    start = plan.recurrence.start
    for wall in occurrences(bounded.rule, start.wall, low, min(high, plan.over), bounded.until):
        if bounded.instant is None or start.zone is None or start.zone.instant(wall) <= bounded.instant:
            yield wall


def _divided(line: str, plan: Plan, bounded: Bounded, at: tuple[int, int]) -> tuple[str, str]:
    """A rule that ends before a wall, and one that goes on from a start (``at``) with what is left of its COUNT."""
    original, start = at
    count = bounded.rule.count
    if count is None:
        return limited(line, until_before(original, Time.of(plan.recurrence.start))), line
    passed = sum(1 for _ in islice(_counted(plan, bounded, plan.recurrence.start.wall, original), COUNTED + 1))
    if passed > COUNTED:
        raise SplitError(f"More than {COUNTED} occurrences come before this one. Give the series an UNTIL first.")
    # The start of a series is counted, also where its rule would not give it (RFC 5545 3.3.10).
    is_given = next(_counted(plan, bounded, start, start + 1), None) is not None
    return limited(line, f"COUNT={passed}"), limited(line, f"COUNT={count - passed + (not is_given)}")


def _side(series: Event, original: int, *, before: bool) -> tuple[Event, ...]:
    return tuple(each for each in series.overrides if (original_of(each, series) < original) is before)


def _end_at(series: Event, plan: Plan, begin: Moment) -> Time:
    """The end of the first occurrence, on the clock of the series' end where that can name it."""
    return Time.of(plan.length.after(begin).on(series.end.moment.zone))


def _compare(series: Event, after: Event, original: int, home: Zone) -> None:
    """Raises SplitError where the later half would not take place when the series does."""

    def following(event: Event) -> list[tuple[int, Duration | None]]:
        plan = plain_plan(event)
        out = plan.recurrence.exdates
        walls = (pair for pair in walls_of(plan, original, plan.over) if pair[0] not in out)
        return list(islice(walls, _COMPARED))

    if not after.recurrence and given_at(series, original, home) is None:
        return  # a single override that the lines did not give: it stands for the start of its half
    if following(series) != following(after):
        raise SplitError("Its lines cannot be divided here. Change single occurrences, or the whole series.")

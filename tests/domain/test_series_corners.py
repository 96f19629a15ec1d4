"""Series in corners: what is known of foreign ones, what nothing gives any more, and the ends of the years."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Window, parse_compact, print_instant
from aurora_time.domain.series import last_end, last_start, occurrence_at, occurrences_in
from aurora_time.domain.series_edit import split, whole, without_occurrence
from aurora_time.domain.zones import zone
from tests.domain.test_series_edit import event, told, wall

BERLIN = zone("Europe/Berlin")


def instant(text: str) -> int:
    return BERLIN.instant(parse_compact(text)[0])


def foreign(*days: str) -> Event:
    """Single occurrences of a series that is not here, each moved by an hour."""
    parts = [
        event(f"{each}T100000", recurrence_id=Time(wall(f"{each}T090000"), "Europe/Berlin"), summary=each)
        for each in days
    ]
    return replace(parts[0], overrides=tuple(parts[1:]))


def test_occurrences_of_a_foreign_series_lie_where_they_are():
    made = foreign("20261123", "20261201")
    window = Window(instant("20261201T000000"), instant("20261202T000000"))
    assert [each.recurrence_id for each in occurrences_in(made, window, BERLIN)] == ["20261201T090000"]
    for end, part in (("2026-12-01T10:00:00Z", made), ("2026-11-23T10:00:00Z", foreign("20261123"))):
        over, start = last_end(part, BERLIN), last_start(part, BERLIN)
        assert (over, start) == (start and start + 3600, over and over - 3600)
        assert over is not None
        assert print_instant(over) == end


@pytest.mark.parametrize("text", ["00010101T000000", "99991231T000000", "20261123T093000"])
def test_nothing_is_given_where_nothing_is(text: str):
    made = event("20261123T090000", "RRULE:FREQ=HOURLY", "EXDATE;TZID=Europe/Berlin:20261123T110000")
    assert occurrence_at(made, wall(text), BERLIN) is None
    assert occurrence_at(made, wall("20261123T110000"), BERLIN) is None
    assert occurrence_at(event("20261123T090000"), wall("20261123T090000"), BERLIN) is None, "a single event has none"


def detached(made: Event, at: str) -> Event:
    part = event(at, summary="Detached", recurrence_id=Time(wall(at), "Europe/Berlin"))
    return replace(made, overrides=(*made.overrides, part))


def test_an_override_that_no_line_gives_is_deleted_without_a_trace():
    made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2")
    assert without_occurrence(detached(made, "20261224T180000"), wall("20261224T180000"), BERLIN) == made


def test_an_override_that_no_line_gave_moves_along():
    made = detached(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2"), "20261224T180000")
    new = replace(
        made, start=replace(made.start, wall=made.start.wall + DAY), end=replace(made.end, wall=made.end.wall + DAY)
    )
    (part,) = whole(made, new, BERLIN).overrides
    assert part.recurrence_id == Time(wall("20261225T180000"), "Europe/Berlin")
    assert part.start.wall == wall("20261224T180000"), "it was put there by hand"


def test_where_all_before_was_cancelled_nothing_comes_before():
    made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=1")
    part = event("20261123T090000", recurrence_id=made.start, status="CANCELLED")
    made = detached(replace(made, overrides=(part,)), "20261224T180000")
    before, after = split(made, wall("20261224T180000"), ("new", "new@x"), BERLIN)
    assert before is None
    assert told(after) == ["20261224T180000 Detached"]


def test_the_last_start_of_what_goes_on_is_none():
    made = event("20261123T090000", "RRULE:FREQ=DAILY")
    assert last_start(made, BERLIN) is None
    assert last_start(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2"), BERLIN) == instant("20261124T090000")
    assert last_start(event("20261123T090000"), BERLIN) == instant("20261123T090000")

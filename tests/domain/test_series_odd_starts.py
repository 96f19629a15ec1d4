"""Series with dates before their own start, divided; and divided series that become all-day ones."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Time
from aurora_time.domain.moment import DAY
from aurora_time.domain.series_edit import whole
from tests.domain.test_series_edit import BERLIN, change, event, halves, told, wall

EARLY = "RDATE;TZID=Europe/Berlin:20261120T090000"


@pytest.mark.parametrize(
    ("lines", "at", "first", "last"),
    [
        ((EARLY, "RRULE:FREQ=DAILY;COUNT=2"), "20261123T090000", ["20"], ["23", "24"]),
        ((EARLY, "RRULE:FREQ=DAILY;UNTIL=20261124T080000Z"), "20261123T090000", ["20"], ["23", "24"]),
        ((EARLY, "RRULE:FREQ=DAILY;COUNT=2"), "20261124T090000", ["20", "23"], ["24"]),
        ((f"{EARLY},20261121T090000",), "20261121T090000", ["20"], ["21", "23"]),
        ((f"{EARLY},20261121T090000",), "20261123T090000", ["20", "21"], ["23"]),
        ((EARLY,), "20261120T090000", [], ["20", "23"]),
        (("RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20261120T090000/PT3H",), "20261123T090000", ["20"], ["23"]),
    ],
)
def test_what_lies_before_the_start_stays_before_and_nothing_is_doubled(
    lines: tuple[str, ...], at: str, first: list[str], last: list[str]
) -> None:
    before, after = halves(event("20261123T090000", *lines), at)
    assert told(before) == [f"202611{each}T090000" for each in first]
    assert [each[:15] for each in told(after)] == [f"202611{each}T090000" for each in last]


def test_a_detached_occurrence_before_the_start_stays_before() -> None:
    made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2")
    early = change(event("20261120T090000", "RRULE:FREQ=DAILY;COUNT=1"), "20261120T090000", summary="Early")
    before, after = halves(replace(made, overrides=early.overrides), "20261123T090000")
    assert told(before) == ["20261120T090000 Early"]
    assert told(after) == ["20261123T090000", "20261124T090000"]


@pytest.mark.parametrize("tz", ["Europe/Berlin", "UTC", ""])
@pytest.mark.parametrize("hour", ["000000", "090000", "233000"])
def test_a_divided_series_made_all_day_has_the_same_days(tz: str, hour: str) -> None:
    ended, _ = halves(event(f"20261123T{hour}", "RRULE:FREQ=DAILY", tz=tz), f"20261126T{hour}")
    assert ended is not None
    day = wall("20261123")
    days = replace(ended, start=Time(day, "", True), end=Time(day + DAY, "", True))
    assert told(whole(ended, days, BERLIN)) == ["20261123", "20261124", "20261125"]

"""The time index: whatever overlaps a window lies in its ranges, and what is over does not."""

import os
import random
from dataclasses import dataclass

import pytest

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Window, parse_instant, parse_wall
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone
from aurora_time.ports import Key
from aurora_time.store import timeindex

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC", "")
RULES = ("RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;INTERVAL=4", "RRULE:FREQ=YEARLY;WKST=SU", "RRULE:FREQ=WEEKLY;COUNT=9",
         "RRULE:FREQ=DAILY;UNTIL=20270101", "RRULE:FREQ=MONTHLY", "RDATE:20270228T100000",
         "RRULE:FREQ=YEARLY;COUNT=3", "RRULE:FREQ=YEARLY;BYMONTH=1,7")  # fmt: skip
DATES = ("2024-02-29", "2026-12-31", "2027-01-01", "2011-12-30", "2026-03-29", "2026-10-25", "2026-06-15")
LENGTHS = (0, 3600, DAY, DAY + 1, 8 * DAY, 9 * DAY, 32 * DAY, 33 * DAY, 400 * DAY)


def event(day: str, *lines: str, length: int = DAY, tz: str = "", end_tz: str | None = None, hour: int = 0) -> Event:
    wall, is_date = (
        parse_wall(f"{day}T00:00:00") + hour * 3600,
        not tz and not hour and length % DAY == 0 and length > 0,
    )
    end = Time(wall + length, tz if end_tz is None else end_tz, is_date)
    return Event("event", "c", "u", "s", Time(wall, tz, is_date), end, 0, 0, recurrence=lines)


@dataclass(frozen=True)
class Index:
    """Keys in order, as the table holds them."""

    keys: tuple[Key, ...]

    def found(self, window: Window) -> list[Key]:
        ranges = timeindex.ranges("ann", window)
        return [key for key in self.keys for each in ranges if each.low <= key.sort < each.high]


def test_every_event_that_overlaps_a_window_is_in_its_ranges_once(effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    overlapping = 0
    for _ in range(1_500 * effort):
        tz = rng.choice(ZONES)
        made = event(
            rng.choice(DATES), *rng.choice(((), (), (rng.choice(RULES),))), length=rng.choice(LENGTHS), tz=tz,
            end_tz=tz if not tz or rng.random() < 0.8 else rng.choice(ZONES[:-1]), hour=rng.choice((0, 0, 1, 12, 23)),
        )  # fmt: skip
        if made.end.moment.instant(zone("UTC")) < made.start.moment.instant(zone("UTC")):
            continue
        # Its owner may have moved to another zone since it was written.
        index = Index((timeindex.index_key("ann", made, zone(rng.choice(ZONES[:-1]))),))
        home = zone(rng.choice(ZONES[:-1]))
        for _ in range(6):
            begin = parse_instant(f"{rng.choice(DATES)}T00:00:00Z") + rng.choice((0, 0, 1, 4)) * 365 * DAY
            begin += rng.randint(-36, 36) * 3600
            window = Window(begin, begin + rng.choice((1, 3600, DAY, 7 * DAY, 42 * DAY, 359 * DAY, 800 * DAY)))
            if next(occurrences_in(made, window, home), None) is not None:
                overlapping += 1
                assert len(index.found(window)) == 1, f"seed {SEED}: {made} {window} {home}"
    assert overlapping > 500


def test_what_is_over_costs_nothing():
    ended = event("2016-01-04", "RRULE:FREQ=WEEKLY;COUNT=500", tz="Europe/Berlin", length=3600)
    until = event("2016-01-04", "RRULE:FREQ=DAILY;UNTIL=20261101", tz="Europe/Berlin", length=3600)
    single = event("2026-01-04", tz="Europe/Berlin", length=3600)
    index = Index(tuple(timeindex.index_key("ann", each, zone("UTC")) for each in (ended, until, single)))
    now = parse_instant("2026-11-23T00:00:00Z")
    assert index.found(Window(now, now + 7 * DAY)) == []
    assert len(index.found(Window(now - 365 * DAY, now))) == 2


def test_two_thousand_birthdays_cost_a_months_worth():
    rng = random.Random(1)
    days = [f"19{rng.randint(40, 99)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in range(2_000)]
    index = Index(tuple(timeindex.index_key("ann", event(day, "RRULE:FREQ=YEARLY"), zone("UTC")) for day in days))
    start = parse_instant("2026-11-01T00:00:00Z")
    assert len(index.found(Window(start, start + 30 * DAY))) < 260
    new_year = parse_instant("2026-12-28T00:00:00Z")
    assert len(index.found(Window(new_year, new_year + 7 * DAY))) < 120


@pytest.mark.parametrize("window", [Window(MIN_WALL, MIN_WALL + DAY), Window(MAX_WALL - DAY, MAX_WALL)])
def test_at_the_ends_of_time_windows_have_ranges(window):
    day = "0001-01-01" if window.start == MIN_WALL else "9999-12-31"
    length = 86_399 if day == "9999-12-31" else DAY
    made = event(day, tz="UTC", length=length)
    birthday = event(day, "RRULE:FREQ=YEARLY", tz="UTC", length=length)
    index = Index(tuple(timeindex.index_key("ann", each, zone("UTC")) for each in (made, birthday)))
    assert len(index.found(window)) == 2


def test_classes_by_length():
    kinds = [timeindex.index_key("ann", event("2026-11-23", length=days * DAY), zone("UTC")).sort[0]
             for days in (1, 2, 8, 9, 32, 33)]  # fmt: skip
    assert kinds == ["0", "1", "1", "2", "2", "s"]
    assert timeindex.index_key("ann", event("2024-02-29", "RRULE:FREQ=YEARLY"), zone("UTC")).sort.startswith("y#0229#")

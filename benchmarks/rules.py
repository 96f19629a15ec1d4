"""Recurrence, beside python-dateutil: a week of an old series, the next occurrence, a month of many series."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrule, rrulestr

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Window
from aurora_time.domain.recurrence import next_after, occurrences, parse_rule
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone
from benchmarks.measure import Figure, best

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_RULES = (
    "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=DAILY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=WEEKLY;BYDAY=FR;UNTIL=20400101T000000",
    "FREQ=DAILY;INTERVAL=3",
)
_NOW = datetime(2026, 11, 23)  # noqa: DTZ001  a wall clock
_SERIES = 1_000
_ZONE = "Europe/Berlin"
_EACH = 20
"""How often a call that takes microseconds is made between two looks at the clock."""


def wall(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())


def old_rule() -> list[Figure]:
    """A weekly rule that began 20 years ago."""
    start = _NOW - timedelta(days=20 * 364) + timedelta(hours=9)
    text = "FREQ=WEEKLY;BYDAY=MO"
    rule, began = parse_rule(text), wall(start)
    low, high = wall(_NOW), wall(_NOW) + 7 * DAY

    def ours_window() -> None:
        for _ in range(_EACH):
            list(occurrences(rule, began, low, high))

    def ours_next() -> None:
        for _ in range(_EACH):
            next_after(rule, began, low)

    def peer() -> rrule:
        made = rrulestr(f"RRULE:{text}", dtstart=start)
        assert isinstance(made, rrule)
        return made

    end = _NOW + timedelta(days=7)
    peer_window = best(lambda: peer().between(_NOW, end, inc=True)) * 1e6
    peer_next = best(lambda: peer().after(_NOW)) * 1e6
    window, following = best(ours_window) / _EACH * 1e6, best(ours_next) / _EACH * 1e6
    return [
        Figure("Recurrence", "a week of a weekly rule, 20 years old", window, "µs", 10, False, "dateutil", peer_window),
        Figure("Recurrence", "its next occurrence", following, "µs", 10, False, "dateutil", peer_next),
    ]


def many_series() -> list[Figure]:
    """A month of 1,000 series, one to twenty years old: the rules alone, and as a listing expands them in a zone."""
    texts = [_RULES[number % len(_RULES)] for number in range(_SERIES)]
    starts = [_NOW - timedelta(days=365 + 7 * (number * 37 % 990), hours=number % 10) for number in range(_SERIES)]
    peers = [rrulestr(f"RRULE:{text}", dtstart=start) for text, start in zip(texts, starts, strict=True)]
    rules = [(parse_rule(text), wall(start)) for text, start in zip(texts, starts, strict=True)]
    events = [series(text, start) for text, start in zip(texts, starts, strict=True)]
    low, high, end = wall(_NOW), wall(_NOW) + 30 * DAY, _NOW + timedelta(days=30)
    home = zone(_ZONE)
    window = Window(home.instant(low), home.instant(high))
    alone = best(lambda: [list(occurrences(rule, start, low, high)) for rule, start in rules]) * 1e3
    zoned = best(lambda: [list(occurrences_in(event, window, home)) for event in events]) * 1e3
    peer = best(lambda: [rule.between(_NOW, end) for rule in peers]) * 1e3
    what = f"a month of {_SERIES:,} series"
    return [
        Figure("Recurrence", what, alone, "ms", 30, False, "dateutil", peer),
        Figure("Recurrence", f"{what}, as occurrences in {_ZONE}", zoned, "ms", 30, False, "dateutil, no zone", peer),
    ]


def series(text: str, start: datetime) -> Event:
    utc = text.replace("000000", "000000Z")  # UNTIL beside a start in a zone
    began = wall(start)
    return Event(
        id="",
        calendar_id="",
        uid="",
        summary="",
        start=Time(began, _ZONE),
        end=Time(began + 1800, _ZONE),
        created=0,
        updated=0,
        recurrence=(f"RRULE:{utc}",),
    )


def run() -> list[Figure]:
    return [*old_rule(), *many_series()]

"""Rules of every second, minute and quarter of an hour: exact around changes of the clock, and walked only there.

The oracle writes out every wall of some days and applies the definitions of start, end and overlap.
"""

import random
from collections.abc import Iterator
from itertools import islice

import pytest

from aurora_time.domain import series, series_plan
from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Window, Zone, parse_instant, parse_wall, print_compact
from aurora_time.domain.series import last_end, occurrences_in, occurrences_since
from aurora_time.domain.zones import zone

BERLIN = zone("Europe/Berlin")
CHANGES = (
    ("Europe/Berlin", "2026-03-29T02:00:00"),
    ("Europe/Berlin", "2026-10-25T03:00:00"),
    ("Australia/Lord_Howe", "2026-10-04T02:00:00"),
    ("Australia/Lord_Howe", "2026-04-05T02:00:00"),
    ("America/Havana", "2026-03-08T00:00:00"),
    ("America/Havana", "2026-11-01T01:00:00"),
    ("Africa/Casablanca", "2026-02-15T03:00:00"),
    ("Pacific/Apia", "2011-12-30T00:00:00"),
)
RULES = {"MINUTELY;INTERVAL=7": 420, "MINUTELY;INTERVAL=15": 900, "HOURLY": 3600, "SECONDLY;INTERVAL=100": 100}


def event(wall: int, length: int, *lines: str, tz: str = "Europe/Berlin", is_date: bool = False) -> Event:
    end = wall + length
    if tz:  # DTEND stands for an exact duration
        end = zone(tz).wall(zone(tz).instant(wall) + length)
    return Event("e", "c", "u", "s", Time(wall, tz, is_date), Time(end, tz, is_date), 0, 0, recurrence=lines)


def spans(made: Event, window: Window, home: Zone, **since: int) -> list[tuple[int, int]]:
    return [(each.start.instant(home), each.end.instant(home)) for each in occurrences_in(made, window, home, **since)]


def everything(wall: int, step: int, length: int, clock: Zone, floating: bool) -> list[tuple[int, int]]:
    """Every start of four days; where a gap moves one onto another, that one is shown."""
    found = {}
    for each in range(wall, wall + 4 * DAY, step):
        begin = clock.instant(each)
        end = clock.instant(each + length) if floating else begin + length
        if begin not in found or clock.wall(begin) == each:
            found[begin] = (begin, end)
    return sorted(found.values())


@pytest.mark.parametrize("floating", [False, True])
@pytest.mark.parametrize(("tz", "change"), CHANGES)
def test_a_dense_rule_around_a_change_of_the_clock(tz: str, change: str, floating: bool):
    clock, rng = zone(tz), random.Random(f"{tz}{change}{floating}")
    turn = clock.instant(parse_wall(change))
    for text, step in RULES.items():
        for length in (0, 60, step, 2 * 3600):
            wall = parse_wall(change) - 2 * DAY + rng.randrange(3600)
            made = event(wall, length, f"RRULE:FREQ={text}", tz="" if floating else tz)
            oracle = everything(wall, step, length, clock, floating)
            for _ in range(40):
                begin = turn + rng.randint(-3 * 3600, 3 * 3600)
                window = Window(begin, begin + rng.choice((0, 1, 60, 3600, 5 * 3600)))
                wanted = [span for span in oracle if window.overlaps(*span)]
                assert spans(made, window, clock) == wanted, f"{made} {window}"
                since = begin + rng.randint(-3600, 3600)
                later = [span for span in wanted if span[0] >= since]
                assert spans(made, window, clock, since=since) == later, f"{made} {window} {since}"


@pytest.mark.parametrize("text", ["20261025T002959Z", "20261025T003000Z", "20261025T013000Z", "20260329T005930Z",
                                  "20260329T010000Z", "20260329T013000Z"])  # fmt: skip
def test_until_in_utc_around_a_change_of_the_clock(text: str):
    until = parse_instant(f"{text[:4]}-{text[4:6]}-{text[6:11]}:{text[11:13]}:{text[13:]}")
    wall = BERLIN.wall(until) - DAY
    made = event(wall, 60, f"RRULE:FREQ=MINUTELY;UNTIL={text}")
    wanted = [span for span in everything(wall, 60, 60, BERLIN, False) if span[0] <= until]
    assert spans(made, Window(until - 2 * 3600, until + 2 * DAY), BERLIN) == [
        span for span in wanted if span[1] > until - 2 * 3600
    ]


def test_a_long_period_beside_a_dense_rule():
    """The period lasts into the window, and the rule is not walked from where the period began."""
    wall = parse_wall("2026-01-01T00:00:00")
    lines = ("RRULE:FREQ=SECONDLY", "RDATE;VALUE=PERIOD:20260105T000000/P100D,20260106T000000/PT2000H")
    window = Window(parse_instant("2026-03-30T00:00:00Z"), parse_instant("2026-03-30T00:00:02Z"))
    found = [print_compact(each.original or 0) for each in occurrences_in(event(wall, 1, *lines), window, BERLIN)]
    assert found == ["20260105T000000", "20260106T000000", "20260330T020000", "20260330T020001"]


class Work:
    """Counts what is built and what the engine is made to tell."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built = self.walked = 0
        real, engine = series.Occurrence, series_plan.occurrences

        def build(*arguments: object) -> object:
            self.built += 1
            return real(*arguments)  # type: ignore[arg-type]

        def walk(*arguments: object) -> Iterator[int]:
            for wall in engine(*arguments):  # type: ignore[arg-type]
                self.walked += 1
                yield wall

        monkeypatch.setattr(series, "Occurrence", build)
        monkeypatch.setattr(series_plan, "occurrences", walk)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


@pytest.mark.parametrize("tz", ["Europe/Berlin", "UTC", ""])
@pytest.mark.parametrize("length", [1, 59])
@pytest.mark.parametrize("at", ["2026-06-01T00:00:00Z", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00Z"])
def test_an_event_of_every_second_is_walked_only_in_the_window(work: Work, tz: str, length: int, at: str):
    made = event(parse_wall("2026-01-01T00:00:00"), length, "RRULE:FREQ=SECONDLY", tz=tz)
    begin = parse_instant(at)
    found = list(occurrences_in(made, Window(begin, begin + 10), BERLIN))
    assert len(found) == work.built == length - 1 + 10
    assert work.walked <= work.built + 1


def test_what_began_before_is_not_walked_where_it_is_not_asked_for(work: Work):
    made = event(parse_wall("2026-01-01T00:00:00"), 3_000, "RRULE:FREQ=SECONDLY")
    begin = parse_instant("2026-06-01T00:00:00Z")
    assert len(list(islice(occurrences_in(made, Window(begin, begin + DAY), BERLIN, begin), 5))) == 5
    assert len(list(islice(occurrences_since(made, begin, BERLIN), 5))) == 5
    assert (work.built, work.walked) == (10, 10)


@pytest.mark.parametrize("at", ["2026-06-11T00:00:00Z", "2026-06-11T22:30:00Z"])
def test_after_its_until_an_event_of_every_second_costs_nothing(work: Work, at: str):
    made = event(parse_wall("2026-01-01T00:00:00"), 1, "RRULE:FREQ=SECONDLY;UNTIL=20260610T235959Z")
    begin = parse_instant(at)
    assert list(occurrences_in(made, Window(begin, begin + 7 * DAY), BERLIN)) == []
    assert work.walked <= 1
    over = last_end(made, BERLIN)
    assert over is not None
    assert 0 <= over - parse_instant("2026-06-11T00:00:00Z") <= 2 * DAY


def test_days_that_are_out_are_stepped_over(work: Work):
    start = parse_wall("2026-01-01T00:00:00")
    days = ",".join(print_compact(start + day * DAY, is_date=True) for day in (1, 2, 3, 5))
    made = event(start, 1, "RRULE:FREQ=SECONDLY", f"EXDATE;VALUE=DATE:{days}")
    begin = parse_instant("2026-01-02T00:00:00Z")
    found = list(islice(occurrences_in(made, Window(begin, begin + 9 * DAY), BERLIN), DAY + 3))
    walls = [each.original for each in found]
    assert walls == [*range(start + 4 * DAY, start + 5 * DAY), *range(start + 6 * DAY, start + 6 * DAY + 3)]
    assert work.walked == len(found)


def test_at_the_end_of_all_years_nothing_is_walked_in_vain(work: Work):
    made = event(parse_wall("2026-01-01T00:00:00"), 1, "RRULE:FREQ=SECONDLY")
    begin = parse_instant("9999-12-31T00:00:00Z")
    list(occurrences_in(made, Window(begin, begin + 10), BERLIN))
    assert work.walked < 100

"""Random series against oracles: dateutil on the wall, expanded in full, and the definition of overlap.

The seed is printed; AURORA_TEST_SEED=<number> runs the same series again.
"""

import datetime as dt
import os
import random
from itertools import islice

from dateutil import rrule

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Window, parse_wall, print_compact
from aurora_time.domain.series import last_end, occurrences_from, occurrences_in, occurrences_since
from aurora_time.domain.zones import zone

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Havana",
         "UTC", "Africa/Casablanca", "Pacific/Apia", "")  # fmt: skip
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY",
         "FREQ=DAILY;INTERVAL=3", "FREQ=HOURLY;INTERVAL=5", "FREQ=MINUTELY;INTERVAL=50",
         "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=DAILY;BYHOUR=1,2,3")  # fmt: skip
LENGTHS = (0, 60, 3600, 5 * 3600, DAY, 40 * 3600, 40 * DAY)
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a wall has no zone
SERIES = 150


class Case:
    """A random series, and what the oracle makes of it: (start instant, end instant), each once, in order."""

    def __init__(self, rng: random.Random) -> None:
        # Two hundred days around changes of the clock in both hemispheres, and around the day that Samoa skipped.
        year = rng.choice((2011, 2024, 2026))
        self.wall = parse_wall(f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:00:00")
        self.wall += rng.choice((0, 0, 15, 30)) * 60
        self.is_date = rng.random() < 0.15
        self.home = zone(rng.choice(ZONES[:-1]))
        self.tzid = "" if self.is_date else rng.choice(ZONES)
        self.length = rng.choice(LENGTHS)
        rules = RULES[:5] if self.is_date else RULES
        self.texts = [rng.choice(rules) + self.limit(rng) for _ in range(rng.choice((1, 1, 1, 2)))]
        if self.is_date:
            self.wall -= self.wall % DAY
            self.length = max(DAY, self.length // DAY * DAY)
        self.rdates = [self.wall + rng.randint(0, 200 * 24) * 3600 for _ in range(rng.choice((0, 0, 1, 3)))]
        self.exdates: list[int] = []
        walls = self.walls()
        self.exdates = rng.sample(walls, min(len(walls) // 2, rng.choice((0, 0, 2))))

    def limit(self, rng: random.Random) -> str:
        until = print_compact(self.wall + rng.randint(1, 200) * DAY, is_date=self.is_date)
        return rng.choice((f";COUNT={rng.randint(1, 60)}", f";UNTIL={until}", ""))

    def event(self) -> Event:
        end = self.wall + self.length
        if self.tzid:  # DTEND stands for an exact duration
            end = zone(self.tzid).wall(zone(self.tzid).instant(self.wall) + self.length)
        lines = [f"RRULE:{text}" for text in self.texts]
        for name, walls in (("RDATE", self.rdates), ("EXDATE", self.exdates)):
            lines += [f"{name}:{print_compact(self.on_day(wall), is_date=self.is_date)}" for wall in walls]
        start = Time(self.wall, self.tzid, self.is_date)
        return Event("e", "c", "u", "s", start, Time(end, self.tzid, self.is_date), 0, 0, recurrence=tuple(lines))

    def on_day(self, wall: int) -> int:
        return wall - wall % DAY if self.is_date else wall

    def walls(self) -> list[int]:
        start, end = EPOCH + dt.timedelta(seconds=self.wall), EPOCH + dt.timedelta(seconds=self.wall + 200 * DAY)
        found = {self.wall, *map(self.on_day, self.rdates)}
        for text in self.texts:
            made = rrule.rrulestr(text, dtstart=start)
            limited = made.replace(count=None) if made._count else made  # DTSTART counts, for dateutil it may not
            count = (made._count or 10**6) - (start not in limited[:1] if made._count else 0)
            each = limited.between(start, end, inc=True)
            found |= {int((moment - EPOCH).total_seconds()) for moment in each[:count]}
        return sorted(found)

    def expected(self) -> list[tuple[int, int]]:
        clock = zone(self.tzid) if self.tzid else self.home
        shown = {clock.wall(clock.instant(wall)) for wall in self.exdates}
        out = set(self.exdates) | (set() if self.is_date else shown)
        found = {}
        for wall in self.walls():
            begin = clock.instant(wall)
            if wall in out or (not self.is_date and clock.wall(begin) in out):
                continue
            end = begin + self.length if self.tzid else clock.instant(wall + self.length)
            found[wall if self.is_date else begin] = (begin, end)
        return sorted(found.values())

    def __str__(self) -> str:
        return f"seed {SEED}: {self.event()} in {self.home}"


def cases(effort: int) -> list[Case]:
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    return [Case(rng) for _ in range(SERIES * effort)]


def spans(made: Event, window: Window, home) -> list[tuple[int, int]]:
    return [(each.start.instant(home), each.end.instant(home)) for each in occurrences_in(made, window, home)]


def test_a_window_shows_exactly_what_overlaps_it(effort: int):
    rng = random.Random(SEED + 1)
    for case in cases(effort):
        made, everything = case.event(), case.expected()
        for _ in range(12):
            begin = case.wall + rng.randint(-50 * DAY, 150 * DAY)
            window = Window(begin, min(begin + rng.choice((0, 3600, DAY, 31 * DAY)), case.wall + 198 * DAY))
            wanted = [span for span in everything if window.overlaps(*span)]
            found = spans(made, window, case.home)
            assert found == sorted(found, key=lambda span: span[0]), f"{case} {window}"
            assert sorted(found) == wanted, f"{case} {window}"


def test_going_on_from_anywhere_tells_what_a_window_tells(effort: int):
    rng = random.Random(SEED + 2)
    for case in cases(effort):
        made, everything = case.event(), case.expected()
        for begin in rng.sample(everything, min(3, len(everything))):
            instant = begin[0] + rng.choice((-1, 0, 1))
            found = [each.start.instant(case.home) for each in islice(occurrences_since(made, instant, case.home), 15)]
            wanted = [start for start, _ in everything if start >= instant][:15]
            limit = case.wall + 195 * DAY
            assert [at for at in found if at < limit] == [at for at in wanted if at < limit], str(case)
        for each in islice(occurrences_from(made, made.start.wall, case.home), 5):
            again = next(occurrences_from(made, each.start.wall, case.home))
            assert again.start.instant(case.home) == each.start.instant(case.home), str(case)


def test_nothing_ends_after_the_last_end(effort: int):
    ended = 0
    for case in cases(effort):
        made = case.event()
        over = last_end(made, case.home)
        if over is None:
            assert any("COUNT" not in text and "UNTIL" not in text for text in case.texts), str(case)
            continue
        ended += 1
        found = spans(made, Window(case.wall - DAY, case.wall + 300 * 366 * DAY), case.home)
        assert all(end <= over for _, end in found), str(case)
        assert over <= max((end for _, end in found), default=case.wall) + 210 * DAY, str(case)
    assert ended > SERIES // 4

"""Random rules against two oracles: dateutil, and a slow reading of RFC 5545's table, day by day.

The seed is printed; AURORA_TEST_SEED=<number> runs the same rules again.
"""

import calendar
import datetime as dt
import os
import random
from collections import Counter
from dataclasses import fields, replace
from itertools import islice
from typing import NamedTuple

import pytest
from dateutil import rrule

from aurora_time.domain.recurrence import (
    Frequency,
    Rule,
    RuleError,
    Skip,
    Until,
    WeekdayNum,
    next_after,
    occurrences,
    parse_rule,
    print_rule,
)

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a wall has no zone
DAY = 86_400
SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
RULES_PER_FREQUENCY = 310
RULES_AGAINST_TABLE = 25
# How many years an oracle follows a rule: long enough for leap years, short enough for a test.
YEARS = {"YEARLY": 40, "MONTHLY": 20, "WEEKLY": 8, "DAILY": 5, "HOURLY": 2, "MINUTELY": 2, "SECONDLY": 1}
BY_PARTS = {f.name for f in fields(Rule) if f.name.startswith("by_")}


class Case(NamedTuple):
    rule: Rule
    start: int

    def __str__(self) -> str:
        return f"seed {SEED}: DTSTART:{moment(self.start):%Y%m%dT%H%M%S} RRULE:{print_rule(self.rule)}"


def moment(wall: int) -> dt.datetime:
    return EPOCH + dt.timedelta(seconds=wall)


def wall_of(time: dt.datetime) -> int:
    return int((time - EPOCH).total_seconds())


def some(rng: random.Random, low: int, high: int, most: int = 3, signed: bool = False) -> tuple[int, ...]:
    signs = (1, 1, -1) if signed else (1,)
    return tuple(sorted({rng.randint(low, high) * rng.choice(signs) for _ in range(rng.randint(1, most))}))


def random_by_day(rng: random.Random, ordinals: list[int]) -> tuple[WeekdayNum, ...]:
    weekdays = rng.sample(range(7), rng.randint(1, 4))
    if not ordinals or rng.random() < 0.5:
        return tuple(sorted(WeekdayNum(0, weekday) for weekday in weekdays))
    mixed = rng.random() < 0.03
    return tuple(
        sorted(
            WeekdayNum(0 if mixed and not n else rng.choice(ordinals), weekday) for n, weekday in enumerate(weekdays)
        )
    )


def random_parts(rng: random.Random, frequency: Frequency) -> dict[str, object]:
    makers = {
        "by_month": lambda: some(rng, 1, 12),
        "by_week_no": lambda: some(rng, 1, 50, signed=True),
        "by_year_day": lambda: some(rng, 1, 366, 12, signed=True),
        "by_month_day": lambda: some(rng, 1, 31, 6, signed=True),
        "by_hour": lambda: some(rng, 0, 23),
        "by_minute": lambda: some(rng, 0, 59),
        "by_second": lambda: some(rng, 0, 59),
        "by_day": lambda: (),
    }
    names = rng.sample(list(makers), rng.randint(0, 4))
    if frequency is Frequency.YEARLY and rng.random() < 0.25:
        names = ["by_week_no", *names[:1]]
    parts: dict[str, object] = {name: makers[name]() for name in names}
    in_month = frequency is Frequency.MONTHLY or "by_month" in parts  # dateutil breaks beyond the month's end
    ordinals = [1, 2, 3, 4, -1, -2] if in_month else [1, 2, 20, 52, -1, -5]
    if "by_week_no" in parts and rng.random() < 0.9:
        parts["by_day"] = random_by_day(rng, [])
    elif "by_day" in parts:
        parts["by_day"] = random_by_day(rng, ordinals if frequency >= Frequency.MONTHLY else [])
    if parts and rng.random() < 0.2:
        parts["by_set_pos"] = some(rng, 1, rng.choice((2, 5, 40)), signed=True)
    if rng.random() < 0.4:
        parts["interval"] = rng.choice((2, 2, 3, 4, 5, 7, 12, 18, 90))
    if rng.random() < 0.4:
        parts["week_start"] = rng.randrange(7)
    return parts


def random_case(rng: random.Random, frequency: Frequency, **more: object) -> Case | None:
    """A valid rule whose DTSTART is the first wall it names itself, so that nobody argues about DTSTART."""
    try:
        rule = Rule(frequency, **random_parts(rng, frequency), **more)
    except RuleError:
        return None
    seed = rng.randrange(-10 * 365 * DAY, 55 * 365 * DAY)
    start = next_after(rule, seed, seed)
    if start is None or start > seed + 8 * 365 * DAY:
        return None
    ending = rng.random()
    if ending < 0.15:
        rule = replace(rule, count=rng.randint(1, 30))
    elif ending < 0.3:
        spans = (DAY, 30 * DAY, 400 * DAY, 4000 * DAY)
        rule = replace(rule, until=Until(start + rng.randrange(rng.choice(spans)), is_date=False, is_utc=False))
    return Case(rule, start)


def random_cases(salt: str, number: int, frequencies: list[Frequency], **more: object) -> list[Case]:
    cases: list[Case] = []
    for frequency in frequencies:
        rng = random.Random(f"{SEED} {salt} {frequency.name}")
        made = 0
        while made < number:
            case = random_case(rng, frequency, **more)
            if case is not None:
                cases.append(case)
                made += 1
    return cases


def check_against(case: Case, expected: list[int], horizon: int) -> None:
    """The engine agrees with all that is expected before the horizon, whichever window it is asked for."""
    rule, start = case
    assert list(occurrences(rule, start, start - 10 * DAY, horizon)) == expected, str(case)
    rng = random.Random(str(case))
    for _ in range(3):
        low = rng.choice(expected) - rng.randrange(40 * DAY)
        high = low + rng.randrange(80 * DAY)
        inside = [wall for wall in expected if low <= wall < high]
        assert list(occurrences(rule, start, low, min(high, horizon))) == inside, str(case)
        later = [wall for wall in expected if wall > low]
        if later:
            assert next_after(rule, start, low) == later[0], str(case)


# dateutil


def dateutil_is_wrong(case: Case) -> bool:
    """Where dateutil is known to be wrong, or to read differently what RFC 5545 leaves open.

    - BYSETPOS in weeks: it counts from DTSTART on in the first week, not from the week's first day.
    - BYDAY that mixes numbered and plain weekdays (``1MO,WE``): it takes the days that are both.
    - BYWEEKNO alone: it takes all seven days. RFC 5545 takes what a rule leaves unsaid, the weekday, from DTSTART.
    """
    rule, start = case
    numbered = {bool(ordinal) for ordinal, _ in rule.by_day}
    partial_week = (moment(start).weekday() - rule.week_start) % 7 > 0
    return (
        (rule.frequency is Frequency.WEEKLY and bool(rule.by_set_pos) and partial_week)
        or len(numbered) == 2
        or (bool(rule.by_week_no) and not (rule.by_day or rule.by_month_day or rule.by_year_day))
    )


def by_dateutil(case: Case) -> tuple[list[int], int]:
    """The first walls by dateutil, and the wall up to which they are complete."""
    rule = rrule.rrulestr(print_rule(case.rule), dtstart=moment(case.start))
    longest = 12 if case.rule.frequency is Frequency.SECONDLY else 60
    walls = [wall_of(time) for time in islice(rule, longest)]
    end = wall_of(dt.datetime(dt.MAXYEAR + 1, 1, 1))  # noqa: DTZ001
    if len(walls) == longest:
        end = min(end, walls[-1] + 1)
    return [wall for wall in walls if wall < end], end


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return random_cases("dateutil", RULES_PER_FREQUENCY, list(Frequency))


@pytest.mark.parametrize("frequency", list(Frequency), ids=lambda frequency: frequency.name)
def test_random_rules_agree_with_dateutil(frequency, cases, monkeypatch):
    for case in cases:
        if case.rule.frequency is not frequency or dateutil_is_wrong(case):
            continue
        # dateutil looks for the next occurrence until this year, however long that takes.
        monkeypatch.setattr(dt, "MAXYEAR", moment(case.start).year + YEARS[frequency.name])
        check_against(case, *by_dateutil(case))


def test_random_rules_are_many_and_use_every_part(cases, capsys):
    compared = [case for case in cases if not dateutil_is_wrong(case)]
    used = Counter(name for case in compared for name in BY_PARTS if getattr(case.rule, name))
    excluded = len(cases) - len(compared)
    with capsys.disabled():
        print(f"\n{len(compared)} random rules, AURORA_TEST_SEED={SEED}, {excluded} left out, parts {dict(used)}")
    assert len(compared) >= 2_000
    assert excluded <= 0.05 * len(cases)
    assert {name: number for name, number in used.items() if number >= 50}.keys() == BY_PARTS


def test_random_rules_survive_printing(cases):
    for case in cases:
        assert parse_rule(print_rule(case.rule)) == case.rule, str(case)


# The table of RFC 5545 3.3.10, read word for word


def in_list(numbers: tuple[int, ...], number: int, length: int) -> bool:
    """Whether a number from 1 to length is listed, from either end."""
    return number in numbers or number - length - 1 in numbers


def month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def week_number(day: dt.date, week_start: int) -> tuple[int, int]:
    """The number of a day's week, and how many weeks the year has that the week belongs to."""
    middle = day - dt.timedelta((day.weekday() - week_start) % 7) + dt.timedelta(3)
    last = dt.date(middle.year, 12, 28)
    last -= dt.timedelta((last.weekday() - week_start) % 7)
    last_middle = last + dt.timedelta(3)
    weeks = (last_middle.timetuple().tm_yday - 1) // 7 + 1
    return (middle.timetuple().tm_yday - 1) // 7 + 1, weeks


def readings(rule: Rule, day: dt.date) -> set[tuple[int, int, int]]:
    """Every (year, month, number) that means this day, and the missing ones that SKIP moves here."""
    length = month_length(day.year, day.month)
    own = {(day.year, day.month, day.day), (day.year, day.month, day.day - length - 1)}
    before = day.replace(day=1) - dt.timedelta(1)
    after = day.replace(day=length) + dt.timedelta(1)
    by_number = rule.frequency >= Frequency.MONTHLY and (
        rule.by_month_day or not (rule.by_day or rule.by_week_no or rule.by_year_day)
    )
    skip = rule.skip if by_number else Skip.OMIT
    if skip is Skip.FORWARD and day.day == 1:
        own |= {(before.year, before.month, number) for number in range(before.day + 1, 32)}
        own |= {(day.year, day.month, -number) for number in range(length + 1, 32)}
    if skip is Skip.BACKWARD and day.day == length:
        own |= {(day.year, day.month, number) for number in range(length + 1, 32)}
        following = month_length(after.year, after.month)
        own |= {(after.year, after.month, -number) for number in range(following + 1, 32)}
    return own


def weekday_fits(rule: Rule, day: dt.date) -> bool:
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        place, length = day.timetuple().tm_yday, 365 + (month_length(day.year, 2) == 29)
    else:
        place, length = day.day, month_length(day.year, day.month)
    nth, from_end = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
    return any(day.weekday() == weekday and ordinal in (0, nth, from_end) for ordinal, weekday in rule.by_day)


def reading_fits(rule: Rule, first: dt.date, day: dt.date, reading: tuple[int, int, int]) -> bool:
    _, month, number = reading
    length = 365 + (month_length(day.year, 2) == 29)
    named = rule.by_year_day or rule.by_month_day or rule.by_week_no or rule.by_day
    limits = [
        not rule.by_month or month in rule.by_month,
        not rule.by_year_day or in_list(rule.by_year_day, day.timetuple().tm_yday, length),
        not rule.by_week_no or in_list(rule.by_week_no, *week_number(day, rule.week_start)),
        not rule.by_month_day or number in rule.by_month_day,
        not rule.by_day or weekday_fits(rule, day),
    ]
    unsaid = {
        Frequency.YEARLY: named or (number == first.day and (rule.by_month or month == first.month)),
        Frequency.MONTHLY: named or number == first.day,
        Frequency.WEEKLY: rule.by_day or day.weekday() == first.weekday(),
    }
    weekday_unsaid = rule.by_week_no and not (rule.by_day or rule.by_month_day or rule.by_year_day)
    return (
        all(limits)
        and bool(unsaid.get(rule.frequency, True))
        and (not weekday_unsaid or day.weekday() == first.weekday())
    )


def period_of(rule: Rule, day: dt.date, reading: tuple[int, int, int]) -> int:
    match rule.frequency:
        case Frequency.YEARLY:
            return reading[0]
        case Frequency.MONTHLY:
            return reading[0] * 12 + reading[1]
        case Frequency.WEEKLY:
            return (day.toordinal() - 1 - rule.week_start) // 7
    return day.toordinal()


def set_positions(rule: Rule, walls: set[int]) -> set[int]:
    ordered = sorted(walls)
    if not rule.by_set_pos:
        return walls
    return {wall for place, wall in enumerate(ordered, 1) if in_list(rule.by_set_pos, place, len(ordered))}


def by_table(case: Case, days: int) -> list[int]:
    """Every wall of a rule of DAILY or longer in so many days from DTSTART, found by looking at each day."""
    rule, start = case
    begin = moment(start)
    first = begin.date()
    times = [
        hour * 3600 + minute * 60 + second
        for hour in rule.by_hour or (begin.hour,)
        for minute in rule.by_minute or (begin.minute,)
        for second in rule.by_second or (begin.second,)
    ]
    own_period = period_of(rule, first, (first.year, first.month, first.day))
    periods: dict[int, set[int]] = {}
    for offset in range(-370, days + 370):
        day = first + dt.timedelta(offset)
        for reading in readings(rule, day):
            period = period_of(rule, day, reading)
            if (period - own_period) % rule.interval == 0 and reading_fits(rule, first, day, reading):
                midnight = (day.toordinal() - EPOCH.toordinal()) * DAY
                periods.setdefault(period, set()).update(midnight + time for time in times)
    walls = {wall for period in periods.values() for wall in set_positions(rule, period)}
    found = [start, *sorted(wall for wall in walls if wall > start)][: rule.count]
    end = start + days * DAY
    limit = end if rule.until is None else min(end, rule.until.wall + 1)
    return [wall for wall in found if wall < limit]


@pytest.mark.parametrize("skip", list(Skip), ids=lambda skip: f"SKIP={skip.name}")
@pytest.mark.parametrize("frequency", list(Frequency)[3:], ids=lambda frequency: frequency.name)
def test_random_rules_agree_with_the_table_read_day_by_day(frequency, skip):
    days = {"YEARLY": 9 * 365, "MONTHLY": 1000, "WEEKLY": 500, "DAILY": 400}[frequency.name]
    number = RULES_AGAINST_TABLE if frequency > Frequency.WEEKLY or skip is Skip.OMIT else 5
    for case in random_cases(f"table {skip.name}", number, [frequency], skip=skip, rscale=True):
        if skip is Skip.OMIT or not case.rule.by_year_day:
            check_against(case, by_table(case, days), case.start + days * DAY)

"""Random series divided at random occurrences: both halves together take place when the series did, and no other time.

The seed is printed; AURORA_TEST_SEED=<number> runs the same series again.
"""

import os
import random
from itertools import islice

from msgspec.structs import replace

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, parse_wall, print_compact
from aurora_time.domain.series import occurrence_at, occurrences_since
from aurora_time.domain.series_edit import given, split, with_override, without_occurrence
from aurora_time.domain.zones import zone

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Havana", "UTC", "")
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY", "FREQ=WEEKLY",
         "FREQ=DAILY;INTERVAL=3", "FREQ=HOURLY;INTERVAL=5", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=DAILY;BYHOUR=1,2,3",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1")  # fmt: skip
BERLIN = zone("Europe/Berlin")
SERIES = 150
SHOWN = 40


def series(rng: random.Random) -> Event:
    wall = parse_wall(f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:00:00")
    is_date = rng.random() < 0.2
    tz = "" if is_date else rng.choice(ZONES)
    wall -= wall % DAY if is_date else 0
    text = rng.choice([rule for rule in RULES if "HOUR" not in rule] if is_date else RULES)
    until = print_compact(wall + rng.randint(1, 300) * DAY, is_date=is_date) + ("Z" if tz else "")
    text += rng.choice(("", f";COUNT={rng.randint(2, 50)}", f";UNTIL={until}"))
    lines = [f"RRULE:{text}"]
    if rng.random() < 0.4:
        extra = [wall + rng.randint(-30, 100) * DAY + (0 if is_date else 1800) for _ in range(2)]
        lines.append(f"RDATE:{','.join(print_compact(each, is_date=is_date) for each in extra)}")
    length = DAY if is_date else rng.choice((0, 1800, 3600))
    end = Time(wall + length, tz, is_date)
    made = Event("old", "c", "u", "s", Time(wall, tz, is_date), end, 0, 0, recurrence=tuple(lines))
    for _ in range(rng.choice((0, 1, 4))):
        made = changed(made, rng) or made
    return made


def walls(made: Event) -> list[int]:
    return [each.original or 0 for each in islice(occurrences_since(made, -(10**11), BERLIN), SHOWN)]


def changed(made: Event, rng: random.Random) -> Event | None:
    """One occurrence taken out, renamed or moved."""
    at = walls(made)
    if not at:
        return None
    wall = rng.choice(at)
    if rng.random() < 0.4:
        return without_occurrence(made, wall, BERLIN)
    occurrence = occurrence_at(made, wall, BERLIN)
    assert occurrence is not None
    part = given(made, wall, BERLIN) or occurrence.event
    by = rng.choice((0, 0, 1, 40)) * DAY
    return with_override(
        made,
        replace(
            part,
            summary=f"changed {rng.random()}",
            start=replace(part.start, wall=part.start.wall + by),
            end=replace(part.end, wall=part.end.wall + by),
        ),
        BERLIN,
    )


def shown(made: Event | None, until: int) -> list[tuple[int, int, int, str]]:
    """(start, end, original, summary) of what has an original start up to a wall."""
    if made is None:
        return []
    found = []
    for each in occurrences_since(made, -(10**11), BERLIN):
        original, start = each.original or 0, each.start.instant(BERLIN)
        if start > until + 45 * DAY:
            break
        if original <= until:
            found.append((start, each.end.instant(BERLIN), original, each.event.summary))
    return found


def test_this_and_following_never_corrupts_the_series(effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    divided = 0
    for number in range(SERIES * effort):
        made = series(rng)
        at = walls(made)
        if not at:
            continue
        original = rng.choice(at)
        told = f"seed {SEED}, series {number}: {made} at {print_compact(original)}"
        halves = split(made, original, ("new", "new@x"), BERLIN)
        before, after = halves
        until = max(at)
        together = sorted(shown(before, until) + shown(after, until))
        assert together == sorted(shown(made, until)), told
        assert all(each[2] < original for each in shown(before, until)), told
        assert all(each[2] >= original for each in shown(after, until)), told
        assert (before is None) == (original == min(at)), told
        if before is not None:
            divided += 1
            assert (after.id, after.uid, after.origin) == ("new", "new@x", "old")
            assert {each.id for each in after.overrides} <= {"new"}
            assert (before.id, before.uid, before.origin) == ("old", "u", "")
            # Nothing is left of the other side, so that neither half grows back when its limits change.
            assert all(shown(half, until) for half in halves), told
    assert divided > SERIES // 2

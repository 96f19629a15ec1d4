"""The pure core of storing, by its invariants: random lives of events are written to a real table and looked at."""

import os
import random
from itertools import islice

import msgspec
import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, parse_instant
from aurora_time.domain.reminders import Preferences
from aurora_time.domain.series import occurrences_since
from aurora_time.domain.series_edit import given, split, with_override
from aurora_time.domain.zones import zone
from aurora_time.ports import Delete, Item, Put, Range, check_limits
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Head, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context, Heir, Old, Stored
from aurora_time.store.reminders import SHARDS, Armed, Entry, State, arm
from tests.store.index_invariants import check_due, check_names, check_time, stored_events

pytestmark = pytest.mark.anyio
SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Ho_Chi_Minh")
RULES = ((), (), ("RRULE:FREQ=YEARLY",), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=WEEKLY;COUNT=4",))
DEFAULTS = (Alarm("email", 10), Alarm("email", days_before=0, at=8 * 3600))
START = parse_instant("2026-11-23T00:00:00Z")
HOME = zone("Europe/Berlin")
WANTED = Preferences(HOME, DEFAULTS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class SetClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> float:
        return self.time


@pytest.fixture
async def table():
    made = SqliteTable.open(":memory:", SetClock())
    yield made
    await made.close()


class Life:
    """One owner's events: what is in the table, and what should be."""

    def __init__(self, table: SqliteTable, seed: int) -> None:
        self.table, self.rng, self.held = table, random.Random(seed), Held()
        self.events: dict[str, Event] = {}
        self.now, self.writes = START, 0

    def event(self, event_id: str, uid: str) -> Event:
        rng = self.rng
        wall = START + rng.randint(-3 * 24, 30 * 24) * 3600
        is_date, tz = rng.random() < 0.3, rng.choice(ZONES)
        wall, tz = (wall - wall % DAY, "") if is_date else (wall, tz)
        length = rng.choice((1, 1, 9, 40)) * DAY if is_date else rng.choice((0, 3600, DAY, 40 * DAY))
        alarms = rng.choice((None, (), (Alarm("email", 5), Alarm("email", 120)), (Alarm("email", None, 1, 64_800),)))
        made = Event(
            event_id, rng.choice(("home", "work")), uid, f"event {rng.random()}", Time(wall, tz, is_date),
            Time(wall + length, tz, is_date), self.now, self.now, recurrence=rng.choice(RULES), alarms=alarms,
            status=rng.choice(("CONFIRMED", "CONFIRMED", "CANCELLED")), description="x" * rng.choice((0, 9_000)),
        )  # fmt: skip
        return self.changed(made)

    def changed(self, made: Event) -> Event:
        """With some occurrences moved, cancelled or taken out; now and then as all that is known of a series."""
        rng = self.rng
        if not made.recurrence:
            named = msgspec.structs.replace(made.start, wall=made.start.wall - 7 * DAY)
            return msgspec.structs.replace(made, recurrence_id=named) if rng.random() < 0.2 else made
        for each in list(islice(occurrences_since(made, -(10**11), HOME), 4)):
            part = given(made, each.original or 0, HOME)
            if part is None or rng.random() < 0.5:
                continue
            by = rng.choice((0, 1, -30, 400)) * DAY
            times = {name: msgspec.structs.replace(getattr(part, name), wall=getattr(part, name).wall + by)
                     for name in ("start", "end")}  # fmt: skip
            alarms, status = rng.choice((None, (Alarm("email", 30),))), rng.choice(("CONFIRMED", "CANCELLED"))
            made = with_override(made, msgspec.structs.replace(part, **times, alarms=alarms, status=status), HOME)
        return made

    async def old(self, event_id: str) -> Old:
        item, armed = await self.table.get(keys.object_("ann", event_id), keys.armed("ann", event_id))
        assert item is not None
        return Old(
            decode(item.body, Stored), item.version, (decode(armed.body, Armed), armed.version) if armed else None
        )

    async def act(self) -> None:
        event_id = self.rng.choice([*self.events, f"new{self.writes}"])
        before = self.events.get(event_id)
        if before is not None and before.recurrence and self.rng.random() < 0.4 and await self.divide(before):
            return
        gone = before is not None and self.rng.random() < 0.3
        new = None if gone else self.event(event_id, before.uid if before else f"uid {event_id}")
        self.writes += 1
        context = Context("ann", self.held, self.now, f"v{self.writes}", WANTED, b"{}")
        made, self.held = objects.changes(await self.old(event_id) if before else None, new, context)
        check_limits(tuple(made))
        await self.table.write(*made)
        if new is None:
            del self.events[event_id]
        else:
            self.events[event_id] = new

    async def divide(self, series: Event) -> bool:
        """This and following, from one of the first occurrences on; False without any."""
        found = list(islice(occurrences_since(series, -(10**11), HOME), 6))
        at = self.rng.choice(found).original if found else None
        if at is None:
            return False
        name = f"half{self.writes}"
        before, after = split(series, at, (name, f"uid {name}"), HOME)
        old = await self.old(series.id)
        steps = [(old, after, b"{}")] if before is None else [
            (old, before, b"{}"), (Heir(old.armed[0] if old.armed else None), after, b"{}"),
        ]  # fmt: skip
        self.writes += 1
        context = Context("ann", self.held, self.now, f"v{self.writes}", WANTED)
        made, self.held = objects.several(steps, context)
        check_limits(tuple(made))
        await self.table.write(*made)
        self.events |= {new.id: new for _, new, _ in steps if new}
        return True

    async def items(self, part: str) -> list[Item]:
        (found,) = await self.table.query(Range(part))
        return found

    async def check(self) -> None:
        assert {item.key.sort for item in await self.items("object#ann")} == set(self.events)
        await self.check_index()
        await check_names(self.table, "ann")
        (head,) = await self.items("head#ann")
        assert decode(head.body, Head) == Head(self.writes, 0, len(self.events))
        log = await self.items("log#ann")
        assert [item.key for item in log] == [keys.log("ann", number) for number in range(1, self.writes + 1)]
        assert decode(log[-1].body, LogItem).at == self.now
        await check_due(self.table, "ann", self.events, (self.now, WANTED))

    async def check_index(self) -> None:
        begin = self.now + self.rng.randint(-5, 40) * DAY
        window = Window(begin, begin + self.rng.choice((3600, DAY, 7 * DAY)))
        await check_time(self.table, "ann", [window, Window(self.now + 400 * DAY, self.now + 401 * DAY)], WANTED)
        stored = await stored_events(self.table, "ann")
        assert {event_id: each.own for event_id, each in stored.items()} == self.events


async def test_every_write_leaves_every_index_as_it_should_be(table, effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    life = Life(table, SEED)
    for _ in range(120 * effort):
        await life.act()
        await life.check()
        life.now += life.rng.choice((0, 60, 3600))
    for event_id in list(life.events):
        context = Context("ann", life.held, life.now, f"end {event_id}", WANTED)
        made, life.held = objects.changes(await life.old(event_id), None, context)
        await table.write(*made)
    for part in ("object#ann", "uid#ann", "time#ann", "armed#ann", *(f"due#{shard:04d}" for shard in range(SHARDS))):
        assert await life.items(part) == [], f"{part} keeps nothing of what is gone"


def event(start: str, *lines: str, calendar_id: str = "home", **more: object) -> Event:
    instant = parse_instant(start)
    first, last = Time(instant, "UTC"), Time(instant + 3600, "UTC")
    return Event(
        "e",
        calendar_id,
        "uid",
        "Review",
        first,
        last,
        0,
        0,
        recurrence=lines,
        **{"alarms": (Alarm("email", 10),)} | more,
    )


def context(now: str, *, version: str = "v2") -> Context:
    return Context("ann", Held(), parse_instant(now), version, WANTED)


def armed(after: str, due: str, *, attempts: int = 0, leased: bool = False) -> tuple[Armed, str]:
    state = State(parse_instant(after), parse_instant(due), attempts, leased)
    put = arm("ann", "e", state, None, "v1")[0]
    assert isinstance(put, Put)
    return decode(put.body, Armed), "v1"


def state_of(changes: list) -> Armed | None:
    puts = [each for each in changes if isinstance(each, Put) and each.key.part == "armed#ann"]
    return decode(puts[0].body, Armed) if puts else None


def test_what_is_due_but_not_yet_rung_stays_due():
    made = objects.rearm(event("2026-11-23T09:00:00Z"), armed("2026-11-22T00:00:00Z", "2026-11-23T08:50:00Z"),
                         context("2026-11-23T08:55:00Z"))  # fmt: skip
    state = state_of(made)
    assert state is not None
    assert state.due == parse_instant("2026-11-23T08:50:00Z")


def test_while_a_sender_has_it_the_lease_stays_but_the_version_tells_of_the_change():
    lease = armed("2026-11-22T00:00:00Z", "2026-11-23T08:52:00Z", attempts=1, leased=True)
    made = objects.rearm(event("2026-11-24T09:00:00Z"), lease, context("2026-11-23T08:51:00Z"))
    assert state_of(made) == lease[0]
    assert len(made) == 1
    late = objects.rearm(event("2026-11-24T09:00:00Z"), lease, context("2026-11-23T08:53:00Z"))
    state = state_of(late)
    assert state is not None
    assert (state.leased, state.due) == (False, parse_instant("2026-11-24T08:50:00Z"))


@pytest.mark.parametrize(("start", "due"), [("2026-11-24T09:00:00Z", "2026-11-23T09:00:00Z"),
                                            ("2026-11-23T09:05:00Z", "2026-11-23T08:55:00Z")])  # fmt: skip
def test_a_mail_that_waits_to_be_tried_again_still_is_after_an_edit(start, due):
    waiting = armed("2026-11-22T00:00:00Z", "2026-11-23T09:00:00Z", attempts=3)
    state = state_of(objects.rearm(event(start), waiting, context("2026-11-23T08:51:00Z")))
    assert state is not None
    assert (state.after, state.attempts) == (waiting[0].after, 3)
    assert state.due == parse_instant(due)


def test_skipped_reminders_of_a_new_event_are_shown_up_to_the_limit():
    series = event("2026-11-20T09:00:00Z", "RRULE:FREQ=DAILY", alarms=(Alarm("email", 1440 * 99),))
    made, _ = objects.changes(None, series, context("2026-11-23T08:51:00Z"))
    entries = [decode(each.body, Entry) for each in made if isinstance(each, Put) and each.key.part == "ledger#ann"]
    assert len(entries) == 20
    assert {entry.status for entry in entries} == {"suppressed"}


def test_a_move_to_another_calendar_takes_its_uid_and_address_along():
    old = Old(Stored(event("2026-11-24T09:00:00Z"), (tuple(keys.uid("ann", "home", "uid")),
              tuple(keys.href("ann", "home", "a.ics"))), "a.ics"), "v1", None)  # fmt: skip
    made, _ = objects.changes(old, event("2026-11-24T09:00:00Z", calendar_id="work"), context("2026-11-23T08:51:00Z"))
    put = {each.key for each in made if isinstance(each, Put)}
    assert {keys.uid("ann", "work", "uid"), keys.href("ann", "work", "a.ics")} <= put
    gone = {each.key for each in made if isinstance(each, Delete)}
    assert {keys.uid("ann", "home", "uid"), keys.href("ann", "home", "a.ics")} <= gone


def test_something_comes_from_or_goes_to_something():
    with pytest.raises(ValueError, match="nothing"):
        objects.changes(None, None, context("2026-11-23T08:51:00Z"))


def test_the_change_feed_is_kept_for_400_days():
    made, _ = objects.changes(None, event("2026-11-24T09:00:00Z"), context("2026-11-23T08:51:00Z"))
    (log,) = [each for each in made if isinstance(each, Put) and each.key.part == "log#ann"]
    assert log.expires == parse_instant("2026-11-23T08:51:00Z") + 400 * 86_400

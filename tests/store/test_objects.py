"""The pure core of storing, by its invariants: random lives of events are written to a real table and looked at."""

import os
import random
from collections import Counter

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, parse_instant
from aurora_time.domain.reminders import alarms_of, next_trigger
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone
from aurora_time.ports import Delete, Item, Key, Put, Range, check_limits
from aurora_time.store import keys, objects, timeindex
from aurora_time.store.calendars import Head, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Context, Old, Stored
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import SHARDS, Armed, Due, Entry, State, arm

pytestmark = pytest.mark.anyio
SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Ho_Chi_Minh")
RULES = ((), (), ("RRULE:FREQ=YEARLY",), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=WEEKLY;COUNT=4",))
DEFAULTS = (Alarm("email", 10), Alarm("email", days_before=0, at=8 * 3600))
START = parse_instant("2026-11-23T00:00:00Z")
HOME = zone("Europe/Berlin")


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
        return Event(
            event_id, rng.choice(("home", "work")), uid, f"event {rng.random()}", Time(wall, tz, is_date),
            Time(wall + length, tz, is_date), self.now, self.now, recurrence=rng.choice(RULES), alarms=alarms,
            status=rng.choice(("CONFIRMED", "CONFIRMED", "CANCELLED")), description="x" * rng.choice((0, 9_000)),
        )  # fmt: skip

    async def old(self, event_id: str) -> Old:
        item, armed = await self.table.get(keys.object_("ann", event_id), keys.armed("ann", event_id))
        assert item is not None
        return Old(
            decode(item.body, Stored), item.version, (decode(armed.body, Armed), armed.version) if armed else None
        )

    async def act(self) -> None:
        event_id = self.rng.choice([*self.events, f"new{self.writes}"])
        before = self.events.get(event_id)
        gone = before is not None and self.rng.random() < 0.3
        new = None if gone else self.event(event_id, before.uid if before else f"uid {event_id}")
        self.writes += 1
        context = Context("ann", self.held, self.now, f"v{self.writes}", HOME, DEFAULTS, b"{}")
        made, self.held = objects.changes(await self.old(event_id) if before else None, new, context)
        check_limits(tuple(made))
        await self.table.write(*made)
        if new is None:
            del self.events[event_id]
        else:
            self.events[event_id] = new

    async def items(self, part: str) -> list[Item]:
        (found,) = await self.table.query(Range(part))
        return found

    async def check(self) -> None:
        assert {item.key.sort for item in await self.items("object#ann")} == set(self.events)
        await self.check_index()
        uids = {item.key: decode(item.body, Pointer).id for item in await self.items("uid#ann")}
        assert uids == {keys.uid("ann", each.calendar_id, each.uid): each.id for each in self.events.values()}
        (head,) = await self.items("head#ann")
        assert decode(head.body, Head) == Head(self.writes, 0, len(self.events))
        log = await self.items("log#ann")
        assert [item.key for item in log] == [keys.log("ann", number) for number in range(1, self.writes + 1)]
        assert decode(log[-1].body, LogItem).at == self.now
        await self.check_due()

    async def check_index(self) -> None:
        cards = {item.key: decode(item.body, Card) for item in await self.items("time#ann")}
        assert Counter(key.sort.split("#")[2] for key in cards) == Counter(list(self.events))
        for event in self.events.values():
            stored = (await self.old(event.id)).stored
            (key,) = {Key(*pair) for pair in stored.index} & set(cards)
            assert (cards[key].start, cards[key].end) == (event.start, event.end)
            assert cards[key].event in (None, event)
            begin = self.now + self.rng.randint(-5, 40) * DAY
            window = Window(begin, begin + self.rng.choice((3600, DAY, 7 * DAY)))
            if any(occurrences_in(event, window, HOME)):
                found = await self.table.query(*timeindex.ranges("ann", window))
                assert [item.key for items in found for item in items].count(key) == 1

    async def check_due(self) -> None:
        found = await self.table.query(*(Range(f"due#{shard:04d}") for shard in range(SHARDS)))
        due = {item.key: decode(item.body, Due) for items in found for item in items}
        armed = {item.key.sort: decode(item.body, Armed) for item in await self.items("armed#ann")}
        assert {state.due_key for state in armed.values()} == set(due), "armed and due are one to one"
        assert {each.target for each in due.values()} == {f"o:{event_id}" for event_id in armed}
        for event in self.events.values():
            state = armed.get(event.id)
            after = state.after if state else self.now
            following = next_trigger(event, alarms_of(event, DEFAULTS), after, HOME)
            assert (state.due if state else None) == following, "due is the earliest trigger not yet handled"


async def test_every_write_leaves_every_index_as_it_should_be(table, effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    life = Life(table, SEED)
    for _ in range(120 * effort):
        await life.act()
        await life.check()
        life.now += life.rng.choice((0, 60, 3600))
    for event_id in list(life.events):
        context = Context("ann", life.held, life.now, f"end {event_id}", HOME, DEFAULTS)
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
    return Context("ann", Held(), parse_instant(now), version, HOME, DEFAULTS)


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

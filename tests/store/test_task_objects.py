"""Tasks as they are stored: what every write leaves behind, over random lives."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.component import Event, Task, Time
from aurora_time.domain.moment import DAY, Window, parse_instant
from aurora_time.domain.reminders import Preferences
from aurora_time.domain.zones import zone
from aurora_time.ports import Key, Range, check_limits
from aurora_time.store import keys, objects, taskindex
from aurora_time.store.calendars import Changed, Head, Held, LogItem
from aurora_time.store.codec import decode, encode
from aurora_time.store.objects import Context, Old, Stored
from aurora_time.store.reminders import Armed
from aurora_time.store.taskindex import DONE, OPEN, TaskCard

pytestmark = pytest.mark.anyio
NOW = parse_instant("2026-11-23T00:00:00Z")
HOME = zone("Europe/Berlin")
PREFERENCES = Preferences(HOME, ())


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class StoppedClock:
    def now(self) -> float:
        return NOW


@pytest.fixture
async def table():
    made = SqliteTable.open(":memory:", StoppedClock())
    yield made
    await made.close()


def new(rng: random.Random, task_id: str) -> Task:
    wall = NOW + rng.randint(-20, 20) * DAY
    due = rng.choice((None, Time(wall, "", True), Time(wall + 3600, "Asia/Ho_Chi_Minh")))
    done = rng.random() < 0.4
    return Task(
        task_id, rng.choice(("home", "work")), f"uid {task_id}", f"task {rng.random()}", NOW, NOW, due=due,
        completed=NOW if done else None, status="COMPLETED" if done else rng.choice(("NEEDS-ACTION", "CANCELLED")),
        parent_id=rng.choice((None, "above")), recurrence=("RRULE:FREQ=DAILY",) if due and not done else (),
        description="x" * rng.choice((0, 9_000)),
    )  # fmt: skip


async def items(table: SqliteTable, part: str):
    (found,) = await table.query(Range(part))
    return found


async def read(table: SqliteTable, task_id: str) -> Old:
    item, armed = await table.get(keys.object_("ann", task_id), keys.armed("ann", task_id))
    assert item is not None
    return Old(decode(item.body, Stored), item.version, (decode(armed.body, Armed), armed.version) if armed else None)


async def check(table: SqliteTable, tasks: dict[str, Task], writes: int) -> None:
    stored = {item.key.sort: decode(item.body, Stored) for item in await items(table, "object#ann")}
    assert {task_id: each.task for task_id, each in stored.items()} == tasks
    assert all(each.own is None and each.event.id == task_id for task_id, each in stored.items())
    index = {
        item.key: decode(item.body, TaskCard)
        for part in ("task#ann", "subtask#ann")
        for item in await items(table, part)
    }
    expected = [key for task in tasks.values() for key in taskindex.index_keys("ann", task)]
    assert Counter(index.keys()) == Counter(expected)
    for key, card in index.items():
        task = tasks[taskindex.task_id(key.sort)]
        assert (card.calendar_id, card.due) == (task.calendar_id, task.due)
        assert card.done == (task.status in ("COMPLETED", "CANCELLED"))
        assert (card.wire is None) == (len(task.description) > 4_000)
    assert await items(table, "time#ann") == []
    assert {item.key for item in await items(table, "uid#ann")} == {
        keys.uid("ann", task.calendar_id, task.uid) for task in tasks.values()
    }
    armed = {item.key.sort for item in await items(table, "armed#ann")}
    assert armed <= {task.id for task in tasks.values() if task.due and task.status == "NEEDS-ACTION"}
    (head,) = await items(table, "head#ann")
    assert decode(head.body, Head) == Head(writes, 0, len(tasks))


@pytest.mark.parametrize("seed", range(3))
async def test_a_random_life_of_tasks_leaves_what_it_should(table: SqliteTable, seed: int) -> None:
    rng, held, tasks = random.Random(seed), Held(), {}
    for number in range(1, 41):
        task_id = rng.choice([*tasks, f"new{number}"])
        before = await read(table, task_id) if task_id in tasks else None
        made = None if before and rng.random() < 0.3 else new(rng, task_id)
        context = Context("ann", held, NOW, f"v{number}", PREFERENCES, b"w" * (len(made.description) if made else 0))
        changes, held = objects.changes(before, made, context)
        check_limits(tuple(changes))
        await table.write(*changes)
        (log,) = await table.get(keys.log("ann", number))
        noted = made or tasks[task_id]
        left = tasks[task_id].calendar_id if made and before else ""
        left = "" if left == noted.calendar_id else left
        assert decode(log.body, LogItem).changed == (
            Changed("task", task_id, made is None, noted.calendar_id, left=left),
        )
        if made is None:
            del tasks[task_id]
        else:
            tasks[task_id] = made
        await check(table, tasks, number)


async def test_several_are_one_write_under_one_sequence(table: SqliteTable) -> None:
    rng = random.Random(1)
    one, two = new(rng, "one"), new(rng, "two")
    changes, held = objects.several(
        [(None, one, b"1"), (None, two, b"2")], Context("ann", Held(), NOW, "v", PREFERENCES)
    )
    await table.write(*changes)
    assert held.head == Head(1, 0, 2)
    (log,) = await items(table, "log#ann")
    assert [each.id for each in decode(log.body, LogItem).changed] == ["one", "two"]
    with pytest.raises(ValueError, match="nothing"):
        objects.several([(None, None, b"")], Context("ann", held, NOW, "v2", PREFERENCES))


def test_what_was_stored_before_there_were_tasks_is_still_an_event() -> None:
    event = Event("e", "home", "u", "x", Time(NOW, "UTC"), Time(NOW, "UTC"), 1, 2)
    old = decode(encode({"event": event, "index": [["time#ann", "k"]], "href": "e.ics"}), Stored)
    assert (old.own, old.event, old.component, old.task) == (event, event, event, None)
    with pytest.raises(ValueError, match="an event or a task"):
        _ = Stored(None).component


def test_the_ranges_hold_what_is_due_on_any_clock() -> None:
    window = Window(NOW, NOW + 3600)
    for tzid in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        wall = zone(tzid).wall(NOW)
        task = Task("t", "home", "u", "x", 1, 2, due=Time(wall, tzid))
        (key,) = taskindex.index_keys("ann", task)
        (span,) = taskindex.ranges("ann", (OPEN,), window)
        assert span.part == key.part
        assert span.low <= key.sort < span.high
    assert [each.low for each in taskindex.ranges("ann", (OPEN, DONE), None)] == ["0#", "1#"]
    assert Key("task#ann", "0#~#t") == keys.task("ann", OPEN, taskindex.NEVER, "t")

"""What is the SQLite engine's own: group commit, errors of the disk, removing what expired, closing."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
from dataclasses import dataclass

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_writer import SWEEP_ITEMS
from aurora_time.ports import ABSENT, ConflictError, Item, Key, Put, Range, UnavailableError

pytestmark = pytest.mark.anyio
A, B = Key("part", "a"), Key("part", "b")


@dataclass
class SetClock:
    time: float = 1_800_000_000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def table(tmp_path, clock):
    table = SqliteTable.open(tmp_path / "table.db", clock)
    yield table
    await table.close()


@pytest.fixture
async def in_memory(clock):
    table = SqliteTable.open(":memory:", clock)
    yield table
    await table.close()


def commits_of(table: SqliteTable) -> list[str]:
    """The COMMITs that SQLite runs from now on."""
    seen: list[str] = []
    table._writer.connection.set_trace_callback(lambda sql: seen.append(sql) if sql == "COMMIT" else None)
    return seen


async def held_up(table: SqliteTable, *writes):
    """Hand over the writes while the writer is kept busy, so that they wait together; their outcomes."""
    entered, free = threading.Event(), threading.Event()

    class Slow:
        def now(self) -> float:
            entered.set()
            free.wait(10)
            return 0.0

    writer = table._writer
    clock, writer._clock = writer._clock, Slow()
    sweep = asyncio.create_task(table.remove_expired())
    await asyncio.to_thread(entered.wait, 10)
    tasks = [asyncio.create_task(table.write(*changes)) for changes in writes]
    await asyncio.sleep(0)
    writer._clock = clock
    free.set()
    await sweep
    return await asyncio.gather(*tasks, return_exceptions=True)


# --- group commit -----------------------------------------------------------------------------------------
async def test_waiting_writes_share_one_commit(table):
    commits = commits_of(table)
    outcomes = await held_up(table, *[[Put(Key("p", f"{n}"), b"x", "v")] for n in range(50)])
    assert outcomes == [None] * 50
    assert len(commits) == 1
    assert (table.stats.writes, table.stats.groups) == (50, 1)
    assert len((await table.query(Range("p")))[0]) == 50


async def test_concurrent_writes_need_fewer_commits_than_there_are(table):
    commits = commits_of(table)
    await asyncio.gather(*[table.write(Put(Key("p", f"{n}"), b"x", "v")) for n in range(100)])
    assert len(commits) < 100
    assert table.stats.writes == 100


async def test_a_group_ends_where_it_is_large_enough(table):
    commits = commits_of(table)
    await held_up(table, *[[Put(Key("p", f"{n}"), b"", "v")] for n in range(300)])
    assert len(commits) == 2
    await held_up(table, *[[Put(Key("q", f"{n}"), b"x" * 380_000, "v")] for n in range(30)])
    assert len(commits) == 4


async def test_a_conflict_in_a_group_undoes_only_its_own_write(table):
    first, second, third = await held_up(
        table,
        [Put(A, b"1", "v1", ABSENT)],
        [Put(Key("p", "half"), b"x", "v"), Put(A, b"2", "v2", ABSENT)],
        [Put(A, b"3", "v3", "v1"), Put(B, b"3", "v3")],
    )
    assert (first, third) == (None, None)
    assert isinstance(second, ConflictError)
    assert second.key == A
    assert await table.get(A, B, Key("p", "half")) == [Item(A, b"3", "v3"), Item(B, b"3", "v3"), None]
    assert (table.stats.writes, table.stats.groups, table.stats.conflicts) == (2, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        Put(B, b"", "\ud800"),
        Put(B, [], "v"),
        Put(B, b"", "v", expires=2**70),
        Put(B, b"", "v", expect=object()),
    ],
    ids=["half a character", "no bytes", "beyond 64 bits", "no text"],
)
async def test_a_value_that_cannot_be_stored_fails_only_its_own_write(table, wrong):
    outcomes = await held_up(table, [Put(A, b"1", "v")], [Put(Key("p", "x"), b"", "v"), wrong], [Put(A, b"2", "v")])
    assert [outcomes[0], outcomes[2]] == [None, None]
    assert isinstance(outcomes[1], (ValueError, OverflowError, sqlite3.ProgrammingError))
    assert await table.get(A, B, Key("p", "x")) == [Item(A, b"2", "v"), None, None]


async def test_writes_are_done_in_the_order_in_which_they_were_asked_for(table):
    await held_up(table, *[[Put(A, b"%d" % n, f"v{n}", f"v{n - 1}" if n else ABSENT)] for n in range(200)])
    assert await table.get(A) == [Item(A, b"199", "v199")]


async def test_a_cancelled_write_that_was_handed_over_is_whole_and_disturbs_nobody(table):
    tasks = [asyncio.create_task(table.write(Put(Key("p", f"{n}"), b"", "v"))) for n in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]
    await table.write(Put(A, b"", "v"))
    assert [item.key.sort for item in (await table.query(Range("p")))[0]] == ["0", "1", "2"]


async def test_a_write_whose_loop_was_closed_is_still_done(tmp_path, clock):
    table = SqliteTable.open(tmp_path / "table.db", clock)

    def elsewhere():
        runner = asyncio.Runner()
        loop = runner.get_loop()
        entered = loop.create_task(table.write(Put(A, b"1", "v")))
        loop.run_until_complete(asyncio.sleep(0))
        entered.cancel()
        runner.close()

    await asyncio.to_thread(elsewhere)
    await table.write(Put(B, b"2", "v"))
    assert await table.get(A, B) == [Item(A, b"1", "v"), Item(B, b"2", "v")]
    await table.close()


# --- what the disk does ---------------------------------------------------------------------------------
async def test_commits_are_durable(table):
    pragma = table._writer.connection.execute
    assert pragma("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert pragma("PRAGMA synchronous").fetchone()[0] == 2  # FULL


@pytest.mark.parametrize("memory", [False, True])
async def test_a_full_disk_fails_the_whole_group_and_leaves_nothing_of_it(table, in_memory, memory):
    table = in_memory if memory else table
    await table.write(Put(A, b"before", "v1"))
    pragma = table._writer.connection.execute
    pragma(f"PRAGMA max_page_count = {pragma('PRAGMA page_count').fetchone()[0] + 5}")
    outcomes = await held_up(
        table, [Put(A, b"after", "v2")], *[[Put(Key("p", f"{n}"), b"x" * 9000, "v")] for n in range(5)]
    )
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 6
    assert {str(outcome) for outcome in outcomes} == {"the disk is full"}
    assert await table.get(A) == [Item(A, b"before", "v1")]
    assert await table.query(Range("p")) == [[]]
    assert table.stats.failures == 6
    pragma("PRAGMA max_page_count = 1000000")
    await table.write(Put(A, b"after", "v2", "v1"), Put(Key("p", "x"), b"x" * 90000, "v"))
    assert await table.get(A) == [Item(A, b"after", "v2")]


async def test_a_database_that_became_read_only_refuses_writes_and_still_answers(table):
    await table.write(Put(A, b"1", "v1"))
    table._writer.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(UnavailableError, match="read-only"):
        await table.write(Put(A, b"2", "v2"))
    assert await table.remove_expired() == 0
    assert await table.get(A) == [Item(A, b"1", "v1")]
    table._writer.connection.execute("PRAGMA query_only = OFF")
    await table.write(Put(A, b"2", "v2"))


async def test_a_database_locked_by_another_program_is_unavailable_for_the_time(table, tmp_path):
    other = sqlite3.connect(tmp_path / "table.db", isolation_level=None)
    table._writer.connection.execute("PRAGMA busy_timeout = 0")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="locked by another process"):
        await table.write(Put(A, b"1", "v1"))
    other.close()
    await table.write(Put(A, b"1", "v1"))


async def test_no_memory_is_unavailable_not_a_dead_writer(table):
    class Short:
        in_transaction = False

        def execute(self, *_):
            raise MemoryError

    writer = table._writer
    connection, writer.connection = writer.connection, Short()
    with pytest.raises(UnavailableError, match="not enough memory"):
        await table.write(Put(A, b"1", "v1"))
    writer.connection = connection
    await table.write(Put(A, b"1", "v1"))


async def test_a_damaged_page_makes_reads_unavailable(tmp_path, clock):
    path = tmp_path / "table.db"
    table = SqliteTable.open(path, clock)
    await table.write(*[Put(Key("p", f"{n:03d}"), b"x" * 3000, "v") for n in range(50)])
    await table.close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\x55" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    table = SqliteTable.open(path, clock)
    with pytest.raises(UnavailableError, match="damaged"):
        await table.get(Key("p", "007"))
    with pytest.raises(UnavailableError, match="damaged"):
        await table.query(Range("p"))
    with pytest.raises(UnavailableError, match="damaged"):
        await table.write(Put(Key("p", "007"), b"", "v"))
    await table.close()


# --- expiry in the background -----------------------------------------------------------------------------
async def test_expired_items_are_removed_in_batches_and_counted(table, clock):
    for start in range(0, 450, 50):
        await table.write(*[Put(Key("p", f"{n}"), b"", "v", expires=1_800_000_010) for n in range(start, start + 50)])
    await table.write(Put(A, b"", "v", expires=1_800_000_011), Put(B, b"", "v"))
    assert await table.remove_expired() == 0
    clock.time = 1_800_000_010
    assert await table.remove_expired() == 450 > 2 * SWEEP_ITEMS
    assert table.stats.expired == 450
    assert table._reader.execute("SELECT count(*) FROM items").fetchone()[0] == 2


async def test_expired_items_are_removed_without_being_asked_and_while_writes_go_on(tmp_path, clock):
    table = SqliteTable.open(tmp_path / "table.db", clock, sweep_every=0.01)
    for idle in (True, False):
        before = table.stats.expired
        await table.write(*[Put(Key("p", f"{n}"), b"", "v", expires=int(clock.now()) + 1) for n in range(10)])
        clock.time += 1
        async with asyncio.timeout(10):
            while table.stats.expired < before + 10:
                await (asyncio.sleep(0.001) if idle else table.write(Put(A, b"", "v")))
    await table.close()


async def test_finding_what_has_expired_reads_an_index_not_the_table(table):
    plan = table._reader.execute(
        "EXPLAIN QUERY PLAN SELECT rowid FROM items WHERE expires <= ? ORDER BY expires LIMIT ?", (1, 2)
    ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH items USING COVERING INDEX items_expires (expires<?)"]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
async def test_a_range_is_searched_and_read_in_the_order_of_the_index(table, order):
    from aurora_time.adapters.sqlite import _QUERY

    plan = table._reader.execute("EXPLAIN QUERY PLAN " + _QUERY.format(order=order), ("p", "", "z", 1, 2)).fetchall()
    assert [row[3] for row in plan] == [
        "SEARCH items USING INDEX sqlite_autoindex_items_1 (part=? AND sort>? AND sort<?)"
    ]


# --- opening and closing ----------------------------------------------------------------------------------
async def test_what_was_written_is_there_after_opening_again(tmp_path, clock):
    path = tmp_path / "table.db"
    for turn in range(5):
        table = SqliteTable.open(path, clock)
        assert await table.get(A) == [Item(A, b"x", f"v{turn - 1}") if turn else None]
        await table.write(Put(A, b"x", f"v{turn}"))
        await table.close()
        assert sorted(found.name for found in tmp_path.iterdir()) == ["table.db", "table.db.lock"]
    gc.collect()  # a connection left open would be a ResourceWarning here, which is an error
    assert "sqlite-writer" not in [thread.name for thread in threading.enumerate()]


async def test_closing_finishes_what_was_handed_over(tmp_path, clock):
    path = tmp_path / "table.db"
    table = SqliteTable.open(path, clock)
    writes = [asyncio.create_task(table.write(Put(Key("p", f"{n}"), b"", "v"))) for n in range(300)]
    await asyncio.sleep(0)
    await table.close()
    await table.close()
    assert await asyncio.gather(*writes) == [None] * 300
    with pytest.raises(UnavailableError, match="closed"):
        await table.write(Put(A, b"", "v"))
    with pytest.raises(UnavailableError):
        await table.get(A)
    with pytest.raises(UnavailableError):
        await table.query(Range("p"))
    table = SqliteTable.open(path, clock)
    assert len((await table.query(Range("p")))[0]) == 300
    await table.close()


async def test_closing_frees_the_file_even_when_its_task_is_cancelled(tmp_path, clock):
    table = SqliteTable.open(tmp_path / "table.db", clock)
    await table.write(Put(A, b"", "v"))
    closing = asyncio.create_task(table.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    again = SqliteTable.open(tmp_path / "table.db", clock)
    await again.close()


async def test_a_reader_beside_the_server_sees_its_writes_and_changes_nothing(table, tmp_path, clock):
    reader = SqliteTable.open(tmp_path / "table.db", clock, read_only=True)
    await table.write(Put(A, b"1", "v"))
    assert await reader.get(A) == [Item(A, b"1", "v")]
    with pytest.raises(UnavailableError, match="reading only"):
        await reader.write(Put(A, b"2", "v"))
    assert reader.stats.writes == 0
    await reader.close()
    await table.write(Put(A, b"2", "v"))


async def test_the_wal_does_not_grow_with_the_number_of_writes(table, tmp_path):
    for number in range(60):
        await table.write(Put(Key("p", f"{number}"), b"x" * 380_000, "v"))
    assert (tmp_path / "table.db-wal").stat().st_size < 8_000_000


async def test_two_tables_in_memory_share_nothing(clock):
    one, two = SqliteTable.open(":memory:", clock), SqliteTable.open(":memory:", clock)
    await one.write(Put(A, b"1", "v"))
    assert await two.get(A) == [None]
    await one.close()
    await two.close()

"""What a call costs: AWS's own examples, and what the metering table makes of real calls."""

import pytest

from aurora_time.adapters.dynamodb_items import new_write_id
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import ABSENT, Check, ConflictError, Delete, Item, Key, Put, Range
from tools.capacity import rules
from tools.capacity.home import Clock
from tools.capacity.metering import MeteringTable, units

KB = 1024
A, B, C = (Key("part", sort) for sort in "abc")


@pytest.mark.parametrize(("size", "units_"), [(0, 1), (1, 1), (3_584, 1), (4_096, 1), (4_097, 2), (10 * KB, 3)])
def test_an_item_is_read_in_steps_of_four_kilobytes_and_one_that_is_not_there_costs_one(size, units_):
    assert rules.get_units(size) == units_


def test_a_batch_rounds_each_item_by_itself():
    assert rules.get_units(1_536) + rules.get_units(6_656) == 3


@pytest.mark.parametrize(
    ("sizes", "units_"),
    [([], 1), ([4_178] * 10, 11), ([64] * 1_500, 24), ([300_000] * 5, 367), ([KB * KB], 256), ([KB * KB, 1], 257)],
)
def test_a_query_adds_up_what_lies_in_its_range_and_rounds_once_a_megabyte(sizes, units_):
    assert rules.query_units(sizes) == units_


@pytest.mark.parametrize(("size", "alone"), [(0, 1), (500, 1), (1_024, 1), (1_025, 2), (1_638, 2)])
def test_a_write_costs_a_unit_a_kilobyte_and_two_in_a_transaction(size, alone):
    assert rules.write_units(size, in_transaction=False) == alone
    assert rules.write_units(size, in_transaction=True) == 2 * alone


@pytest.mark.parametrize(("value", "size"), [(0, 1), (7, 2), (1_700_000_000, 2), (1_795_420_200, 5), (-1_200, 2)])
def test_a_number_costs_a_byte_for_two_of_its_digits(value, size):
    assert rules.number(str(value)) == size


def test_an_item_counts_as_the_adapter_stores_it_names_and_values_by_their_bytes():
    item = Item(Key("time#ann", "Đà Nẵng"), b"123", "v" * 22)
    own = len("time#ann") + len("Đà Nẵng".encode()) + 3 + 22 + len(new_write_id())
    assert rules.item_size(item) == own + len("psbvw")
    assert rules.item_size(item._replace(expires=1_795_420_200)) == own + len("psbvwe") + 5


@pytest.fixture
async def table():
    sqlite = SqliteTable.open(":memory:", Clock())
    yield MeteringTable(sqlite)
    await sqlite.close()


@pytest.mark.anyio
class TestMetering:
    async def test_one_put_upon_a_version_is_no_transaction_all_else_is(self, table):
        await table.write(Put(A, b"x" * 2_000, "1", ABSENT))
        await table.write(Put(A, b"x" * 2_000, "2", "1"))
        await table.write(Delete(A, "2"))
        assert [(each.verb, each.units) for each in table.take()] == [("put", 4), ("put", 2), ("delete", 4)]

    async def test_in_a_transaction_each_item_counts_twice_checks_too(self, table):
        await table.write(Put(A, b"x" * 2_000, "1"), Put(B, b"x", "1"))
        table.take()
        await table.write(Check(A, "1"), Put(B, b"x", "2"), Put(C, b"x", "1"))
        assert [(each.verb, each.units) for each in table.take()] == [("check", 4), ("put", 2), ("put", 2)]

    async def test_what_is_replaced_or_deleted_counts_by_the_larger_of_before_and_after(self, table):
        await table.write(Put(A, b"x" * 5_000, "1"))
        await table.write(Put(B, b"x", "1"))
        table.take()
        await table.write(Put(A, b"x", "2", "1"))
        await table.write(Put(B, b"x" * 1_500, "2", "1"))
        await table.write(Delete(B))
        await table.write(Delete(B))
        assert [each.units for each in table.take()] == [5, 2, 4, 2]

    async def test_reads_count_by_item_or_by_range(self, table):
        await table.write(*(Put(Key("part", f"{number}"), b"x" * 900, "1") for number in range(9)))
        table.take()
        assert len((await table.query(Range("part"), Range("part", "7", limit=1), Range("none")))[0]) == 9
        assert (await table.get(Key("part", "0"), Key("none", "0")))[1] is None
        touched = table.take()
        assert [(each.verb, each.items, each.units) for each in touched] == [
            ("query", 9, 3), ("query", 1, 1), ("query", 0, 1), ("get", 1, 1), ("get", 0, 1)
        ]  # fmt: skip
        assert (units(touched, reads=True), units(touched, reads=False)) == (7, 0)

    async def test_a_write_that_is_refused_is_not_counted_as_done(self, table):
        with pytest.raises(ConflictError):
            await table.write(Put(A, b"x", "2", "1"))
        assert table.take() == []

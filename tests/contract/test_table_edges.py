"""What the Table port promises where engines like to differ: sizes, odd bounds, odd keys, order."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest

from aurora_time.ports import (
    ABSENT,
    MAX_BODY,
    MAX_CHANGES,
    MAX_SORT,
    MAX_VERSION,
    Check,
    ConflictError,
    Delete,
    Item,
    Key,
    Put,
    Range,
    TableLimitError,
)

pytestmark = pytest.mark.anyio

A, B = Key("part", "a"), Key("part", "b")


async def sorts(table, *args, **kwargs):
    [items] = await table.query(Range(*args, **kwargs))
    return [item.key.sort for item in items]


# --- many and large -----------------------------------------------------------------------------------------
async def test_more_keys_than_one_batch_are_answered_in_their_order(table):
    keys = [Key(f"p{n % 7}", f"{n:03d}") for n in range(230)]
    for start in range(0, len(keys), MAX_CHANGES):
        await table.write(*[Put(key, key.sort.encode(), "v") for key in keys[start : start + MAX_CHANGES]])
    asked = [*keys[::-1], Key("none", "none"), *keys[:20]]
    found = await table.get(*asked)
    assert [item and item.key for item in found] == [key if key.part != "none" else None for key in asked]


async def test_a_range_and_a_get_of_many_megabytes_are_whole(table):
    keys = [Key("large", f"{n:02d}") for n in range(24)]
    bodies = [random.Random(n).randbytes(350_000) for n in range(24)]
    for start in range(0, 24, 8):
        three = zip(keys[start : start + 8], bodies[start : start + 8], strict=True)
        await table.write(*[Put(key, content, "v") for key, content in three])
    expected = [Item(key, content, "v") for key, content in zip(keys, bodies, strict=True)]
    backward = Range("large", reverse=True, limit=20)
    assert await table.query(Range("large"), backward) == [expected, expected[:-21:-1]]
    assert await table.get(*keys) == expected


async def test_a_scan_is_whole_when_a_page_is_larger_than_the_engine_gives_at_once(table):
    for n in range(12):
        await table.write(Put(Key("large", f"{n:02d}"), bytes(MAX_BODY), "v"))
    found, after = [], None
    while True:
        items, after = await table.scan(after, 100)
        found += [item.key.sort for item in items]
        if after is None:
            break
    assert sorted(found) == [f"{n:02d}" for n in range(12)]


@pytest.mark.parametrize("version", ["", "v" * (MAX_VERSION + 1), "é" * MAX_VERSION])
async def test_a_version_that_is_empty_or_long_is_refused(table, version):
    with pytest.raises(TableLimitError):
        await table.write(Put(A, b"", version))
    assert await table.get(A) == [None]


# --- odd questions ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", [Key("", "s"), Key("p", ""), Key("p" * 3000, "s"), Key("p", "é" * 2000)])
async def test_a_key_that_nothing_can_have_is_not_there(table, key):
    await table.write(Put(A, b"1", "v"))
    assert await table.get(key) == [None]
    assert await table.get(key, A, key) == [None, Item(A, b"1", "v"), None]


@pytest.mark.parametrize("part", ["", "p" * 3000])
async def test_a_part_that_nothing_can_have_is_an_empty_range(table, part):
    assert await sorts(table, part) == []


@pytest.mark.parametrize("tail", ["x", "é", "\U0001f600", "\x00"])
async def test_bounds_longer_than_any_sort_divide_the_items_exactly(table, tail):
    longest = "s" * MAX_SORT
    await table.write(*[Put(Key("p", sort), b"", "v") for sort in ("a", longest, "s" * 20, "t")])
    bound = longest + tail * 1500
    assert await sorts(table, "p", bound) == ["t"]
    assert await sorts(table, "p", "", bound) == ["a", "s" * 20, longest]
    assert await sorts(table, "p", "b", bound, reverse=True, limit=1) == [longest]
    assert await sorts(table, "p", "s", longest) == ["s" * 20]


@pytest.mark.parametrize("reverse", [False, True])
async def test_a_limit_of_nothing_is_nothing(table, reverse):
    await table.write(Put(A, b"", "v"))
    assert await sorts(table, "part", limit=0, reverse=reverse) == []


async def test_backward_from_a_bound_that_is_there_itself_a_limit_is_filled(table):
    await table.write(*[Put(Key("p", s), b"", "v") for s in "abcde"])
    assert await sorts(table, "p", "b", "d", limit=1, reverse=True) == ["c"]
    assert await sorts(table, "p", "", "d", limit=2, reverse=True) == ["c", "b"]
    assert await sorts(table, "p", "c", "d", limit=3, reverse=True) == ["c"]


async def test_what_begins_with_the_highest_character_is_beyond_the_default_bound(table):
    await table.write(*[Put(Key("p", s), b"", "v") for s in ("a", "\U0010ffff", "\U0010ffffz", "\U0010fffe")])
    assert await sorts(table, "p") == ["a", "\U0010fffe"]
    assert await sorts(table, "p", "b", reverse=True, limit=1) == ["\U0010fffe"]


async def test_expired_items_between_the_others_do_not_cut_a_limit_short(table, clock):
    for n in range(40):
        expires = 1_800_000_010 if n % 4 else None
        await table.write(Put(Key("p", f"{n:02d}"), b"", "v", expires=expires))
    clock.time = 1_800_000_010.5
    assert await sorts(table, "p", limit=5) == ["00", "04", "08", "12", "16"]
    assert await sorts(table, "p", "01", "20", limit=5, reverse=True) == ["16", "12", "08", "04"]


@pytest.mark.parametrize(
    "change", [Check(A, "v"), Delete(A, "v"), Put(A, b"new", "w", "v")], ids=["check", "delete", "put"]
)
async def test_one_change_alone_finds_an_expired_item_absent(table, clock, change):
    await table.write(Put(A, b"old", "v", expires=1_800_000_010))
    clock.time = 1_800_000_009.9
    await table.write(Check(A, "v"))
    clock.time = 1_800_000_010.0
    with pytest.raises(ConflictError) as caught:
        await table.write(change)
    assert caught.value.key == A
    await table.write(Check(A, ABSENT))


async def test_random_texts_are_ordered_by_their_bytes(table):
    chance = random.Random(4)
    ranges = [(1, 127), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFE)]
    words = sorted({"".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(3)) for _ in range(90)})
    await table.write(*[Put(Key("p", word), b"", "v") for word in words])
    by_bytes = sorted(words, key=str.encode)
    assert await sorts(table, "p") == by_bytes
    assert await sorts(table, "p", by_bytes[10], by_bytes[50]) == by_bytes[10:50]


# --- the order of writes ------------------------------------------------------------------------------------
async def test_writes_handed_over_together_build_on_each_other(table):
    """Who writes an owner's things hands the next write over before the one before is done."""
    await table.write(Put(A, b"0", "v0"))
    await asyncio.gather(
        *[
            table.write(Put(A, b"%d" % n, f"v{n}", f"v{n - 1}"), Put(Key("log", f"{n:02d}"), b"", "v", ABSENT))
            for n in range(1, 21)
        ]
    )
    assert await table.get(A) == [Item(A, b"20", "v20")]
    assert await sorts(table, "log") == [f"{n:02d}" for n in range(1, 21)]


async def test_what_builds_on_a_refused_write_is_refused_and_nothing_else(table):
    await table.write(Put(A, b"0", "v0"))
    first, second, other = await asyncio.gather(
        table.write(Put(A, b"1", "v1", "wrong")),
        table.write(Put(A, b"2", "v2", "v1")),
        table.write(Put(B, b"1", "v1", ABSENT)),
        return_exceptions=True,
    )
    assert isinstance(first, ConflictError)
    assert isinstance(second, ConflictError)
    assert other is None
    assert await table.get(A, B) == [Item(A, b"0", "v0"), Item(B, b"1", "v1")]


async def test_a_write_whose_caller_has_left_still_keeps_its_place(table):
    for n in range(20):
        first = asyncio.create_task(table.write(Put(A, b"first", f"a{n}")))
        await asyncio.sleep(0)
        second = asyncio.create_task(table.write(Put(A, b"second", f"b{n}")))
        await asyncio.sleep(0)
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first
        await second
        assert await table.get(A) == [Item(A, b"second", f"b{n}")]

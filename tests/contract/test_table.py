"""What the Table port promises, whatever the engine."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.ports import (
    ABSENT,
    MAX_BODY,
    MAX_CHANGES,
    MAX_PART,
    MAX_SORT,
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

A, B, C = Key("part", "a"), Key("part", "b"), Key("part", "c")


async def body(table, key):
    [item] = await table.get(key)
    return item and item.body


async def sorts(table, *args, **kwargs):
    [items] = await table.query(Range(*args, **kwargs))
    return [item.key.sort for item in items]


# --- reading what was written -------------------------------------------------------------------------------
async def test_get_answers_in_the_order_of_the_keys_with_none_for_what_is_not_there(table):
    await table.write(Put(A, b"1", "v1"), Put(C, b"3", "v3", expires=2_000_000_000))
    assert await table.get(C, B, A, C) == [
        Item(C, b"3", "v3", 2_000_000_000),
        None,
        Item(A, b"1", "v1"),
        Item(C, b"3", "v3", 2_000_000_000),
    ]


async def test_nothing_asked_is_nothing_answered(table):
    assert await table.get() == []
    assert await table.query() == []


async def test_a_read_sees_every_write_acknowledged_before_it(table):
    for number in range(50):
        await table.write(Put(A, b"%d" % number, f"v{number}"))
        assert await body(table, A) == b"%d" % number
        assert [item.version for [item] in await table.query(Range("part"))] == [f"v{number}"]


async def test_the_same_sort_in_another_part_is_another_item(table):
    await table.write(Put(Key("x", "s"), b"x", "v"), Put(Key("y", "s"), b"y", "v"))
    await table.write(Delete(Key("x", "s")))
    assert await table.get(Key("x", "s"), Key("y", "s")) == [None, Item(Key("y", "s"), b"y", "v")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", bytes(range(256)), b"\xff\xfe", b"x" * MAX_BODY],
    ids=lambda c: f"{len(c)}-{c[:2]!r}",
)
async def test_a_body_comes_back_byte_for_byte(table, content):
    await table.write(Put(A, content, "v"))
    assert await body(table, A) == content
    [[item]] = await table.query(Range("part"))
    assert item.body == content


async def test_keys_and_versions_are_any_text(table):
    key = Key("part \x00 ü \U0001f600", "sort\x00\t'\"%_ \U0010fffe")
    version = '"é\x00\U0001f600"'
    await table.write(Put(key, b"1", version, ABSENT))
    await table.write(Put(key, b"2", version, version))
    assert await table.get(key) == [Item(key, b"2", version)]


# --- all or nothing -----------------------------------------------------------------------------------------
async def test_a_write_with_one_unmet_condition_changes_nothing_and_names_the_key(table):
    await table.write(Put(A, b"old", "v1"), Put(B, b"old", "v1"))
    with pytest.raises(ConflictError) as caught:
        await table.write(Put(A, b"new", "v2"), Delete(B), Put(C, b"new", "v1"), Check(Key("z", "z"), "v1"))
    assert caught.value.key == Key("z", "z")
    assert await table.get(A, B, C) == [Item(A, b"old", "v1"), Item(B, b"old", "v1"), None]


async def test_a_write_of_a_hundred_changes_is_whole(table):
    await table.write(*[Put(Key("many", f"{n:03d}"), b"x", "v") for n in range(MAX_CHANGES)])
    assert len(await sorts(table, "many")) == MAX_CHANGES
    await table.write(*[Delete(Key("many", f"{n:03d}"), "v") for n in range(MAX_CHANGES)])
    assert await sorts(table, "many") == []


STATES = {"absent": None, "v1": ("v1", None), "v2": ("v2", None), "living": ("v1", 10), "expired": ("v1", 0)}
CHANGES = {
    "put": lambda expect: Put(A, b"new", "v9", expect),
    "delete": lambda expect: Delete(A, expect),
    "check": lambda expect: Check(A, expect),
}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("expect", [None, ABSENT, "v1"])
@pytest.mark.parametrize("state", STATES)
async def test_each_condition_on_each_change(table, clock, state, expect, kind):
    if kind == "check" and expect is None:
        return  # a check without a condition does not exist
    if STATES[state]:
        version, seconds = STATES[state]
        expires = None if seconds is None else int(clock.now()) + seconds
        await table.write(Put(A, b"old", version, expires=expires))
    there = STATES[state][0] if STATES[state] and state != "expired" else ABSENT
    before = await table.get(A)
    write = table.write(Put(B, b"beside", "v"), CHANGES[kind](expect))
    if expect is not None and expect != there:
        with pytest.raises(ConflictError) as caught:
            await write
        assert caught.value.key == A
        assert await table.get(A, B) == [*before, None]
    else:
        await write
        after = {"put": [Item(A, b"new", "v9")], "delete": [None], "check": before}[kind]
        assert await table.get(A, B) == [*after, Item(B, b"beside", "v")]


# --- limits -------------------------------------------------------------------------------------------------
TOO_LARGE = {
    "no change": [],
    "101 changes": [Put(Key("p", f"{n}"), b"", "v") for n in range(MAX_CHANGES + 1)],
    "one key twice": [Put(A, b"", "v"), Delete(A)],
    "one key checked and put": [Check(A, ABSENT), Put(A, b"", "v")],
    "a large body": [Put(A, b"x" * (MAX_BODY + 1), "v")],
    "a long part": [Put(Key("é" * (MAX_PART // 2) + "x", "s"), b"", "v")],
    "a long sort": [Delete(Key("p", "é" * (MAX_SORT // 2) + "x"))],
    "an empty part": [Put(Key("", "s"), b"", "v")],
    "an empty sort": [Put(Key("p", ""), b"", "v")],
    "an empty version": [Put(A, b"", "")],
    "more than 4 MB": [Put(Key("p", f"{n}"), b"x" * MAX_BODY, "v") for n in range(11)],
}


@pytest.mark.parametrize("case", TOO_LARGE)
async def test_a_write_beyond_the_limits_is_refused_whole(table, case):
    changes = TOO_LARGE[case]
    with pytest.raises(TableLimitError):
        await table.write(*changes)
    assert not any(await table.get(*[change.key for change in changes if change.key.part and change.key.sort]))


async def test_a_write_at_the_limits_is_taken(table):
    longest = Key("p" * MAX_PART, "s" * MAX_SORT)
    await table.write(Put(longest, b"x" * MAX_BODY, "v"))
    await table.write(*[Put(Key("p", f"{n}"), b"x" * MAX_BODY, "v") for n in range(10)])
    assert await body(table, longest) == b"x" * MAX_BODY
    assert len(await sorts(table, "p")) == 10


# --- expiry -------------------------------------------------------------------------------------------------
async def test_an_item_is_gone_from_the_second_in_which_it_expires(table, clock):
    await table.write(Put(A, b"1", "v", expires=1_800_000_100), Put(B, b"2", "v"))
    clock.time = 1_800_000_099.999
    assert await sorts(table, "part") == ["a", "b"]
    assert await body(table, A) == b"1"
    clock.time = 1_800_000_100.0
    assert await sorts(table, "part") == ["b"]
    assert await table.get(A) == [None]


async def test_what_has_expired_does_not_count_towards_a_limit(table, clock):
    await table.write(*[Put(Key("p", s), b"", "v", expires=1_800_000_010) for s in "abc"])
    await table.write(*[Put(Key("p", s), b"", "v") for s in "def"])
    clock.time = 1_800_000_010
    assert await sorts(table, "p", limit=2) == ["d", "e"]


async def test_an_expired_item_is_absent_to_conditions_and_can_be_made_anew(table, clock):
    await table.write(Put(A, b"old", "v1", expires=1_800_000_010))
    with pytest.raises(ConflictError):
        await table.write(Put(A, b"new", "v2", ABSENT))
    clock.time = 1_800_000_010
    with pytest.raises(ConflictError):
        await table.write(Check(A, "v1"))
    await table.write(Put(A, b"new", "v2", ABSENT))
    assert await table.get(A) == [Item(A, b"new", "v2")]


async def test_an_item_written_already_expired_is_never_there(table):
    await table.write(Put(A, b"1", "v", expires=1))
    assert await table.get(A) == [None]
    await table.write(Check(A, ABSENT))


async def test_a_put_moves_or_removes_the_expiry(table, clock):
    await table.write(Put(A, b"1", "v1", expires=1_800_000_010), Put(B, b"1", "v1", expires=1_800_000_010))
    await table.write(Put(A, b"2", "v2", "v1"), Put(B, b"2", "v2", expires=1_800_000_020))
    clock.time = 1_800_000_015
    assert await table.get(A, B) == [Item(A, b"2", "v2"), Item(B, b"2", "v2", 1_800_000_020)]


# --- ranges -------------------------------------------------------------------------------------------------
async def test_a_range_includes_its_low_and_excludes_its_high(table):
    await table.write(*[Put(Key("p", s), b"", "v") for s in "abcde"])
    assert await sorts(table, "p") == list("abcde")
    assert await sorts(table, "p", "b") == list("bcde")
    assert await sorts(table, "p", "b", "d") == list("bc")
    assert await sorts(table, "p", "aa", "c\x00") == list("bc")
    assert await sorts(table, "p", "", "b") == ["a"]


@pytest.mark.parametrize(("low", "high"), [("c", "c"), ("d", "b"), ("f", "g"), ("", "")])
async def test_a_range_may_be_empty(table, low, high):
    await table.write(*[Put(Key("p", s), b"", "v") for s in "abcde"])
    assert await sorts(table, "p", low, high) == []
    assert await sorts(table, "elsewhere") == []


async def test_a_limit_takes_the_first_and_reverse_begins_at_the_high_end(table):
    await table.write(*[Put(Key("p", s), b"", "v") for s in "abcde"])
    assert await sorts(table, "p", limit=2) == ["a", "b"]
    assert await sorts(table, "p", limit=9) == list("abcde")
    assert await sorts(table, "p", reverse=True) == list("edcba")
    assert await sorts(table, "p", "b", "e", limit=2, reverse=True) == ["d", "c"]


async def test_several_ranges_are_answered_together_in_their_order(table):
    await table.write(*[Put(Key(part, s), part.encode(), "v") for part in ("p", "q") for s in "abc"])
    found = await table.query(
        Range("q", "b"), Range("none"), Range("p", limit=1), Range("q", "b", reverse=True), Range("q", "b")
    )
    assert [[item.key for item in items] for items in found] == [
        [Key("q", "b"), Key("q", "c")],
        [],
        [Key("p", "a")],
        [Key("q", "c"), Key("q", "b")],
        [Key("q", "b"), Key("q", "c")],
    ]


async def test_sorts_are_ordered_by_their_utf_8_bytes(table):
    words = [
        "\U0001f600",
        "\uffff",
        "\ue000",
        "é",
        "e\u0301",
        "z",
        "Z",
        "a\x00",
        "a",
        "a#",
        "\U0010fffd",
        "0",
        " ",
    ]
    await table.write(*[Put(Key("p", word), b"", "v") for word in words])
    in_order = sorted(words, key=lambda word: word.encode())
    assert await sorts(table, "p") == in_order
    assert await sorts(table, "p", "\uffff") == ["\uffff", "\U0001f600", "\U0010fffd"]
    assert await sorts(table, "p", high="\U0001f600", reverse=True) == in_order[:-2][::-1]


# --- all of it, page by page --------------------------------------------------------------------------------
async def scanned(table, limit):
    """The items of each page, until the table says that this was all."""
    pages, after = [], None
    while True:
        items, after = await table.scan(after, limit)
        pages.append(items)
        if after is None:
            return pages


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
async def test_a_scan_gives_each_item_once_in_the_same_order_each_time(table, limit):
    keys = [Key(part, sort) for part in ("p", "q\x00", "é", "\U0001f600") for sort in ("a", "a\x00", "é", "\uffff")]
    await table.write(*[Put(key, key.sort.encode(), f"v{n}") for n, key in enumerate(keys)])
    pages = await scanned(table, limit)
    items = [item for page in pages for item in page]
    assert sorted(items) == sorted(Item(key, key.sort.encode(), f"v{n}") for n, key in enumerate(keys))
    assert all(len(page) <= limit for page in pages)
    assert [item for page in await scanned(table, 5) for item in page] == items


async def test_a_scan_goes_on_after_an_item_that_was_deleted_meanwhile(table):
    await table.write(*[Put(Key("p", sort), b"", "v") for sort in "abcdef"])
    first, after = await table.scan(None, 3)
    await table.write(Delete(after))
    rest = [item for page in [await table.scan(after, 9)] for item in page[0]]
    assert sorted(item.key.sort for item in [*first, *rest]) == list("abcdef")


async def test_a_scan_leaves_out_what_has_expired(table, clock):
    await table.write(*[Put(Key("p", s), b"", "v", expires=1_800_000_010) for s in "abc"])
    await table.write(Put(A, b"1", "v", expires=1_800_000_099), Put(B, b"2", "v"))
    clock.time = 1_800_000_010
    found = [item for page in await scanned(table, 2) for item in page]
    assert sorted(found) == [Item(A, b"1", "v", 1_800_000_099), Item(B, b"2", "v")]


async def test_a_scan_of_nothing_is_over_at_once(table):
    assert await table.scan(None, 10) == ([], None)


# --- many at once -------------------------------------------------------------------------------------------
async def test_eight_writers_of_one_counter_lose_nothing(table):
    await table.write(Put(A, b"0", "v0"))

    async def increment(writer: int) -> None:
        for turn in range(20):
            while True:
                [item] = await table.get(A)
                try:
                    await table.write(
                        Put(A, b"%d" % (int(item.body) + 1), f"v{writer}.{turn}", item.version),
                        Put(Key("log", f"{int(item.body):04d}"), b"", "v", ABSENT),
                    )
                    break
                except ConflictError:
                    continue

    await asyncio.gather(*[increment(writer) for writer in range(8)])
    assert await body(table, A) == b"160"
    assert await sorts(table, "log") == [f"{n:04d}" for n in range(160)]


async def test_one_of_many_makers_of_an_item_wins(table):
    made = await asyncio.gather(
        *[table.write(Put(A, b"%d" % n, f"v{n}", ABSENT)) for n in range(20)], return_exceptions=True
    )
    winners = [n for n, outcome in enumerate(made) if outcome is None]
    assert len(winners) == 1
    assert all(isinstance(outcome, ConflictError) for outcome in made if outcome is not None)
    assert await body(table, A) == b"%d" % winners[0]


async def test_a_write_whose_task_is_cancelled_happens_whole_or_not_at_all(table):
    for number in range(20):
        keys = [Key(f"cancelled{number}", f"{n}") for n in range(5)]
        task = asyncio.create_task(table.write(*[Put(key, b"x", "v") for key in keys]))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await table.write(Put(A, b"after", "v"))
        there = [item is not None for item in await table.get(*keys)]
        assert all(there) or not any(there)

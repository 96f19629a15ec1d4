"""A handler gets only what its endpoint declares."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.http.endpoint import Need, parse_needs
from aurora_time.http.guard import GuardedTable, UndeclaredNeedError
from aurora_time.ports import Check, Delete, Key, Put, Range

OWN, OTHER = Key("own#ann", "a"), Key("other#ann", "a")

TOUCHES: dict[str, Callable[[Any, Key], Awaitable[Any]]] = {
    "get": lambda table, key: table.get(OWN, key),
    "query": lambda table, key: table.query(Range(OWN.part), Range(key.part)),
    "put": lambda table, key: table.write(Put(OWN._replace(sort="b"), b"", "v"), Put(key, b"", "v2")),
    "check": lambda table, key: table.write(Put(OWN._replace(sort="b"), b"", "v"), Check(key, "v1")),
    "delete": lambda table, key: table.write(Put(OWN._replace(sort="b"), b"", "v"), Delete(key)),
}


class Clock:
    def now(self) -> float:
        return 0.0


def test_needs_are_read() -> None:
    assert parse_needs(["object: get put", "uid:put"]) == {
        Need("object", "get"), Need("object", "put"), Need("uid", "put"),
    }  # fmt: skip


@pytest.mark.parametrize("verb", TOUCHES)
def test_what_is_declared_is_done_and_noted_and_all_else_refused_before_anything_is_done(verb: str) -> None:
    async def story() -> None:
        table = SqliteTable.open(":memory:", Clock())
        await table.write(Put(OWN, b"", "v1"), Put(OTHER, b"", "v1"))
        used: set[Need] = set()
        declared = parse_needs(["own: get query put check delete", f"other: {verb}"])
        await TOUCHES[verb](GuardedTable(table, declared, used), OTHER)
        assert Need("other", verb) in used
        poor = GuardedTable(table, declared - {Need("other", verb)}, set())
        await table.write(Delete(OWN._replace(sort="b")))
        with pytest.raises(UndeclaredNeedError, match=f"other: {verb}"):
            await TOUCHES[verb](poor, OTHER)
        assert (await table.get(OWN._replace(sort="b"))) == [None]
        await table.close()

    asyncio.run(story())

"""What the stack tells the functions reaches them."""

from __future__ import annotations

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import CLOCK, make_services

TOLD = {"AURORA_TABLE": "dynamodb:aurora-dev", "AURORA_PUBLIC_URL": "https://time.example.org/"}


@pytest.mark.anyio
async def test_the_canary_comes_as_often_as_the_stack_says_and_seldom_where_it_says_nothing() -> None:
    table = SqliteTable.open(":memory:", CLOCK)
    told = make_services(read_settings({**TOLD, "AURORA_CANARY": "1800"}), table)
    bare = make_services(read_settings(TOLD), table)
    await table.close()
    assert (told.canary_every, bare.canary_every) == (1_800, 900)


@pytest.mark.anyio
async def test_metrics_are_for_nobody() -> None:
    table = SqliteTable.open(":memory:", CLOCK)
    meter = make_services(read_settings(TOLD), table).meter
    await table.close()
    assert not any(meter.admits(each) for each in ("", "Bearer ", "Bearer x"))

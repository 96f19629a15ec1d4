"""Searching: in a window as occurrences, and without one over all that is to come and all that was."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from aurora_time.operations import listing, searching
from tests.api.world import Somebody, World, day, pointers, timed

WEEKLY = ["RRULE:FREQ=WEEKLY"]
SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))


async def found(who: Somebody, q: str, **query: Any) -> list[str]:
    return [each["summary"] for each in await pages(who, q=q, **query)]


async def pages(who: Somebody, **query: Any) -> list[Any]:
    """All items, page by page."""
    items: list[Any] = []
    while True:
        page = await who.get("/v1/events", **query)
        items += page["items"]
        assert len(page["items"]) <= query.get("limit", 250)
        if page["nextCursor"] is None:
            return items
        query["cursor"] = page["nextCursor"]


async def test_hop_finds_hop_with_its_marks(world: World) -> None:
    await world.ann.event(summary="Họp nhóm", location="Đà Nẵng")
    await world.ann.event(summary="Workshop")
    await world.ann.event(summary="Lunch")
    assert sorted(await found(world.ann, "hop")) == ["Họp nhóm", "Workshop"]
    assert await found(world.ann, "hop da") == ["Họp nhóm"]
    assert await found(world.ann, "HỌP NHÓM", from_="2026-11-23", to="2026-11-24") == ["Họp nhóm"]
    assert await found(world.ann, "hop", from_="2026-11-24", to="2026-11-25") == []
    assert await found(world.bob, "hop") == [], "what is another's is not found"


async def test_what_is_to_come_is_told_first_then_what_was_the_latest_first(world: World) -> None:
    for name, text in (("next year", "2027-11-23T09:00:00"), ("tomorrow", "2026-11-21T09:00:00"),
                       ("yesterday", "2026-11-19T09:00:00"), ("long ago", "1999-11-23T09:00:00"),
                       ("now", "2026-11-20T08:30:00")):  # fmt: skip
        await world.ann.event(summary=f"talk {name}", start=timed(text))
    await world.ann.event(summary="talk weekly", start=timed("2020-01-01T09:00:00"), recurrence=WEEKLY)
    await world.ann.event(
        summary="talk once weekly", start=timed("2020-01-01T09:00:00"), recurrence=["RRULE:FREQ=WEEKLY;COUNT=300"]
    )
    await world.ann.event(summary="talk large", start=day("2025-11-23"), description="x" * 9_000)
    wanted = ["now", "tomorrow", "weekly", "next year", "yesterday", "large", "once weekly", "long ago"]
    assert await found(world.ann, "talk") == [f"talk {each}" for each in wanted]
    for limit in (1, 2, 3, 5, 8):
        assert await found(world.ann, "talk", limit=limit) == [f"talk {each}" for each in wanted]
    assert await found(world.ann, "talk", calendarId=await world.primary(world.ann), limit=3) != []


async def test_single_occurrences_are_found_by_their_own_words(world: World) -> None:
    event = await world.ann.event(summary="Review", recurrence=WEEKLY, start=timed("2026-11-23T09:00:00"))
    await world.ann.change(f"/v1/events/{event['id']}_20261130T090000", summary="Họp lớn")
    window = {"from_": "2026-11-20", "to": "2026-12-20"}
    (one,) = await pages(world.ann, q="lon", **window)
    assert (one["id"], one["summary"]) == (f"{event['id']}_20261130T090000", "Họp lớn")
    assert await found(world.ann, "review", **window) == ["Review"] * 3
    assert await found(world.ann, "lon") == ["Review"], "without a window the series stands once"
    assert await found(world.ann, "lon", expand=False, **window) == ["Review"]


async def test_a_query_is_words(world: World) -> None:
    for q in (" ", " ".join(f"w{number}" for number in range(21))):
        problem = await world.ann.refused(400, "GET", f"/v1/events?q={q}")
        assert pointers(problem) == ["?q"]
    assert (await world.ann.ask("GET", f"/v1/events?q={'x' * 201}")).status_code == 400
    page = await world.ann.get("/v1/events", q="a", limit=1)
    assert page == {"items": [], "nextCursor": None}
    await world.ann.event(summary="a")
    await world.ann.event(summary="a")
    cursor = (await world.ann.get("/v1/events", q="a", limit=1))["nextCursor"]
    await world.ann.refused(400, "GET", f"/v1/events?q=b&limit=1&cursor={cursor}")


async def test_a_page_looks_at_a_bounded_number_of_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (listing, searching):
        monkeypatch.setattr(module, "EXAMINED", 10)
    for number in range(60):
        await world.ann.event(summary=f"talk {number}" if number % 20 == 0 else "else",
                              start=day(f"20{10 + number // 2:02}-06-{1 + number % 28:02}"))  # fmt: skip
    first = await world.ann.get("/v1/events", q="talk")
    assert len(first["items"]) < 3
    assert first["nextCursor"]
    assert sorted(await found(world.ann, "talk")) == ["talk 0", "talk 20", "talk 40"]
    window = {"from_": "2010-01-01", "to": "2050-01-01"}
    assert await found(world.ann, "talk", **window) == ["talk 0", "talk 20", "talk 40"]


async def test_random_searches_find_each_once(world: World) -> None:
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    wanted = set()
    for number in range(60):
        says = rng.random() < 0.4
        start = f"{rng.randint(2015, 2035)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        rule = rng.choice(([], [], ["RRULE:FREQ=YEARLY"], ["RRULE:FREQ=WEEKLY;COUNT=60"]))
        made = await world.ann.event(
            summary=f"{'talk' if says else 'else'} {number}", start=day(start), recurrence=rule
        )
        wanted |= {made["id"]} if says else set()
    for limit in (3, 250):
        got = [each["id"] for each in await pages(world.ann, q="TALK", limit=limit)]
        assert (len(got), set(got)) == (len(wanted), wanted), f"seed {SEED}"

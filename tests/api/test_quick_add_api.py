"""Quick-add: a sentence becomes an event or a task, or is only understood."""

from __future__ import annotations

import pytest

from tests.api.world import Json, World, day, pointers, timed


async def add(world: World, text: str, **more: object) -> Json:
    added = await world.ann.ask("POST", "/v1/quick-add", {"text": text, **more})
    assert added.status_code == 200, added.text
    read: Json = added.json()
    return read


async def test_a_sentence_becomes_an_event(world: World) -> None:
    added = await add(world, "Lunch with Sam at Sun Inn every Monday 12:30 for 45 min remind me 1 hour before")
    assert (added["kind"], added["language"], added["task"]) == ("event", "en", None)
    assert await world.ann.get(f"/v1/events/{added['event']['id']}") == added["event"]
    expected: Json = {
        "summary": "Lunch with Sam", "location": "Sun Inn", "start": timed("2026-11-23T12:30:00"),
        "end": timed("2026-11-23T13:15:00"), "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO"],
        "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 60}]},
    }  # fmt: skip
    assert {name: added["event"][name] for name in expected} == expected
    assert added["draft"] == expected | {"due": None, "transparency": "OPAQUE"}
    assert added["understood"][:2] == [
        {"start": 0, "end": 14, "text": "Lunch with Sam", "meaning": "title"},
        {"start": 15, "end": 25, "text": "at Sun Inn", "meaning": "place"},
    ]


async def test_pills_twice_a_day_are_two_times_of_each_day(world: World) -> None:
    added = await add(world, "take pills daily at 8am and 8pm")
    assert added["event"]["start"] == timed("2026-11-20T20:00:00")
    found = await world.ann.get("/v1/events", from_="2026-11-20", to="2026-11-22")
    times = [each["start"]["dateTime"] for each in found["items"]]
    assert times == ["2026-11-20T20:00:00", "2026-11-21T08:00:00", "2026-11-21T20:00:00"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mum's birthday 12 May every year", "TRANSPARENT"),
        ("sinh nhật mẹ 12/5 hàng năm", "TRANSPARENT"),
        ("Party on 12 May at 7pm every year", "OPAQUE"),
        ("Holiday 12 May", "OPAQUE"),
    ],
)
async def test_a_birthday_takes_nobodys_time(world: World, text: str, shown: str) -> None:
    assert (await add(world, text))["event"]["transparency"] == shown
    window = {"from": "2027-05-12T00:00:00Z", "to": "2027-05-13T12:00:00Z"}
    busy = await world.ann.ask("POST", "/v1/free-busy", window)
    assert bool(busy.json()["busy"]) is (shown == "OPAQUE")


async def test_a_sentence_becomes_a_task(world: World) -> None:
    added = await add(world, "phải nộp báo cáo trước thứ hai tại phòng 5")
    assert (added["kind"], added["language"], added["event"]) == ("task", "vi", None)
    task = await world.ann.get(f"/v1/tasks/{added['task']['id']}")
    assert task == added["task"]
    assert (task["summary"], task["due"], task["location"]) == ("Nộp báo cáo", day("2026-11-23"), "phòng 5")
    assert (await world.ann.get("/v1/events"))["items"] == []


async def test_a_dry_run_makes_nothing(world: World) -> None:
    before = world.content()
    for text in ("Lunch tomorrow", "Buy milk by Friday", "Buy milk"):
        added = await add(world, text, dryRun=True)
        assert (added["event"], added["task"]) == (None, None)
        assert added["draft"]["summary"]
    assert world.content() == before


@pytest.mark.parametrize("text", ["Lunch with Sam tomorrow at noon", "Buy milk by Friday"])
async def test_what_a_sentence_made_can_be_undone(world: World, text: str) -> None:
    added = await world.ann.ask("POST", "/v1/quick-add", {"text": text})
    await world.ann.ask("POST", "/v1/undo", {"token": added.headers["undo-token"]})
    assert (await world.ann.get("/v1/events"))["items"] == (await world.ann.get("/v1/tasks"))["items"] == []
    dry = await world.ann.ask("POST", "/v1/quick-add", {"text": text, "dryRun": True})
    assert "undo-token" not in dry.headers


async def test_the_clock_is_the_persons_or_the_one_that_is_named(world: World) -> None:
    assert (await add(world, "Call 3pm", dryRun=True))["draft"]["start"] == timed("2026-11-20T15:00:00")
    there = await add(world, "Call 3pm", dryRun=True, timeZone="Europe/Berlin")
    assert there["draft"]["start"] == timed("2026-11-20T15:00:00", "Europe/Berlin")
    far = await add(world, "Call 3pm New York", dryRun=True)
    assert far["draft"]["start"] == timed("2026-11-20T15:00:00", "America/New_York")


async def test_the_persons_language_counts_where_no_word_tells(world: World) -> None:
    await world.ann.change("/v1/me", locale="vi", timeZone="America/New_York")
    assert (await add(world, "Spa 12/5", dryRun=True))["draft"]["start"] == day("2027-05-12")
    await world.ann.change("/v1/me", locale="en")
    assert (await add(world, "Spa 12/5", dryRun=True))["draft"]["start"] == day("2026-12-05")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "  "}, "/text"),
        ({"text": "Lunch\x00tomorrow"}, "/text"),
        ({"text": "x" * 501}, "/text"),
        ({"text": "Lunch", "timeZone": "Mars/Here"}, "/timeZone"),
        ({"text": "Nap for 99 years"}, "/text"),
        ({"text": "Nap for 99 years", "dryRun": True}, "/text"),
        ({"timeZone": "UTC"}, "/text"),
    ],
)
async def test_what_cannot_be_understood_is_refused(world: World, body: Json, pointer: str) -> None:
    before = world.content()
    problem = await world.ann.refused(422, "POST", "/v1/quick-add", body)
    assert pointers(problem) == [pointer]
    assert world.content() == before


async def test_five_hundred_characters_are_taken(world: World) -> None:
    added = await add(world, ("Lunch tomorrow " + "x" * 500)[:500])
    assert len(added["event"]["summary"]) == 491

"""Schedules over REST: what they take and refuse, and the slots that they offer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.schedule_scenarios import TUESDAY, a_booking, a_schedule
from tests.api.world import Json, Somebody, World, day, pointers, timed

MONDAY = {"days": ["MO"], "from": "09:00", "to": "11:00"}
BACKWARDS = {"from": "10:00", "to": "09:00"}


async def slots(who: Somebody, schedule: Json, start: str = "2026-11-23", end: str = "2026-11-24", **query: Any) -> Any:
    return await who.get(f"/v1/schedules/{schedule['id']}/slots", from_=start, to=end, **query)


async def locals_(who: Somebody, schedule: Json, *window: str, **query: Any) -> list[str]:
    """``09:00`` for a free slot, ``09:00 busy`` for another."""
    found = await slots(who, schedule, *window, **query)
    return [f"{each['local'][11:16]} {each['refusal'] or ''}".strip() for each in found["items"]]


# --- schedules --------------------------------------------------------------------------------------------------------
async def test_a_name_is_enough(world: World) -> None:
    made = await world.ann.ask("POST", "/v1/schedules", {"name": "First talk"})
    schedule = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/schedules/{schedule['id']}"
    assert made.headers["etag"] == f'"{schedule["etag"]}"'
    assert schedule["timeZone"] == "Asia/Ho_Chi_Minh"
    assert schedule["weekly"] == [{"days": ["MO", "TU", "WE", "TH", "FR"], "from": "09:00", "to": "17:00"}]
    assert schedule["slug"] is None
    assert await world.ann.get(made.headers["location"]) == schedule
    assert (await world.ann.get("/v1/schedules"))["items"] == [schedule]


async def test_it_gives_back_what_it_was_given(world: World) -> None:
    body = {
        "name": "Talk", "timeZone": "Europe/Berlin", "slotMinutes": 45, "bufferBefore": 5, "bufferAfter": 10,
        "minimumNotice": 60, "horizonDays": 30, "slug": "ann-talk", "busyCalendarIds": [await world.primary(world.ann)],
        "weekly": [MONDAY, {"days": ["SA", "SU"], "from": "22:00", "to": "24:00"}],
        "overrides": [
            {"date": "2026-12-24", "hours": []}, {"date": "2026-12-31", "hours": [{"from": "00:00", "to": "24:00"}]},
        ],
    }  # fmt: skip
    made = await a_schedule(world, **body)
    assert {name: made[name] for name in body} == body


async def test_a_patch_changes_what_it_names_and_null_takes_the_default(world: World) -> None:
    made = await a_schedule(world, slug="ann", weekly=[MONDAY], slotMinutes=60)
    path = f"/v1/schedules/{made['id']}"
    changed = await world.ann.change(path, slotMinutes=20, id=made["id"], created=made["created"])
    assert (changed["slotMinutes"], changed["weekly"], changed["slug"]) == (20, [MONDAY], "ann")
    assert changed["etag"] != made["etag"]
    world.clock.time += 60
    plain = await world.ann.change(path, slug=None, weekly=None, timeZone=None, slotMinutes=None)
    assert (plain["slug"], plain["slotMinutes"], plain["timeZone"]) == (None, 30, "Asia/Ho_Chi_Minh")
    assert plain["created"] == made["created"]
    assert plain["updated"] == "2026-11-20T02:01:00Z"


async def test_if_match_guards_change_and_deletion(world: World) -> None:
    made = await a_schedule(world)
    path = f"/v1/schedules/{made['id']}"
    old = f'"{made["etag"]}"'
    new = await world.ann.ask("PATCH", path, {"name": "New"}, if_match=old)
    assert new.status_code == 200
    await world.ann.refused(412, "PATCH", path, {"name": "Newer"}, if_match=old)
    await world.ann.refused(412, "DELETE", path, if_match=old)
    assert (await world.ann.ask("GET", path, if_none_match=new.headers["etag"])).status_code == 304
    assert (await world.ann.ask("DELETE", path, if_match=new.headers["etag"])).status_code == 204
    await world.ann.refused(404, "GET", path)
    assert (await world.ann.get("/v1/schedules"))["items"] == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"timeZone": "Nowhere"}, "/timeZone"),
        ({"weekly": [{"days": [], "from": "09:00", "to": "10:00"}]}, "/weekly/0/days"),
        ({"weekly": [{"days": ["XX"], "from": "09:00", "to": "10:00"}]}, "/weekly/0/days/0"),
        ({"weekly": [MONDAY, {"days": ["MO"], "from": "10:00", "to": "10:00"}]}, "/weekly/1/to"),
        ({"weekly": [{"days": ["MO"], "from": "24:00", "to": "24:00"}]}, "/weekly/0/from"),
        ({"weekly": [{"days": ["MO"], "from": "9", "to": "10:00"}]}, "/weekly/0/from"),
        ({"overrides": [{"date": "2026-02-30"}]}, "/overrides/0/date"),
        ({"overrides": [{"date": "0001-01-01"}]}, "/overrides/0/date"),
        ({"overrides": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "/overrides/1/date"),
        ({"overrides": [{"date": "2026-12-24", "hours": [BACKWARDS]}]}, "/overrides/0/hours/0/to"),
        ({"busyCalendarIds": ["nobody's"]}, "/busyCalendarIds/0"),
        ({"slotMinutes": 4}, "/slotMinutes"),
        ({"bufferBefore": -1}, "/bufferBefore"),
        ({"minimumNotice": 366 * 24 * 60 + 1}, "/minimumNotice"),
        ({"horizonDays": 0}, "/horizonDays"),
        ({"slug": "Ann Talk"}, "/slug"),
        ({"slug": "-ann"}, "/slug"),
        ({"slug": "an"}, "/slug"),
        ({"slot": 5}, "/slot"),
    ],
)  # fmt: skip
async def test_bad_input_is_refused_at_its_place_and_changes_nothing(world: World, fields: Json, pointer: str) -> None:
    made = await a_schedule(world)
    before = world.content()
    refused = await world.ann.refused(422, "POST", "/v1/schedules", {"name": "x", **fields})
    assert pointers(refused) == [pointer]
    refused = await world.ann.refused(422, "PATCH", f"/v1/schedules/{made['id']}", fields)
    assert pointers(refused) == [pointer]
    assert world.content() == before


async def test_a_slug_is_one_persons_and_free_again_when_it_is_given_up(world: World) -> None:
    anns = await a_schedule(world, slug="the-talk")
    taken = await world.bob.refused(409, "POST", "/v1/schedules", {"name": "Mine", "slug": "the-talk"})
    assert "taken" in taken["detail"]
    bobs = await world.bob.make("/v1/schedules", {"name": "Mine", "slug": "mine"})
    await world.bob.refused(409, "PATCH", f"/v1/schedules/{bobs['id']}", {"slug": "the-talk"})
    await world.ann.change(f"/v1/schedules/{anns['id']}", slug="other")
    await world.bob.change(f"/v1/schedules/{bobs['id']}", slug="the-talk")
    await world.bob.remove(f"/v1/schedules/{bobs['id']}")
    await world.ann.change(f"/v1/schedules/{anns['id']}", slug="the-talk")


async def test_there_are_at_most_a_hundred(world: World) -> None:
    for _ in range(100):
        await a_schedule(world)
    refused = await world.ann.refused(413, "POST", "/v1/schedules", {"name": "x"})
    assert "100" in refused["detail"]


async def test_a_calendar_that_was_deleted_does_not_stand_in_the_way_of_a_change(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    made = await a_schedule(world, busyCalendarIds=[work["id"], work["id"]])
    assert made["busyCalendarIds"] == [work["id"]]
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    assert (await world.ann.change(f"/v1/schedules/{made['id']}", slotMinutes=60))["slotMinutes"] == 60
    await world.ann.event(start=timed("2026-11-23T09:00:00"))
    assert (await locals_(world.ann, made))[0] == "10:00", "with its only calendar gone, all of them count"


# --- slots ------------------------------------------------------------------------------------------------------------
async def test_slots_are_free_of_what_the_owner_does(world: World) -> None:
    made = await a_schedule(world, weekly=[MONDAY])
    assert await locals_(world.ann, made) == ["09:00", "09:30", "10:00", "10:30"]
    await world.ann.event(start=timed("2026-11-23T09:10:00"), end=timed("2026-11-23T09:20:00"))
    await world.ann.event(start=timed("2026-11-16T10:00:00"), end=timed("2026-11-16T10:30:00"),
                          recurrence=["RRULE:FREQ=WEEKLY"])  # fmt: skip
    found = await slots(world.ann, made, explain="true")
    assert found["items"][0] == {
        "start": "2026-11-23T02:00:00Z",
        "end": "2026-11-23T02:30:00Z",
        "local": "2026-11-23T09:00:00",
        "refusal": "busy",
        "detail": "Something else takes this time.",
    }
    assert await locals_(world.ann, made) == ["09:30", "10:30"]
    assert await locals_(world.ann, made, minutes=60, explain="true") == [
        "09:00 busy", "09:30 busy", "10:00 busy", "10:30 outsideHours"
    ]  # fmt: skip


async def test_what_does_not_take_time_is_not_busy_and_only_named_calendars_count(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    made = await a_schedule(world, weekly=[MONDAY], busyCalendarIds=[await world.primary(world.ann)])
    nine = {"start": timed("2026-11-23T09:00:00"), "end": timed("2026-11-23T10:00:00")}
    await world.ann.event(**nine, transparency="TRANSPARENT")
    await world.ann.event(**nine, status="CANCELLED")
    await world.ann.event(**nine, calendarId=work["id"])
    assert await locals_(world.ann, made) == ["09:00", "09:30", "10:00", "10:30"]
    await world.ann.event(**nine, status="TENTATIVE")
    assert await locals_(world.ann, made) == ["10:00", "10:30"]
    await world.ann.event(start=day("2026-11-23"))
    assert await locals_(world.ann, made) == []


async def test_each_refusal_says_why_in_words(world: World) -> None:
    made = await a_schedule(world, weekly=[MONDAY], minimumNotice=4_400, horizonDays=9, bufferAfter=20)
    world.at("2026-11-20T00:50:00Z")
    await world.ann.event(start=timed("2026-11-23T10:45:00"), end=timed("2026-11-23T11:00:00"))
    found = (await slots(world.ann, made, "2026-11-23", "2026-12-01", explain="true"))["items"]
    assert {(each["refusal"], each["detail"]) for each in found} == {
        ("tooSoon", "Bookings are taken at least 4400 minutes ahead."),
        (None, ""),
        ("buffer", "It is too close to something else."),
        ("busy", "Something else takes this time."),
        ("tooFar", "Bookings are taken at most 9 days ahead."),
    }
    spring = await a_schedule(world, timeZone="Europe/Berlin", horizonDays=366, slotMinutes=60,
                              weekly=[{"days": ["SU"], "from": "01:00", "to": "04:00"}])  # fmt: skip
    found = (await slots(world.ann, spring, "2027-03-28", "2027-03-29", minutes=120, explain="true"))["items"]
    assert [(each["local"][11:16], each["detail"]) for each in found] == [
        ("01:00", ""),
        ("02:00", "The clock skips this time on that day."),
        ("03:00", "It would go on after the hours of this schedule end."),
    ]


async def test_a_booking_takes_its_slot_and_its_buffer(world: World) -> None:
    made = await a_schedule(world, bufferAfter=15, weekly=[{"days": ["TU"], "from": "08:30", "to": "10:30"}])
    tuesday = ("2026-11-24", "2026-11-25")
    await a_booking(world, made)
    assert await locals_(world.ann, made, *tuesday, explain="true") == [
        "08:30 buffer", "09:00 busy", "09:30 buffer", "10:00"
    ]  # fmt: skip


@pytest.mark.parametrize("explain", ["true", "false"])
async def test_slots_are_paged_without_gap_or_repetition(world: World, explain: str) -> None:
    made = await a_schedule(world, timeZone="Europe/Berlin", horizonDays=366, slotMinutes=15,
                            weekly=[{"days": ["SU", "MO"], "from": "00:00", "to": "04:00"}])  # fmt: skip
    await world.ann.event(start=timed("2026-11-23T09:00:00"), recurrence=["RRULE:FREQ=WEEKLY"])
    window, query = ("2026-11-20", "2027-04-20"), {"explain": explain}
    found, cursor = [], None
    while True:
        page = await slots(world.ann, made, *window, **query, limit=50, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["nextCursor"]
        assert len(page["items"]) <= 50
        if cursor is None:
            break
    whole = (await slots(world.ann, made, *window, **query, limit=1000))["items"]
    assert found == whole
    assert sorted({each["local"] for each in found}) == [each["local"] for each in found]
    assert any(each["refusal"] for each in found) == (explain == "true")


async def test_a_window_has_its_limits(world: World) -> None:
    path = f"/v1/schedules/{(await a_schedule(world))['id']}/slots"
    for query, name in (
        ("from=2026-11-23", "?to"),
        ("from=2026-11-23&to=2027-11-25", "?to"),
        ("from=x&to=2026-11-24", "?from"),
        ("from=2026-11-23&to=2026-11-24&minutes=0", "?minutes"),
        ("from=2026-11-23&to=2026-11-24&limit=0", "?limit"),
        ("from=2026-11-23&to=2026-11-24&cursor=x", "?cursor"),
        ("from=2026-11-23&to=2026-11-24&weeks=3", "?weeks"),
    ):
        refused = await world.ann.refused(400, "GET", f"{path}?{query}")
        assert not refused.get("errors") or pointers(refused)[0] == name, refused
    await world.ann.refused(400, "GET", f"{path}?from=2026-11-24&to=2026-11-23")


async def test_a_year_without_a_free_slot_is_an_empty_page(world: World) -> None:
    made = await a_schedule(world, horizonDays=366)
    await world.ann.event(start=day("2026-11-01"), end=day("2028-01-01"))
    assert (await slots(world.ann, made, "2026-11-20", "2027-11-20")) == {"items": [], "nextCursor": None}


async def test_the_change_feed_has_its_changes(world: World) -> None:
    made = await a_schedule(world)
    logged = [key for key in world.content() if key[0] == f"log#{world.ann.id}"]
    await world.ann.change(f"/v1/schedules/{made['id']}", name="Other")
    await world.ann.remove(f"/v1/schedules/{made['id']}")
    assert len([key for key in world.content() if key[0] == f"log#{world.ann.id}"]) == len(logged) + 2


async def test_the_first_slot_of_a_tuesday_is_the_one_the_other_tests_book(world: World) -> None:
    found = await slots(world.ann, await a_schedule(world), "2026-11-24", "2026-11-25", limit=1)
    assert found["items"][0]["start"] == TUESDAY


async def test_a_year_that_is_too_full_to_look_through_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a listing costs is bounded, however wide its window."""
    monkeypatch.setattr("aurora_time.operations.free_busy.MAX_OCCURRENCES", 40)
    schedule = await a_schedule(world, weekly=[MONDAY], horizonDays=366)
    await world.ann.event(
        start=timed("2026-11-01T09:00:00"), recurrence=["RRULE:FREQ=DAILY"], end=timed("2026-11-01T12:00:00")
    )
    assert await locals_(world.ann, schedule, "2026-11-23", "2026-12-20") == []
    path = f"/v1/schedules/{schedule['id']}/slots?from=2026-11-23&to=2027-11-23"
    assert "shorter window" in (await world.ann.refused(413, "GET", path))["detail"]

"""Single reminders over the API: made, read, changed, taken back, snoozed, dismissed, and what is refused."""

from __future__ import annotations

import pytest

from tests.api.reminder_scenarios import LATER, a_reminder, post
from tests.api.world import Json, World, day, pointers, timed

ONES = "/v1/reminders"
OWN: Json = {"useDefault": False, "overrides": [{"minutesBefore": 10}]}


async def all_of(world: World, **query: object) -> list[Json]:
    items: list[Json] = (await world.ann.get(ONES, **query))["items"]
    return items


async def test_a_standing_reminder_from_its_making_to_its_ring(world: World) -> None:
    made = await world.ann.make(ONES, LATER)
    assert made == {
        "id": made["id"], "eventId": None, "recurrenceId": None, "ruleId": None, "cause": "itself",
        "trigger": None, "channel": "email", "due": "2026-11-25T02:00:00Z", "movedFrom": None,
        "status": "planned", "attempts": 0, "sentAt": None, "error": None,
        "snoozedUntil": None, "text": "Call the bank", "etag": made["etag"],
    }  # fmt: skip
    path = f"{ONES}/{made['id']}"
    assert await world.ann.get(path) == made
    assert (await world.ann.ask("GET", path, if_none_match=f'"{made["etag"]}"')).status_code == 304
    changed = await world.ann.change(path, at="2026-11-26T09:00:00+07:00", text="Call them", due=made["due"])
    assert (changed["due"], changed["text"]) == ("2026-11-26T02:00:00Z", "Call them")
    assert (await world.ann.change(path, text="Call her"))["due"] == changed["due"]
    await world.ann.refused(412, "PATCH", path, {"text": "No"}, if_match=f'"{made["etag"]}"')
    world.at("2026-11-26T02:00:00Z")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert mail.subject.startswith("Call her")
    assert "/events/" not in mail.text
    assert "Open event" not in mail.text
    assert "09:00" in mail.text
    assert "UTC" not in mail.text, "it belongs to no event, so there is no zone but the person's"
    sent = await world.ann.get(path)
    assert (sent["id"], sent["status"]) == (made["id"], "sent")
    for method, body in (("PATCH", {"text": "Too late"}), ("DELETE", None)):
        assert "rung" in (await world.ann.refused(409, method, path, body))["detail"]


async def test_a_standing_reminder_taken_back(world: World) -> None:
    made = await world.ann.make(ONES, LATER)
    path = f"{ONES}/{made['id']}"
    await world.ann.refused(412, "DELETE", path, if_match='"other"')
    await world.ann.remove(path)
    await world.ann.refused(404, "GET", path)
    assert await all_of(world) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/at"),
        ({"text": "A"}, "/at"),
        ({"at": "2026-11-25T09:00:00"}, "/text"),
        ({"at": "2026-11-25T09:00:00", "text": ""}, "/text"),
        ({"at": "2026-11-19T09:00:00", "text": "A"}, "/at"),
        ({"at": "2026-11-25", "text": "A"}, "/at"),
        ({"at": "tomorrow", "text": "A"}, "/at"),
        ({"at": "9999-01-01T00:00:00Z", "text": "A"}, "/at"),
        ({"at": "18:00", "daysBefore": 1, "text": "A"}, "/daysBefore"),
        ({"minutesBefore": 5, "text": "A"}, "/minutesBefore"),
        ({"eventId": "nobody", "minutesBefore": 5}, "/eventId"),
        ({"eventId": "EVENT", "minutesBefore": 5, "text": "A"}, "/text"),
        ({"eventId": "EVENT", "minutesBefore": 5, "at": "18:00"}, ""),
        ({"eventId": "EVENT"}, ""),
        ({"eventId": "EVENT", "daysBefore": 1, "at": "2026-11-25T09:00:00"}, "/at"),
        ({"eventId": "DAY", "minutesBefore": 5}, "/minutesBefore"),
        ({"eventId": "EVENT", "minutesBefore": 400_000}, "/eventId"),
        ({"eventId": "TASK", "minutesBefore": 5}, "/eventId"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World, body: Json, pointer: str) -> None:
    known = {
        "EVENT": (await world.ann.event())["id"],
        "DAY": (await world.ann.event(start=day("2026-11-25")))["id"],
        "TASK": (await world.ann.make("/v1/tasks", {"summary": "Never due"}))["id"],
    }
    before = world.content()
    asked = {**body, **({"eventId": known.get(body["eventId"], body["eventId"])} if "eventId" in body else {})}
    assert pointers(await world.ann.refused(422, "POST", ONES, asked)) == [pointer]
    assert world.content() == before


async def test_one_more_reminder_of_an_event_keeps_those_that_ring_now(world: World) -> None:
    event = await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY"])
    made = await world.ann.make(ONES, {"eventId": event["id"], "minutesBefore": 60})
    assert (made["due"], made["eventId"], made["status"]) == ("2026-11-23T01:00:00Z", event["id"], "planned")
    shown = await world.ann.get(f"/v1/events/{event['id']}")
    assert [each["minutesBefore"] for each in shown["reminders"]["overrides"]] == [10, 60]
    assert (await world.ann.get(f"{ONES}/{made['id']}"))["due"] == made["due"]
    await world.ann.make(ONES, {"eventId": event["id"], "daysBefore": 1, "at": "18:00"})
    assert [each["due"] for each in await all_of(world)][:3] == [
        "2026-11-22T11:00:00Z", "2026-11-23T01:00:00Z", "2026-11-23T01:50:00Z",
    ]  # fmt: skip
    await world.ann.remove(f"{ONES}/{made['id']}")
    shown = await world.ann.get(f"/v1/events/{event['id']}")
    assert [each.get("minutesBefore") for each in shown["reminders"]["overrides"]] == [10, None]
    await world.ann.refused(404, "DELETE", f"{ONES}/{made['id']}")


async def test_at_most_twenty_of_an_event(world: World) -> None:
    many = {"useDefault": False, "overrides": [{"minutesBefore": number} for number in range(20)]}
    event = await world.ann.event(reminders=many)
    refused = await world.ann.refused(422, "POST", ONES, {"eventId": event["id"], "minutesBefore": 60})
    assert "at most 20" in refused["detail"]


async def test_a_task_is_reminded_of_too(world: World) -> None:
    task = await world.ann.make("/v1/tasks", {"summary": "Pay", "due": timed("2026-11-25T09:00:00")})
    made = await world.ann.make(ONES, {"eventId": task["id"], "minutesBefore": 60})
    assert made["due"] == "2026-11-25T01:00:00Z"
    await world.ann.remove(f"{ONES}/{made['id']}")
    assert [each["due"] for each in await all_of(world)] == ["2026-11-25T01:50:00Z"]


async def test_what_a_default_or_a_rule_rings_is_dismissed_not_deleted(world: World) -> None:
    planned = await a_reminder(world.ann)
    refused = await world.ann.refused(409, "DELETE", f"{ONES}/{planned['id']}")
    assert "dismiss" in refused["detail"]
    refused = await world.ann.refused(409, "PATCH", f"{ONES}/{planned['id']}", {"text": "Mine"})
    assert "event" in refused["detail"]
    await post(world.ann, f"{ONES}/{planned['id']}/dismiss")
    refused = await world.ann.refused(409, "DELETE", f"{ONES}/{planned['id']}")
    assert "not planned any more" in refused["detail"]


async def test_a_standing_reminder_that_is_snoozed_is_changed_and_taken_back(world: World) -> None:
    made = await world.ann.make(ONES, LATER)
    path = f"{ONES}/{made['id']}"
    snoozed = await post(world.ann, f"{path}/snooze", {"until": "2026-11-30T09:00:00"})
    await world.ann.refused(412, "PATCH", path, {"text": "No"}, if_match=f'"{made["etag"]}"')
    changed = await world.ann.ask("PATCH", path, {**snoozed, "text": "Call her"}, if_match=f'"{snoozed["etag"]}"')
    assert changed.json() == {**snoozed, "text": "Call her", "etag": changed.json()["etag"]}
    moved = await world.ann.change(path, at="2026-12-01T09:00:00")
    assert (moved["status"], moved["snoozedUntil"]) == ("snoozed", "2026-12-01T02:00:00Z")
    (pending,) = await all_of(world, status="planned")
    assert (pending["text"], pending["due"]) == ("Call her", "2026-12-01T02:00:00Z")
    again = await world.ann.change(f"{ONES}/{pending['id']}", text="Call him")
    assert (again["id"], again["text"]) == (pending["id"], "Call him")
    await world.ann.remove(f"{ONES}/{pending['id']}")
    await world.ann.refused(404, "GET", path)
    assert await all_of(world) == []


async def test_a_patch_of_what_the_server_sets_is_refused(world: World) -> None:
    made = await world.ann.make(ONES, LATER)
    path = f"{ONES}/{made['id']}"
    assert pointers(await world.ann.refused(422, "PATCH", path, {"status": "sent"})) == ["/status"]
    assert pointers(await world.ann.refused(422, "PATCH", path, {"colour": "red"})) == ["/colour"]
    assert pointers(await world.ann.refused(422, "PATCH", path, {"at": "2026-11-19T09:00:00"})) == ["/at"]


async def test_snoozed_and_dismissed_with_all_that_shows_of_it(world: World) -> None:
    planned = await a_reminder(world.ann, reminders=OWN)
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    path = f"{ONES}/{planned['id']}"
    sent = await world.ann.get(path)
    await world.ann.refused(412, "POST", f"{path}/snooze", {"minutes": 5}, if_match='"other"')
    snoozed = (await world.ann.ask("POST", f"{path}/snooze", {"minutes": 5}, if_match=f'"{sent["etag"]}"')).json()
    assert (snoozed["status"], snoozed["snoozedUntil"]) == ("snoozed", "2026-11-23T01:55:00Z")
    assert snoozed["sentAt"] == sent["sentAt"]
    assert [each["status"] for each in await all_of(world)] == ["snoozed", "planned"]
    assert [each["id"] for each in await all_of(world, status="snoozed")] == [planned["id"]]
    world.at("2026-11-23T01:55:00Z")
    await world.attend()
    (_, again) = await all_of(world)
    assert (again["status"], again["due"], again["eventId"]) == ("sent", "2026-11-23T01:55:00Z", planned["eventId"])
    assert len({mail.message_id for mail in world.mailbox.mails}) == 2
    await world.ann.refused(412, "POST", f"{ONES}/{again['id']}/dismiss", if_match='"other"')
    dismissed = await post(world.ann, f"{ONES}/{again['id']}/dismiss")
    assert (dismissed["status"], dismissed["sentAt"]) == ("dismissed", "2026-11-23T01:55:00.000Z")
    assert await post(world.ann, f"{ONES}/{again['id']}/dismiss") == dismissed


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"minutes": 5, "until": "2026-11-25T09:00:00"}, ""),
        ({"minutes": 0}, "/minutes"),
        ({"until": "2026-11-19T09:00:00"}, "/until"),
        ({"until": "2028-11-19T09:00:00"}, "/until"),
        ({"until": "2026-11-25"}, "/until"),
        ({"until": "soon"}, "/until"),
    ],
)
async def test_a_snooze_that_makes_no_sense(world: World, body: Json, pointer: str) -> None:
    planned = await a_reminder(world.ann)
    before = world.content()
    assert pointers(await world.ann.refused(422, "POST", f"{ONES}/{planned['id']}/snooze", body)) == [pointer]
    assert world.content() == before


async def test_a_local_time_is_ones_own(world: World) -> None:
    planned = await a_reminder(world.ann)
    snoozed = await post(world.ann, f"{ONES}/{planned['id']}/snooze", {"until": "2026-11-25T09:00:00"})
    assert snoozed["snoozedUntil"] == "2026-11-25T02:00:00Z"


async def test_what_is_anothers_is_not_there(world: World) -> None:
    planned, standing = await a_reminder(world.ann), await world.ann.make(ONES, LATER)
    for each in (planned, standing):
        path = f"{ONES}/{each['id']}"
        for method, where, body in (
            ("GET", path, None), ("PATCH", path, {"text": "Mine"}), ("DELETE", path, None),
            ("POST", f"{path}/snooze", {"minutes": 5}), ("POST", f"{path}/dismiss", None),
        ):  # fmt: skip
            await world.bob.refused(404, method, where, body)


async def test_a_planned_one_is_gone_with_its_event(world: World) -> None:
    planned = await a_reminder(world.ann)
    path = f"{ONES}/{planned['id']}"
    assert await world.ann.get(path) == planned
    known = f'"{(await world.ann.get(path))["etag"]}"'
    assert (await world.ann.ask("GET", path, if_none_match=known)).status_code == 304
    await world.ann.change(f"/v1/events/{planned['eventId']}", summary="Renamed")
    renamed = await world.ann.ask("GET", path, if_none_match=known)
    assert (renamed.status_code, renamed.json()["text"]) == (200, "Renamed"), "no client keeps what it was called"
    await world.ann.change(f"/v1/events/{planned['eventId']}", start=timed("2026-11-24T09:00:00"), end=None)
    await world.ann.refused(404, "GET", path)
    moved = next(each for each in await all_of(world) if each["eventId"] == planned["eventId"])
    await world.ann.remove(f"/v1/events/{planned['eventId']}")
    await world.ann.refused(404, "GET", f"{ONES}/{moved['id']}")

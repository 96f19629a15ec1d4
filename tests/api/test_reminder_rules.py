"""Reminder rules over the API: made, changed, previewed, and what is refused."""

from __future__ import annotations

import pytest

from tests.api.reminder_scenarios import a_rule, post
from tests.api.world import World, day, pointers, timed

RULES = "/v1/reminder-rules"
EVENING = {"channel": "email", "daysBefore": 1, "at": "18:00"}
MATCH = {"calendarId": [], "categories": [], "words": [], "allDay": None, "kind": "any"}


async def test_a_rule_is_what_it_was_made_to_be(world: World) -> None:
    made = await a_rule(
        world.ann, match={"words": ["dentist"], "allDay": False}, triggers=[{"minutesBefore": 45}, EVENING]
    )
    assert made == {
        "id": made["id"], "name": "Early", "enabled": True, "etag": made["etag"],
        "match": {**MATCH, "words": ["dentist"], "allDay": False},
        "triggers": [{"channel": "email", "minutesBefore": 45}, EVENING],
    }  # fmt: skip
    assert await world.ann.get(RULES) == {"items": [made], "nextCursor": None}
    assert await world.ann.get(f"{RULES}/{made['id']}") == made
    assert (await world.bob.get(RULES))["items"] == []


async def test_a_patch_changes_what_it_names(world: World) -> None:
    made = await a_rule(world.ann, match={"words": ["dentist"], "allDay": True}, triggers=[EVENING])
    path = f"{RULES}/{made['id']}"
    changed = await world.ann.change(path, match={"allDay": None, "kind": "task"}, enabled=False, etag=made["etag"])
    assert changed["match"] == {**MATCH, "words": ["dentist"], "kind": "task"}
    assert (changed["enabled"], changed["triggers"], changed["etag"] == made["etag"]) == (False, [EVENING], False)
    silent = await world.ann.change(path, triggers=[])
    assert silent["triggers"] == []


async def test_etags_are_each_rules_own(world: World) -> None:
    first, second = await a_rule(world.ann), await a_rule(world.ann)
    path = f"{RULES}/{first['id']}"
    await world.ann.change(f"{RULES}/{second['id']}", name="Other")
    assert (await world.ann.ask("GET", path, if_none_match=f'"{first["etag"]}"')).status_code == 304
    changed = await world.ann.ask("PATCH", path, {"name": "Mine"}, if_match=f'"{first["etag"]}"')
    assert changed.status_code == 200
    for method, body in (("PATCH", {"name": "Again"}), ("DELETE", None)):
        await world.ann.refused(412, method, path, body, if_match=f'"{first["etag"]}"')
    assert (await world.ann.ask("DELETE", path, if_match=changed.headers["etag"])).status_code == 204
    await world.ann.refused(404, "GET", path)
    await world.ann.refused(404, "DELETE", path)
    await world.ann.refused(404, "PATCH", path, {"name": "Again"})


async def test_a_retry_with_its_key_makes_one(world: World) -> None:
    body = {"name": "Early", "triggers": []}
    answers = [await world.ann.ask("POST", RULES, body, idempotency_key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await world.ann.get(RULES))["items"]) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"triggers": []}, "/name"),
        ({"name": "A"}, "/triggers"),
        ({"name": " ", "triggers": []}, "/name"),
        ({"name": "A", "triggers": [{}]}, "/triggers/0"),
        ({"name": "A", "triggers": [{"minutesBefore": 5, "at": "18:00"}]}, "/triggers/0"),
        ({"name": "A", "triggers": [{"minutesBefore": -1}]}, "/triggers/0/minutesBefore"),
        ({"name": "A", "triggers": [], "match": {"kind": "dream"}}, "/match/kind"),
        ({"name": "A", "triggers": [], "match": {"calendarId": ["nobody"]}}, "/match/calendarId/0"),
        ({"name": "A", "triggers": [], "match": {"words": [""]}}, "/match/words/0"),
        ({"name": "A", "triggers": [{"minutesBefore": 5}], "match": {"allDay": True}}, "/triggers"),
        ({"name": "A", "triggers": [], "colour": "red"}, "/colour"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World, body: dict, pointer: str) -> None:
    made = await a_rule(world.ann)
    before = world.content()
    for method, path in (("POST", RULES), ("POST", f"{RULES}/preview")):
        assert pointers(await world.ann.refused(422, method, path, body)) == [pointer]
    if pointer not in ("/name", "/triggers") or ("name" in body and "triggers" in body):
        assert pointers(await world.ann.refused(422, "PATCH", f"{RULES}/{made['id']}", body)) == [pointer]
    assert world.content() == before


async def test_a_token_that_may_only_read_changes_nothing(world: World) -> None:
    made = await a_rule(world.ann)
    reader = world.client(await world.token(world.ann.id, ("reminders:read",)))
    assert (await reader.get(RULES)).status_code == 200
    assert (await reader.post(f"{RULES}/preview", json={"name": "A", "triggers": []})).status_code == 200
    assert (await reader.post(RULES, json={"name": "A", "triggers": []})).status_code == 403
    assert (await reader.delete(f"{RULES}/{made['id']}")).status_code == 403


async def test_the_preview_names_event_occurrence_instant_and_cause(world: World) -> None:
    event = await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    body = {"name": "Ten, too", "triggers": [{"minutesBefore": 45}, {"minutesBefore": 10}]}
    made = await world.ann.make(RULES, body)
    items = (await world.ann.get(f"{RULES}/{made['id']}/preview"))["items"]
    assert items[0] == {
        "id": items[0]["id"], "eventId": event["id"], "recurrenceId": "20261123T090000", "ruleId": made["id"],
        "channel": "email", "due": "2026-11-23T01:15:00Z", "text": "Something",
        "start": timed("2026-11-23T09:00:00"), "silenced": False,
    }  # fmt: skip
    assert [each["ruleId"] for each in items] == [made["id"], None, made["id"], None], "ten minutes is a default, too"
    await world.attend()
    planned = (await world.ann.get("/v1/reminders"))["items"]
    assert [(each["id"], each["due"], each["ruleId"]) for each in planned] == [
        (each["id"], each["due"], each["ruleId"]) for each in items
    ]
    drafted = (await post(world.ann, f"{RULES}/preview", {**body, "triggers": [{"minutesBefore": 5}]}))["items"]
    assert [each["ruleId"] for each in drafted] == ["preview"] * 2


async def test_a_draft_is_previewed_in_the_place_of_the_rule_that_it_will_change(world: World) -> None:
    await world.ann.event()
    silence = await world.ann.make(RULES, {"name": "Quiet", "triggers": []})
    loud = {"name": "Quiet", "triggers": [{"minutesBefore": 5}]}
    assert (await post(world.ann, f"{RULES}/preview", loud))["items"] == [], "the other rule silences everything"
    changed = await world.ann.ask("POST", f"{RULES}/preview?ruleId={silence['id']}", loud)
    assert [(each["ruleId"], each["silenced"]) for each in changed.json()["items"]] == [(silence["id"], False)]
    refused = await world.ann.ask("POST", f"{RULES}/preview?ruleId=nobody", loud)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "?ruleId"


async def test_pages_of_a_preview(world: World) -> None:
    await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])
    made = await a_rule(world.ann)
    path = f"{RULES}/{made['id']}/preview"
    whole = (await world.ann.get(path))["items"]
    assert len(whole) == 27 + 1
    page = await world.ann.get(path, limit=20)
    rest = await world.ann.get(path, limit=20, cursor=page["nextCursor"])
    assert page["items"] + rest["items"] == whole
    assert rest["nextCursor"] is None
    await world.ann.change(f"{RULES}/{made['id']}", triggers=[{"minutesBefore": 5}])
    await world.ann.refused(400, "GET", f"{path}?cursor={page['nextCursor']}")


async def test_the_fiftieth_rule_is_the_last(world: World) -> None:
    for _ in range(50):
        await a_rule(world.ann)
    assert "at most 50" in (await world.ann.refused(413, "POST", RULES, {"name": "A", "triggers": []}))["detail"]


class TestQuietHours:
    async def test_they_are_settings_of_a_person(self, world: World) -> None:
        assert (await world.ann.get("/v1/me"))["quietHours"] is None
        wanted = {"from": "22:00", "to": "07:00"}
        assert (await world.ann.change("/v1/me", quietHours=wanted))["quietHours"] == wanted
        assert (await world.ann.change("/v1/me", quietHours={"to": "06:30"}))["quietHours"] == {**wanted, "to": "06:30"}
        assert (await world.ann.change("/v1/me", quietHours=None))["quietHours"] is None

    @pytest.mark.parametrize("wanted", [{"from": "22:00", "to": "22:00"}, {"from": "08:00", "to": "07:00"}])
    async def test_of_no_length_or_too_long_they_are_refused(self, world: World, wanted: dict) -> None:
        assert pointers(await world.ann.refused(422, "PATCH", "/v1/me", {"quietHours": wanted})) == ["/quietHours"]
        await world.ann.refused(422, "PATCH", "/v1/me", {"quietHours": {"from": "22:00"}})
        await world.ann.refused(422, "PATCH", "/v1/me", {"quietHours": {"from": "22:00", "to": "24:00"}})

    async def test_what_is_listed_is_when_it_rings(self, world: World) -> None:
        await world.ann.change("/v1/me", quietHours={"from": "20:00", "to": "09:30"})
        await world.ann.event(start=timed("2026-11-23T09:00:00"), summary="In them")
        await world.ann.event(start=timed("2026-11-24T10:00:00"), summary="Behind them",
                              reminders={"useDefault": False, "overrides": [{"minutesBefore": 60}]})  # fmt: skip
        await world.ann.event(start=day("2026-11-25"), summary="A day")
        await world.attend()
        found = (await world.ann.get("/v1/reminders"))["items"]
        assert [(each["text"], each["due"]) for each in found] == [
            ("In them", "2026-11-22T12:59:59Z"),
            ("Behind them", "2026-11-24T02:30:00Z"),
            ("A day", "2026-11-25T02:30:00Z"),
        ]  # fmt: skip
        within = await world.ann.get("/v1/reminders", from_="2026-11-24T02:30:00Z", to="2026-11-24T02:31:00Z")
        assert [each["text"] for each in within["items"]] == ["Behind them"]
        for at in ("2026-11-22T12:59:59Z", "2026-11-24T02:30:00Z", "2026-11-25T02:30:00Z"):
            world.at(at)
            await world.attend()
        assert len(world.mailbox.mails) == 3
        rung = (await world.ann.get("/v1/reminders", from_="2026-11-20", to="2026-11-30"))["items"]
        assert [(each["due"], each["id"]) for each in rung] == [(each["due"], each["id"]) for each in found]

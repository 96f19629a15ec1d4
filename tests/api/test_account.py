"""The person's settings and the API tokens."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.operations.people import SCOPES, ensure_person, newcomer
from aurora_time.ports import Delete
from aurora_time.store import keys
from tests.api.world import Json, Somebody, World, pointers, problem_of, timed


async def test_who_i_am(world: World) -> None:
    me = await world.ann.get("/v1/me")
    assert (me["email"], me["name"], me["timeZone"], me["locale"]) == (
        "ann@example.org",
        "Ann",
        "Asia/Ho_Chi_Minh",
        "en",
    )
    assert me["defaultReminders"] == [
        {"channel": "email", "minutesBefore": 10},
        {"channel": "email", "daysBefore": 0, "at": "08:00"},
    ]
    read = await world.ann.ask("GET", "/v1/me")
    assert (await world.ann.ask("GET", "/v1/me", if_none_match=read.headers["etag"])).status_code == 304


async def test_settings_can_be_changed_and_sent_back_whole(world: World) -> None:
    me = await world.ann.get("/v1/me")
    changed = await world.ann.change("/v1/me", **{**me, "locale": "vi", "weekStart": "SU", "timeZone": "europe/berlin"})
    assert (changed["locale"], changed["weekStart"], changed["timeZone"]) == ("vi", "SU", "Europe/Berlin")
    assert await world.ann.get("/v1/me") == changed
    assert (await world.ann.change("/v1/me", name=None))["name"] == ""
    await world.ann.refused(412, "PATCH", "/v1/me", {"name": "x"}, if_match=f'"{me["etag"]}"')


async def test_what_no_issuer_has_said_is_assumed_until_somebody_says_it(world: World) -> None:
    person_id = await ensure_person(world.services, "elsewhere", "bo", newcomer("bo@example.org", "", "", ""))
    bo = Somebody(person_id, world.client(await world.token(person_id, SCOPES)))
    me = await bo.get("/v1/me")
    assert (me["timeZone"], me["locale"], me["assumed"]) == ("UTC", "en", ["timeZone", "locale"])
    (calendar,) = (await bo.get("/v1/calendars"))["items"]
    assert calendar["timeZone"] is None, "it follows the person's"
    assert (await bo.change("/v1/me", name="Bo"))["assumed"] == ["timeZone", "locale"]
    assert (await bo.change("/v1/me", locale="vi"))["assumed"] == ["timeZone"]
    await bo.refused(422, "PATCH", "/v1/me", {"assumed": []})
    assert (await bo.change("/v1/me", timeZone="UTC"))["assumed"] == [], "who says so lives there"
    assert (await world.ann.get("/v1/me"))["assumed"] == []


async def bo_of_whom_nothing_is_said(world: World) -> tuple[Somebody, str]:
    """And the path of the first calendar."""
    person_id = await ensure_person(world.services, "elsewhere", "bo", newcomer("bo@example.org", "", "", ""))
    bo = Somebody(person_id, world.client(await world.token(person_id, SCOPES)))
    return bo, f"/v1/calendars/{await world.primary(bo)}"


async def test_the_first_calendar_has_its_name_in_the_language_that_is_said_first(world: World) -> None:
    bo, path = await bo_of_whom_nothing_is_said(world)
    assert (await bo.get(path))["name"] == "Personal"
    before = (await bo.get("/v1/changes"))["nextToken"]
    await bo.change("/v1/me", locale="vi", timeZone="Asia/Ho_Chi_Minh")
    assert (await bo.get(path))["name"] == "Cá nhân"
    told = (await bo.get("/v1/changes", since=before))["items"]
    assert {each["kind"] for each in told} == {"me", "calendar"}, "clients are told"
    await bo.change("/v1/me", locale="en")
    assert (await bo.get(path))["name"] == "Cá nhân", "from now on it is theirs"


@pytest.mark.parametrize("change", [{"name": "Bo"}, {"color": "#112233"}])
async def test_a_first_calendar_that_its_owner_has_touched_keeps_its_name(world: World, change: Json) -> None:
    bo, path = await bo_of_whom_nothing_is_said(world)
    world.clock.time += 1
    name = (await bo.change(path, **change))["name"]
    await bo.change("/v1/me", locale="vi")
    assert (await bo.get(path))["name"] == name


async def test_reminders_follow_a_new_default(world: World) -> None:
    await world.ann.event()
    await world.ann.change("/v1/me", defaultReminders=[{"minutesBefore": 60}])
    await world.attend()
    (planned,) = (await world.ann.get("/v1/reminders"))["items"]
    assert planned["due"] == "2026-11-23T01:00:00Z"
    world.at("2026-11-23T01:00:00Z")
    await world.attend()
    assert [mail.to for mail in world.mailbox.mails] == ["ann@example.org"]
    world.at("2026-11-23T01:59:00Z")
    await world.attend()
    assert len(world.mailbox.mails) == 1, "the old default does not ring"


async def test_reminders_follow_a_new_zone(world: World) -> None:
    await world.ann.event(start={"date": "2026-11-23"})
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")
    await world.attend()
    (planned,) = (await world.ann.get("/v1/reminders"))["items"]
    assert planned["due"] == "2026-11-23T07:00:00Z"
    world.at("2026-11-23T01:00:00Z")
    await world.attend()
    assert world.mailbox.mails == []
    world.at("2026-11-23T07:00:00Z")
    await world.attend()
    assert len(world.mailbox.mails) == 1


async def test_only_what_rings_starts_a_job(world: World) -> None:
    await world.ann.change("/v1/me", name="Anna", locale="vi")
    assert not [part for part, _ in world.content() if part.startswith("job#")]


async def test_a_patch_may_meet_others(world: World) -> None:
    await asyncio.gather(*(world.ann.change("/v1/me", name=str(n)) for n in range(3)))
    assert (await world.ann.get("/v1/me"))["name"] in ("0", "1", "2")


async def test_a_tokens_secret_is_shown_once(world: World) -> None:
    made = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read", "events:read"]})
    secret = made.pop("secret")
    assert made["scopes"] == ["events:read"]
    assert (await world.client(secret).get("/v1/events")).status_code == 200
    assert await world.ann.get(f"/v1/tokens/{made['id']}") == made
    assert made in (await world.ann.get("/v1/tokens"))["items"]
    assert not any(secret.encode() in body for body, _ in world.content().values())


async def test_tokens_are_listed_the_oldest_first(world: World) -> None:
    for name in ("b", "a", "c"):
        world.clock.time += 1
        await world.ann.make("/v1/tokens", {"name": name, "scopes": ["events:read"]})
    assert [each["name"] for each in (await world.ann.get("/v1/tokens"))["items"]] == ["A token", "b", "a", "c"]


async def test_a_revoked_token_ends_at_once(world: World) -> None:
    made = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    script = world.client(made["secret"])
    assert (await script.get("/v1/events")).status_code == 200
    await world.ann.refused(412, "DELETE", f"/v1/tokens/{made['id']}", if_match='"x"')
    await world.ann.remove(f"/v1/tokens/{made['id']}")
    problem_of(await script.get("/v1/events"), 401)
    await world.ann.refused(404, "DELETE", f"/v1/tokens/{made['id']}")


async def test_a_token_may_be_revoked_twice_at_once(world: World) -> None:
    made = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    answers = await asyncio.gather(*(world.ann.ask("DELETE", f"/v1/tokens/{made['id']}") for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404]


async def test_a_token_ends_when_it_says(world: World) -> None:
    expires = "2026-11-20T12:00:00+07:00"
    made = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"], "expires": expires})
    assert made["expires"] == "2026-11-20T05:00:00Z"
    script = world.client(made["secret"])
    world.at("2026-11-20T04:59:59Z")
    assert (await script.get("/v1/events")).status_code == 200
    world.at("2026-11-20T05:00:00Z")
    problem_of(await script.get("/v1/events"), 401)
    await world.ann.refused(404, "GET", f"/v1/tokens/{made['id']}")


async def test_a_token_cannot_make_one_that_may_do_more(world: World) -> None:
    poor = world.client(await world.token(world.ann.id, ("account:write", "events:read")))
    before = world.content()
    refused = await poor.post("/v1/tokens", json={"name": "x", "scopes": ["events:read", "events:write"]})
    assert "`events:write`" in problem_of(refused, 403)["detail"]
    assert world.content() == before
    assert (await poor.post("/v1/tokens", json={"name": "x", "scopes": ["events:read"]})).status_code == 201


async def test_a_deleted_account_has_no_data_though_its_token_lives(world: World) -> None:
    event = await world.ann.event()
    await world.table.write(Delete(keys.person(world.ann.id)))
    for method, path, body in (
        ("GET", "/v1/me", None),
        ("PATCH", "/v1/me", {"name": "x"}),
        ("GET", "/v1/events?from=2026-11-23&to=2026-11-24", None),
        ("POST", "/v1/events", {"summary": "x", "start": timed("2026-11-23T09:00:00")}),
        ("PATCH", f"/v1/events/{event['id']}", {"summary": "x"}),
        ("GET", "/v1/calendars", None),
        ("POST", "/v1/calendars", {"name": "x"}),
        ("GET", "/v1/reminders", None),
    ):
        await world.ann.refused(404, method, path, body)


async def test_scopes_are_those_that_endpoints_name(world: World) -> None:
    assert {scope for each in world.wired for scope in each.endpoint.scopes} == set(SCOPES)


async def test_an_unknown_scope_lists_those_there_are(world: World) -> None:
    problem = await world.ann.refused(422, "POST", "/v1/tokens", {"name": "x", "scopes": ["events:read", "all"]})
    assert pointers(problem) == ["/scopes/1"]
    assert all(scope in problem["detail"] for scope in SCOPES)

"""Nobody can see, change or infer what is another's: generated from the declarations."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint
from aurora_time.operations.people import SCOPES
from aurora_time.run.examples import EXAMPLES
from tests.api.account_scenarios import sign_in
from tests.api.link_scenarios import a_link
from tests.api.reminder_scenarios import LATER, a_rule
from tests.api.schedule_scenarios import a_booking, a_schedule
from tests.api.world import Json, World, problem_of

WITH_ID = [each for each in ENDPOINTS if "{" in each.path]
OWN = [each for each in WITH_ID if not each.is_secret]
"""Whoever knows a secret address may read there, whoever that is."""
OCCURRENCE = "20261123T090000"
HOSTILE = {
    "long": "x" * 129,
    "very long": "x" * 6_000,
    "far up": "../../v1/me",
    "slash": "a/b",
    "separator": "a#b",
    "nul": "a\x00b",
    "unicode": "ngày-\U0001f600",
    "four bytes each": "\U0001f600" * 128,
    "percent": "%2e%2e",
    "not utf-8": "\udcff",
    "space": " ",
    "empty": "",
    "last": "\U0010ffff",
    "like an occurrence": f"_{OCCURRENCE}",
    "a wrong occurrence": "x_99999999T999999",
}


def named(endpoint: Endpoint) -> str:
    return endpoint.operation_id


async def theirs(world: World) -> dict[str, str]:
    """One of Ann's things for every name that stands in a path."""
    event = await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY"])
    calendar = await world.ann.make("/v1/calendars", {"name": "Work"})
    token = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    await sign_in(world, "ann", "a-session")
    task = await world.ann.make("/v1/tasks", {"summary": "Pay"})
    ended = await world.ann.make("/v1/calendars", {"name": "No more"})
    job = (await world.ann.ask("DELETE", f"/v1/calendars/{ended['id']}")).json()
    of_account = {"jobId": job["id"], "taskId": task["id"], "tokenId": token["id"], "sessionId": "a-session"}
    schedule = await a_schedule(world)
    reminder = await world.ann.make("/v1/reminders", {**LATER, "channel": "browser"})
    reminding = {"reminderId": reminder["id"], "ruleId": (await a_rule(world.ann))["id"]}
    link = (await a_link(world.ann, calendar["id"])).rsplit("/", 1)[1]
    booked = {"link": link, "scheduleId": schedule["id"], "bookingId": (await a_booking(world, schedule))["id"]}
    return {
        "eventId": event["id"],
        "calendarId": calendar["id"],
        "recurrenceId": OCCURRENCE,
        **of_account,
        **booked,
        **reminding,
    }


async def call(http: httpx.AsyncClient, endpoint: Endpoint, ids: dict[str, str]) -> httpx.Response:
    """A request that is good in all but, perhaps, its ids."""
    path = re.sub(r"{(\w+)}", lambda match: quote(ids[match[1]], safe="", errors="surrogateescape"), endpoint.path)
    has_window = "from_" in getattr(endpoint.shape.query, "__struct_fields__", ())
    query = {"from": "2026-11-23", "to": "2026-11-30"} if has_window else None
    body: Json | str | None = EXAMPLES[endpoint.operation_id] if endpoint.shape.body else None
    headers = {"if-match": "*"} if endpoint.method != "GET" else {}
    if endpoint.shape.media:
        headers["content-type"] = endpoint.shape.media[0]
        return await http.request(endpoint.method, path, params=query, content=str(body), headers=headers)
    return await http.request(endpoint.method, path, params=query, json=body, headers=headers)


def in_time(world: World, endpoint: Endpoint) -> None:
    """Wait for when the request of ``call`` is good: a reminder is not shown before it is due."""
    if endpoint.operation_id == "showReminder":
        world.at("2026-11-25T02:00:00Z")


def told(response: httpx.Response) -> tuple[bytes, list[tuple[str, str]]]:
    """All that an answer tells, but the name of the request, and how many may still be asked."""
    request_id = response.headers["request-id"]
    headers = [pair for pair in response.headers.multi_items() if pair[0] not in ("request-id", "ratelimit")]
    return response.content.replace(request_id.encode(), b""), headers


@pytest.mark.parametrize("endpoint", OWN, ids=named)
async def test_what_is_anothers_is_not_there(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    anothers = await call(world.bob.http, endpoint, ids)
    nobodys = await call(world.bob.http, endpoint, {name: "A" * len(value) for name, value in ids.items()})
    problem_of(anothers, 404)
    problem_of(nobodys, 404)
    assert told(anothers) == told(nobodys)
    assert world.content() == before
    in_time(world, endpoint)
    own = await call(world.ann.http, endpoint, ids)
    assert own.status_code == endpoint.shape.status, "with the owner's token this very request is good"


@pytest.mark.parametrize("endpoint", WITH_ID, ids=named)
async def test_a_hostile_id_is_one_that_is_not_there(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    for name in re.findall(r"{(\w+)}", endpoint.path):
        for hostile in HOSTILE.values():
            problem_of(await call(world.ann.http, endpoint, {**ids, name: hostile}), 404)
    assert world.content() == before


async def test_listings_show_ones_own_only(world: World) -> None:
    await theirs(world)
    assert (await world.bob.get("/v1/events"))["items"] == []
    assert (await world.bob.get("/v1/events", from_="2026-11-23", to="2026-12-31"))["items"] == []
    assert (await world.bob.get("/v1/tasks"))["items"] == []
    assert (await world.bob.get("/v1/reminders"))["items"] == []
    assert (await world.bob.get("/v1/schedules"))["items"] == []
    assert len((await world.bob.get("/v1/calendars"))["items"]) == 1
    assert len((await world.bob.get("/v1/tokens"))["items"]) == 1


async def test_another_ones_calendar_cannot_be_named(world: World) -> None:
    anothers = (await theirs(world))["calendarId"]
    nobodys = "A" * len(anothers)
    before = world.content()
    texts: dict[str, list[bytes]] = {}
    own = await world.bob.event()
    before = world.content()
    for calendar in (anothers, nobodys):
        body: dict[str, Any] = {**EXAMPLES["createEvent"], "calendarId": calendar}
        answers = [
            await world.bob.ask("POST", "/v1/events", body),
            await world.bob.ask("PATCH", f"/v1/events/{own['id']}", {"calendarId": calendar}),
            await world.bob.ask("GET", f"/v1/events?calendarId={calendar}"),
            await world.bob.ask("GET", f"/v1/events?calendarId={calendar}&from=2026-11-23&to=2026-11-24"),
        ]
        assert [answer.status_code for answer in answers] == [422, 422, 400, 400]
        texts[calendar] = [told(answer)[0].replace(calendar.encode(), b"") for answer in answers]
    assert texts[anothers] == texts[nobodys]
    assert world.content() == before


@pytest.mark.parametrize("endpoint", [each for each in ENDPOINTS if each.scope], ids=named)
async def test_every_endpoint_needs_its_scope_and_a_token_that_is_good(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    assert endpoint.scope is not None
    others = tuple(sorted(set(SCOPES) - {endpoint.scopes[-1]}))
    before = world.content()
    poor = world.client(await world.token(world.ann.id, others))
    after_token = world.content()
    refused = await call(poor, endpoint, ids)
    assert endpoint.scopes[-1] in problem_of(refused, 403)["detail"]
    assert f'scope="{endpoint.scope}"' in refused.headers["www-authenticate"]
    for token in ("", "aur_wrong", "rubbish", "a.b.c", "access-nobody", "\u00fc"):
        answered = await call(world.client(token), endpoint, ids)
        problem_of(answered, 401)
        assert answered.headers["www-authenticate"].startswith('Bearer realm="Aurora Time"')
    world.http.auth = httpx.BasicAuth("ann", "secret")
    problem_of(await call(world.http, endpoint, ids), 401)
    assert world.content() == after_token != before


@pytest.mark.inside("its access tokens are no pool's")
async def test_a_browsers_access_token_is_as_good(world: World) -> None:
    browser = world.client("access-ann")
    assert (await browser.get("/v1/me")).json()["email"] == "ann@example.org"

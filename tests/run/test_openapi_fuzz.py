"""Requests made from the OpenAPI document, good and bad: never a 5xx, never an answer that it does not announce."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from aurora_time.run.openapi import document
from tests.api.account_scenarios import sign_in
from tests.api.world import World, timed

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
DAILY = {"summary": "x", "start": timed("2026-11-23T09:00:00"), "recurrence": ["RRULE:FREQ=DAILY"]}
THINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "eventId": ("/v1/events", DAILY),
    "calendarId": ("/v1/calendars", {"name": "Work"}),
    "taskId": ("/v1/tasks", {"summary": "x", "due": timed("2026-11-23T09:00:00"), "recurrence": ["RRULE:FREQ=DAILY"]}),
    "tokenId": ("/v1/tokens", {"name": "x", "scopes": ["events:read"]}),
    "ruleId": ("/v1/reminder-rules", {"name": "x", "triggers": [{"channel": "email", "minutesBefore": 5}]}),
    "reminderId": ("/v1/reminders", {"at": "2026-11-24T09:00:00", "text": "x"}),
    "scheduleId": ("/v1/schedules", {"name": "x", "horizonDays": 366}),
}
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = {
    each.definition.raw["operationId"]: each for each in (result.ok() for result in SCHEMA.get_all_operations())
}


class Running:
    """A world in a loop that waits for requests, with things whose ids a request may use."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.world: World = self.runner.run(World().__aenter__())
        self.kept: dict[str, str] = {}

    def close(self) -> None:
        self.runner.run(self.world.__aexit__())
        self.runner.close()

    async def id(self, name: str) -> str:
        """Of something that is there, whatever earlier requests have done."""
        if name == "recurrenceId":
            return "20261130T090000"
        if name == "bookingId":
            return await self.booking_id()
        if name == "jobId":
            return await self.job_id()
        if name == "sessionId":
            await sign_in(self.world, "ann", "desk")
            return "desk"
        path, body = THINGS[name]
        kept = self.kept.get(name)
        if kept is None or (await self.world.ann.ask("GET", f"{path}/{kept}")).status_code == 404:
            kept = self.kept[name] = (await self.world.ann.make(path, body))["id"]
        return kept

    async def booking_id(self) -> str:
        """Of a booking, or of none where earlier requests have made everything busy."""
        body = {"start": "2026-11-24T02:00:00Z", "name": "Sam", "email": "sam@example.org"}
        made = await self.world.ann.ask("POST", f"/v1/schedules/{await self.id('scheduleId')}/bookings", body)
        if made.status_code == 201:
            self.kept["bookingId"] = made.json()["id"]
        return self.kept.get("bookingId", "none")

    async def job_id(self) -> str:
        """Of one that waits, as nobody runs them here."""
        if "jobId" not in self.kept:
            ended = (await self.world.ann.make("/v1/calendars", {"name": "No more"}))["id"]
            self.kept["jobId"] = (await self.world.ann.ask("DELETE", f"/v1/calendars/{ended}")).json()["id"]
        return self.kept["jobId"]

    def mend(self, case: Any) -> None:
        """Put right what chance hardly ever does, so that more than the first check of a request is met."""
        case.headers.pop("Idempotency-Key", None)  # chance likes the shortest, which soon belongs to another request
        if case.path_parameters:
            case.path_parameters = {name: self.runner.run(self.id(name)) for name in case.path_parameters}
            if case.method in ("PUT", "PATCH", "DELETE"):
                case.headers["If-Match"] = "*"
        if case.query and "from" in case.query:
            case.query |= {"from": "2026-11-23", "to": "2026-12-24"}
        good: dict[str, Any] = {
            "start": {"date": "2026-11-23"}, "end": None, "timeZone": "Europe/Berlin", "scopes": ["events:read"],
            "expires": None, "calendarId": None, "recurrence": ["RRULE:FREQ=DAILY"],
        }  # fmt: skip
        if isinstance(case.body, dict):
            case.body |= {name: good[name] for name in case.body if name in good}

    def send(self, case: Any, *, known: bool, checks: list[Any]) -> None:
        if known:
            self.mend(case)
        sent = case.as_transport_kwargs(base_url="http://aurora.test")
        headers = {name: value.encode("utf-8") for name, value in (sent.get("headers") or {}).items()}
        headers.pop("Authorization", None)  # tests/api/test_tenancy.py has those that are no good
        body = {"json": sent["json"]} if "json" in sent else {"content": sent["data"]} if sent.get("data") else {}
        url = urlsplit(sent["url"])._replace(netloc="aurora.test", scheme="http").geturl()
        asked = self.world.ann.http.request(
            sent["method"], url, params=sent.get("params") or None, headers=headers, **body
        )
        case.validate_response(self.runner.run(asked), checks=checks)
        if sent["method"] == "DELETE" and case.path in ("/v1/me", "/v1/sessions"):  # the token, or all, is gone
            self.world.ann = self.runner.run(self.world.somebody("ann"))
            self.kept.clear()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    made = Running()
    yield made
    made.close()


@pytest.mark.fuzz
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_surprises(running: Running, effort: int, name: str, mode: GenerationMode) -> None:
    operation = OPERATIONS[name]
    checks = CHECKS[1:] if name == "getReadiness" else CHECKS  # nothing rings here, so it is not ready
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body or operation.path_parameters):
        return  # there is nothing that could be wrong

    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    @settings(
        max_examples=EXAMPLES * effort,
        deadline=None,
        database=None,
        derandomize=effort == 1,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: bool) -> None:
        running.send(case, known=known, checks=checks)

    ask()

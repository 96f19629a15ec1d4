"""What random requests are sent to: a world with one of everything; and how what chance never gets right is mended."""

from __future__ import annotations

import asyncio
import copy
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from aurora_time.domain.moment import print_instant
from aurora_time.operations import canary
from aurora_time.run.openapi import document
from tests.api.account_scenarios import sign_in
from tests.api.world import Json, World, timed

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(copy.deepcopy(document()))
"""Of its own, as its examples may be changed here."""
KNOWN = {name for each in document()["components"]["schemas"].values() for name in each.get("properties", ())}
"""A patch may have any other name by its schema, and is refused for it."""
DAILY = {"summary": "x", "start": timed("2026-11-23T09:00:00"), "recurrence": ["RRULE:FREQ=DAILY"]}
THINGS: dict[str, tuple[str, Json]] = {
    "eventId": ("/v1/events", DAILY),
    "calendarId": ("/v1/calendars", {"name": "Work"}),
    "taskId": ("/v1/tasks", {"summary": "x", "due": timed("2026-11-23T09:00:00"), "recurrence": ["RRULE:FREQ=DAILY"]}),
    "tokenId": ("/v1/tokens", {"name": "x", "scopes": ["events:read"]}),
    "ruleId": ("/v1/reminder-rules", {"name": "x", "triggers": [{"channel": "email", "minutesBefore": 5}]}),
    "reminderId": ("/v1/reminders", {"at": "2026-11-24T09:00:00", "text": "x"}),
    "scheduleId": ("/v1/schedules", {"name": "x", "horizonDays": 366}),
}
GOOD: Json = {
    "start": {"date": "2026-11-23"}, "end": None, "timeZone": "Europe/Berlin", "scopes": ["events:read"],
    "expires": None, "calendarId": None, "recurrence": ["RRULE:FREQ=DAILY"],
}  # fmt: skip
"""Fields whose text has a meaning that a schema does not tell."""
OF_SERIES = ("start", "end", "recurrence", "uid", "calendarId")


class Running:
    """A world in a loop that waits for requests, with things whose ids a request may use."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.world: World = self.runner.run(World().__aenter__())
        self.runner.run(canary.start(self.world.services))
        self.kept: dict[str, str] = {}

    def close(self) -> None:
        self.runner.run(self.world.__aexit__())
        self.runner.close()

    # --- ids ----------------------------------------------------------------------------------------------------------
    async def ids(self, names: list[str]) -> dict[str, str]:
        """Of things that are there, whatever earlier requests have done."""
        if "recurrenceId" in names:
            return await self._occurrence()
        return {name: await self._id(name) for name in names}

    async def _id(self, name: str) -> str:
        if name == "bookingId":
            return await self._booking()
        if name == "link":
            return await self._link()
        if name == "jobId":
            return await self._job()
        if name == "sessionId":
            await sign_in(self.world, "ann", "desk")
            return "desk"
        path, body = THINGS[name]
        kept = self.kept.get(name)
        if kept is None or (await self.world.ann.ask("GET", f"{path}/{kept}")).status_code == 404:
            kept = self.kept[name] = (await self.world.ann.make(path, body))["id"]
        return kept

    async def _occurrence(self) -> dict[str, str]:
        for _ in range(2):
            event = await self._id("eventId")
            path = f"/v1/events/{event}/occurrences"
            found = (await self.world.ann.get(path, from_="2026-11-25", to="2026-12-05"))["items"]
            if found:
                return {"eventId": event, "recurrenceId": found[0]["recurrenceId"]}
            del self.kept["eventId"]  # earlier requests have moved it away
        raise AssertionError("a new daily event has occurrences")

    async def _booking(self) -> str:
        path = f"/v1/schedules/{await self._id('scheduleId')}/bookings"
        kept = self.kept.get("bookingId")
        if kept is None or (await self.world.ann.ask("GET", f"{path}/{kept}")).status_code == 404:
            body = {
                "start": await self.slot(await self._id("scheduleId")),
                "name": "Sam",
                "email": f"{self.world.ids.new()}@example.org",
            }
            kept = self.kept["bookingId"] = (await self.world.ann.make(path, body))["id"]
        return kept

    async def slot(self, schedule_id: str) -> str:
        """The start of one that is free; of a schedule that is not there, or has none, any instant."""
        path = f"/v1/schedules/{quote(schedule_id, safe='')}/slots?from=2026-11-24&to=2027-01-24"
        found = (await self.world.ann.ask("GET", path)).json().get("items")
        return str(found[0]["start"]) if found else "2026-11-24T02:00:00Z"

    async def _job(self) -> str:
        """Of one that waits, as nobody runs them here."""
        if "jobId" not in self.kept:
            ended = (await self.world.ann.make("/v1/calendars", {"name": "No more"}))["id"]
            self.kept["jobId"] = (await self.world.ann.ask("DELETE", f"/v1/calendars/{ended}")).json()["id"]
        return self.kept["jobId"]

    async def _link(self) -> str:
        """A new one each time: one link may be read so often only, and another request may have deleted it."""
        answer = await self.world.ann.ask("POST", f"/v1/calendars/{await self._id('calendarId')}/link")
        return str(answer.json()["secretUrl"]).rsplit("/", 1)[1]

    async def _undo_token(self) -> str:
        event = await self._id("eventId")
        return (await self.world.ann.ask("DELETE", f"/v1/events/{event}")).headers["undo-token"]

    async def _due_in_the_browser(self) -> str:
        body = {"at": print_instant(self.world.services.now + 60), "text": "x", "channel": "browser"}
        made = await self.world.ann.make("/v1/reminders", body)
        self.world.clock.time += 60
        return str(made["id"])

    async def _signed_in(self) -> None:
        """Somebody goes on asking, also when the token was ended, or the account closed."""
        if (await self.world.ann.ask("GET", "/v1/me")).status_code == 401:
            self.world.ann = await self.world.somebody("ann")
            self.kept.clear()

    # --- requests -----------------------------------------------------------------------------------------------------
    def mend(self, case: Any) -> None:
        """Put right what chance hardly ever does, so that more than the first check of a request is met."""
        if case.operation.definition.raw["operationId"] == "showReminder":
            case.path_parameters = {"reminderId": self.runner.run(self._due_in_the_browser())}
        elif case.path_parameters:
            case.path_parameters = self.runner.run(self.ids(list(case.path_parameters)))
        self.mend_rest(case)

    def mend_rest(self, case: Any) -> None:
        """All but its ids."""
        case.headers.pop("Idempotency-Key", None)  # chance likes the shortest, which soon belongs to another request
        if case.method != "GET" and "If-Match" in case.headers:
            case.headers["If-Match"] = "*"
        if case.query and "from" in case.query:
            case.query |= {"from": "2026-11-23", "to": "2026-12-24"}
        if isinstance(case.body, dict):
            self._mend_body(case)

    def _mend_body(self, case: Any) -> None:
        body = case.body
        for name in body.keys() - KNOWN:
            del body[name]
        operation = case.operation.definition.raw["operationId"]
        if operation == "updateOccurrence":  # what it has from its series
            for name in OF_SERIES:
                body.pop(name, None)
        elif operation == "updateTask":  # chance seldom finds times that go with those of the task as others left it
            for name in ("due", "start", "recurrence", "parentId", "calendarId"):
                body.pop(name, None)
        elif operation == "snoozeReminder":
            body.pop("until", None)
            body["minutes"] = body.get("minutes") or 5
        elif operation == "createBooking":
            body |= {
                "start": self.runner.run(self.slot(case.path_parameters["scheduleId"])),
                "minutes": None,
                "timeZone": "Europe/Berlin",
            }
        elif operation == "undo":
            body["token"] = self.runner.run(self._undo_token())
        elif operation == "updateReminder":
            for name in [each for each in body if each not in ("text", "channel") or body[each] is None]:
                del body[name]
            body["at"] = "2026-11-25T09:00:00"
        else:
            body |= {name: GOOD[name] for name in body if name in GOOD}

    def ask(self, case: Any) -> httpx.Response:
        sent = case.as_transport_kwargs(base_url="http://aurora.test")
        headers = {name: value.encode("utf-8") for name, value in (sent.get("headers") or {}).items()}
        headers.pop("Authorization", None)  # tests/api/test_tenancy.py has those that are no good
        body = {"json": sent["json"]} if "json" in sent else {"content": sent["data"]} if sent.get("data") else {}
        url = urlsplit(sent["url"])._replace(netloc="aurora.test", scheme="http").geturl()
        answer = self.runner.run(
            self.world.ann.http.request(sent["method"], url, params=sent.get("params") or None, headers=headers, **body)
        )
        if sent["method"] == "DELETE":
            self.runner.run(self._signed_in())
        return answer

"""An export that is larger than a function may give: it lies ready for some minutes, and whoever asked is led to it."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
import urllib.request
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import msgspec
import pytest

from aurora_time.adapters.s3 import S3Shelf
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.api.authentication import authenticator
from aurora_time.aws.large import GOOD, MOST, Fitting
from aurora_time.aws.rest import RestFunction, endpoints_for, response
from aurora_time.aws.settings import CloudSettings
from aurora_time.aws.soon import Soon
from aurora_time.aws.world import CLOCK, make_services
from aurora_time.http.endpoint import Reply
from aurora_time.operations.events import create_event
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.operations.representation import EventInput
from aurora_time.ports import Shelf, UnavailableError
from aurora_time.run.endpoints import wire_some
from aurora_time.run.world import RandomIds
from tests.aws.cloud import HOME, Nobody, request

LAMBDA_TAKES = 6 * 1024 * 1024
NOTES = "Việt\n\t\\ " * 11_000


class Shelves:
    """A Shelf in memory."""

    def __init__(self) -> None:
        self.laid: dict[str, tuple[bytes, Mapping[str, str]]] = {}

    async def lay(self, name: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.laid[name] = body, headers


class Full:
    async def lay(self, name: str, body: bytes, headers: Mapping[str, str]) -> None:
        raise UnavailableError("no room", 7)


class Account:
    """Somebody with so many events of 100 kB each; ``get`` asks a function, whose whole answer Lambda would take."""

    def __init__(self, shelf: Shelf | None) -> None:
        self.shelf = shelf

    async def opened(self, events: int) -> Account:
        self.table = SqliteTable.open(":memory:", CLOCK)
        self.services = make_services(CloudSettings("", HOME, said={"AURORA_ISSUER": "pool"}), self.table)
        self.owner = await ensure_person(
            self.services, "pool", "an", NewPerson("an@example.org", "An", "Asia/Ho_Chi_Minh", "en")
        )
        self.token = (await create_token(self.services, self.owner, "A token", SCOPES, None))[2]
        for number in range(events):
            event = {"summary": f"Event {number}", "start": {"date": "2026-11-23"}, "description": NOTES}
            await create_event(self.services, self.owner, msgspec.convert(event, EventInput))
        return self

    async def get(self, file: str, path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
        authenticate = authenticator(self.services, Nobody())
        wired = wire_some(endpoints_for(file), self.services, authenticate)
        function = RestFunction(wired, self.services, Soon(CLOCK, None), self.shelf)
        answer = await function(request(method, path, token=self.token, **more))
        assert len(json.dumps(answer).encode()) <= LAMBDA_TAKES
        return answer


def told(story: Callable[[Account], Coroutine[Any, Any, None]], shelf: Shelf | None, events: int) -> None:
    async def run() -> None:
        account = await Account(shelf).opened(events)
        try:
            await story(account)
        finally:
            await account.table.close()

    asyncio.run(run())


def test_whoever_asks_for_a_large_export_is_led_to_it_for_some_minutes() -> None:
    shelf = Shelves()

    async def story(account: Account) -> None:
        answer = await account.get("transfer", "/v1/export")
        assert (answer["statusCode"], answer.get("body", "")) == (303, "")
        assert answer["headers"]["cache-control"] == "no-store"
        ((name, (body, headers)),) = shelf.laid.items()
        assert answer["headers"]["location"] == f"/{name}"
        named = re.fullmatch(r"answers/(\d+)-[\w-]{27}", name)
        assert named is not None
        assert 0 <= int(named[1]) - time.time() <= GOOD
        assert len(body) > MOST
        assert body.count(b"BEGIN:VEVENT") == 60
        assert headers["content-type"] == "text/calendar; charset=utf-8"
        assert "aurora-time.ics" in headers["content-disposition"]
        whole = await account.get("transfer", "/v1/export?format=json")
        assert whole["statusCode"] == 303
        body, headers = shelf.laid[whole["headers"]["location"][1:]]
        assert headers["content-type"] == "application/json"
        assert len(json.loads(body)["events"]) == 60

    told(story, shelf, 60)


def test_the_secret_link_of_a_large_calendar_leads_to_it_too_and_says_so_only_when_it_changed() -> None:
    shelf = Shelves()

    async def story(account: Account) -> None:
        calendar = json.loads((await account.get("calendars", "/v1/calendars"))["body"])["items"][0]["id"]
        path, parameters = f"/v1/calendars/{calendar}/link", {"calendarId": calendar}
        route = "/v1/calendars/{calendarId}/link"
        made = json.loads((await account.get("links", path, "POST", route=route, parameters=parameters))["body"])
        link = made["secretUrl"].removeprefix(HOME)
        of_link = {"route": "/ical/{link}", "parameters": {"link": link.rpartition("/")[2]}}
        answer = await account.get("links", link, **of_link)
        assert answer["statusCode"] == 303
        assert answer["headers"]["x-robots-tag"] == "noindex"
        assert shelf.laid[answer["headers"]["location"][1:]][0].count(b"BEGIN:VEVENT") == 60
        assert (await account.get("links", link, "HEAD", **of_link))["statusCode"] == 200
        assert len(shelf.laid) == 1

    told(story, shelf, 60)


def test_what_fits_when_it_is_packed_is_answered_at_once() -> None:
    shelf = Shelves()

    async def story(account: Account) -> None:
        answer = await account.get("transfer", "/v1/export", headers={"accept-encoding": "gzip"})
        assert (answer["statusCode"], shelf.laid) == (200, {})
        assert gzip.decompress(msgspec.convert(answer["body"], bytes, strict=False)).count(b"BEGIN:VEVENT") == 60

    told(story, shelf, 60)


@pytest.mark.parametrize("byte", [b"\x1f", b'"', b"a"])
def test_the_largest_body_that_is_answered_whole_is_taken_by_lambda_whatever_is_in_it(byte: bytes) -> None:
    shelf = Shelves()
    fitting = Fitting(shelf, CLOCK, RandomIds())

    async def run() -> None:
        for body in (byte * MOST, gzip.compress(b"", 0) + byte * (MOST - 64)):
            answer = response(await fitting(Reply(200, body, media_type="text/calendar"), "r"), "r")
            assert len(json.dumps(answer).encode()) <= LAMBDA_TAKES
        assert not shelf.laid
        await fitting(Reply(200, byte * (MOST + 1)), "r")
        assert len(shelf.laid) == 1

    asyncio.run(run())


def test_what_is_just_not_too_large_is_answered_whole() -> None:
    shelf = Shelves()

    async def story(account: Account) -> None:
        answer = await account.get("transfer", "/v1/export")
        assert (answer["statusCode"], shelf.laid) == (200, {})
        text = msgspec.convert(answer["body"], bytes, strict=False)
        assert 3_000_000 < len(text) <= MOST

    told(story, shelf, 30)


@pytest.mark.parametrize(("shelf", "status", "says"), [(None, 413, "calendarId"), (Full(), 503, "Try again")])
def test_where_it_cannot_be_laid_ready_it_is_said_what_to_do(shelf: Shelf | None, status: int, says: str) -> None:
    async def story(account: Account) -> None:
        answer = await account.get("transfer", "/v1/export")
        assert answer["statusCode"] == status
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert says in json.loads(answer["body"])["detail"]
        assert status != 503 or answer["headers"]["retry-after"] == "7"

    told(story, shelf, 60)


def test_what_takes_too_long_is_told_before_the_gateway_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aurora_time.aws.rest.PATIENCE", 0.0)

    async def story(account: Account) -> None:
        answer = await account.get("transfer", "/v1/export")
        assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "60")
        assert "calendarId" in json.loads(answer["body"])["detail"]

    told(story, None, 1)


@pytest.mark.aws
def test_a_bucket_gives_what_was_laid_with_its_type_and_name(aws: Any) -> None:
    s3, bucket = aws.service("s3"), aws.table_name().lower().replace("_", "-")[-40:].strip("-.")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    headers = {"content-type": "text/calendar; charset=utf-8", "content-disposition": "attachment", "ratelimit": "1"}
    asyncio.run(S3Shelf(s3, bucket).lay("answers/1-x", b"BEGIN:VCALENDAR", headers))
    with urllib.request.urlopen(
        s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "answers/1-x"})
    ) as got:
        assert got.read() == b"BEGIN:VCALENDAR"
        assert got.headers["content-type"] == "text/calendar; charset=utf-8"
        assert got.headers["cache-control"] == "private, no-store"
    with pytest.raises(UnavailableError):
        asyncio.run(S3Shelf(s3, f"{bucket}-that-is-not-there").lay("answers/1-x", b"", {}))

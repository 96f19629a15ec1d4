"""A calendar as large as one may be comes to a function, whose events are six megabytes of JSON at most."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.api import endpoints_in
from aurora_time.api.authentication import authenticator
from aurora_time.aws.settings import CloudSettings
from aurora_time.aws.world import CLOCK, make_services
from aurora_time.http.endpoint import GZIP
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.run.endpoints import wire_some
from tests.aws.cloud import HOME, Nobody
from tests.aws.gateway import Gateway

MOST = 10_000_000
EVENT = (
    "BEGIN:VEVENT\r\nUID:{0}@x\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261124T090000Z\r\nX-NOTE:{1}\r\nEND:VEVENT\r\n"
)


def calendar(size: int) -> bytes:
    """Of so many bytes, in events of 260 kB."""
    events = "".join(EVENT.format(number, f"Việt {number:05} " * 20_000) for number in range(size // 260_500))
    made = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}X-PAD:PAD\r\nEND:VCALENDAR\r\n".encode()
    return made.replace(b"PAD\r\n", b"x" * (size - len(made) + 3) + b"\r\n", 1)


@asynccontextmanager
async def somebody() -> AsyncIterator[httpx.AsyncClient]:
    table = SqliteTable.open(":memory:", CLOCK)
    services = make_services(CloudSettings("", HOME, said={"AURORA_ISSUER": "pool"}), table)
    an = await ensure_person(services, "pool", "an", NewPerson("an@example.org", "An", "Asia/Ho_Chi_Minh", "en"))
    token = (await create_token(services, an, "A token", SCOPES, None))[2]
    gateway = Gateway(wire_some(endpoints_in("transfer"), services, authenticator(services, Nobody())), services)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=gateway, base_url=HOME, headers=headers) as client:
        yield client
    await table.close()


async def send(body: bytes, media: str) -> httpx.Response:
    async with somebody() as client:
        return await client.post("/v1/import", content=body, headers={"content-type": media})


def test_a_calendar_of_ten_megabytes_comes_in_packed() -> None:
    text = calendar(MOST)
    assert len(text) == MOST
    answer = asyncio.run(send(gzip.compress(text), GZIP))
    assert answer.status_code == 202, answer.text
    assert (answer.json()["total"], answer.json()["report"]["failed"]) == (MOST // 260_500, 0)


def test_as_it_is_it_is_refused_by_the_gateway_and_half_of_it_is_not() -> None:
    refused = asyncio.run(send(calendar(MOST), "text/calendar"))
    assert (refused.status_code, refused.json()) == (413, {"message": "Request Entity Too Large"})
    assert asyncio.run(send(calendar(MOST // 2), "text/calendar")).status_code == 200


def test_text_that_is_packed_does_not_come_through_the_gateway_and_who_sent_it_is_told_how() -> None:
    async def encoded() -> httpx.Response:
        headers = {"content-type": "text/calendar", "content-encoding": "gzip"}
        async with somebody() as client:
            return await client.post("/v1/import", content=gzip.compress(calendar(500)), headers=headers)

    answer = asyncio.run(encoded())
    assert answer.status_code == 400
    assert GZIP in answer.json()["detail"]

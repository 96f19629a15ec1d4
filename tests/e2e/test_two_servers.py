"""Two servers on one table in DynamoDB, as two containers would be: right together, each reminder rung once."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from aurora_time.adapters.dynamodb_table import create_table
from tests.emulated import EmulatedAws
from tests.run.aurora_process import aurora
from tools.running import HomeProcess, SinkProcess

pytestmark = [pytest.mark.anyio, pytest.mark.aws]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Pair(NamedTuple):
    """Two servers that were started at once on an empty table, and what opens it."""

    homes: list[HomeProcess]
    sink: SinkProcess
    environ: dict[str, str]

    def add(self, email: str) -> dict[str, str]:
        """The headers of a new person, made by the command line beside the running servers."""
        done = aurora("user", "add", email, "--token", "--time-zone", "UTC", **self.environ)
        assert done.returncode == 0, done
        return {"authorization": f"Bearer {done.stdout.strip()}"}


@contextmanager
def two_homes(aws: EmulatedAws, folder: Path) -> Iterator[Pair]:
    """Not started yet."""
    name = aws.table_name()
    create_table(aws.client(), name)
    environ = {**aws.environ, "AURORA_TABLE": f"dynamodb:{name}", "AURORA_DATA": str(folder / "cli")}
    mails = SinkProcess(folder / "mails")
    with ExitStack() as stack:
        stack.callback(mails.stop)
        homes = [HomeProcess(folder / f"home{n}", mails.port, traced=n == 0, **environ) for n in range(2)]
        for home in homes:
            stack.callback(home.stop)
        yield Pair(homes, mails, environ)


@pytest.fixture(scope="module")
def pair(aws: EmulatedAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_homes(aws, tmp_path_factory.mktemp("pair")) as made:
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(HomeProcess.start, made.homes))
        yield made


async def post(http: httpx.AsyncClient, home: HomeProcess, path: str, body: dict[str, object]) -> dict[str, str]:
    """As a client does that minds 503: it asks again, with the same key."""
    key = {"idempotency-key": f"{time.monotonic_ns()}-{home.port}"}
    for _ in range(20):
        answer = await http.post(f"{home.url}{path}", json=body, headers=key)
        if answer.status_code != 503:
            break
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


async def ids_at(http: httpx.AsyncClient, home: HomeProcess) -> list[str]:
    answer = await http.get(f"{home.url}/v1/events", params={"from": "2027-03-01", "to": "2027-03-08", "limit": 200})
    return sorted(each["id"] for each in answer.json()["items"])


async def test_what_is_written_through_both_at_once_is_all_there_at_both(pair: Pair) -> None:
    async with httpx.AsyncClient(headers=pair.add("ann@example.org"), trust_env=False, timeout=60) as http:
        events = [
            post(http, pair.homes[n % 2], "/v1/events", {
                "summary": f"Event {n}", "start": {"dateTime": f"2027-03-0{1 + n % 7}T09:00:00", "timeZone": "UTC"},
            })
            for n in range(24)
        ]  # fmt: skip
        made = sorted(each["id"] for each in await asyncio.gather(*events))
        first, second = [await ids_at(http, home) for home in pair.homes]
        assert first == second == made
        feed = (await http.get(f"{pair.homes[0].url}/v1/changes")).json()
        assert sorted(each["id"] for each in feed["items"] if each["kind"] == "event") == made


async def remind(http: httpx.AsyncClient, home: HomeProcess, text: str) -> tuple[str, float]:
    """The id of a reminder that is due in some seconds, and when; a slow machine is given another chance."""
    while True:
        at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=6)
        body = {"at": at.isoformat(), "text": text}
        answer = await http.post(
            f"{home.url}/v1/reminders",
            json=body,
            headers={"idempotency-key": f"{text}{at.timestamp()}".replace(" ", "")},
        )
        if answer.status_code == 201:
            return answer.json()["id"], at.timestamp()
        assert answer.status_code in (422, 503), answer.text


async def until(http: httpx.AsyncClient, home: HomeProcess, status: str, wanted: set[str]) -> None:
    """Return when these reminders have this status in the ledger."""
    async with asyncio.timeout(120):
        while True:
            ledger = (await http.get(f"{home.url}/v1/reminders", params={"status": status})).json()["items"]
            if wanted <= {each["id"] for each in ledger}:
                return
            await asyncio.sleep(0.1)


async def test_each_reminder_rings_once_though_two_servers_look_for_it(pair: Pair) -> None:
    async with httpx.AsyncClient(headers=pair.add("bob@example.org"), trust_env=False, timeout=60) as http:
        making = [remind(http, pair.homes[n % 2], f"Number {n}") for n in range(16)]
        made = dict(await asyncio.gather(*making))
        await until(http, pair.homes[0], "sent", set(made))
    pair.sink.settle()
    mailed = [mail for mail in pair.sink.mails() if "bob@" in mail.to]
    counted = Counter(mail.message_id for mail in mailed)
    assert len(counted) == len(made)
    assert set(counted.values()) == {1}, "a reminder rang twice"
    assert min(mail.time for mail in mailed) >= min(made.values()), "never early"


def test_the_second_server_serves_on_when_the_first_has_ended(pair: Pair) -> None:
    headers = pair.add("eve@example.org")
    assert pair.homes[0].stop() == 0
    answer = httpx.get(f"{pair.homes[1].url}/v1/me", headers=headers, trust_env=False, timeout=30)
    assert answer.status_code == 200, answer.text
    pair.homes[0].start()
    answer = httpx.get(f"{pair.homes[0].url}/v1/me", headers=headers, trust_env=False, timeout=30)
    assert answer.json()["email"] == "eve@example.org"

"""What the REST suite (tests/api) needs to run through a deployed home: its gateway, its table, its clock."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import httpx

from aurora_time.aws.functions import BROWSER_ONLY
from aurora_time.ports import Clock
from tests.aws.deployed.home import Home
from tests.aws.deployed.inside import Inside, Outside, OwnTable, stop
from tests.aws.deployed.running import EMULATOR, deployed_home

if TYPE_CHECKING:
    from tests.api.world import World

GUARDED = tuple(path.partition("{")[0] for path in BROWSER_ONLY)
OF_GATEWAY = (b"apigw-requestid", b"date")
"""What it adds to each answer, another each time."""
MACHINE = Path(__file__).with_name("machine")


class Through(httpx.AsyncBaseTransport):
    """To the HTTP API at its address, on a connection for each request: worlds do not close their clients."""

    def __init__(self, home: Home) -> None:
        self._port = home.aws.port
        self._host = f"{home.api}.execute-api.localhost"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith(GUARDED):
            stop("the gateway takes the pool's tokens alone, and the suite has none")
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"host"]
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        sent = httpx.Request(
            request.method, url, headers=[(b"host", self._host.encode()), *headers], content=await request.aread()
        )
        async with httpx.AsyncHTTPTransport(verify=False) as transport:  # making ready for TLS takes 20 ms
            answer = await transport.handle_async_request(sent)
            content = b"".join([part async for part in answer.aiter_raw()])
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in OF_GATEWAY]
        return httpx.Response(answer.status_code, headers=headers, content=content)


class Suite:
    """A home of which the suite does by itself what AWS would do by the clock: nothing is swept, nothing rung."""

    def __init__(self, home: Home, clock: Path) -> None:
        self.home = home
        self.name = home.prefix
        self._clock = clock
        self._worlds = itertools.count()
        self._rest()

    def _rest(self) -> None:
        scheduler = self.home.aws.service("scheduler")
        for each in scheduler.list_schedules()["Schedules"]:
            said = scheduler.get_schedule(Name=each["Name"])
            kept = {name: said[name] for name in ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
            scheduler.update_schedule(**kept, State="DISABLED")
        for each in self.home.functions.list_event_source_mappings()["EventSourceMappings"]:
            self.home.functions.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
        # What has expired is removed by the true time, and the suite's stands elsewhere.
        expiry = {"AttributeName": "e", "Enabled": False}
        self.home.aws.client().update_time_to_live(TableName=self.name, TimeToLiveSpecification=expiry)

    def set_clock(self, time: float) -> None:
        made = self._clock.with_suffix(".new")
        made.write_text(repr(time))
        made.replace(self._clock)

    def begin(self) -> int:
        """The table is empty again; the number of the world that begins, by which its ids are no other's."""
        client = self.home.aws.client()
        pages = client.get_paginator("scan").paginate(TableName=self.name, ProjectionExpression="p, s")
        keys = [item for page in pages for item in page["Items"]]
        for first in range(0, len(keys), 25):
            wanted = [{"DeleteRequest": {"Key": key}} for key in keys[first : first + 25]]
            client.batch_write_item(RequestItems={self.name: wanted})
        return next(self._worlds)

    def table(self, client: Any, clock: Clock) -> OwnTable:
        return OwnTable(client, self.name, clock)

    def client(self, url: str, headers: Mapping[bytes, bytes], look: Callable[[httpx.Response], Any]) -> Outside:
        return Outside(transport=Through(self.home), base_url=url, headers=headers, event_hooks={"response": [look]})

    def close_off(self, world: World) -> None:
        """What the world has wired in its own process answers nobody."""
        world.wired = cast("Any", Inside("what each endpoint is wired to is looked at"))
        world.app = cast("Any", Inside("the server of one machine answers"))

    def stop(self, what: str) -> NoReturn:
        stop(what)


@contextlib.contextmanager
def deployed_suite(folder: Path, public_url: str) -> Iterator[Suite]:
    clock = folder / "clock"
    told = {"PYTHONPATH": str(MACHINE), "AURORA_TEST_CLOCK": str(clock)}
    with deployed_home(folder, "dev", public_url, told, [EMULATOR / "quick.py"]) as home:
        yield Suite(home, clock)

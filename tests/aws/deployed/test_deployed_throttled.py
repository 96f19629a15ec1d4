"""A table that throttles: what a deployed home says was done is done, and every reminder comes."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aurora_time.domain.moment import print_instant
from tests.adapters.dynamo_faults import Faults, faulty
from tests.aws.deployed.home import Home, Tokens, wait_for

pytestmark = [pytest.mark.deployed, pytest.mark.slow]
_EVENTS = 12
_TOUCHED = ("events", "sweep", "ring")
RETRIED = "20"
"""Seconds after which the queue hands out again what failed, of 360. With fewer than a busy machine needs to start a
process, each message was in the hands of several.
"""
_ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB"


@contextlib.contextmanager
def asking(home: Home, url: str) -> Iterator[None]:
    """The functions ask for the table at this address."""

    def tell(**more: str) -> None:
        for name in _TOUCHED:
            function = f"{home.prefix}-{name}"
            said = home.functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
            said.pop(_ENDPOINT, None)
            home.functions.update_function_configuration(
                FunctionName=function, Environment={"Variables": {**said, **more}}
            )

    tell(**{_ENDPOINT: url})
    try:
        yield
    finally:
        tell()


def make(home: Home, token: str, number: int, due: int) -> tuple[str, int]:
    """Make an event, trying again with the same key for as long as the home says that it cannot now."""
    body = {"summary": f"Throttled {number:02}", "start": {"dateTime": print_instant(due + 600)}}
    with home.http(token) as http:
        for turn in range(10):
            made = http.post("/v1/events", json=body, headers={"idempotency-key": f"bad-day-{number}"})
            if made.status_code != 503:
                assert made.status_code == 201, made.text
                return made.json()["id"], turn
            assert int(made.headers["retry-after"]) >= 1
    raise AssertionError("it was refused ten times")


def test_a_throttled_table_loses_nothing(home: Home, measured: Callable[[str], None]) -> None:
    """A third of all calls is refused, some are cut or fail; nothing that was acknowledged is lost or done twice."""
    thu: Tokens = home.somebody("thu")
    home.sqs.set_queue_attributes(QueueUrl=home.queue("errands"), Attributes={"VisibilityTimeout": RETRIED})
    due = int(time.time()) + 90
    faults = Faults(throttled=0.3, cut=0.03, broken=0.02, chance=random.Random(1))
    with faulty(home.aws.port, faults) as url, asking(home, url):
        with ThreadPoolExecutor(3) as several:
            made = list(several.map(lambda number: make(home, thu.access, number, due), range(_EVENTS)))
        wait_for(lambda: len(rung(home)) == _EVENTS, 480, "not every reminder came")
        refused = faults.done["throttled"]
    with home.http(thu.access) as http:
        found = http.get("/v1/events", params={"from": print_instant(due), "to": print_instant(due + 7200)}).json()
    assert sorted(each["id"] for each in found["items"]) == sorted(event_id for event_id, _ in made)
    lateness = max(each["Timestamp"] for each in mails(home)) - due
    again = sum(turn for _, turn in made)
    measured(f"{refused} calls throttled, {again} requests asked again, last mail {lateness:.0f} s late")
    assert refused > 20


def rung(home: Home) -> set[str]:
    return {each["Subject"][:12] for each in mails(home)}


def mails(home: Home) -> list[dict[str, Any]]:
    return [each for each in home.mails("thu@example.org") if each["Subject"].startswith("Throttled")]

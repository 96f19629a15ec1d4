"""SIGKILL between a write and its answer: clients that retry with their Idempotency-Key find one event, and its id."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter

import pytest

from tests.chaos.storm import event_body
from tools.running import HomeProcess, SinkProcess
from tools.visitor import newcomer

pytestmark = pytest.mark.chaos
CLIENTS = 4
CYCLES = 5


class Client(threading.Thread):
    """Makes one event after another; each until it is answered, however often the server dies meanwhile."""

    def __init__(self, port: int, token: str, name: str) -> None:
        super().__init__(name=name)
        self._port = port
        self._token = token
        self.enough = threading.Event()
        self.made: dict[str, str] = {}
        self.replayed = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.enough.is_set():
            summary = f"{self.name}/{len(self.made)}"
            self.made[summary] = self._until_answered(summary)

    def _until_answered(self, summary: str) -> str:
        while True:
            try:
                return self._post(summary)
            except (OSError, http.client.HTTPException):
                time.sleep(0.005)

    def _post(self, summary: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            headers = {
                "authorization": f"Bearer {self._token}",
                "content-type": "application/json",
                "idempotency-key": summary,
            }
            day = {"start": {"date": "2027-03-01"}, "end": {"date": "2027-03-02"}}
            body = json.dumps(event_body(summary, None) | day)
            connection.request("POST", "/v1/events", body, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            if response.status != 201 or answer["summary"] != summary:
                self.wrong.append(f"{response.status} {answer}")
            self.replayed += response.getheader("idempotency-replayed") == "true"
            return str(answer.get("id"))
        finally:
            connection.close()


def test_the_retry_answers_201_with_the_same_id_and_there_is_one_event(
    home: HomeProcess, sink: SinkProcess, effort: int
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    print(f"\nseed {seed}")
    home.start()
    token = newcomer(home.url, sink.folder, "an@example.org")
    clients = [Client(home.port, token, f"c{number}") for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for _ in range(CYCLES * effort):
        time.sleep(0.05 + chance.random() * 0.3)
        home.kill()
        home.start()
    for client in clients:
        client.enough.set()
        client.join(30)
    made = {summary: id_ for client in clients for summary, id_ in client.made.items()}
    assert [wrong for client in clients for wrong in client.wrong] == []
    print(f"{len(made)} events, {sum(client.replayed for client in clients)} answers given again")
    there = every_event(home.port, token)
    assert Counter(event["summary"] for event in there) == Counter(made.keys())
    assert {event["summary"]: event["id"] for event in there} == made


def every_event(port: int, token: str) -> list[dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    found: list[dict[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        connection.request("GET", f"/v1/events?limit=1000{more}", headers={"authorization": f"Bearer {token}"})
        page = json.loads(connection.getresponse().read())
        found += page["items"]
        cursor = page["nextCursor"]
    connection.close()
    return found

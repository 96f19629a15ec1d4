"""A proxy between the adapter and the emulated DynamoDB that does what networks and AWS do on bad days."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PREFIX = "com.amazonaws.dynamodb.v20120810#"


@dataclass
class Faults:
    """How often each fault happens, from 0 to 1; ``delay`` is in seconds, for every call. ``done`` counts them."""

    throttled: float = 0.0
    cut: float = 0.0
    duplicated: float = 0.0
    broken: float = 0.0
    delay: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    done: Counter[str] = field(default_factory=Counter)

    def happens(self, fault: str) -> bool:
        happens = self.chance.random() < getattr(self, fault)
        self.done[fault] += happens
        return happens


def refusal(operation: str, body: bytes, chance: random.Random) -> tuple[int, dict[str, Any]]:
    """One of the ways in which DynamoDB says that it is too much at once, or that somebody else is at it."""
    if operation != "TransactWriteItems" or chance.random() < 0.3:
        kind = chance.choice(["ThrottlingException", "ProvisionedThroughputExceededException"])
        return 400, {"__type": PREFIX + kind, "message": "Rate exceeded"}
    if chance.random() < 0.2:
        return 400, {"__type": PREFIX + "TransactionInProgressException", "Message": "in progress"}
    reasons: list[dict[str, Any]] = [{"Code": "None"} for _ in json.loads(body)["TransactItems"]]
    code = chance.choice(["ThrottlingError", "TransactionConflict", "ProvisionedThroughputExceeded"])
    chance.choice(reasons)["Code"] = code
    kind = PREFIX + "TransactionCanceledException"
    return 400, {"__type": kind, "Message": "Transaction cancelled", "CancellationReasons": reasons}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    faults: Faults
    port: int
    lock: threading.Lock

    def log_message(self, *_: Any) -> None:
        """What happens is seen by the tests."""

    def _draw(self) -> dict[str, bool]:
        with self.lock:
            return {fault: self.faults.happens(fault) for fault in ("throttled", "cut", "duplicated", "broken")}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].split(".")[-1]
        drawn = self._draw()
        time.sleep(self.faults.delay)
        if drawn["throttled"]:
            with self.lock:
                return self._answer(*refusal(operation, body, self.faults.chance))
        with self.lock:
            is_late = self.faults.chance.random() < 0.5
        if drawn["cut"] and not is_late:
            return self._hang_up()
        if drawn["broken"] and not is_late:
            return self._answer(500, {"__type": PREFIX + "InternalServerError", "message": "try again"})
        status, headers, answer = self._pass_on(body)
        if drawn["duplicated"]:
            status, headers, answer = self._pass_on(body)
        if drawn["cut"]:
            return self._hang_up()
        if drawn["broken"]:
            return self._answer(503, {"__type": PREFIX + "ServiceUnavailable", "message": "try again"})
        return self._reply(status, headers, answer)

    def _pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", self.path, body, dict(self.headers))
            answer = connection.getresponse()
            kept = {
                name: value for name, value in answer.getheaders() if name.lower().startswith(("x-", "content-type"))
            }
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        self._reply(status, {"content-type": "application/x-amz-json-1.0"}, json.dumps(document).encode())

    def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has hung up."""


@contextlib.contextmanager
def faulty(port: int, faults: Faults) -> Iterator[str]:
    """The address of a proxy to the emulator at ``port``; ``faults`` may be changed while it runs."""
    handler = type("Handler", (_Handler,), {"faults": faults, "port": port, "lock": threading.Lock()})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

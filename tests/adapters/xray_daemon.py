"""What Lambda runs beside a traced function, as far as it listens."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEAD = b'{"format": "json", "version": 1}\n'
ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
REQUEST = f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=1:fc3b4ff1:0"
"""As Lambda tells a function which request it is that is traced."""


class Daemon:
    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.environ = {
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{listening.getsockname()[1]}",
            "_X_AMZN_TRACE_ID": REQUEST,
        }
        self.heard: list[bytes] = []

    def documents(self) -> list[dict[str, Any]]:
        """What came since the last look: on loopback it is here when it is sent."""
        came: list[bytes] = []
        while True:
            try:
                came.append(self._listening.recv(65_536))
            except BlockingIOError:
                break
        self.heard += came
        assert all(each.startswith(HEAD) for each in came)
        return [json.loads(each.removeprefix(HEAD)) for each in came]


@contextmanager
def daemon() -> Iterator[Daemon]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        yield Daemon(listening)

"""What a request spent its time on, told to X-Ray: a datagram for each call to the daemon that Lambda runs beside us.

Lambda decides which requests are traced; of the others nothing is sent. What is sent names operations, tables, numbers
and statuses, and nothing of what is asked or answered.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

import msgspec

_HEAD: Final = b'{"format": "json", "version": 1}\n'
_REQUEST: Final = "_X_AMZN_TRACE_ID"
"""In the environment, another for each event: ``Root=1-...;Parent=...;Sampled=1``."""
_DAEMON: Final = "AWS_XRAY_DAEMON_ADDRESS"
Document = dict[str, Any]


def _new_id() -> str:
    return secrets.token_hex(8)


def _datagrams() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


class Span:
    """Something that takes time, while its ``with`` lasts. Without a ``document`` it is not traced.

    ``status``: of HTTP, 0 where no answer came. ``items``: how many were asked for, and how many found.
    """

    def __init__(self, traces: Traces, document: Document | None) -> None:
        self._traces = traces
        self._document = document
        self.status = 0
        self.is_throttled = False
        self.items: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(failed=error is not None)

    def end(self, *, failed: bool) -> None:
        if self._document is not None:
            self._traces.send({**self._document, **self._outcome(failed), "end_time": self._traces.now()})

    def _outcome(self, failed: bool) -> Document:
        is_error = 400 <= self.status < 500
        told = {
            "fault": self.status >= 500 or (failed and not is_error),
            "error": is_error,
            "throttle": self.is_throttled or self.status == 429,
        }
        made: Document = {name: True for name, is_so in told.items() if is_so}
        if self.status:
            made["http"] = {"response": {"status": self.status}}
        if self.items:
            made["metadata"] = {"items": self.items}
        return made


class EndpointSpan(Span):
    """An endpoint as a whole. That it has begun is told, too, so that one which is cut off is seen with its calls."""

    def __enter__(self) -> Self:
        if self._document is not None:
            self._traces.within = self._document["id"]
            self._traces.send({**self._document, "in_progress": True})
        return self

    def end(self, *, failed: bool) -> None:
        self._traces.within = None
        super().end(failed=failed)

    def _outcome(self, failed: bool) -> Document:
        """The status is no answer to a call of ours, but one of ours: as an annotation it can be searched for."""
        made = super()._outcome(failed)
        made.pop("http", None)
        about: Document = (self._document or {})["annotations"]
        return {**made, "annotations": {**about, "status": self.status}}


class Traces:
    """A process answers one event after the other, so one endpoint at most is open, under which its calls are.

    ``within`` is its id; without one, calls are under Lambda's own segment. May be asked in several threads.
    """

    def __init__(
        self, environ: Mapping[str, str], now: Callable[[], float] = time.time, new_id: Callable[[], str] = _new_id
    ) -> None:
        self._environ = environ
        self.now = now
        self._new_id = new_id
        self.within: str | None = None

    def endpoint(self, operation: str, **about: str) -> EndpointSpan:
        """``about``: by what else it can be searched for."""
        return EndpointSpan(self, self._begun(operation, annotations={"operation": operation, **about}))

    def call(self, service: str, operation: str, **about: str) -> Span:
        """To a service of AWS; ``about`` what, in X-Ray's words."""
        return Span(self, self._begun(service, namespace="aws", aws={"operation": operation, **about}))

    def remote(self, name: str) -> Span:
        """To whatever else answers HTTP."""
        return Span(self, self._begun(name, namespace="remote"))

    def _begun(self, name: str, **about: Any) -> Document | None:  # noqa: ANN401
        """None where it is not traced."""
        said = dict(part.partition("=")[::2] for part in self._environ.get(_REQUEST, "").split(";"))
        if said.get("Sampled") != "1" or not said.get("Root") or not said.get("Parent"):
            return None
        return {
            "type": "subsegment",
            "trace_id": said["Root"],
            "parent_id": self.within or said["Parent"],
            "id": self._new_id(),
            "name": name,
            "start_time": self.now(),
            **about,
        }

    def send(self, document: Document) -> None:
        """Whether anybody listens or not: no request waits for it, or fails by it."""
        host, _, port = self._environ.get(_DAEMON, "").rpartition(":")
        with contextlib.suppress(OSError, ValueError, OverflowError), _datagrams() as sending:
            sending.setblocking(False)
            sending.sendto(_HEAD + msgspec.json.encode(document), (host, int(port)))


UNTRACED: Final = Traces({})
"""For who is asked by no function."""

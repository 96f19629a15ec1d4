"""What this process counts, and how a scraper reads it: the text format of Prometheus 0.0.4.

Nothing that is counted names a person. Counting costs well under a microsecond, and locks nothing: all of it happens
in the event loop.
"""

from __future__ import annotations

import hmac
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

REQUEST_BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
LATENESS_BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 900.0, 14_400.0)
"""Seconds: upper ends of what is counted together."""
PATIENCE: Final = 300
"""Seconds after its time from when on a try in vain counts as failed: what passes within minutes is nobody's matter."""
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Kind = Literal["counter", "gauge"]
Labels = tuple[tuple[str, str], ...]
Read = Callable[[], Mapping[Labels, float]]


class Histogram:
    """How many took how long; ``bounds`` in seconds, ascending."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds

    def lines(self, name: str, labels: Labels = ()) -> Iterator[str]:
        count = 0
        for bound, more in zip((*map(_number, self.bounds), "+Inf"), self.counts, strict=True):
            count += more
            yield _line(f"{name}_bucket", (*labels, ("le", bound)), count)
        yield _line(f"{name}_sum", labels, self.total)
        yield _line(f"{name}_count", labels, count)


class Operation:
    """The requests of one operation."""

    __slots__ = ("seconds", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.seconds = Histogram(REQUEST_BOUNDS)

    def note(self, status: int, seconds: float) -> None:
        statuses = self.statuses
        statuses[status] = statuses.get(status, 0) + 1
        self.seconds.note(seconds)


class Meter:
    """``secret`` is what a scraper has to show; None lets whoever reaches this home read, "" nobody."""

    def __init__(self, secret: str | None = None) -> None:
        self._secret = secret
        self._operations: dict[str, Operation] = {}
        self._watched: list[tuple[str, Kind, str, Read]] = []
        self.reminders: Counter[str] = Counter()
        self.mails: Counter[str] = Counter()
        self.in_vain = 0
        self.lateness = Histogram(LATENESS_BOUNDS)
        self.canary = Histogram(LATENESS_BOUNDS)

    def admits(self, authorization: str) -> bool:
        """Whether somebody with this Authorization header may read."""
        if self._secret is None:
            return True
        given, wanted = authorization.encode(), f"Bearer {self._secret}".encode()
        return bool(self._secret) and hmac.compare_digest(given, wanted)

    def operation(self, name: str) -> Operation:
        """Where the requests of an operation are counted."""
        return self._operations.setdefault(name, Operation())

    def reminder(self, status: str, lateness: float | None = None) -> None:
        """What became of a reminder; ``lateness`` in seconds, of one that was sent."""
        self.reminders[status] += 1
        if lateness is not None:
            self.lateness.note(max(0.0, lateness))

    def note_in_vain(self, late: int, *, for_good: bool = False) -> None:
        """A mail that is no reminder could not be sent, ``late`` seconds after its time."""
        self.in_vain += for_good or late >= PATIENCE

    def watch(self, name: str, kind: Kind, help_: str, read: Read) -> None:
        """Show what ``read`` tells whenever somebody looks."""
        self._watched.append((name, kind, help_, read))

    def lines(self) -> Iterator[str]:
        """All that is counted, without what has to be read from the table."""
        yield from _head("aurora_requests_total", "counter", "Requests to the API.")
        for name, each in self._operations.items():
            for status, count in each.statuses.items():
                yield _line("aurora_requests_total", (("operation", name), ("status", str(status))), count)
        yield from _head("aurora_request_seconds", "histogram", "How long they took at the server.")
        for name, each in self._operations.items():
            if each.statuses:
                yield from each.seconds.lines("aurora_request_seconds", (("operation", name),))
        yield from metric(
            "aurora_reminders_total", "counter", "Reminders decided about.", _by("status", self.reminders)
        )
        yield from metric(
            "aurora_mails_total", "counter", "Mails by what the mail server said.", _by("outcome", self.mails)
        )
        help_ = "Agenda and booking mails that failed, or were tried in vain five minutes after their time or later."
        yield from metric("aurora_other_mails_in_vain_total", "counter", help_, single(self.in_vain))
        yield from _head("aurora_reminder_lateness_seconds", "histogram", "From when a reminder was due to its 250.")
        yield from self.lateness.lines("aurora_reminder_lateness_seconds")
        yield from _head("aurora_canary_lateness_seconds", "histogram", "How late the canary was attended to.")
        yield from self.canary.lines("aurora_canary_lateness_seconds")
        for name, kind, help_, read in self._watched:
            yield from metric(name, kind, help_, read())


def metric(name: str, kind: Kind, help_: str, values: Mapping[Labels, float]) -> Iterator[str]:
    """The lines of one metric."""
    yield from _head(name, kind, help_)
    for labels, value in values.items():
        yield _line(name, labels, value)


def single(value: float) -> dict[Labels, float]:
    """A metric of one value, without labels."""
    return {(): value}


def _by(label: str, counts: Mapping[str, int]) -> dict[Labels, float]:
    return {((label, name),): count for name, count in counts.items()}


def _head(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: Labels, value: float) -> str:
    """Names, labels and their values are ours: none holds a quote."""
    shown = ",".join(f'{label}="{text}"' for label, text in labels)
    return f"{name}{{{shown}}} {_number(value)}" if shown else f"{name} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)

"""When somebody is busy, without what with: periods of instants, merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from aurora_time.domain.moment import Window

Status = Literal["BUSY", "BUSY-TENTATIVE"]
BUSY: Final = "BUSY"
TENTATIVE: Final = "BUSY-TENTATIVE"


class Period(NamedTuple):
    """The instants from ``start`` to before ``end``."""

    start: int
    end: int


class Busy(NamedTuple):
    """A period that is taken, for sure or perhaps (RFC 5545 section 3.2.9, FBTYPE)."""

    start: int
    end: int
    status: Status


def status_of(status: str, transparency: str) -> Status | None:
    """How an event of this STATUS and TRANSP takes its time; None if it does not (RFC 4791 section 7.10)."""
    if transparency == "TRANSPARENT" or status == "CANCELLED":
        return None
    return TENTATIVE if status == "TENTATIVE" else BUSY


def merge(periods: Iterable[Period]) -> list[Period]:
    """The same time as sorted periods that neither overlap nor touch. A period of no length takes no time."""
    merged: list[Period] = []
    for start, end in sorted(periods):
        if end <= start:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Period(start, end))
    return merged


def free_busy(found: Iterable[Busy], window: Window) -> list[Busy]:
    """What of the window is taken, by start, each instant at most once: what is sure counts more than what may be."""
    by_status: dict[Status, list[Period]] = {BUSY: [], TENTATIVE: []}
    for start, end, status in found:
        by_status[status].append(Period(max(start, window.start), min(end, window.end)))
    sure = merge(by_status[BUSY])
    perhaps = _without(merge(by_status[TENTATIVE]), sure)
    taken = [*(Busy(*each, BUSY) for each in sure), *(Busy(*each, TENTATIVE) for each in perhaps)]
    return sorted(taken)


def _without(periods: list[Period], taken: list[Period]) -> Iterator[Period]:
    """What is left of merged periods when merged others are cut out of them."""
    place = 0
    for period in periods:
        while place < len(taken) and taken[place].end <= period.start:
            place += 1
        start, at = period.start, place
        while at < len(taken) and taken[at].start < period.end:
            if start < taken[at].start:
                yield Period(start, taken[at].start)
            start = taken[at].end
            at += 1
        if start < period.end:
            yield Period(start, period.end)

"""What was measured, and how it is shown."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``goal`` is the most it may be, or with ``more_is_better`` the least.

    ``peer`` names what ``peer_value`` was measured on, in the same unit.
    """

    part: str
    what: str
    value: float
    unit: str
    goal: float | None = None
    more_is_better: bool = False
    peer: str = ""
    peer_value: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        if self.peer_value is None or not self.value or not self.peer_value:
            return None
        return self.value / self.peer_value if self.more_is_better else self.peer_value / self.value


def number(value: float) -> str:
    """Three digits that count, or all before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def best(call: Callable[[], object], seconds: float = 1.0) -> float:
    """Seconds that a call takes: the least of as many as fit into the time, so that neighbours disturb it little."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    while not times or time.perf_counter() < until:
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 100) - 1))]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def missed(figures: Iterable[Figure]) -> list[str]:
    """A line for each figure that misses its goal, to be said at the end."""
    return [
        f"{'below' if each.more_is_better else 'over'} the goal of {number(each.goal)} {each.unit}: "
        f"{each.part}, {each.what}: {number(each.value)} {each.unit}"
        for each in figures
        if each.goal is not None and not each.reached
    ]


def show(console: Console, figures: Iterable[Figure]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in (("", "left"), ("Aurora Time", "right"), ("goal", "right"), ("", "left"), ("beside", "left")):
        table.add_column(name, justify="right" if side == "right" else "left")
    part = ""
    for each in figures:
        if each.part != part:
            part = each.part
            table.add_row(f"[bold cyan]{part}[/]")
        sign = {True: "[green]yes[/]", False: "[bold red]no[/]", None: ""}[each.reached]
        goal = "" if each.goal is None else f"{'≥' if each.more_is_better else '≤'} {number(each.goal)} {each.unit}"
        table.add_row(f"  {each.what}", f"{number(each.value)} {each.unit}", goal, sign, _beside(each))
    console.print(table)


def _beside(figure: Figure) -> str:
    if figure.peer_value is None:
        return figure.peer
    ratio = f" ({number(figure.ratio)}x)" if figure.ratio is not None else ""
    return f"{figure.peer}: {number(figure.peer_value)} {figure.unit}{ratio}"

"""The coverage floors: what `make test` measured, by package, and whether it is enough."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

FLOORS: Final = {"domain": 95.0, "store": 95.0, "http": 95.0}
OVERALL: Final = 90.0


@dataclass(slots=True)
class Covered:
    """Counted lines and branches, and how many of them the tests ran."""

    lines: int = 0
    lines_run: int = 0
    branches: int = 0
    branches_run: int = 0

    def add(self, summary: dict[str, Any]) -> None:
        self.lines += summary["num_statements"]
        self.lines_run += summary["covered_lines"]
        self.branches += summary["num_branches"]
        self.branches_run += summary["covered_branches"]

    def percents(self) -> tuple[float, float]:
        """Of the lines and of the branches; of none, all are covered."""
        return _percent(self.lines_run, self.lines), _percent(self.branches_run, self.branches)


def by_package(report: dict[str, Any]) -> dict[str, Covered]:
    """coverage.py's JSON report summed by our packages; "overall" is all of it."""
    packages: dict[str, Covered] = defaultdict(Covered)
    for name, file in report["files"].items():
        parts = PurePosixPath(name.replace("\\", "/")).parts
        inside = parts[parts.index("aurora_time") + 1 :]
        packages[inside[0] if len(inside) > 1 else "aurora_time"].add(file["summary"])
        packages["overall"].add(file["summary"])
    return dict(packages)


def judge(packages: dict[str, Covered]) -> tuple[list[str], bool]:
    """A line for each package, and whether each floor is held by lines and by branches."""
    lines, held = ["coverage     lines  branches  floor"], True
    for name in sorted(packages, key=lambda name: (name == "overall", name)):
        floor = OVERALL if name == "overall" else FLOORS.get(name)
        of_lines, of_branches = packages[name].percents()
        below = floor is not None and min(of_lines, of_branches) < floor
        held = held and not below
        stated = "     -" if floor is None else f"{floor:6.1f}"
        lines.append(f"{name:12}{of_lines:6.1f}  {of_branches:8.1f} {stated}{'  below the floor' if below else ''}")
    return lines, held


def check(report: Path) -> bool:
    """Print the figures of coverage.py's JSON report; whether the floors are held."""
    lines, held = judge(by_package(json.loads(report.read_text(encoding="utf-8"))))
    print("\n".join(lines))
    return held


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0

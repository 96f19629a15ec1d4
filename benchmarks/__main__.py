"""``make bench``: all parts, or those that are named; ``--json FILE`` also writes the figures."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from benchmarks import cold, erasing, hour, icalendar_text, moving, ringing, rules, serving, web
from benchmarks.measure import Figure, missed, show

PARTS: Final[dict[str, Callable[[], list[Figure]]]] = {
    "rules": rules.run,
    "icalendar": icalendar_text.run,
    "creates": serving.creating,
    "listings": serving.listing,
    "reminders": ringing.run,
    "erasing": erasing.run,
    "cold": cold.run,
    "web": web.run,
}

LONG: Final[dict[str, Callable[[], list[Figure]]]] = {
    "minute": ringing.minute,
    "moving": moving.run,
    "hour": hour.run,
}
"""Only when they are named: they take many minutes."""

_WIDTH: Final = 140
"""Columns where nobody can tell, as in a file."""


def main(words: list[str]) -> int:
    known = PARTS | LONG
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, with goals and peers beside.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"of {', '.join(known)}; without any, all but {', '.join(LONG)}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    asked = parser.parse_args(words)
    unknown = set(asked.parts) - known.keys()
    if unknown:
        parser.error(f"there is no part {min(unknown)!r}; choose from {', '.join(known)}")
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    about = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    console.print(f"[dim]{about}, load before {os.getloadavg()[0]:.1f}[/]", highlight=False)
    figures: list[Figure] = []
    for name in asked.parts or PARTS:
        began = time.monotonic()
        found = known[name]()
        console.print()
        show(console, found)
        console.print(f"[dim]{name}: {time.monotonic() - began:.0f} s[/]", highlight=False)
        figures += found
    for line in missed(figures):
        console.print(f"[bold red]{line}[/]", highlight=False)
    if asked.json:
        asked.json.write_bytes(msgspec.json.format(msgspec.json.encode({"about": about, "figures": figures})) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

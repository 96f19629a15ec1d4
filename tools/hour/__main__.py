"""Prints the page of the top of the hour, of what was kept of the last run; with --samples plays the samples anew."""

from __future__ import annotations

import asyncio
import sys

import msgspec

from tools.hour import keeping
from tools.hour.keeping import SAMPLES
from tools.hour.page import page
from tools.hour.simulation import Hour


def main(words: list[str]) -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    if "--samples" in words:
        played = {name: asyncio.run(Hour(plan).run()) for name, plan in SAMPLES.items()}
        kept = keeping.read() if keeping.KEPT.exists() else keeping.Kept({})
        keeping.write(msgspec.structs.replace(kept, samples=played))
    sys.stdout.write(page(keeping.read()))


if __name__ == "__main__":
    main(sys.argv[1:])

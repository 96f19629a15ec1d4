"""Prints the capacity report: with --json what is measured now, else the page of what was measured last."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

import msgspec

from tools.capacity.measuring import Report, measure
from tools.capacity.page import page

KEPT: Final = Path(__file__).parents[2] / "docs" / "generated" / "capacity.json"


def main(words: list[str]) -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    if "--json" in words:
        text = msgspec.json.format(msgspec.json.encode(asyncio.run(measure())), indent=1).decode() + "\n"
    else:
        text = page(msgspec.json.decode(KEPT.read_bytes(), type=Report))
    sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])

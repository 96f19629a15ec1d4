"""Prints what the home on AWS costs: with --json the figures, else the page."""

from __future__ import annotations

import sys

import msgspec

from tools.costs.measuring import measure
from tools.costs.page import page


def main(words: list[str]) -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    costs = measure()
    if "--json" in words:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(costs), indent=1).decode() + "\n")
    else:
        sys.stdout.write(page(costs))


if __name__ == "__main__":
    main(sys.argv[1:])

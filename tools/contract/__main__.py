"""Prints a page: ``api`` or ``permissions``."""

from __future__ import annotations

import sys

from tools.contract import api, permissions

PAGES = {"api": api.page, "permissions": permissions.page}


def main(words: list[str]) -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    sys.stdout.write(PAGES[words[0]]())


if __name__ == "__main__":
    main(sys.argv[1:])

"""Text that others wrote, made safe to show: no control characters, no endless lines, no strange links."""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import urlsplit

_NOT_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINK_SCHEMES: Final = frozenset({"http", "https"})


def one_line(text: str, limit: int = 200) -> str:
    """The text on one line, spaces collapsed, at most ``limit`` characters, cut at a word."""
    return shorten(" ".join(_printable(text).split()), limit)


def paragraphs(text: str, limit: int) -> str:
    """The text with its line breaks, one empty line at a time at most, cut at a word after ``limit``."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        clean = " ".join(_printable(line).split())
        if clean or (lines and lines[-1]):
            lines.append(clean)
    return shorten("\n".join(lines).strip(), limit)


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis; cut between words unless one is very long."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    if not text[limit - 1].isspace():
        words = head[: limit - 1].rsplit(maxsplit=1)
        whole = words[0] if len(words) > 1 else ""
        head = whole if len(whole) >= limit // 2 else head[: limit - 1]
    head = head.rstrip(" \n,;:.–-")
    return f"{head}…" if head else "…"


def web_link(text: str) -> str:
    """The text if it is a link that may be clicked in a mail (http or https), else nothing."""
    link = text.strip()
    if not link.isprintable() or " " in link or any(mark in link for mark in "<>\"'`\\"):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme in _LINK_SCHEMES and parts.hostname else ""


def _printable(text: str) -> str:
    """Control characters, lone surrogates and what reverses the reading direction become spaces or go."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(mark) in _NOT_TEXT else mark for mark in text if mark not in _BIDI_CONTROLS
    )

"""Content lines (RFC 5545 3.1): from bytes to unfolded lines and back, parameters with RFC 6868, escaped text.

Everything here is linear in the length of the text, whatever stands in it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from aurora_time.domain.icalendar_report import Report

_WIDTH: Final = 75
"""Octets of a folded line, without its end (RFC 5545 3.1)."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HEAD: Final = re.compile(r"[A-Za-z0-9_.-]+[;:]")
_LINE: Final = re.compile(r'([^;:]*+);((?:[^":]++|"[^"]*+")*+):(.*)', re.DOTALL)
_PARAMETER: Final = re.compile(r'(?:[^;"]++|"[^"]*+")++')
_SPECIAL: Final = re.compile(r"[\\;,\n\r]")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ITEM: Final = re.compile(r"\\.|,|[^\\,]++|\\", re.DOTALL)
_CARET: Final = re.compile(r"\^[n'^]")
_CARETS: Final = {"^n": "\n", "^'": '"', "^^": "^"}
_SPLIT_CHARACTER: Final = re.compile(rb"(\r?\n[ \t])([\x80-\xbf]+)")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Line(NamedTuple):
    """One unfolded line. ``number`` is where it begins; ``text`` is as written; names are in upper case.

    ``parameters`` holds their values without quotes and RFC 6868's carets; several values stand in one text.
    """

    number: int
    text: str
    name: str
    parameters: Mapping[str, str]
    value: str


# --- from bytes to lines ----------------------------------------------------------------------------------------------
def decode(data: bytes, report: Report) -> str:
    """The text of UTF-8, UTF-16 with its mark, or where neither fits of Windows-1252 or Latin-1, line by line."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            report.once(1, "encoding", "The text is UTF-16, where iCalendar is UTF-8.")
            return data.decode("utf-16", "replace")
    if data.startswith(codecs.BOM_UTF8):
        report.once(1, "encoding", "A byte order mark stands before the text; it is passed over.")
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError:
        # Folded by octets, some lines end within a character: put its rest before the fold.
        mended, count = _SPLIT_CHARACTER.subn(rb"\2\1", data)
        if count:
            report.once(1, "text", f"{count:,} lines are folded inside a character; they are put together.")
        return _decode_lines(mended, report)


def _decode_lines(data: bytes, report: Report) -> str:
    lines = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            report.once(number, "encoding", "This is not UTF-8; it is read as Western European text.")
            lines.append(_western(line))
    return "\n".join(lines)


def _western(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def unfold(text: str, report: Report) -> list[tuple[int, str]]:
    """The logical lines of a text, each with the number of its first physical line; blank ones are left out."""
    found: list[tuple[int, str]] = []
    pieces: list[str] = []
    begun = 0
    is_head = _HEAD.match
    lines = _physical(text, report)
    for number, line in enumerate(lines, 1):
        if is_head(line):
            if pieces:
                found.append((begun, pieces[0] if len(pieces) == 1 else "".join(pieces)))
            begun, pieces = number, [line]
        elif line and not pieces:
            report.once(number, "text", "What stands before the first line of a calendar is passed over.")
        elif line[:1] in (" ", "\t"):
            pieces.append(line[1:])
        elif line:
            _mend_fold(pieces, line)
            report.once(number, "text", "A line that goes on must begin with a blank; it is taken to go on.")
        elif number < len(lines):
            report.once(number, "text", "Blank lines are passed over.")
    if pieces:
        found.append((begun, "".join(pieces)))
    return found


def _physical(text: str, report: Report) -> list[str]:
    """The lines as they stand, whatever ends them."""
    if text.startswith("\ufeff"):
        report.once(1, "encoding", "A byte order mark stands before the text; it is passed over.")
        text = text[1:]
    if _CONTROL.search(text):
        report.once(1, "text", "It has control characters, which iCalendar does not take; they are left out.")
        text = _CONTROL.sub("", text)
    if text.count("\r\n") != text.count("\n") or text.count("\r") != text.count("\n"):
        report.once(1, "text", "Lines end with CRLF; other ends are read as if they were.")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _mend_fold(pieces: list[str], line: str) -> None:
    """Of a value with bare line ends in it, or of a line that was cut before its colon."""
    is_cut = len(pieces) == 1 and ":" not in pieces[0]
    pieces.append(line if is_cut else f"\\n{line}")


def parse_line(number: int, text: str) -> Line:
    """The parts of an unfolded line; one without a colon has an empty value."""
    head, _, value = text.partition(":")
    if ";" not in head:
        return Line(number, text, head.upper(), _NONE, value)
    match = _LINE.fullmatch(text)
    if match is None:  # a quote that is never closed
        name, _, raw = head.partition(";")
        return Line(number, text, name.upper(), parameters(raw), value)
    return Line(number, text, match[1].upper(), parameters(match[2]), match[3])


@lru_cache(maxsize=4096)
def parameters(raw: str) -> Mapping[str, str]:
    """``TZID=Europe/Berlin;X-A="b;c"`` as a mapping; of a name that comes twice the first counts."""
    found: dict[str, str] = {}
    for piece in _PARAMETER.findall(raw):
        name, equals, value = piece.partition("=")
        if equals:
            value = value.replace('"', "")
            if "^" in value:
                value = _CARET.sub(lambda match: _CARETS[match[0]], value)
            found.setdefault(name.strip().upper(), value)
    return MappingProxyType(found)


def raw_parameters(text: str) -> list[str]:
    """The parameters of an unfolded line as they are written, each ``NAME=value``."""
    match = _LINE.fullmatch(text)
    return _PARAMETER.findall(match[2] if match else text.partition(":")[0].partition(";")[2])


def without(text: str, names: Iterable[str]) -> str:
    """The parameters of a line, each with its semicolon as it was written, but those named (in upper case)."""
    kept = (each for each in raw_parameters(text) if each.partition("=")[0].strip().upper() not in names)
    return "".join(f";{each}" for each in kept)


# --- values -----------------------------------------------------------------------------------------------------------
def unescape(value: str) -> str:
    """RFC 5545 3.3.11 TEXT as it is meant; a backslash before anything else is passed over."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def split_text(value: str) -> list[str]:
    """The values of a list of TEXT, as they are meant."""
    if "\\" not in value:
        return value.split(",")
    items: list[list[str]] = [[]]
    for piece in _ITEM.findall(value):
        if piece == ",":
            items.append([])
        else:
            items[-1].append(piece)
    return [unescape("".join(item)) for item in items]


def escape(text: str) -> str:
    """A text as a TEXT value."""
    if _SPECIAL.search(text) is None:
        return text
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def parameter_value(text: str) -> str:
    """A text as the value of a parameter, quoted where it must be (RFC 6868)."""
    text = text.replace("^", "^^").replace('"', "^'").replace("\r\n", "^n").replace("\n", "^n").replace("\r", "^n")
    return f'"{text}"' if any(mark in text for mark in ",;:") else text


def folded(line: str) -> str:
    """The line as physical lines of at most 75 octets, each with its CRLF; never cut inside a character."""
    if len(line) <= _WIDTH and line.isascii() and line.isprintable():
        return line + "\r\n"
    octets = _LINE_BREAKS.sub("", line).encode()
    pieces: list[bytes] = []
    begin, room = 0, _WIDTH
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[begin:end])
        begin, room = end, _WIDTH - 1
    pieces.append(octets[begin:])
    return b"\r\n ".join(pieces).decode() + "\r\n"

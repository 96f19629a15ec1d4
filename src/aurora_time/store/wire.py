"""How the index keeps a representation: without what every one of them says, and without what its item says already.

JSON has no control characters of its own, so each of them can stand for a piece of text. The table is a part of what is
stored: a piece may be added, and none is ever changed. What was stored without it is read as it is.
"""

from __future__ import annotations

from typing import Final

_KNOWN: Final = (b"\x1c", b"\x1d", b"\x1e", b"\x1f")
"""They stand for what is known of an item: its id, its calendar's id, its zone, its version."""
_REST: Final = (
    b'"attendees":[],"organizer":null,"status":"CONFIRMED","transparency":"OPAQUE","visibility":"DEFAULT","color":null'
)
_PIECES: Final = (
    (b"\x01", b'{"id":"\x1c","calendarId":"\x1d","uid":"\x1c@aurora-time","summary":"'),
    (b"\x02", b'{"id":"\x1c","calendarId":"\x1d","uid":"'),
    (b"\x03", b'","summary":"'),
    (b"\x04", b'","description":"","location":"","url":null,"start":{"date'),
    (b"\x05", b'","description":"'),
    (b"\x06", b'","location":"","url":null,"start":{"date'),
    (b"\x07", b'","location":"'),
    (b"\x08", b'","url":null,"start":{"date'),
    (b"\x09", b'Time":"'),
    (b"\x0a", b'","timeZone":"\x1e"},"end":{"date'),
    (b"\x0b", b'","timeZone":"\x1e"},"recurrence":[],"reminders":{"useDefault":'),
    (b"\x0c", b'"},"end":{"date":"'),
    (b"\x0e", b'"},"recurrence":[],"reminders":{"useDefault":'),
    (b"\x0f", b'true,"overrides":[]},' + _REST),
    (b"\x10", b'false,"overrides":[{"channel":"email","minutesBefore":'),
    (b"\x11", b"}]}," + _REST),
    (b"\x12", b',"categories":[],"sequence":0,"created":"'),
    (b"\x13", b',"categories":["'),
    (b"\x14", b'"],"sequence":0,"created":"'),
    (b"\x15", b'","updated":"'),
    (b"\x16", b'","etag":"\x1f"}'),
    (b"\x17", b'","partstat":"NEEDS-ACTION","role":"REQ-PARTICIPANT","rsvp":'),
)
"""In this order, the longer before what it begins with."""


def pack(wire: bytes, about: tuple[str, str, str, str]) -> bytes:
    """A representation as it is kept; ``about`` is the id, the calendar's id, the zone and the version of its item."""
    for code, known in zip(_KNOWN, about, strict=True):
        if known:
            wire = wire.replace(known.encode(), code)
    for code, piece in _PIECES:
        wire = wire.replace(piece, code)
    return wire


def unpack(packed: bytes, about: tuple[str, str, str, str]) -> bytes:
    """The representation, to the byte, if ``about`` is what it was packed with."""
    for code, piece in _PIECES:
        packed = packed.replace(code, piece)
    for code, known in zip(_KNOWN, about, strict=True):
        packed = packed.replace(code, known.encode())
    return packed

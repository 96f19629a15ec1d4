"""What is stored of a sign-in, by whichever way it was begun."""

from __future__ import annotations

from typing import Final

import msgspec

DAY: Final = 86_400
IDLE: Final = 30 * DAY
"""Seconds a sign-in lives without being used."""
ABSOLUTE: Final = 180 * DAY
"""Seconds it lives at most; the cookie's age too, for the table decides about the rest."""


class StoredSession(msgspec.Struct, frozen=True):
    """One sign-in. ``secret`` is the SHA-256 of the cookie's, empty for a native client; times in epoch seconds."""

    secret: str
    signed_in: float
    seen: float
    agent: str
    client_id: str = ""

    @property
    def expires(self) -> float:
        return min(self.seen + IDLE, self.signed_in + ABSOLUTE)


_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""What is in a user agent -> what people call it; the first that is there, for each pretends to be those after it."""


def device_name(agent: str) -> str:
    """``Firefox (Linux)``, as far as a browser's User-Agent tells; empty when it tells nothing we know."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} ({system})"
    return browser or system

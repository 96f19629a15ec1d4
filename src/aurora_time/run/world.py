"""The real clocks and the real source of ids."""

from __future__ import annotations

import secrets
import time


class SystemClock:
    def now(self) -> float:
        return time.time()


def uptime() -> float:
    """Seconds that never jump and that pass also while the machine sleeps, which ``time.monotonic`` does not count."""
    clock = getattr(time, "CLOCK_BOOTTIME", None) or getattr(time, "CLOCK_MONOTONIC", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class RandomIds:
    """From the operating system's cryptographic source."""

    def new(self) -> str:
        """Never one that begins with a hyphen: a command line would take it for an option."""
        while (made := secrets.token_urlsafe(16)).startswith("-"):
            pass
        return made

    def secret(self) -> str:
        return secrets.token_urlsafe(20)

"""The real clock and the real source of ids."""

from __future__ import annotations

import secrets
import time


class SystemClock:
    def now(self) -> float:
        return time.time()


class RandomIds:
    """From the operating system's cryptographic source."""

    def new(self) -> str:
        return secrets.token_urlsafe(16)

    def secret(self) -> str:
        return secrets.token_urlsafe(20)

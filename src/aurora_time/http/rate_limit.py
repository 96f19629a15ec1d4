"""How often somebody may ask: a bucket for each person, and what the answers tell of it.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10. A bucket holds a minute's requests and fills again
evenly, so an account is never locked: after a refusal the next request is good within a second or so. It is kept as one
number, the instant at which it will be full again (the generic cell rate algorithm of ATM Forum's TM 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from aurora_time.http.problem import TOO_MANY, Problem
from aurora_time.ports import Clock

WINDOW: Final = 60
"""Seconds to which the quota belongs."""
_KEPT: Final = 10_000
"""Buckets; with more, those that are full by now are forgotten."""
_DUST: Final = 1e-6
"""Seconds, far below any interval: what adding up fractions may lose."""


class RateLimit:
    """``quota`` requests a minute for everybody; 0 is no limit, and then nothing is told of one."""

    def __init__(self, quota: int, clock: Clock) -> None:
        self._quota = quota
        self._clock = clock
        self._interval = WINDOW / quota if quota else 0.0
        self._full: dict[str, float] = {}
        self._tidy_at = _KEPT
        self.policy: Mapping[str, str] = {"ratelimit-policy": f'"default";q={quota};w={WINDOW}'} if quota else {}
        """The fields of an answer to nobody in particular."""

    def part(self, of: int) -> RateLimit:
        """A limit of its own, of so many times less."""
        return RateLimit(-(-self._quota // of), self._clock)

    def take(self, who: str) -> Mapping[str, str]:
        """Count one request; answers the fields that tell what is left. Raises Problem 429 when nothing is."""
        if not self._quota:
            return self.policy
        now = self._clock.now()
        # Never further ahead than an empty bucket: the clock may have been put back.
        full = min(max(self._full.get(who, now), now), now + WINDOW)
        wait = full + self._interval - now
        if wait > WINDOW + _DUST:
            self._full[who] = full
            raise self._refusal(wait - WINDOW)
        self._full[who] = now + wait
        if len(self._full) > self._tidy_at:
            self._tidy(now)
        return {**self.policy, "ratelimit": self._told(wait)}

    def _told(self, wait: float) -> str:
        """``r`` requests are left, and all of the quota after ``t`` seconds without any."""
        return f'"default";r={int((WINDOW - wait) / self._interval + _DUST)};t={ceil(wait - _DUST)}'

    def _refusal(self, seconds: float) -> Problem:
        after = max(1, ceil(seconds - _DUST))
        detail = (
            f"You may ask {self._quota} times a minute, and have. Wait {after} s and go on more slowly; "
            "the RateLimit field of every answer tells what is left."
        )
        headers = {**self.policy, "ratelimit": f'"default";r=0;t={WINDOW}', "retry-after": str(after)}
        return Problem(TOO_MANY, detail, headers=headers)

    def _tidy(self, now: float) -> None:
        self._full = {who: full for who, full in self._full.items() if full > now}
        self._tidy_at = max(_KEPT, 2 * len(self._full))

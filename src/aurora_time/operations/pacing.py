"""When each of many mails may be sent: a mail service takes so many in a second, and refuses the rest."""

from __future__ import annotations

from collections import Counter


class Places:
    """The seconds from ``now`` on, each with room for ``rate`` mails; 0: for any number."""

    def __init__(self, now: int, rate: int) -> None:
        self._now = now
        self._rate = rate
        self._taken: Counter[int] = Counter()
        self._looked: dict[int, int] = {}

    def first(self, wanted: int) -> int:
        """The first second with room, from ``wanted`` on but not before now."""
        wanted = max(wanted, self._now)
        second = self._looked.get(wanted, wanted)
        while self._rate and self._taken[second] >= self._rate:
            second += 1
        self._looked[wanted] = second
        return second

    def take(self, wanted: int) -> int:
        """The same, and it is somebody's from now on."""
        second = self.first(wanted)
        self._taken[second] += 1
        return second

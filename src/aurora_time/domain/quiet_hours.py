"""Quiet hours: a stretch of every day in which nothing rings, on the clock of a person's own zone.

What would ring in them is held until they end. If it would then help nobody, because the event has begun, it rings
just before they begin. This is the one case in which a reminder rings before its instant. Where they were turned on, or
changed, when that was past already, it is held all the same: quiet is what was asked for.
"""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Zone
from aurora_time.domain.zones import zone

LONGEST: Final = 20 * 3600
"""Seconds. So two of them are hours apart, also where the clock changes between."""
REACH: Final = DAY + 3 * 3600
"""Seconds by which a reminder is moved at most, either way."""
JUST_BEFORE: Final = 1
"""Seconds before the quiet hours begin. It is less than a reminder's own resolution of minutes, and so what is sent
then is not overtaken by what was to ring then anyway: of one alarm, the reminders stay in the order of their instants.
"""
_FORGOTTEN: Final = 2 * DAY
"""Seconds after which nothing can still be held by quiet hours that were changed."""
_KEPT: Final = 8
"""How many changes within that time are remembered."""


class QuietHours(msgspec.Struct, frozen=True, array_like=True):
    """From ``start`` to before ``end``, in seconds since midnight; across midnight where ``end`` is the lesser."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Seconds, as a clock without changes shows them."""
        return (self.end - self.start) % DAY

    def around(self, instant: int, home: Zone) -> tuple[int, int] | None:
        """The quiet hours (begin, end), as instants, in which an instant lies; None if it lies in none."""
        if not MIN_WALL + 3 * DAY < instant < MAX_WALL - 3 * DAY:
            return None
        wall = home.wall(instant)
        today = wall - wall % DAY
        for day in (today, today - DAY):
            begin = home.instant(day + self.start)
            end = home.instant(day + self.start + self.length)
            if begin <= instant < end:
                return begin, end
        return None


class Regime(msgspec.Struct, frozen=True, array_like=True):
    """Quiet hours (None: there were none) that counted in a zone until they were changed, at an instant."""

    until: int
    hours: QuietHours | None
    tzid: str


class Quiet(msgspec.Struct, frozen=True, array_like=True):
    """A person's quiet hours, and those before them by which something may still be held, the oldest first."""

    hours: QuietHours | None = None
    before: tuple[Regime, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether nothing is moved, and nothing can have been."""
        return self.hours is None and not self.before

    def changed(self, hours: QuietHours | None, tzid: str, now: int) -> Quiet:
        """Other hours from an instant on, or the same in another zone; ``tzid`` is the zone until then."""
        at = max((now, *(each.until for each in self.before)))  # a clock may have been set back
        lately = (*(each for each in self.before if each.until > now - _FORGOTTEN), Regime(at, self.hours, tzid))
        if hours is None and all(each.hours is None for each in lately):
            return OFF
        return Quiet(hours, lately[-_KEPT:])

    def moved(self, instant: int, deadline: int, home: Zone) -> int:
        """When a reminder for an instant rings. ``deadline`` is the last instant at which it is of use.

        What was held when the hours were changed rings when the new ones end, at once where it is not in them; what
        had rung by then had.
        """
        since = MIN_WALL
        for each in self.before:
            rings = _moved(each.hours, (max(instant, since), since), deadline, zone(each.tzid))
            if rings <= each.until:
                return rings
            since = each.until + 1
        return _moved(self.hours, (max(instant, since), since), deadline, home)


OFF: Final = Quiet()


def _moved(hours: QuietHours | None, at: tuple[int, int], deadline: int, home: Zone) -> int:
    """``at`` is the instant, and the one from which on these hours count: nothing is moved before that."""
    instant, since = at
    around = hours.around(instant, home) if hours else None
    if around is None:
        return instant
    begin, end = around
    early = begin - JUST_BEFORE
    return early if deadline < end and since <= early else end

"""The zones of one calendar's text: from a TZID, known or the text's own, to an IANA zone that can be stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from aurora_time.domain import windows_zones
from aurora_time.domain.component import Time
from aurora_time.domain.moment import DAY, UTC, MomentError, Zone, check_range
from aurora_time.domain.vtimezone import zone_from_vtimezone
from aurora_time.domain.zones import UnknownZoneError, names, resolve, zone

MAX_OWN_ZONES: Final = 16
"""So many zones that only its VTIMEZONEs know may a text use; a hostile one costs up to 0.3 s each."""
_YEAR: Final = 366 * DAY
_MONTH: Final = 31 * DAY
_SPANS: Final = ((-2 * _YEAR, 10 * _YEAR), (-_YEAR, _MONTH), (-_MONTH, _YEAR))
"""Around the present, in which an IANA zone must keep the time of a zone that nobody knows.

The short ones are for texts that tell only a year of a zone.
"""
_LOOK_EVERY: Final = 6 * DAY


class Known(NamedTuple):
    """What a TZID means: the IANA name, and for a zone of the text's own that zone, whose name may be none."""

    name: str
    own: Zone | None = None


class OwnZones:
    """The VTIMEZONEs of a whole text, of all calendars in it, each read once whatever comes of it.

    ``now`` is an instant.
    """

    def __init__(self, now: int) -> None:
        self._now = now
        self._read: dict[str, Zone | str] = {}
        self._names: dict[Zone, str] = {}

    def zone(self, text: str) -> Zone:
        """The zone of a VTIMEZONE. Raises MomentError."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._zone(text)
        if isinstance(found, str):
            raise MomentError(found)
        return found

    def _zone(self, text: str) -> Zone | str:
        if len(self._read) >= MAX_OWN_ZONES:
            return f"a text may use at most {MAX_OWN_ZONES} time zones of its own"
        try:
            return zone_from_vtimezone(text)
        except MomentError as error:
            return str(error)

    def name(self, own: Zone) -> str:
        """The IANA zone that keeps the time of a zone; an empty name if none does."""
        name = self._names.get(own)
        if name is None:
            name = self._names[own] = _same_time(own, self._now) or ""
        return name


class _Lazy(Mapping[str, Zone]):
    """The VTIMEZONEs of a calendar, each read when somebody asks for it."""

    def __init__(self, texts: Mapping[str, str], own: OwnZones) -> None:
        self._texts = texts
        self._own = own

    def __getitem__(self, tzid: str) -> Zone:
        return self._own.zone(self._texts[tzid])

    def __contains__(self, tzid: object) -> bool:
        return tzid in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class FileZones:
    """``vtimezones`` are the texts of a calendar's VTIMEZONEs by TZID; ``own`` are those of the whole text."""

    def __init__(self, vtimezones: Mapping[str, str], own: OwnZones) -> None:
        self._vtimezones = _Lazy(vtimezones, own)
        self._own = own
        self._known: dict[str, Known] = {}

    def find(self, tzid: str) -> Known:
        """Raises UnknownZoneError or, for a VTIMEZONE that cannot be read, MomentError."""
        known = self._known.get(tzid)
        if known is None:
            known = self._known[tzid] = self._find(tzid)
        return known

    def _find(self, tzid: str) -> Known:
        found = resolve(tzid, self._vtimezones)
        try:
            if zone(found.id) == found:
                return Known(found.id)
        except UnknownZoneError:
            pass  # a zone of the text's own, or an offset that has no name
        return Known(self._own.name(found), found)

    def time(self, wall: int, tzid: str) -> Time:
        """A wall in a zone; where no IANA zone keeps that zone's time, the instant in UTC."""
        name, own = self.find(tzid)
        if own is None or (name and zone(name).instant(wall) == own.instant(wall)):
            return Time(wall, name)
        return Time(check_range(own.instant(wall)), "UTC")


def _same_time(own: Zone, now: int) -> str | None:
    """The IANA zone that keeps the same time for years around the present, the best known first.

    Else one that differs only close to changes: Notes, for one, changes its clocks an hour early.
    """
    for before, after in _SPANS:
        far = [(instant, own.wall(instant)) for instant in range(now + before, now + after, _LOOK_EVERY)]
        same = [name for name in _candidates() if _keeps(zone(name), far)]
        near = list(_changes(own, far))
        exact = (name for name in same if _keeps(zone(name), near))
        found = next(exact, None) or next(iter(same), None)
        if found is not None:
            return found
    return None


def _keeps(candidate: Zone, looks: list[tuple[int, int]]) -> bool:
    return all(candidate.wall(instant) == wall for instant, wall in looks)


def _changes(own: Zone, looks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The instants right before and at each change, and their walls."""
    for (before, wall), (after, shown) in pairwise(looks):
        if wall - before == shown - after:
            continue
        low, high = before, after
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if own.wall(middle) - middle == wall - before else (low, middle)
        yield low, own.wall(low)
        yield high, own.wall(high)


@cache
def _candidates() -> tuple[str, ...]:
    """IANA names, those first that stand for a whole region."""
    regions = (row.split("|")[1] for row in windows_zones.ROWS.splitlines())
    return tuple(dict.fromkeys((*regions, *names(), UTC.id)))

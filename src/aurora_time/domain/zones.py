"""From the name of a time zone to the zone: strictly for our own API, leniently for calendars from elsewhere.

The rules come from the tzdata package alone, never from the operating system (docs/decisions/0003-time.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC as _DATETIME_UTC
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast
from zoneinfo import ZoneInfo

from aurora_time.domain import windows_zones
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, UTC, FixedZone, MomentError, Zone

_LONGEST_NAME: Final = 255
_SAMPLE: Final = 2 * 3600
"""Seconds: no clock has changed twice, there and back, within such a time."""
_NONE: Final[Mapping[str, Zone]] = MappingProxyType({})
_UTC_NAMES: Final = frozenset(
    ("Z", "UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu")
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=_DATETIME_UTC)
_OFFSET: Final = re.compile(r"(?:UTC|GMT)? ?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII | re.IGNORECASE)
_DISPLAY_PREFIX: Final = re.compile(r"\((?:UTC|GMT)[^()]*\)", re.IGNORECASE)
_WORD: Final = re.compile(r"[\w+-]+")


_RENAMED: Final = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}


class UnknownZoneError(ValueError):
    """No time zone of this name is known, and it is never guessed."""

    def __init__(self, name: str) -> None:
        shown = name if len(name) <= 60 else name[:60] + "..."
        super().__init__(f"unknown time zone {shown!r}: use an IANA name such as Europe/Berlin")
        self.name = name


class _IanaZone:
    """zoneinfo already keeps RFC 5545's gaps and overlaps: both are what it calls fold 0."""

    __slots__ = ("_epoch", "_from_utc", "_offset", "id")

    def __init__(self, name: str, rules: ZoneInfo) -> None:
        self.id = name
        # Aware datetimes of one zone are added and subtracted as walls; only these two methods know offsets.
        self._epoch = _EPOCH.replace(tzinfo=rules)
        self._offset = cast("Callable[[datetime], timedelta]", rules.utcoffset)
        self._from_utc = rules.fromutc

    def instant(self, wall: int) -> int:
        try:
            offset = self._offset(self._epoch + timedelta(0, wall))
        except OverflowError:
            raise _out_of_range() from None
        return wall - offset.days * DAY - offset.seconds

    def wall(self, instant: int) -> int:
        epoch = self._epoch
        try:
            since = self._from_utc(epoch + timedelta(0, instant)) - epoch
        except OverflowError:
            raise _out_of_range() from None
        return since.days * DAY + since.seconds

    def __repr__(self) -> str:
        return f"zone({self.id!r})"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """A copy of a zone is the zone itself, so that equality stays identity."""
        return zone, (self.id,)


def zone(name: str) -> Zone:
    """The zone of an IANA name in any case, or UTC also for ``Z``. Raises UnknownZoneError."""
    known = _canonical(name)
    if known is None:
        raise UnknownZoneError(name)
    return _load(known)


@lru_cache(maxsize=20_000)
def steady_offset(zone_: Zone, midnight: int) -> int | None:
    """How far a clock is ahead of UTC from the day before to the day after that of ``midnight`` (wall seconds).

    None when it changes then. What a hundred series have on one day is converted with one lookup each.
    """
    if not MIN_WALL + 2 * DAY < midnight < MAX_WALL - 3 * DAY:
        return None
    offsets = {wall - zone_.instant(wall) for wall in range(midnight - DAY, midnight + 2 * DAY + 1, _SAMPLE)}
    return offsets.pop() if len(offsets) == 1 else None


def modern(name: str) -> str:
    """The name of today for one that browsers still report (CLDR keeps the oldest); any other as it is."""
    return _RENAMED.get(name, name)


def names() -> list[str]:
    """All names that zone() knows, as IANA spells them, sorted; UTC once."""
    return sorted(set(_names().values()))


def places(chosen: str) -> list[str]:
    """The zones to choose from, one for each place by its name of today; UTC; and the chosen one, if there is such."""
    known = _canonical(chosen)
    return sorted({*_places(), "UTC", *([known] if known else [])})


def resolve(name: str, vtimezones: Mapping[str, Zone] = _NONE) -> Zone:
    """The zone that a TZID of a foreign calendar means; ``vtimezones`` are the file's own, by TZID.

    In this order: an IANA name, also behind a prefix as Mozilla's; a Windows or Outlook name; the file's own
    VTIMEZONE; an offset such as ``GMT+0200``, which is two hours ahead of UTC. Raises UnknownZoneError.
    """
    plain = name.strip(" \t\r\n\"'")
    if len(plain) <= _LONGEST_NAME and plain.isprintable():
        known = _canonical(plain.replace(" ", "_")) or _behind_prefix(plain) or _microsoft(plain)
        if known is not None:
            return _load(known)
    for tzid in (name, plain):
        if tzid in vtimezones:
            return vtimezones[tzid]
    fixed = _fixed(plain)
    if fixed is None:
        raise UnknownZoneError(name)
    return fixed


def _canonical(name: str) -> str | None:
    return _names().get(name.lower())


@cache
def _folder() -> Path:
    """Of the package. importlib.resources would load more than all else here, for packages that are no folders."""
    found = find_spec("tzdata")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("tzdata", name="tzdata")
    return Path(found.origin).parent


@cache
def _names() -> dict[str, str]:
    """Lower-case name -> IANA's spelling. Only its values are ever opened as files."""
    listed = (_folder() / "zones").read_text("ascii").split()
    return {name.lower(): name for name in listed} | {name.lower(): "UTC" for name in _UTC_NAMES}


@cache
def _places() -> frozenset[str]:
    """Those that IANA lists by country: no name that only stands for another one (``ROC``, ``US/Michigan``)."""
    rows = (_folder() / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    return frozenset(row.split("\t")[2] for row in rows if not row.startswith("#"))


@cache
def _load(canonical: str) -> Zone:
    if canonical == "UTC":
        return UTC
    with _folder().joinpath("zoneinfo", *canonical.split("/")).open("rb") as data:
        return _IanaZone(canonical, ZoneInfo.from_file(data, key=canonical))


def _behind_prefix(name: str) -> str | None:
    """Of ``/mozilla.org/20050126_1/Europe/Berlin`` or ``tzone://Microsoft/Utc`` the longest tail known."""
    if not name.startswith(("/", "tzone://")):
        return None
    parts = name.split("/")
    tails = ("/".join(parts[first:]) for first in range(max(1, len(parts) - 3), len(parts)))
    return next((known for tail in tails if (known := _canonical(tail)) is not None), None)


def _microsoft(name: str) -> str | None:
    """A Windows id, or what Outlook shows for one, whatever offset it shows before it."""
    return _microsoft_names().get(_words(_DISPLAY_PREFIX.sub("", name, count=1)))


@cache
def _microsoft_names() -> dict[str, str]:
    rows = (row.split("|") for row in windows_zones.ROWS.splitlines())
    return {_words(text): iana for windows_id, iana, *shown in rows for text in (windows_id, *shown)}


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _fixed(name: str) -> Zone | None:
    match = _OFFSET.fullmatch(name)
    if match is None:
        return None
    sign, hours, minutes = match[1], int(match[2]), int(match[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    if not hours and not minutes:
        return UTC
    # POSIX and so IANA count these names the other way round: Etc/GMT-2 is ahead of UTC.
    iana = None if minutes else _canonical(f"Etc/GMT{'-' if sign == '+' else '+'}{hours}")
    if iana is not None:
        return _load(iana)
    offset = (hours * 60 + minutes) * 60
    return FixedZone(f"UTC{sign}{hours:02}:{minutes:02}", offset if sign == "+" else -offset)


def _out_of_range() -> MomentError:
    return MomentError("the time lies outside the years 1 to 9999")

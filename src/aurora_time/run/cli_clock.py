"""Times of the API as the command line shows them: on the clock of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aurora_time.domain.moment import Moment
from aurora_time.domain.zones import zone
from aurora_time.mail.wording import Locale, Span, Wall, moment_text, span_text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def named_zone(name: str) -> ZoneInfo | None:
    """None for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def wall_of(value: Mapping[str, Any], home: ZoneInfo) -> Wall:
    """A start, an end or a due time on the clock of ``home``; a date, and what has no zone, as it stands."""
    if value.get("date"):
        return Wall(_seconds(datetime.fromisoformat(str(value["date"]))), "", True)
    return wall_at(_moment(value), home)


def _moment(value: Mapping[str, Any]) -> datetime:
    """Of a time, not a date; without a zone where it floats."""
    moment = datetime.fromisoformat(str(value["dateTime"]))
    own = named_zone(str(value["timeZone"])) if value.get("timeZone") and moment.tzinfo is None else None
    return moment.replace(tzinfo=own) if own else moment


def minutes_between(start: Mapping[str, Any], end: Mapping[str, Any]) -> int:
    """How long a timed event takes in truth, whatever its clocks show."""
    first, last = (each.replace(tzinfo=each.tzinfo or UTC).astimezone(UTC) for each in (_moment(start), _moment(end)))
    return int((last - first).total_seconds()) // 60


def wall_at(moment: datetime, home: ZoneInfo) -> Wall:
    """A moment on the clock of ``home``; one without a zone as it stands."""
    # By way of UTC: between equal zones datetime converts nothing, not even a time that the clock skips.
    return Wall(_seconds(moment.astimezone(UTC).astimezone(home).replace(tzinfo=None) if moment.tzinfo else moment))


def _seconds(naive: datetime) -> int:
    return int((naive - _EPOCH).total_seconds())


def when(start: Mapping[str, Any] | None, end: Mapping[str, Any] | None, home: ZoneInfo, locale: Locale) -> str:
    """``Mon 23 Nov 2026, 09:00–09:30``, as far as it is known."""
    if not start:
        return ""
    first = wall_of(start, home)
    return span_text(Span(first, wall_of(end, home)), locale) if end else moment_text(first, locale)


def instant(text: str, home: ZoneInfo, locale: Locale) -> str:
    return moment_text(wall_at(datetime.fromisoformat(text), home), locale)


def repeats(lines: Sequence[str], start: Mapping[str, Any], home: ZoneInfo, locale: Locale) -> str:
    """How a series repeats, in words; a rule for which there are none as it is written."""
    if not lines:
        return ""
    from aurora_time.pages.repeats import repeats_in  # here, since few sentences repeat

    clock = zone(home.key)
    at = Moment.from_iso(str(start.get("date") or start["dateTime"]), zone(str(start.get("timeZone") or home.key)))
    return ", ".join(each.rule or each.text for each in repeats_in(tuple(lines), at, clock, locale))

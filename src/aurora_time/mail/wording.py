"""Dates, times and durations in words, in English and Vietnamese; for mails and pages alike.

A wall time is seconds since 1970-01-01T00:00:00 as a clock on the wall of its zone shows them: no conversion
happens here. All clocks have 24 hours.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

Locale = Literal["en", "vi"]

_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()
_WEEKDAYS: Final[dict[Locale, tuple[str, ...]]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS: Final = ((10_080, "week", "tuần"), (1440, "day", "ngày"), (60, "hour", "giờ"), (1, "minute", "phút"))


class Wall(NamedTuple):
    """A moment on the wall of ``zone`` (an IANA name; empty when floating); a date is its midnight."""

    seconds: int
    zone: str = ""
    is_date: bool = False

    @property
    def day(self) -> date:
        return date.fromordinal(_EPOCH + self.seconds // _DAY)

    @property
    def clock(self) -> str:
        """Hours and minutes, as ``09:05``."""
        minutes = self.seconds % _DAY // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"


class Span(NamedTuple):
    """From ``start`` to ``end``, which is excluded: a day is from its date to the next."""

    start: Wall
    end: Wall


def locale_of(tag: str) -> Locale:
    """The language we have for a tag such as ``vi-VN``; English for one we do not have."""
    return "vi" if tag.replace("_", "-").lower().split("-")[0] == "vi" else "en"


def date_text(day: date, locale: Locale, *, year: bool = True) -> str:
    """``Mon 23 Nov 2026`` or ``Thứ Hai, 23/11/2026``; without the year if told."""
    weekday = _WEEKDAYS[locale][day.weekday()]
    if locale == "vi":
        return f"{weekday}, {day.day:02}/{day.month:02}" + (f"/{day.year:04}" if year else "")
    return f"{weekday} {day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def moment_text(moment: Wall, locale: Locale, *, year: bool = True) -> str:
    """``Mon 23 Nov 2026, 09:00``; only the day for a date."""
    text = date_text(moment.day, locale, year=year)
    return text if moment.is_date else f"{text}, {moment.clock}"


def span_text(span: Span, locale: Locale) -> str:
    """``Mon 23 Nov 2026, 09:00–09:30``, ``Mon 23 Nov 2026, all day``, ``Mon 23 Nov – Wed 25 Nov 2026``, ...

    A span that ends at the midnight after its start is of one day; of one that ends too early, its start.
    """
    start, end = span
    if start.is_date:
        return _days_text(start, end, locale)
    if end.seconds == start.seconds or end.day < start.day:
        return moment_text(start, locale)
    last = end._replace(seconds=end.seconds - 1)
    if start.day in (end.day, last.day):
        return f"{moment_text(start, locale)}–{end.clock}"
    return _range_text(start, end, locale)


def _days_text(start: Wall, end: Wall, locale: Locale) -> str:
    last = end._replace(seconds=end.seconds - _DAY, is_date=True)
    if last.seconds <= start.seconds:
        return f"{date_text(start.day, locale)}, {'cả ngày' if locale == 'vi' else 'all day'}"
    return _range_text(start, last, locale)


def _range_text(first: Wall, last: Wall, locale: Locale) -> str:
    year = locale == "vi" or first.day.year != last.day.year
    return f"{moment_text(first, locale, year=year)} – {moment_text(last, locale)}"


def zone_text(zone: str) -> str:
    """``Asia/Ho Chi Minh`` for ``Asia/Ho_Chi_Minh``."""
    return zone.replace("_", " ")


def duration_text(minutes: int, locale: Locale) -> str:
    """The two largest units that say it: ``1 hour 30 minutes``, ``2 ngày``; whole weeks only as weeks."""
    if minutes % 10_080 == 0 and minutes > 0:
        return _count(minutes // 10_080, 0, locale)
    parts = []
    for unit in (1, 2, 3):
        count, minutes = divmod(minutes, _UNITS[unit][0])
        if count:
            parts.append(_count(count, unit, locale))
    return " ".join(parts[:2]) or _count(0, 3, locale)


def _count(count: int, unit: int, locale: Locale) -> str:
    _, english, vietnamese = _UNITS[unit]
    if locale == "vi":
        return f"{count} {vietnamese}"
    return f"{count} {english}{'' if count == 1 else 's'}"


def before_text(minutes: int, locale: Locale) -> str:
    """When a reminder rings, as ``10 minutes before``; negative minutes are after the start."""
    if minutes == 0:
        return "lúc bắt đầu" if locale == "vi" else "at the start"
    length = duration_text(abs(minutes), locale)
    if locale == "vi":
        return f"{'trước' if minutes > 0 else 'sau khi bắt đầu'} {length}"
    return f"{length} {'before' if minutes > 0 else 'after the start'}"


def days_before_text(days: int, at: str, locale: Locale) -> str:
    """When a reminder at a wall time rings, as ``1 day before, at 18:00``; ``at`` is ``HH:MM``."""
    if days == 0:
        return f"trong ngày, lúc {at}" if locale == "vi" else f"on the day, at {at}"
    length = _count(days, 1, locale)
    return f"trước {length}, lúc {at}" if locale == "vi" else f"{length} before, at {at}"


def until_text(minutes: int, locale: Locale) -> str:
    """How far away a start is, in elapsed minutes: ``in 10 minutes``, ``now``, ``started 5 minutes ago``."""
    if minutes == 0:
        return "ngay bây giờ" if locale == "vi" else "now"
    length = duration_text(abs(minutes), locale)
    if minutes > 0:
        return f"còn {length} nữa" if locale == "vi" else f"in {length}"
    return f"đã bắt đầu {length} trước" if locale == "vi" else f"started {length} ago"


_NEAR_DAYS: Final[dict[Locale, dict[int, str]]] = {
    "en": {-1: "started yesterday", 0: "today", 1: "tomorrow"},
    "vi": {-1: "đã bắt đầu hôm qua", 0: "hôm nay", 1: "ngày mai"},
}


def days_until_text(today: date, day: date, locale: Locale) -> str:
    """How far away an all-day start is: ``today``, ``tomorrow``, ``in 3 days``, ``started yesterday``."""
    days = (day - today).days
    return _NEAR_DAYS[locale].get(days) or until_text(days * 1440, locale)

"""One RRULE as a value: read it, check it, print it (RFC 5545 3.3.10, RFC 7529 for SKIP)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final, NamedTuple

from aurora_time.domain.calendar_days import DAY, date_of, day_of

_LARGEST: Final = 2**31 - 1
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleError(ValueError):
    """A recurrence rule cannot be read, or says what the RFC forbids. ``part`` names the culprit."""

    def __init__(self, part: str, problem: str) -> None:
        super().__init__(f"{part}: {problem}")
        self.part = part


class Frequency(IntEnum):
    SECONDLY = 0
    MINUTELY = 1
    HOURLY = 2
    DAILY = 3
    WEEKLY = 4
    MONTHLY = 5
    YEARLY = 6


class Skip(Enum):
    """What becomes of a date the calendar does not have (RFC 7529). The value is where it moves."""

    OMIT = 0
    BACKWARD = -1
    FORWARD = 1


class Until(NamedTuple):
    """UNTIL as written. ``wall`` is seconds since 1970, in UTC if ``is_utc``; a DATE is its midnight."""

    wall: int
    is_date: bool
    is_utc: bool


class WeekdayNum(NamedTuple):
    """One BYDAY value. ``ordinal`` 0 means every one; ``weekday`` is 0 for Monday to 6 for Sunday."""

    ordinal: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. A rule that exists is valid: making one raises RuleError for what RFC 5545 forbids.

    The BY parts are sets: they are kept ascending and without doubles, so rules that say the same are equal.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[WeekdayNum, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0
    rscale: bool = False
    skip: Skip = Skip.OMIT

    def __post_init__(self) -> None:
        _check_numbers(self)
        _check_combination(self)
        _check_by_day(self)
        for name in _LISTS:
            if values := getattr(self, name):
                object.__setattr__(self, name, tuple(sorted(set(values))))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A BY part of numbers: its field in Rule, bounds, may it count from the end, where is it banned."""

    field: str
    low: int
    high: int
    signed: bool = False
    banned: tuple[Frequency, ...] = ()

    def allows(self, number: int) -> bool:
        return self.low <= (abs(number) if self.signed else number) <= self.high

    def wanted(self) -> str:
        back = f", or -{self.high} to -{self.low}" if self.signed else ""
        return f"give whole numbers from {self.low} to {self.high}{back}"


# The order is that in which the parts are applied, and printed.
_NUMBERS: Final[Mapping[str, _Numbers]] = {
    "BYMONTH": _Numbers("by_month", 1, 12),
    "BYWEEKNO": _Numbers("by_week_no", 1, 53, signed=True, banned=tuple(Frequency)[:6]),
    "BYYEARDAY": _Numbers("by_year_day", 1, 366, signed=True, banned=tuple(Frequency)[3:6]),
    "BYMONTHDAY": _Numbers("by_month_day", 1, 31, signed=True, banned=(Frequency.WEEKLY,)),
    "BYHOUR": _Numbers("by_hour", 0, 23),
    "BYMINUTE": _Numbers("by_minute", 0, 59),
    "BYSECOND": _Numbers("by_second", 0, 60),
    "BYSETPOS": _Numbers("by_set_pos", 1, 366, signed=True),
}


def _check_numbers(rule: Rule) -> None:
    for part, kind in _NUMBERS.items():
        numbers: tuple[int, ...] = getattr(rule, kind.field)
        if numbers and rule.frequency in kind.banned:
            raise RuleError(part, f"cannot stand with FREQ={rule.frequency.name}; leave it out or choose another FREQ")
        for number in numbers:
            if not kind.allows(number):
                raise RuleError(part, f"{number} is out of range; {kind.wanted()}")


def _check_combination(rule: Rule) -> None:
    for part, number in (("INTERVAL", rule.interval), ("COUNT", rule.count)):
        if number is not None and not 0 < number <= _LARGEST:
            raise RuleError(part, f"{number} is out of range; give a whole number from 1 to {_LARGEST}")
    if rule.count is not None and rule.until is not None:
        raise RuleError("COUNT", "cannot stand with UNTIL; keep one of the two")
    if rule.skip is not Skip.OMIT and not rule.rscale:
        raise RuleError("SKIP", "needs RSCALE; add RSCALE=GREGORIAN")
    if rule.by_set_pos and not any(getattr(rule, name) for name in _LISTS if name != "by_set_pos"):
        raise RuleError("BYSETPOS", "needs another BY part to choose from; add one, such as BYDAY, or leave it out")


_LISTS: Final = ("by_day", *(kind.field for kind in _NUMBERS.values()))


def _check_by_day(rule: Rule) -> None:
    for ordinal, weekday in rule.by_day:
        if not -53 <= ordinal <= 53 or not 0 <= weekday <= 6:
            raise RuleError("BYDAY", f"{ordinal} is out of range; give 1 to 53 or -53 to -1 before a weekday, or none")
        if ordinal and rule.frequency < Frequency.MONTHLY:
            name = f"{ordinal}{WEEKDAYS[weekday]}"
            raise RuleError("BYDAY", f"{name} needs FREQ=MONTHLY or YEARLY; write {WEEKDAYS[weekday]} without a number")
        if ordinal and rule.by_week_no:
            raise RuleError("BYDAY", "takes no numbers beside BYWEEKNO; write weekdays alone, such as MO")


def parse_rule(text: str) -> Rule:
    """Read an RRULE value, with or without ``RRULE:`` before it, in any letter case. Raises RuleError.

    Files in the field end with a semicolon, put FREQ late, leave blanks around values, repeat them in a list:
    all understood. A part that is repeated or unknown is an error, since a guess would ring at a wrong time.
    """
    value = text.strip().upper().removeprefix("RRULE:")
    fields: dict[str, Any] = {}
    for piece in value.rstrip("; ").split(";"):
        part, equals, content = (side.strip() for side in piece.partition("="))
        if not equals or not content:
            raise RuleError(part or "RRULE", "has no value; write NAME=VALUE parts with semicolons between them")
        field, parsed = _parse_part(part, content)
        if field in fields:
            raise RuleError(part, "is given twice; keep one")
        fields[field] = parsed
    if "frequency" not in fields:
        raise RuleError("FREQ", "is missing; add one, such as FREQ=WEEKLY")
    return Rule(**fields)


def _parse_part(part: str, content: str) -> tuple[str, Any]:
    if part in _NUMBERS:
        kind = _NUMBERS[part]
        return kind.field, tuple(_number(part, item, kind) for item in content.split(","))
    if part not in _PARTS:
        raise RuleError(part, "is not a part of a recurrence rule; leave it out")
    field, parse = _PARTS[part]
    return field, parse(content)


def _number(part: str, item: str, kind: _Numbers) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,3}" if kind.signed else r"[0-9]{1,3}", item.strip(), re.ASCII):
        raise RuleError(part, f"{_quote(item)} is not understood; {kind.wanted()}")
    return int(item)


def _quote(content: str) -> str:
    return f"'{content[:40]}'"


def _whole(part: str) -> Callable[[str], int]:
    def parse(content: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", content, re.ASCII):
            raise RuleError(part, f"{_quote(content)} is not understood; give a whole number from 1 to {_LARGEST}")
        return int(content)

    return parse


def _frequency(content: str) -> Frequency:
    if content not in Frequency.__members__:
        raise RuleError("FREQ", f"{_quote(content)} is unknown; use one of {', '.join(Frequency.__members__)}")
    return Frequency[content]


def _by_day(content: str) -> tuple[WeekdayNum, ...]:
    days = []
    for item in content.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,2})? ?(MO|TU|WE|TH|FR|SA|SU)", item.strip(), re.ASCII)
        if match is None or (match[1] and int(match[1]) == 0):
            raise RuleError("BYDAY", f"{_quote(item)} is not understood; write weekdays such as MO, 2TU or -1FR")
        days.append(WeekdayNum(int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(days)


def _week_start(content: str) -> int:
    if content not in WEEKDAYS:
        raise RuleError("WKST", f"{_quote(content)} is not a weekday; use one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(content)


def _rscale(content: str) -> bool:
    if content != "GREGORIAN":
        raise RuleError("RSCALE", f"{_quote(content)} is not supported; only GREGORIAN is")
    return True


def _skip(content: str) -> Skip:
    if content not in Skip.__members__:
        raise RuleError("SKIP", f"{_quote(content)} is unknown; use OMIT, BACKWARD or FORWARD")
    return Skip[content]


def _until(content: str) -> Until:
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", content, re.ASCII)
    if match is None:
        raise RuleError(
            "UNTIL",
            f"{_quote(content)} is not understood; write 20261231, 20261231T170000 or 20261231T170000Z",
        )
    try:
        day = day_of(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise RuleError("UNTIL", f"{_quote(content)} is a date that does not exist; correct it") from None
    if match[4] is None:
        return Until(day * DAY, is_date=True, is_utc=False)
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    if hour > 23 or minute > 59 or second > 60:
        raise RuleError("UNTIL", f"{_quote(content)} is a time that does not exist; correct it")
    return Until(day * DAY + hour * 3600 + minute * 60 + min(second, 59), is_date=False, is_utc=bool(match[7]))


_PARTS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "FREQ": ("frequency", _frequency),
    "INTERVAL": ("interval", _whole("INTERVAL")),
    "COUNT": ("count", _whole("COUNT")),
    "UNTIL": ("until", _until),
    "BYDAY": ("by_day", _by_day),
    "WKST": ("week_start", _week_start),
    "RSCALE": ("rscale", _rscale),
    "SKIP": ("skip", _skip),
}


def print_rule(rule: Rule) -> str:
    """The value in canonical form, FREQ first, defaults left out; ``parse_rule`` gives an equal rule back."""
    parts = [f"FREQ={rule.frequency.name}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={_print_until(rule.until)}")
    for part, kind in _NUMBERS.items():
        if part == "BYHOUR" and rule.by_day:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[weekday]}" for nth, weekday in rule.by_day))
        if numbers := getattr(rule, kind.field):
            parts.append(f"{part}={','.join(map(str, numbers))}")
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    if rule.rscale:
        parts.append("RSCALE=GREGORIAN")
    if rule.skip is not Skip.OMIT:
        parts.append(f"SKIP={rule.skip.name}")
    return ";".join(parts)


def _print_until(until: Until) -> str:
    day, second = divmod(until.wall, DAY)
    found = date_of(day)
    text = f"{found.year:04}{found.month:02}{found.day:02}"
    if until.is_date:
        return text
    return f"{text}T{second // 3600:02}{second // 60 % 60:02}{second % 60:02}{'Z' if until.is_utc else ''}"

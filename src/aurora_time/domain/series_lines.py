"""What an edit of a series does to its RRULE, RDATE and EXDATE lines: one date out, all moved, or divided in two.

A line that an edit does not concern stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aurora_time.domain.component import Time
from aurora_time.domain.moment import DAY, Moment, print_compact
from aurora_time.domain.recurrence import names_start
from aurora_time.domain.recurrence_lines import on_clock, read_moment, read_period, split_line
from aurora_time.domain.rule_text import WEEKDAYS, parse_rule

_NTH: Final = re.compile(r"[+-]?[1-5][A-Z]{2}")
_WEEKDAYS: Final = re.compile(r"[A-Z]{2}(,[A-Z]{2})*")
_OF_MONTH: Final = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
_CLOCK: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_HOUR: Final = 3_600
_LIMIT: Final = re.compile(r";?(?:COUNT|UNTIL)=[^;]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Date:
    """A value of an RDATE or EXDATE as it was written, and the walls of the occurrences that it may name."""

    text: str
    first: int
    last: int


def _dates(line: str, start: Time) -> list[_Date]:
    name, parameters, value = split_line(line)
    found = []
    for text in value.split(","):
        if name == "RDATE":
            wall = read_period(text, parameters, start.moment).wall
            found.append(_Date(text, wall, wall))
            continue
        moment = read_moment(text, parameters)
        if moment.is_date and not start.is_date:
            found.append(_Date(text, moment.wall, moment.wall + DAY - 1))  # the whole of that day
            continue
        named = on_clock(moment, start.moment)
        found += [_Date(text, moment.wall, moment.wall) if named is None else _Date(text, named, named)]
    return found


def _is_dates(line: str) -> bool:
    return split_line(line)[0] in ("RDATE", "EXDATE")


def head(name: str, start: Time) -> str:
    """How a line of dates on the clock of ``start`` begins."""
    if start.is_date:
        return f"{name};VALUE=DATE"
    return f"{name};TZID={start.tzid}" if start.tzid and start.tzid != "UTC" else name


def print_wall(wall: int, start: Time) -> str:
    """A wall on the clock of ``start``, as its lines name it."""
    return print_compact(wall, is_date=start.is_date) + ("Z" if start.tzid == "UTC" else "")


def with_exdate(lines: tuple[str, ...], start: Time, wall: int) -> tuple[str, ...]:
    """The lines without the occurrence at a wall; dates that are out stand together in one line."""
    begin, text = head("EXDATE", start), print_wall(wall, start)
    for index, line in enumerate(lines):
        if line.partition(":")[0] == begin:
            return (*lines[:index], f"{line},{text}", *lines[index + 1 :])
    return (*lines, f"{begin}:{text}")


def without_exdate(lines: tuple[str, ...], start: Time, wall: int) -> tuple[str, ...]:
    """The lines with the occurrence at a wall again, where it was left out by itself."""
    return _kept(lines, start, "EXDATE", lambda date: (date.first, date.last) != (wall, wall))


def _kept(lines: tuple[str, ...], start: Time, names: str, keep: Callable[[_Date], bool]) -> tuple[str, ...]:
    """The lines with those dates only that are to be kept."""
    result = []
    for line in lines:
        if split_line(line)[0] not in names.split():
            result.append(line)
            continue
        dates = _dates(line, start)
        kept = [date.text for date in dates if keep(date)]
        if len(kept) == len(dates):
            result.append(line)
        elif kept:
            result.append(f"{line.partition(':')[0]}:{','.join(kept)}")
    return tuple(result)


def dates_before(lines: tuple[str, ...], start: Time, wall: int) -> tuple[str, ...]:
    """The RDATE and EXDATE lines that concern occurrences before a wall."""
    return _kept(tuple(filter(_is_dates, lines)), start, "RDATE EXDATE", lambda date: date.first < wall)


def dates_from(lines: tuple[str, ...], start: Time, wall: int) -> tuple[str, ...]:
    """The RDATE and EXDATE lines that concern occurrences at a wall or later."""
    return _kept(tuple(filter(_is_dates, lines)), start, "RDATE EXDATE", lambda date: date.last >= wall)


def limited(line: str, limit: str = "") -> str:
    """An RRULE line with another limit (``COUNT=3``), or with none, in the place of its COUNT or UNTIL."""
    name, _, value = line.partition(":")
    rest = _LIMIT.sub("", value).strip("; ")
    return f"{name}:{rest};{limit}" if limit else f"{name}:{rest}"


def until_before(wall: int, start: Time) -> str:
    """The UNTIL that ends a series before an occurrence: of the kind of its start (RFC 5545 3.3.10)."""
    if start.is_date:
        return f"UNTIL={print_compact(wall - DAY, is_date=True)}"
    return until_at(wall, start, -1)


def until_at(wall: int, start: Time, later: int = 0) -> str:
    """The UNTIL that ends a series with an occurrence: in UTC beside a start in a zone."""
    if start.is_date:
        return f"UNTIL={print_compact(wall - wall % DAY, is_date=True)}"
    clock = start.moment.zone
    if clock is None:
        return f"UNTIL={print_compact(wall + later)}"
    return f"UNTIL={print_compact(clock.instant(wall) + later)}Z"


def moment(wall: int, start: Time) -> Moment:
    """A wall on the clock of ``start``."""
    return Moment(wall, start.moment.zone, start.is_date)


@dataclass(frozen=True, slots=True)
class Shift:
    """How a series moves from one start to another: what lies at a wall on the old clock then lies at another."""

    old: Time
    new: Time

    def wall(self, wall: int) -> int:
        if self.new.is_date:
            return wall - wall % DAY + self.new.wall - (self.old.wall - self.old.wall % DAY)
        return wall + self.new.wall - self.old.wall

    def same_day(self, wall: int) -> int:
        """The same day, at the new time of day."""
        return wall - wall % DAY + self.new.wall % DAY

    def lines(self, lines: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
        """The lines on the new clock: those among ``known`` move along, others were written for it already."""
        return tuple(moved for line in lines for moved in (self._moved(line) if line in known else (line,)))

    def _moved(self, line: str) -> tuple[str, ...]:
        name, parameters, value = split_line(line)
        if name == "RRULE":
            return (self._rule(line, value),)
        plain: list[str] = []
        others: list[str] = []
        for date in _dates(line, self.old):
            period = read_period(date.text, parameters, self.old.moment).length if name == "RDATE" else None
            if period is not None:
                others.append(f"{print_wall(self.wall(date.first), self.new)}/{period.print()}")
            elif date.first != date.last and not self.new.is_date:
                day = self.wall(date.first + self.old.wall % DAY)
                plain_day = print_compact(day - day % DAY, is_date=True)
                others.append(plain_day)
            else:
                plain.append(print_wall(self.wall(date.first), self.new))
        begin = head(name, self.new)
        wide = "VALUE=PERIOD" if name == "RDATE" else "VALUE=DATE"
        zoned = begin.partition(";")[2] if name == "RDATE" and not self.new.is_date else ""
        found = (f"{begin}:{','.join(plain)}",) if plain else ()
        return (*found, f"{name};{wide}{';' if zoned else ''}{zoned}:{','.join(others)}") if others else found

    def _rule(self, line: str, value: str) -> str:
        """A rule whose days and UNTIL move as all occurrences do, so that as many of them are left."""
        until = parse_rule(value).until
        line = f"{line.partition(':')[0]}:{self._days(value)}"
        if until is None:
            return line
        clock = self.old.moment.zone
        if until.is_date and not self.old.is_date:
            last = until.wall + DAY - 1
        elif until.is_utc and clock is not None:
            last = clock.wall(until.wall)
        else:
            last = until.wall
        if self.new.is_date:
            last -= self.old.wall % DAY  # a limit before the hour of the start does not let that day in
        return limited(line, until_at(self.wall(last), self.new))

    def _days(self, value: str) -> str:
        """The days and hours that a rule names, moved as its start is: else all but the first would stay.

        Every week's days move with the week they are counted in, a month's as many days as the start does. A rule of
        several days or hours that names the new start only begins there. What cannot be moved (``BYSETPOS``, days of
        the year) stays as it is, and may not name the new start.
        """
        parts = dict(part.upper().split("=", 1) for part in value.split(";") if "=" in part)
        moved = parts
        if self.old.is_date != self.new.is_date:
            moved = {name: text for name, text in parts.items() if name not in _CLOCK}  # a day has none (3.3.10)
        elif not self.new.is_date and not self._is_named(parts):
            moved = parts | _clock(parts, self.old.wall, self.new.wall)
        first, then = self.old.wall // DAY, self.new.wall // DAY
        if first != then and "BYSETPOS" not in parts:
            moved = moved | self._days_of(moved, first, then)
        return value if moved == parts else ";".join(f"{name}={text}" for name, text in moved.items())

    def _days_of(self, parts: dict[str, str], first: int, then: int) -> dict[str, str]:
        is_week = _WEEKDAYS.fullmatch(parts.get("BYDAY", "")) and not parts.keys() & _OF_MONTH
        if is_week and parts.get("FREQ") == "WEEKLY":
            return _of_week(parts, then - first)
        is_month = parts.get("FREQ") in ("MONTHLY", "YEARLY")
        changed = _of_month(parts, first, then) if is_month else {}
        if changed or self._is_named(parts):
            return changed
        if is_week:
            return _of_week(parts, then - first)
        return _month_days(parts, then - first) if is_month and "BYDAY" not in parts else {}

    def _is_named(self, parts: dict[str, str]) -> bool:
        """Whether a rule names the new start as it is."""
        return names_start(parse_rule(";".join(f"{name}={text}" for name, text in parts.items())), self.new.wall)


def _clock(parts: dict[str, str], old: int, new: int) -> dict[str, str]:
    """What a rule's hours and minutes become, where all of them stay on their day or each day is like the others."""
    changed: dict[str, str] = {}
    for name, unit, most in (("BYMINUTE", 60, 60), ("BYSECOND", 1, 60)):
        if parts.get(name) == str(old // unit % most):
            changed[name] = str(new // unit % most)
    hours = [int(hour) + new // _HOUR % 24 - old // _HOUR % 24 for hour in parts.get("BYHOUR", "").split(",") if hour]
    is_each_day = parts.keys() <= {"FREQ", "COUNT", "UNTIL", "WKST", *_CLOCK} and parts.get("FREQ") == "DAILY"
    if hours and (is_each_day or all(0 <= hour < 24 for hour in hours)):
        changed["BYHOUR"] = ",".join(map(str, sorted(hour % 24 for hour in hours)))
    return changed


def _of_week(parts: dict[str, str], days: int) -> dict[str, str]:
    def moved(name: str) -> str:
        return WEEKDAYS[(WEEKDAYS.index(name) + days) % 7]

    changed = {"BYDAY": ",".join(map(moved, parts["BYDAY"].split(",")))}
    if parts.get("FREQ") == "WEEKLY" and parts.get("INTERVAL", "1") != "1":
        changed["WKST"] = moved(parts.get("WKST", "MO"))
    return changed


def _month_day(day: int, days: int) -> int:
    """A day of the month, so many days away: the last, which is -1, is followed by the first."""
    there = day + days
    if day > 0:
        return there - 31 if there > 31 else there - (there < 1)
    return there + (there >= 0)


def _month_days(parts: dict[str, str], days: int) -> dict[str, str]:
    """What a rule's days of the month become, but where some would be in a month that it does not name."""
    old = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    new = [_month_day(day, days) for day in old]
    stays = all(before + days == after for before, after in zip(old, new, strict=True))
    if not old or abs(days) > 30 or not (stays or (parts.get("INTERVAL", "1") == "1" and "BYMONTH" not in parts)):
        return {}
    return {"BYMONTHDAY": ",".join(map(str, new))}


def _of_month(parts: dict[str, str], first: int, then: int) -> dict[str, str]:
    """What a rule's one day of the month becomes, where that is the start's; the days are counted from 1970."""
    old, new = print_compact(first * DAY), print_compact(then * DAY)
    changed: dict[str, str] = {}
    if parts.get("BYMONTHDAY") == str(int(old[6:8])):
        changed["BYMONTHDAY"] = str(int(new[6:8]))
    elif _NTH.fullmatch(parts.get("BYDAY", "")):
        nth = (int(new[6:8]) - 1) // 7 + 1
        is_last = parts["BYDAY"].startswith("-1") and print_compact((then + 7) * DAY)[:6] != new[:6]
        changed["BYDAY"] = f"{-1 if is_last else nth}{WEEKDAYS[(then + 3) % 7]}"
    if changed and parts.get("BYMONTH") == str(int(old[4:6])):
        changed["BYMONTH"] = str(int(new[4:6]))
    return changed

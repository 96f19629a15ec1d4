"""The form that adds an event: its fields, what may be wrong with them, and the event that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aurora_time.domain.moment import DAY, MomentError, parse_date, parse_wall, print_date, print_wall
from aurora_time.operations.representation import DateOrTime, EventInput, ReminderOverride, Reminders
from aurora_time.pages.words import Words

MAX_SUMMARY: Final = 1_000
FIELDS: Final = ("summary", "date", "start", "end", "all_day", "repeat", "remind")
REPEATS: Final = {
    "never": (),
    "daily": ("RRULE:FREQ=DAILY",),
    "weekly": ("RRULE:FREQ=WEEKLY",),
    "monthly": ("RRULE:FREQ=MONTHLY",),
    "yearly": ("RRULE:FREQ=YEARLY",),
}
_WALL_CLOCK: Final = {
    "day": ReminderOverride(days_before=0, at="08:00"),
    "eve": ReminderOverride(days_before=1, at="18:00"),
}
_MINUTES: Final = {"5": 5, "10": 10, "30": 30, "60": 60, "1440": 1440}


class EventFormError(Exception):
    """What is wrong, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class _When:
    start: DateOrTime
    end: DateOrTime | None


def fresh_fields(now_wall: int) -> dict[str, str]:
    """What the form shows at first: the next full hour on the person's clock."""
    soon = now_wall - now_wall % 3600 + 3600
    later = soon + 3600
    return {
        **dict.fromkeys(FIELDS, ""),
        "date": print_date(soon),
        "start": print_wall(soon)[11:16],
        "end": print_wall(later)[11:16],
        "repeat": "never",
        "remind": "default",
    }


def read_event_form(form: Mapping[str, str], zone: str, words: Words) -> EventInput:
    """The event that a posted form means, its times on the clock of ``zone``. Raises EventFormError."""
    errors: dict[str, str] = {}
    summary = form.get("summary", "").strip()
    if not summary or len(summary) > MAX_SUMMARY:
        errors["summary"] = words.summary_long if summary else words.summary_needed
    is_date = bool(form.get("all_day"))
    when = _read_date(form, words, errors) if is_date else _read_times(form, zone, words, errors)
    recurrence = REPEATS.get(form.get("repeat", "never"))
    if recurrence is None:
        errors["repeat"] = words.choice_unknown
    reminders = _read_reminders(form.get("remind", "default"), is_date, words, errors)
    if errors or when is None or recurrence is None or reminders is None:
        raise EventFormError(errors)
    return EventInput(summary, when.start, when.end, recurrence=recurrence, reminders=reminders)


def _read_date(form: Mapping[str, str], words: Words, errors: dict[str, str]) -> _When | None:
    try:
        return _When(DateOrTime(date=print_date(parse_date(form.get("date", "")))), None)
    except MomentError:
        errors["date"] = words.date_needed
        return None


def _read_times(form: Mapping[str, str], zone: str, words: Words, errors: dict[str, str]) -> _When | None:
    """An end that is not after the start is one of the next day; without an end it is an hour."""
    if _read_date(form, words, errors) is None:
        return None
    start, end = (_read_clock(form, name, words, errors) for name in ("start", "end"))
    if start is None and "start" not in errors:
        errors["start"] = words.time_needed
    if start is None or errors.keys() & {"start", "end"}:
        return None
    if end is not None and end <= start:
        end += DAY
    try:
        walls = [DateOrTime(date_time=print_wall(wall), time_zone=zone) for wall in (start, end) if wall is not None]
    except MomentError:
        errors["date"] = words.date_needed
        return None
    return _When(walls[0], walls[1] if len(walls) == 2 else None)


def _read_clock(form: Mapping[str, str], name: str, words: Words, errors: dict[str, str]) -> int | None:
    """Wall seconds of a time on the form's day; None if there is none."""
    text = form.get(name, "")
    if not text:
        return None
    try:
        return parse_wall(f"{form.get('date', '')}T{text}")
    except MomentError:
        errors[name] = words.time_needed
        return None


def _read_reminders(choice: str, is_date: bool, words: Words, errors: dict[str, str]) -> Reminders | None:
    if choice == "default":
        return Reminders()
    if choice == "none":
        return Reminders(False)
    if choice in _WALL_CLOCK:
        return Reminders(False, (_WALL_CLOCK[choice],))
    minutes = _MINUTES.get(choice)
    if minutes is None or is_date:
        errors["remind"] = words.minutes_all_day if is_date and minutes else words.choice_unknown
        return None
    return Reminders(False, (ReminderOverride(minutes_before=minutes),))

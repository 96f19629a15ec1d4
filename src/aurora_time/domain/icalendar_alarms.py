"""VALARM (RFC 5545 3.6.6): what we ring is an Alarm; every other one is kept as it is, for the clients that show it.

We mail ACTION:EMAIL at whole minutes before the start (of a task: before it is due), or of an all-day event by the
wall clock. A wall-clock alarm of anything else has parameters of our own, and a plain TRIGGER as near as can be.
ACTION:DISPLAY is the client's affair, save where a parameter of ours says that it is to ring in the web app too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from aurora_time.domain.component import BROWSER, MAX_ALARMS, MAX_LEAD_DAYS, Alarm, Event, Task, Time
from aurora_time.domain.content_lines import Line, escape, parse_line, unescape
from aurora_time.domain.moment import DAY, Duration, MomentError, print_compact

NO_ALARMS: Final = "X-AURORA-ALARMS:NONE"
"""An event whose alarms are none, not even the default ones."""
_AT: Final = "X-AURORA-AT"
_DAYS: Final = "X-AURORA-DAYS-BEFORE"
_CHANNEL: Final = "X-AURORA-CHANNEL"
_NAMES: Final = frozenset({"BEGIN", "END", "ACTION", "TRIGGER", "SUMMARY", "DESCRIPTION", "ATTENDEE"})
_MAX_MINUTES: Final = MAX_LEAD_DAYS * 24 * 60

Block = tuple[tuple[int, str], ...]
"""The lines of a subcomponent, BEGIN and END too, each with its number."""


class Anchor(NamedTuple):
    """What alarms count back from; ``related`` are the RELATED that mean it, the last the one to write."""

    time: Time
    related: tuple[str, ...] = ("START",)


def anchor_of(made: Event | Task) -> Anchor | None:
    """None for a task without any time, of which nobody can be reminded."""
    if isinstance(made, Event):
        return Anchor(made.start)
    if made.due is not None:
        return Anchor(made.due, ("END",) if made.start else ("START", "END"))
    return Anchor(made.start) if made.start else None


def is_alarm(block: Block) -> bool:
    return block[0][1][6:].strip().upper() == "VALARM"


def without_alarms(made: Event | Task) -> Event | Task:
    """The object as others may have it: nothing in it rings, theirs or ours."""
    kept: list[str] = []
    is_inside = False
    for text in made.extra:
        edge = text.strip().upper()
        is_inside |= edge == "BEGIN:VALARM"
        if not is_inside:
            kept.append(text)
        is_inside &= edge != "END:VALARM"
    return replace(made, alarms=None, extra=tuple(kept))


def read_alarm(block: Block, anchor: Anchor) -> Alarm | None:
    """The alarm that we ring; None for any other."""
    if not is_alarm(block):
        return None
    lines = {line.name: line for line in (parse_line(*each) for each in reversed(block))}
    trigger, action = lines.get("TRIGGER"), lines.get("ACTION")
    channel = _channel(trigger, action) if trigger and action else None
    if trigger is None or channel is None:
        return None
    own = _own(trigger, channel)
    if own is not None:
        return own
    if trigger.parameters.get("RELATED", "START").upper() not in anchor.related:
        return None
    try:
        lead = Duration.parse(trigger.value.strip())
    except MomentError:
        return None
    return _alarm(-lead.days * DAY - lead.seconds, anchor.time, channel)


def _channel(trigger: Line, action: Line) -> str | None:
    kind = action.value.strip().upper()
    if kind == "EMAIL":
        return "email"
    is_ours = trigger.parameters.get(_CHANNEL, "").lower() == BROWSER
    return BROWSER if kind == "DISPLAY" and is_ours else None


def _own(trigger: Line, channel: str) -> Alarm | None:
    at, days = trigger.parameters.get(_AT, ""), trigger.parameters.get(_DAYS, "0")
    match = re.fullmatch(r"([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])", at, re.ASCII)
    if match is None or not re.fullmatch(r"[0-9]{1,3}", days, re.ASCII) or int(days) > MAX_LEAD_DAYS:
        return None
    hours, minutes, seconds = map(int, match.groups())
    return Alarm(channel, None, int(days), hours * 3600 + minutes * 60 + seconds)


def _alarm(lead: int, anchor: Time, channel: str) -> Alarm | None:
    """The alarm so many seconds before the anchor; of a date, by the clock of the day that it falls on."""
    if anchor.is_date:
        days = -(-lead // DAY)
        return Alarm(channel, None, days, days * DAY - lead) if 0 <= days <= MAX_LEAD_DAYS else None
    minutes, rest = divmod(lead, 60)
    return Alarm(channel, minutes) if not rest and 0 <= minutes <= _MAX_MINUTES else None


def read_alarms(blocks: Sequence[Block], anchor: Anchor) -> tuple[Alarm, ...]:
    """The alarms that we ring, each once, at most 20."""
    found = (read_alarm(block, anchor) for block in blocks)
    return tuple(dict.fromkeys(alarm for alarm in found if alarm is not None))[:MAX_ALARMS]


def is_plain(block: Block, summary: str, address: str) -> bool:
    """Whether our own text of this alarm says all that this one does."""
    attendees, mailed = 0, False
    for line in (parse_line(*each) for each in block):
        if line.name not in _NAMES or (line.parameters and line.name != "TRIGGER"):
            return False
        attendees += line.name == "ATTENDEE"
        mailed = mailed or (line.name == "ACTION" and line.value.strip().upper() == "EMAIL")
        if line.name in ("SUMMARY", "DESCRIPTION") and unescape(line.value) != summary:
            return False
        if line.name == "ATTENDEE" and line.value != f"mailto:{address}":
            return False
    return attendees == bool(address and mailed)


def print_alarm(alarm: Alarm, anchor: Anchor, words: tuple[str, str]) -> list[str]:
    """The VALARM of an alarm. ``words`` are the component's summary and the address that is mailed."""
    summary, address = words
    attendee = (f"ATTENDEE:mailto:{address}",) if address else ()
    text = escape(summary)
    end = ";RELATED=END" if anchor.related[-1] == "END" else ""
    if alarm.channel == BROWSER:
        end += f";{_CHANNEL}={BROWSER.upper()}"
    trigger, description = f"TRIGGER{end}{_trigger(alarm, anchor.time)}", f"DESCRIPTION:{text}"
    if alarm.channel == BROWSER:
        return ["BEGIN:VALARM", "ACTION:DISPLAY", trigger, description, "END:VALARM"]
    return ["BEGIN:VALARM", "ACTION:EMAIL", trigger, f"SUMMARY:{text}", description, *attendee, "END:VALARM"]


def _trigger(alarm: Alarm, anchor: Time) -> str:
    if alarm.minutes_before is not None:
        return f":{Duration(seconds=-alarm.minutes_before * 60).print()}"
    lead = alarm.at - alarm.days_before * DAY
    if anchor.is_date:
        return f":{Duration(seconds=lead).print()}"
    at = print_compact(alarm.at)[9:]
    return f";{_AT}={at};{_DAYS}={alarm.days_before}:{Duration(seconds=lead - anchor.wall % DAY).print()}"

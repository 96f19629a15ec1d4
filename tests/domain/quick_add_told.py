"""A draft in one line, as quick_add_sentences.txt has it, and that table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from aurora_time.domain.component import Alarm, Time
from aurora_time.domain.moment import parse_instant, print_date, print_wall
from aurora_time.domain.quick_add import Draft, Speaker, understand
from aurora_time.domain.zones import zone

HOME: Final = "Asia/Ho_Chi_Minh"
NOW: Final = parse_instant("2026-11-20T02:00:00Z")
TABLE: Final = Path(__file__).with_name("quick_add_sentences.txt")


class Row(NamedTuple):
    speaker: Speaker
    sentence: str
    told: str
    now: int


def rows() -> Iterator[Row]:
    """The table: a section begins with ``== locale zone``, and when it is if not then as ever; a sentence is followed
    by its meaning, indented.
    """
    speaker, now = Speaker(zone(HOME)), NOW
    sentence = ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("== "):
            locale, name, *then = line.split()[1:]
            speaker, now = Speaker(zone(name), locale), parse_instant(then[0]) if then else NOW
        elif line.startswith("    "):
            yield Row(speaker, sentence, line.strip(), now)
        elif line and not line.startswith("#"):
            sentence = line


def told(sentence: str, speaker: Speaker, now: int = NOW) -> str:
    draft = understand(sentence, now, speaker)
    parts = [draft.kind, draft.summary or "(no title)", *when(draft, speaker.home.id)]
    parts += [f"at {draft.location}"] if draft.location else []
    parts += [each.removeprefix("RRULE:") for each in draft.recurrence]
    if draft.alarms is not None:
        parts.append("remind " + (" and ".join(map(alarm, draft.alarms)) or "never"))
    return f"{draft.language} | " + " | ".join(parts)


def when(draft: Draft, home: str) -> list[str]:
    if draft.due is not None:
        return [f"due {clock(draft.due, home)}"]
    if draft.start is None or draft.end is None:
        return []
    start, end = clock(draft.start, home), clock(draft.end, home)
    if start[:10] == end[:10]:
        end = end[11:]
    return [f"{start} to {end}"]


def clock(time: Time, home: str) -> str:
    if time.is_date:
        return print_date(time.wall)
    return print_wall(time.wall)[:16].replace("T", " ") + ("" if time.tzid == home else f" {time.tzid}")


def alarm(each: Alarm) -> str:
    if each.minutes_before is not None:
        return f"{each.minutes_before} min before"
    return f"{each.days_before} days before at {each.at // 3600:02}:{each.at // 60 % 60:02}"


if __name__ == "__main__":
    for row in rows():
        print(f"{row.sentence}\n    {told(row.sentence, row.speaker, row.now)}")

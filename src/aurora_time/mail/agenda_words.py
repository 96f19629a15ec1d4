"""The sentences of the mail with a day's agenda, in each language. Braces are for ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class AgendaWords:
    title: str
    event: str
    events: str
    task: str
    tasks: str
    today: str
    due: str
    overdue: str
    all_day: str
    until: str
    day_of: str
    due_on: str
    more: str
    button: str
    why: str
    settings: str
    stop: str


AGENDA_WORDS: Final[dict[Locale, AgendaWords]] = {
    "en": AgendaWords(
        title="Your day",
        event="1 event",
        events="{count} events",
        task="1 task",
        tasks="{count} tasks",
        today="Events",
        due="Due today",
        overdue="Overdue",
        all_day="All day",
        until="until {time}",
        day_of="day {day} of {days}",
        due_on="since {date}",
        more="And more, which Aurora Time shows you.",
        button="Open Aurora Time",
        why="You asked for your agenda by mail. On a day with nothing in it, none comes.",
        settings="Change when it comes",
        stop="Stop these mails",
    ),
    "vi": AgendaWords(
        title="Ngày của bạn",
        event="1 sự kiện",
        events="{count} sự kiện",
        task="1 việc",
        tasks="{count} việc",
        today="Sự kiện",
        due="Đến hạn hôm nay",
        overdue="Đã quá hạn",
        all_day="Cả ngày",
        until="đến {time}",
        day_of="ngày {day}/{days}",
        due_on="từ {date}",
        more="Và còn nữa, bạn xem trong Aurora Time.",
        button="Mở Aurora Time",
        why="Bạn đã chọn nhận lịch trong ngày qua email. Ngày không có gì thì không có thư.",
        settings="Đổi giờ nhận",
        stop="Ngừng nhận thư này",
    ),
}

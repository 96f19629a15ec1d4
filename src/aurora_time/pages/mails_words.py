"""What the page about one's mails says, in each language. Braces are for ``str.format``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class MailsWords:
    title: str
    intro: str
    reminders: str
    reminders_on: str
    reminders_hint: str
    agenda: str
    agenda_on: str
    agenda_hint: str
    at: str
    at_bad: str
    days: str
    weekdays: Mapping[str, str]
    days_needed: str
    saved: str
    held_title: str
    held: str
    complained: str
    let_through: str
    through: str
    last: str
    statuses: Mapping[str, str]
    is_on: str
    is_off: str
    change: str


MAILS_WORDS: Final[dict[Locale, MailsWords]] = {
    "en": MailsWords(
        title="Your mails",
        intro="Mails go to {email}.",
        reminders="Reminders",
        reminders_on="Mail me my reminders",
        reminders_hint="While this is off, reminders are only shown in Aurora Time.",
        agenda="The agenda of the day",
        agenda_on="Mail me what the day holds",
        agenda_hint="Events, and tasks that are due. On a day with nothing in it, no mail comes.",
        at="At",
        at_bad="Enter a time like 07:00.",
        days="On",
        weekdays={
            "MO": "Monday",
            "TU": "Tuesday",
            "WE": "Wednesday",
            "TH": "Thursday",
            "FR": "Friday",
            "SA": "Saturday",
            "SU": "Sunday",
        },
        days_needed="Choose at least one day.",
        saved="Your mail settings are saved.",
        held_title="Mails to you are held",
        held="Mail to {email} was refused several times, last on {at}. Check that the address is right and the mailbox "
        "is not full, then let mails through.",
        complained="A mail to {email} was marked as spam on {at}, so we stopped. If that was a mistake, let mails "
        "through.",
        let_through="Let mails through",
        through="Mails go out again.",
        last="The last agendas",
        statuses={
            "sending": "being sent",
            "sent": "sent",
            "empty": "nothing on that day",
            "skipped": "skipped, it was too late",
            "suppressed": "held back",
            "failed": "could not be sent",
        },
        is_on="Reminders are mailed to you.",
        is_off="Reminder mails are off.",
        change="Change mails",
    ),
    "vi": MailsWords(
        title="Thư của bạn",
        intro="Thư được gửi đến {email}.",
        reminders="Lời nhắc",
        reminders_on="Gửi lời nhắc qua email cho tôi",
        reminders_hint="Khi tắt, lời nhắc chỉ hiển thị trong Aurora Time.",
        agenda="Lịch trong ngày",
        agenda_on="Gửi lịch trong ngày qua email cho tôi",
        agenda_hint="Gồm sự kiện và việc đến hạn. Ngày không có gì thì không có thư.",
        at="Lúc",
        at_bad="Hãy nhập giờ, ví dụ 07:00.",
        days="Vào",
        weekdays={
            "MO": "Thứ Hai",
            "TU": "Thứ Ba",
            "WE": "Thứ Tư",
            "TH": "Thứ Năm",
            "FR": "Thứ Sáu",
            "SA": "Thứ Bảy",
            "SU": "Chủ Nhật",
        },
        days_needed="Hãy chọn ít nhất một ngày.",
        saved="Đã lưu cài đặt thư của bạn.",
        held_title="Thư gửi cho bạn đang bị giữ lại",
        held="Thư gửi đến {email} bị từ chối nhiều lần, lần cuối vào {at}. Hãy kiểm tra địa chỉ và hộp thư có bị đầy "
        "không, rồi cho phép gửi lại.",
        complained="Một thư gửi đến {email} bị đánh dấu là thư rác vào {at}, nên chúng tôi đã ngừng gửi. "
        "Nếu đó là nhầm lẫn, hãy cho phép gửi lại.",
        let_through="Cho phép gửi lại",
        through="Thư lại được gửi đi.",
        last="Lịch trong ngày gần đây",
        statuses={
            "sending": "đang gửi",
            "sent": "đã gửi",
            "empty": "ngày đó không có gì",
            "skipped": "bỏ qua vì đã quá muộn",
            "suppressed": "bị giữ lại",
            "failed": "không gửi được",
        },
        is_on="Lời nhắc được gửi qua email cho bạn.",
        is_off="Thư nhắc đang tắt.",
        change="Đổi cài đặt thư",
    ),
}

"""What the pages behind the links in mails say, in each language. Braces are for ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class LinkWords:
    # asked before it is done
    snooze_title: str
    snooze_button: str
    done_title: str
    done_text: str
    done_button: str
    stop_title: str
    stop_text: str
    stop_button: str
    stop_rule_button: str
    stop_agenda_title: str
    stop_agenda_text: str
    stop_agenda_button: str
    # after it is done
    snoozed_title: str
    snoozed: str
    is_done_title: str
    is_done: str
    paused_title: str
    paused: str
    stopped_title: str
    stopped: str
    stopped_agenda_title: str
    stopped_agenda: str
    on_again: str
    back_on_title: str
    back_on: str
    back_on_agenda: str
    settings: str
    # where it cannot be done
    over_title: str
    over: str
    gone_title: str
    gone: str


LINK_WORDS: Final[dict[Locale, LinkWords]] = {
    "en": LinkWords(
        snooze_title="Remind you again?",
        snooze_button="Remind me then",
        done_title="Dismiss this reminder?",
        done_text="It does not ring again. Other reminders stay.",
        done_button="Dismiss",
        stop_title="Stop reminder mails?",
        stop_text="No reminder is mailed to you any more. Your events and reminders stay, and you can turn mails on "
        "again.",
        stop_button="Stop reminder mails",
        stop_rule_button="Only turn off the rule “{rule}”",
        stop_agenda_title="Stop agenda mails?",
        stop_agenda_text="Your agenda is not mailed to you any more. You can turn it on again.",
        stop_agenda_button="Stop agenda mails",
        snoozed_title="You will be reminded again",
        snoozed="On {at}.",
        is_done_title="Dismissed",
        is_done="This reminder does not ring again.",
        paused_title="The rule is off",
        paused="Your rule “{rule}” reminds you no more. Your other reminders stay.",
        stopped_title="Reminder mails are off",
        stopped="No reminder is mailed to you any more. You can turn mails on again here, or in your settings.",
        stopped_agenda_title="Agenda mails are off",
        stopped_agenda="Your agenda is not mailed to you any more. You can turn it on again here, or in your settings.",
        on_again="Turn them on again",
        back_on_title="They are on again",
        back_on="Reminders are mailed to you as before.",
        back_on_agenda="Your agenda is mailed to you as before.",
        settings="Mail settings",
        over_title="There is nothing left to do",
        over="This reminder was dealt with already, so nothing was changed. The newest mail has links that work.",
        gone_title="This link does not work",
        gone="It may be too old, or not complete: copy the whole link from your mail. Or what it was about is gone.",
    ),
    "vi": LinkWords(
        snooze_title="Nhắc lại cho bạn?",
        snooze_button="Nhắc tôi lúc đó",
        done_title="Tắt lời nhắc này?",
        done_text="Lời nhắc này sẽ không báo lại. Các lời nhắc khác vẫn giữ nguyên.",
        done_button="Tắt lời nhắc",
        stop_title="Ngừng nhận thư nhắc?",
        stop_text="Chúng tôi sẽ không gửi lời nhắc qua email cho bạn nữa. Sự kiện và lời nhắc của bạn vẫn còn, "
        "và bạn có thể bật lại.",
        stop_button="Ngừng nhận thư nhắc",
        stop_rule_button="Chỉ tắt quy tắc “{rule}”",
        stop_agenda_title="Ngừng nhận lịch trong ngày?",
        stop_agenda_text="Chúng tôi sẽ không gửi lịch trong ngày qua email cho bạn nữa. Bạn có thể bật lại.",
        stop_agenda_button="Ngừng nhận lịch trong ngày",
        snoozed_title="Bạn sẽ được nhắc lại",
        snoozed="Vào {at}.",
        is_done_title="Đã tắt lời nhắc",
        is_done="Lời nhắc này sẽ không báo lại.",
        paused_title="Đã tắt quy tắc",
        paused="Quy tắc “{rule}” của bạn sẽ không nhắc nữa. Các lời nhắc khác vẫn giữ nguyên.",
        stopped_title="Đã tắt thư nhắc",
        stopped="Chúng tôi sẽ không gửi lời nhắc qua email cho bạn nữa. Bạn có thể bật lại tại đây, "
        "hoặc trong cài đặt.",
        stopped_agenda_title="Đã tắt thư lịch trong ngày",
        stopped_agenda="Chúng tôi sẽ không gửi lịch trong ngày cho bạn nữa. Bạn có thể bật lại tại đây, "
        "hoặc trong cài đặt.",
        on_again="Bật lại",
        back_on_title="Đã bật lại",
        back_on="Lời nhắc lại được gửi qua email cho bạn như trước.",
        back_on_agenda="Lịch trong ngày lại được gửi qua email cho bạn như trước.",
        settings="Cài đặt thư",
        over_title="Không còn gì để làm",
        over="Lời nhắc này đã được xử lý rồi, không có gì thay đổi. Hãy dùng liên kết trong thư mới nhất.",
        gone_title="Liên kết này không dùng được",
        gone="Có thể liên kết đã quá cũ hoặc không đầy đủ: hãy chép toàn bộ liên kết trong thư. "
        "Cũng có thể mục này không còn nữa.",
    ),
}

"""Every sentence of our mails, in each language. Braces are filled with ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A mail about an account: what the person did (or did not do), and what to do now."""

    subject: str
    title: str
    intro: str
    button: str = ""
    outro: str = ""
    not_you: str = ""


@dataclass(frozen=True, slots=True)
class ReminderWords:
    untitled: str
    elsewhere: str
    where: str
    repeats: str
    calendar: str
    link: str
    late: str
    button: str
    why: str
    why_rule: str
    stop: str
    again: str
    in_ten: str
    in_hour: str
    tomorrow: str
    done: str
    task: str
    task_overdue: str
    task_due: str
    task_at: str
    task_button: str
    standing_at: str


@dataclass(frozen=True, slots=True)
class Words:
    tagline: str
    valid_code: str
    valid_link: str
    reminder: ReminderWords
    code: NoticeWords
    reset: NoticeWords
    reset_by_link: NoticeWords
    already_registered: NoticeWords
    password_changed: NoticeWords
    test: NoticeWords


_NOTHING_CHANGES_EN: Final = "If this was not you, ignore this mail. Your password stays as it is."
_NOTHING_CHANGES_VI: Final = "Nếu không phải bạn yêu cầu, hãy bỏ qua thư này. Mật khẩu của bạn vẫn giữ nguyên."

_ENGLISH: Final = Words(
    tagline="Reminders that really arrive.",
    valid_code="The code is valid for {duration}.",
    valid_link="The link is valid for {duration}.",
    reminder=ReminderWords(
        untitled="(no title)",
        elsewhere="{when} in {zone}",
        where="Where",
        repeats="Repeats",
        calendar="Calendar",
        link="Link",
        late="This reminder is late. It was due on {at}.",
        button="Open event",
        why="You asked to be reminded {why}.",
        why_rule="Your rule “{rule}” reminds you {why}.",
        stop="Stop reminder mails",
        again="Remind me again",
        in_ten="in 10 minutes",
        in_hour="in 1 hour",
        tomorrow="tomorrow at 09:00",
        done="Dismiss this reminder",
        task="Task, due {until}",
        task_overdue="Task, overdue",
        task_due="Due {when}",
        task_at="when it is due",
        task_button="Open Aurora Time",
        standing_at="at this time",
    ),
    code=NoticeWords(
        subject="{code} is your Aurora Time code",
        title="Confirm your e-mail address",
        intro="Enter this code to finish signing up:",
        button="Confirm",
        not_you="If this was not you, ignore this mail. No account is made without the code.",
    ),
    reset=NoticeWords(
        subject="Reset your Aurora Time password",
        title="Choose a new password",
        intro="Somebody, hopefully you, asked for a new password for {address}. Enter this code to choose one:",
        button="Choose a new password",
        not_you=_NOTHING_CHANGES_EN,
    ),
    reset_by_link=NoticeWords(
        subject="Reset your Aurora Time password",
        title="Choose a new password",
        intro="Somebody, hopefully you, asked for a new password for {address}. Follow this link to choose one.",
        button="Choose a new password",
        not_you=_NOTHING_CHANGES_EN,
    ),
    already_registered=NoticeWords(
        subject="You already have an Aurora Time account",
        title="You already have an account",
        intro="Somebody, hopefully you, tried to sign up with {address}. That address "
        "has an account already, so you can just sign in.",
        button="Sign in",
        outro="Forgot your password? Choose a new one:",
        not_you="If this was not you, there is nothing to do. Nothing was made or changed.",
    ),
    password_changed=NoticeWords(
        subject="Your Aurora Time password was changed",
        title="Your password was changed",
        intro="The password of {address} was changed on {at}. If this was you, there is nothing to do.",
        outro="If this was not you, choose a new password at once and sign out everywhere.",
        button="Choose a new password",
    ),
    test=NoticeWords(
        subject="Aurora Time can send mail",
        title="Mail works",
        intro="This is a test mail. If you can read it, reminders will arrive too.",
        button="Open Aurora Time",
    ),
)

_VIETNAMESE: Final = Words(
    tagline="Lời nhắc luôn đến đúng lúc.",
    valid_code="Mã có hiệu lực trong {duration}.",
    valid_link="Liên kết có hiệu lực trong {duration}.",
    reminder=ReminderWords(
        untitled="(không có tiêu đề)",
        elsewhere="{when} theo giờ {zone}",
        where="Địa điểm",
        repeats="Lặp lại",
        calendar="Lịch",
        link="Liên kết",
        late="Lời nhắc này đến muộn. Lẽ ra bạn phải nhận được vào {at}.",
        button="Mở sự kiện",
        why="Bạn đã đặt lời nhắc {why}.",
        why_rule="Quy tắc “{rule}” của bạn nhắc {why}.",
        stop="Ngừng nhận thư nhắc",
        again="Nhắc lại",
        in_ten="sau 10 phút",
        in_hour="sau 1 giờ",
        tomorrow="9:00 ngày mai",
        done="Tắt lời nhắc này",
        task="Việc cần làm, đến hạn: {until}",
        task_overdue="Việc cần làm, đã quá hạn",
        task_due="Hạn: {when}",
        task_at="khi đến hạn",
        task_button="Mở Aurora Time",
        standing_at="vào lúc này",
    ),
    code=NoticeWords(
        subject="{code} là mã xác nhận Aurora Time của bạn",
        title="Xác nhận địa chỉ email",
        intro="Nhập mã này để hoàn tất việc đăng ký:",
        button="Xác nhận",
        not_you="Nếu không phải bạn đăng ký, hãy bỏ qua thư này. Không có mã thì không tài khoản nào được tạo.",
    ),
    reset=NoticeWords(
        subject="Đặt lại mật khẩu Aurora Time",
        title="Đặt mật khẩu mới",
        intro="Có người, hy vọng là bạn, đã yêu cầu đặt lại mật khẩu cho {address}. Nhập mã này để đặt mật khẩu mới:",
        button="Đặt mật khẩu mới",
        not_you=_NOTHING_CHANGES_VI,
    ),
    reset_by_link=NoticeWords(
        subject="Đặt lại mật khẩu Aurora Time",
        title="Đặt mật khẩu mới",
        intro="Có người, hy vọng là bạn, đã yêu cầu đặt lại mật khẩu cho {address}. "
        "Mở liên kết này để đặt mật khẩu mới.",
        button="Đặt mật khẩu mới",
        not_you=_NOTHING_CHANGES_VI,
    ),
    already_registered=NoticeWords(
        subject="Bạn đã có tài khoản Aurora Time",
        title="Bạn đã có tài khoản",
        intro="Có người, hy vọng là bạn, vừa đăng ký bằng {address}. Địa chỉ này đã có tài khoản, "
        "nên bạn chỉ cần đăng nhập.",
        button="Đăng nhập",
        outro="Quên mật khẩu? Đặt mật khẩu mới tại đây:",
        not_you="Nếu không phải bạn, bạn không cần làm gì cả. Không có gì được tạo hay thay đổi.",
    ),
    password_changed=NoticeWords(
        subject="Mật khẩu Aurora Time của bạn đã được thay đổi",
        title="Mật khẩu đã được thay đổi",
        intro="Mật khẩu của {address} đã được thay đổi vào {at}. Nếu chính bạn đã đổi, bạn không cần làm gì cả.",
        outro="Nếu không phải bạn, hãy đặt mật khẩu mới ngay và đăng xuất khỏi mọi thiết bị.",
        button="Đặt mật khẩu mới",
    ),
    test=NoticeWords(
        subject="Aurora Time đã gửi được thư",
        title="Gửi thư thành công",
        intro="Đây là thư thử. Nếu bạn đọc được thư này, các lời nhắc cũng sẽ đến nơi.",
        button="Mở Aurora Time",
    ),
)

WORDS: Final[dict[Locale, Words]] = {"en": _ENGLISH, "vi": _VIETNAMESE}

"""The sentences of the pages about devices and about closing the account, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class AccountWords:
    change_email: str
    second_factor: str
    devices: str
    devices_intro: str
    no_devices: str
    device_unknown: str
    this_device: str
    last_used: str
    sign_out_device: str
    sign_out_others: str
    sign_out_others_hint: str
    with_tokens: str
    close: str
    close_title: str
    close_intro: str
    close_at_once: str
    close_backups: str
    export: str
    close_password: str
    close_email: str
    close_button: str
    close_wrong_password: str
    close_wrong_email: str
    close_later: str
    closed_title: str
    closed: str
    signed_out: str
    others_signed_out: str


ENGLISH: Final = AccountWords(
    change_email="Change e-mail",
    second_factor="Two-step sign-in",
    devices="Devices",
    devices_intro="Where you are signed in. What you sign out here is out at once.",
    no_devices="You are signed in nowhere.",
    device_unknown="Unknown device",
    this_device="This device",
    last_used="Last used {at}",
    sign_out_device="Sign out",
    sign_out_others="Sign out everywhere else",
    sign_out_others_hint="All other browsers and apps. API tokens go on, unless you end them, too.",
    with_tokens="End all API tokens, too",
    close="Delete your account",
    close_title="Delete your account?",
    close_intro="All your calendars, events, reminders and settings are deleted. This cannot be undone.",
    close_at_once="At once nothing rings any more, and no device, password or token is good.",
    close_backups="In the daily backups of this home something of it is left for seven days.",
    export="Download all your data",
    close_password="Your password",  # noqa: S106  words, no secret
    close_email="To be sure, enter your e-mail address: {email}",
    close_button="Delete everything",
    close_wrong_password="This is not your password.",  # noqa: S106
    close_wrong_email="This is not your e-mail address.",
    close_later="That was a lot of tries. Please wait a few minutes, then try again.",
    closed_title="Your account is deleted",
    closed="Thank you for having been here. What is left is being removed now.",
    signed_out="The device is signed out.",
    others_signed_out="All other devices are signed out.",
)

VIETNAMESE: Final = AccountWords(
    change_email="Đổi email",
    second_factor="Đăng nhập hai bước",
    devices="Thiết bị",
    devices_intro="Những nơi bạn đang đăng nhập. Thiết bị bạn đăng xuất ở đây sẽ ra ngay lập tức.",
    no_devices="Bạn không đăng nhập ở đâu cả.",
    device_unknown="Thiết bị chưa biết",
    this_device="Thiết bị này",
    last_used="Dùng lần cuối {at}",
    sign_out_device="Đăng xuất",
    sign_out_others="Đăng xuất khỏi mọi nơi khác",
    sign_out_others_hint="Mọi trình duyệt và ứng dụng khác. Mã truy cập API vẫn dùng được, trừ khi bạn cũng hủy chúng.",
    with_tokens="Hủy cả mọi mã truy cập API",
    close="Xóa tài khoản",
    close_title="Xóa tài khoản của bạn?",
    close_intro="Mọi lịch, sự kiện, lời nhắc và cài đặt của bạn sẽ bị xóa. Không thể hoàn tác.",
    close_at_once="Ngay lập tức không còn lời nhắc nào, và không thiết bị, mật khẩu hay mã nào còn dùng được.",
    close_backups="Các bản sao lưu hằng ngày của máy này còn giữ một phần dữ liệu trong bảy ngày.",
    export="Tải xuống toàn bộ dữ liệu",
    close_password="Mật khẩu của bạn",  # noqa: S106
    close_email="Để chắc chắn, hãy nhập địa chỉ email của bạn: {email}",
    close_button="Xóa tất cả",
    close_wrong_password="Đây không phải mật khẩu của bạn.",  # noqa: S106
    close_wrong_email="Đây không phải địa chỉ email của bạn.",
    close_later="Bạn đã thử nhiều lần. Hãy đợi vài phút rồi thử lại.",
    closed_title="Tài khoản của bạn đã được xóa",
    closed="Cảm ơn bạn đã dùng Aurora Time. Phần còn lại đang được xóa.",
    signed_out="Đã đăng xuất thiết bị.",
    others_signed_out="Đã đăng xuất mọi thiết bị khác.",
)

ACCOUNT_WORDS: Final[dict[Locale, AccountWords]] = {"en": ENGLISH, "vi": VIETNAMESE}

"""Every sentence of the provider's pages, in each language. Braces are filled with ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "vi"]


@dataclass(frozen=True, slots=True)
class Words:
    # fields and links that several pages share
    email: str
    name: str
    name_hint: str
    password: str
    new_password: str
    password_hint: str
    home: str
    outbox: str
    outbox_link: str
    error: str
    # what is wrong with a field
    email_invalid: str
    name_too_long: str
    password_needed: str
    too_short: str
    too_long: str
    is_email: str
    too_common: str
    # signing up
    signup_title: str
    signup_intro: str
    signup_button: str
    signup_have: str
    signup_login: str
    signup_closed_title: str
    signup_closed: str
    confirm_title: str
    confirm_intro: str
    confirm_code: str
    confirm_button: str
    confirm_wrong: str
    confirm_expired: str
    confirm_used_up: str
    confirm_all_used_up: str
    confirm_gone_title: str
    confirm_gone: str
    confirm_taken_title: str
    confirm_taken: str
    resend_intro: str
    resend_button: str
    resend_done: str
    start_again: str
    # signing in and out
    login_title: str
    login_again: str
    login_button: str
    login_wrong: str
    login_forgot: str
    login_new: str
    login_signup: str
    logout_title: str
    logout_intro: str
    logout_button: str
    logout_stay: str
    # passwords
    forgot_title: str
    forgot_intro: str
    forgot_button: str
    forgot_done_title: str
    forgot_done: str
    back_to_login: str
    reset_title: str
    reset_intro: str
    reset_button: str
    reset_bad_title: str
    reset_bad: str
    reset_again: str
    reset_done: str
    change_title: str
    change_intro: str
    change_current: str
    change_button: str
    change_wrong: str
    change_done_title: str
    change_done: str
    change_done_tokens: str
    # when something is in the way
    slow_down_title: str
    slow_down: str
    second: str
    seconds: str
    minutes: str
    mail_failed: str
    stale_title: str
    stale: str
    bad_form_title: str
    bad_form: str
    bad_client_title: str
    bad_client: str
    busy_title: str
    busy: str
    device_unknown: str

    def wait(self, seconds: int) -> str:
        """``30 seconds``, ``2 minutes``; rounded up, so that nobody comes back too early."""
        if seconds == 1:
            return self.second
        if seconds < 120:
            return self.seconds.format(n=seconds)
        return self.minutes.format(n=-(-seconds // 60))


ENGLISH: Final = Words(
    email="E-mail",
    name="Name",
    name_hint="Optional. How we address you.",
    password="Password",  # noqa: S106 - the word, not a secret
    new_password="New password",  # noqa: S106
    password_hint="At least 10 characters. A few unrelated words are fine.",  # noqa: S106
    home="Go to the start page",
    outbox="Mail is not set up yet: it is in the outbox of this machine.",
    outbox_link="Open the outbox",
    error="Error",
    email_invalid="Enter an e-mail address, such as name@example.org.",
    name_too_long="A name has at most 100 characters.",
    password_needed="Enter your password.",  # noqa: S106
    too_short="Use at least 10 characters.",
    too_long="Use at most 256 characters.",
    is_email="Use something other than your e-mail address.",
    too_common="This password is among the first that others would guess. Choose another one.",
    signup_title="Create your account",
    signup_intro="One calm place for your time.",
    signup_button="Continue",
    signup_have="Already have an account?",
    signup_login="Sign in",
    signup_closed_title="Sign-up is closed",
    signup_closed="This home of Aurora Time takes no new accounts. Ask whoever runs it.",
    confirm_title="Check your mail",
    confirm_intro="We sent a mail with a 6-digit code to",
    confirm_code="Code",
    confirm_button="Confirm",
    confirm_wrong="This is not the code. Look for the newest mail, and check each digit.",
    confirm_expired="This code is more than 15 minutes old. Ask for a new one below.",
    confirm_used_up="Those were too many tries for this code. Ask for a new one below.",
    confirm_all_used_up="No more codes can be sent for this sign-up.",
    confirm_gone_title="This sign-up is over",
    confirm_gone="It was finished, or it is more than a day old.",
    confirm_taken_title="You have an account already",
    confirm_taken="This address was confirmed in another window. Just sign in.",
    resend_intro="No mail? Look in the spam folder, or",
    resend_button="send a new code",
    resend_done="We sent a new code. Older codes no longer work.",
    start_again="Start again",
    login_title="Sign in",
    login_again="Enter your password again to go on.",
    login_button="Sign in",
    login_wrong="This address and this password do not belong together.",
    login_forgot="Forgot your password?",
    login_new="New here?",
    login_signup="Create an account",
    logout_title="Sign out?",
    logout_intro="You are signed in as",
    logout_button="Sign out",
    logout_stay="Stay signed in",
    forgot_title="Forgot your password?",
    forgot_intro="Enter your address, and we send you a link to choose a new one.",
    forgot_button="Send the link",
    forgot_done_title="Check your mail",
    forgot_done="If {email} has an account, a link is on its way. It works once, for one hour.",
    back_to_login="Back to signing in",
    reset_title="Choose a new password",
    reset_intro="Afterwards all your devices are signed out.",
    reset_button="Save the password",
    reset_bad_title="This link no longer works",
    reset_bad="It was used already, or it is more than an hour old.",
    reset_again="Send a new link",
    reset_done="Your new password is saved. Sign in with it.",
    change_title="Change your password",
    change_intro="Your other devices are signed out.",
    change_current="Current password",
    change_button="Save the password",
    change_wrong="This is not your current password.",
    change_done_title="Your password is changed",
    change_done="Your other devices are signed out. API tokens and app passwords go on: if somebody else knew your old "
    "password, look through them too.",
    change_done_tokens="Look at the tokens",
    slow_down_title="A short pause",
    slow_down="That was a lot of tries. Please wait {wait}, then try again.",
    second="1 second",
    seconds="{n} seconds",
    minutes="{n} minutes",
    mail_failed="The mail could not be sent just now. Nothing is lost: try again in a minute.",
    stale_title="This page was open too long",
    stale="Open it anew and try again. Cookies have to be allowed for this site.",
    bad_form_title="This did not arrive well",
    bad_form="Go back and send the form again.",
    bad_client_title="The app's request is not known here",
    bad_client="The app that sent you is not registered here, or wants the answer at an unknown address.",
    busy_title="One moment, please",
    busy="The service is busy. Try again in a few seconds.",
    device_unknown="a browser we do not know",
)

VIETNAMESE: Final = Words(
    email="Email",
    name="Tên",
    name_hint="Không bắt buộc. Cách chúng tôi gọi bạn.",
    password="Mật khẩu",  # noqa: S106
    new_password="Mật khẩu mới",  # noqa: S106
    password_hint="Ít nhất 10 ký tự. Vài từ không liên quan đến nhau là đủ tốt.",  # noqa: S106
    home="Về trang đầu",
    outbox="Chưa thiết lập gửi thư: thư nằm trong hộp thư đi của máy này.",
    outbox_link="Mở hộp thư đi",
    error="Lỗi",
    email_invalid="Nhập địa chỉ email, ví dụ ten@example.org.",
    name_too_long="Tên có nhiều nhất 100 ký tự.",
    password_needed="Nhập mật khẩu của bạn.",  # noqa: S106
    too_short="Dùng ít nhất 10 ký tự.",
    too_long="Dùng nhiều nhất 256 ký tự.",
    is_email="Đừng dùng chính địa chỉ email của bạn.",
    too_common="Mật khẩu này rất dễ bị đoán. Hãy chọn mật khẩu khác.",
    signup_title="Tạo tài khoản",
    signup_intro="Một nơi yên tĩnh cho thời gian của bạn.",
    signup_button="Tiếp tục",
    signup_have="Bạn đã có tài khoản?",
    signup_login="Đăng nhập",
    signup_closed_title="Không nhận đăng ký",
    signup_closed="Máy chủ Aurora Time này không nhận tài khoản mới. Hãy hỏi người quản trị.",
    confirm_title="Kiểm tra hộp thư",
    confirm_intro="Chúng tôi đã gửi thư có mã 6 chữ số đến",
    confirm_code="Mã",
    confirm_button="Xác nhận",
    confirm_wrong="Mã không đúng. Hãy xem thư mới nhất và kiểm tra từng chữ số.",
    confirm_expired="Mã này đã quá 15 phút. Hãy yêu cầu mã mới bên dưới.",
    confirm_used_up="Bạn đã thử quá nhiều lần với mã này. Hãy yêu cầu mã mới bên dưới.",
    confirm_all_used_up="Không thể gửi thêm mã cho lần đăng ký này.",
    confirm_gone_title="Lần đăng ký này đã kết thúc",
    confirm_gone="Việc đăng ký đã hoàn tất hoặc đã quá một ngày.",
    confirm_taken_title="Bạn đã có tài khoản",
    confirm_taken="Địa chỉ này đã được xác nhận trong một cửa sổ khác. Bạn chỉ cần đăng nhập.",
    resend_intro="Không thấy thư? Hãy xem thư mục thư rác, hoặc",
    resend_button="gửi mã mới",
    resend_done="Chúng tôi đã gửi mã mới. Các mã cũ không còn dùng được.",
    start_again="Bắt đầu lại",
    login_title="Đăng nhập",
    login_again="Nhập lại mật khẩu để tiếp tục.",
    login_button="Đăng nhập",
    login_wrong="Địa chỉ và mật khẩu này không khớp nhau.",
    login_forgot="Quên mật khẩu?",
    login_new="Bạn mới đến?",
    login_signup="Tạo tài khoản",
    logout_title="Đăng xuất?",
    logout_intro="Bạn đang đăng nhập bằng",
    logout_button="Đăng xuất",
    logout_stay="Tiếp tục đăng nhập",
    forgot_title="Quên mật khẩu?",
    forgot_intro="Nhập địa chỉ của bạn, chúng tôi sẽ gửi liên kết để chọn mật khẩu mới.",
    forgot_button="Gửi liên kết",
    forgot_done_title="Kiểm tra hộp thư",
    forgot_done="Nếu {email} có tài khoản, một liên kết đang được gửi đến. Liên kết dùng được một lần, trong một giờ.",
    back_to_login="Quay lại đăng nhập",
    reset_title="Chọn mật khẩu mới",
    reset_intro="Sau đó mọi thiết bị của bạn sẽ được đăng xuất.",
    reset_button="Lưu mật khẩu",
    reset_bad_title="Liên kết không còn dùng được",
    reset_bad="Liên kết đã được dùng hoặc đã quá một giờ.",
    reset_again="Gửi liên kết mới",
    reset_done="Mật khẩu mới đã được lưu. Hãy đăng nhập.",
    change_title="Đổi mật khẩu",
    change_intro="Các thiết bị khác của bạn sẽ được đăng xuất.",
    change_current="Mật khẩu hiện tại",
    change_button="Lưu mật khẩu",
    change_wrong="Đây không phải mật khẩu hiện tại của bạn.",
    change_done_title="Đã đổi mật khẩu",
    change_done="Các thiết bị khác của bạn đã được đăng xuất. Mã truy cập API và mật khẩu ứng dụng vẫn dùng được: nếu "
    "có người biết mật khẩu cũ của bạn, hãy xem lại cả chúng.",
    change_done_tokens="Xem các mã truy cập",
    slow_down_title="Tạm dừng một chút",
    slow_down="Bạn đã thử nhiều lần. Hãy đợi {wait} rồi thử lại.",
    second="1 giây",
    seconds="{n} giây",
    minutes="{n} phút",
    mail_failed="Hiện không gửi được thư. Không mất gì cả: hãy thử lại sau một phút.",
    stale_title="Trang này đã mở quá lâu",
    stale="Hãy mở lại trang và thử lần nữa. Trang này cần được phép dùng cookie.",
    bad_form_title="Biểu mẫu chưa đến nơi trọn vẹn",
    bad_form="Hãy quay lại và gửi lại biểu mẫu.",
    bad_client_title="Yêu cầu của ứng dụng không được nhận ra",
    bad_client="Ứng dụng đưa bạn đến chưa được đăng ký ở đây, hoặc muốn nhận trả lời ở một địa chỉ lạ.",
    busy_title="Xin đợi một chút",
    busy="Hệ thống đang bận. Hãy thử lại sau vài giây.",
    device_unknown="một trình duyệt chưa biết",
)

WORDS: Final[dict[Language, Words]] = {"en": ENGLISH, "vi": VIETNAMESE}


def accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first (RFC 9110 section 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.partition("q=")[2]) if "q=" in quality else 1.0
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            weighed.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def language_of(tags: list[str]) -> Language:
    """The first of these languages that we have; English if none."""
    for tag in tags:
        match tag.lower().split("-")[0]:
            case "vi":
                return "vi"
            case "en":
                return "en"
            case _:
                continue
    return "en"

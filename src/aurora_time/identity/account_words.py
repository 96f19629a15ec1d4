"""Every sentence of the pages about two-step sign-in, a new address and invitations, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.identity.words import Language


@dataclass(frozen=True, slots=True)
class AccountWords:
    # the second step of a sign-in
    step_title: str
    step_intro: str
    code: str
    code_hint: str
    code_wrong: str
    step_button: str
    step_lost: str
    step_over_title: str
    step_over: str
    # two-step sign-in on and off
    factor_title: str
    factor_intro: str
    factor_scan: str
    factor_qr: str
    factor_secret: str
    factor_confirm: str
    factor_on_button: str
    factor_on: str
    factor_left: str
    factor_change: str
    factor_codes_button: str
    factor_off_button: str
    factor_off_title: str
    factor_off: str
    codes_title: str
    codes_intro: str
    codes_done: str
    # a new address
    email_title: str
    email_intro: str
    email_new: str
    email_button: str
    email_same: str
    email_sent_intro: str
    email_confirm: str
    email_done_title: str
    email_done: str
    email_gone_title: str
    email_gone: str
    email_taken: str
    # invitations
    invite_only_title: str
    invite_only: str
    invite_title: str
    invite_intro: str
    invite_bad_title: str
    invite_bad: str
    back: str
    # a program that asks for the account
    allow_title: str
    allow_intro: str
    allow_what: str
    allow_button: str
    allow_deny: str
    # another issuer
    foreign_title: str
    foreign_over: str
    foreign_refused: str
    foreign_no_email: str
    issuer_away: str
    try_again: str


ENGLISH: Final = AccountWords(
    step_title="One more step",
    step_intro="Enter the code that your authenticator app shows now.",
    code="Code",
    code_hint="Six digits of the app, or one of your recovery codes.",
    code_wrong="This code is not good, or it was used already. Wait for the next one and try again.",
    step_button="Sign in",
    step_lost="No phone at hand? Enter one of your recovery codes instead.",
    step_over_title="Please sign in again",
    step_over="The code was not entered in time, or the sign-in began in another browser.",
    factor_title="Two-step sign-in",
    factor_intro="With it, a stolen password alone opens nothing: signing in asks for a code of your phone too.",
    factor_scan="Scan this with an authenticator app.",
    factor_qr="QR code for an authenticator app; the same key stands below as text",
    factor_secret="Or type this key into the app:",  # noqa: S106  words, no secret
    factor_confirm="Then enter your password, and the code that the app shows.",
    factor_on_button="Turn it on",
    factor_on="Two-step sign-in is on.",
    factor_left="Recovery codes left: {count}.",
    factor_change="For new recovery codes, or to turn it off, enter your password and a code.",
    factor_codes_button="Make new recovery codes",
    factor_off_button="Turn it off",
    factor_off_title="Two-step sign-in is off",
    factor_off="From now on your password is enough to sign in.",
    codes_title="Your recovery codes",
    codes_intro="Each works once, when your phone is not at hand. Print them or keep them in a password manager: "
    "they are not shown again.",
    codes_done="I have kept them",
    email_title="Change your address",
    email_intro="You sign in with it, and reminders go there. It is now",
    email_new="New address",
    email_button="Continue",
    email_same="This is your address already.",
    email_sent_intro="We sent a mail with a 6-digit code to",
    email_confirm="Change the address",
    email_done_title="Your address is changed",
    email_done="From now on you sign in with {email}. The old address no longer works.",
    email_gone_title="This change is over",
    email_gone="It was finished, or it is more than an hour old. Nothing was changed since.",
    email_taken="This address got an account in the meantime, so nothing was changed.",
    invite_only_title="By invitation",
    invite_only="This home of Aurora Time takes new accounts by invitation. Ask whoever runs it for one.",
    invite_title="You are invited",
    invite_intro="Create your account here.",
    invite_bad_title="This invitation no longer works",
    invite_bad="It was used already, or it is more than a week old. Ask for a new one.",
    back="Back to the settings",
    allow_title="Let this program in?",
    allow_intro="{client}, on this computer, asks for your account",
    allow_what="It could read and change all that is in it, until you end its token in the settings. Say yes only if "
    "you have just asked for this yourself, as with “aurora login” in a terminal.",
    allow_button="Yes, let it in",
    allow_deny="No",
    foreign_title="Signing in did not work",
    foreign_over="It took too long, or it began in another browser.",
    foreign_refused="The sign-in service did not confirm who you are.",
    foreign_no_email="The sign-in service has not verified your e-mail address. Verify it there, then try again.",
    issuer_away="The sign-in service does not answer just now. Try again in a few seconds.",
    try_again="Try again",
)

VIETNAMESE: Final = AccountWords(
    step_title="Thêm một bước",
    step_intro="Nhập mã mà ứng dụng xác thực của bạn đang hiển thị.",
    code="Mã",
    code_hint="Sáu chữ số của ứng dụng, hoặc một mã khôi phục của bạn.",
    code_wrong="Mã không đúng hoặc đã được dùng. Hãy đợi mã tiếp theo rồi thử lại.",
    step_button="Đăng nhập",
    step_lost="Không có điện thoại bên cạnh? Hãy nhập một mã khôi phục.",
    step_over_title="Hãy đăng nhập lại",
    step_over="Mã không được nhập kịp thời, hoặc bạn đã bắt đầu đăng nhập ở một trình duyệt khác.",
    factor_title="Đăng nhập hai bước",
    factor_intro="Khi bật, chỉ có mật khẩu thì chưa vào được: đăng nhập cần thêm mã trên điện thoại của bạn.",
    factor_scan="Quét mã này bằng một ứng dụng xác thực.",
    factor_qr="Mã QR cho ứng dụng xác thực; khóa này cũng có bên dưới dưới dạng chữ",
    factor_secret="Hoặc nhập khóa này vào ứng dụng:",  # noqa: S106
    factor_confirm="Sau đó nhập mật khẩu và mã mà ứng dụng hiển thị.",
    factor_on_button="Bật",
    factor_on="Đăng nhập hai bước đang bật.",
    factor_left="Số mã khôi phục còn lại: {count}.",
    factor_change="Để tạo mã khôi phục mới hoặc tắt, hãy nhập mật khẩu và một mã.",
    factor_codes_button="Tạo mã khôi phục mới",
    factor_off_button="Tắt",
    factor_off_title="Đã tắt đăng nhập hai bước",
    factor_off="Từ nay chỉ cần mật khẩu để đăng nhập.",
    codes_title="Mã khôi phục của bạn",
    codes_intro="Mỗi mã dùng được một lần, khi bạn không có điện thoại bên cạnh. Hãy in ra hoặc lưu trong trình quản "
    "lý mật khẩu: các mã sẽ không hiển thị lại.",
    codes_done="Tôi đã lưu các mã",
    email_title="Đổi địa chỉ email",
    email_intro="Bạn đăng nhập bằng địa chỉ này và lời nhắc được gửi đến đây. Địa chỉ hiện tại là",
    email_new="Địa chỉ mới",
    email_button="Tiếp tục",
    email_same="Đây đã là địa chỉ của bạn.",
    email_sent_intro="Chúng tôi đã gửi thư có mã 6 chữ số đến",
    email_confirm="Đổi địa chỉ",
    email_done_title="Đã đổi địa chỉ",
    email_done="Từ nay bạn đăng nhập bằng {email}. Địa chỉ cũ không còn dùng được.",
    email_gone_title="Yêu cầu đổi địa chỉ đã kết thúc",
    email_gone="Việc đổi đã hoàn tất hoặc đã quá một giờ. Từ đó không có gì thay đổi.",
    email_taken="Địa chỉ này vừa có tài khoản, nên không có gì thay đổi.",
    invite_only_title="Chỉ theo lời mời",
    invite_only="Máy chủ Aurora Time này chỉ nhận tài khoản mới theo lời mời. Hãy hỏi người quản trị.",
    invite_title="Bạn được mời",
    invite_intro="Tạo tài khoản của bạn tại đây.",
    invite_bad_title="Lời mời không còn dùng được",
    invite_bad="Lời mời đã được dùng hoặc đã quá một tuần. Hãy xin lời mời mới.",
    back="Về phần cài đặt",
    allow_title="Cho phép chương trình này?",
    allow_intro="{client}, trên máy tính này, muốn dùng tài khoản",
    allow_what="Chương trình sẽ đọc và thay đổi được mọi thứ trong tài khoản, cho đến khi bạn hủy mã truy cập của nó "
    "trong phần cài đặt. Chỉ đồng ý nếu chính bạn vừa yêu cầu, chẳng hạn bằng “aurora login” trong cửa sổ dòng lệnh.",
    allow_button="Có, cho phép",
    allow_deny="Không",
    foreign_title="Chưa đăng nhập được",
    foreign_over="Việc đăng nhập mất quá nhiều thời gian, hoặc bắt đầu ở một trình duyệt khác.",
    foreign_refused="Dịch vụ đăng nhập chưa xác nhận bạn là ai.",
    foreign_no_email="Dịch vụ đăng nhập chưa xác minh địa chỉ email của bạn. Hãy xác minh ở đó rồi thử lại.",
    issuer_away="Dịch vụ đăng nhập hiện không trả lời. Hãy thử lại sau vài giây.",
    try_again="Thử lại",
)

ACCOUNT_WORDS: Final[dict[Language, AccountWords]] = {"en": ENGLISH, "vi": VIETNAMESE}

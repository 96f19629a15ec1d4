"""Mails about how somebody signs in: codes for a new address, invitations, and notices that something was changed."""

from __future__ import annotations

from typing import Final, Literal

from aurora_time.mail.account import Addressee, Links, notice
from aurora_time.mail.catalogue import WORDS, NoticeWords
from aurora_time.mail.wording import Locale, Wall, duration_text, moment_text, zone_text
from aurora_time.ports import Mail

Happened = Literal[
    "new_device",
    "factor_on",
    "factor_off",
    "recovery_used",
    "recovery_renewed",
    "email_changed",
    "other_sign_in",
    "guessing",
]
"""What its owner is told of at once, in case it was somebody else."""

_ALARM_EN: Final = "If this was not you, choose a new password at once and sign out everywhere."
_ALARM_VI: Final = "Nếu không phải bạn, hãy đặt mật khẩu mới ngay và đăng xuất khỏi mọi thiết bị."
_PASSWORD_EN: Final = "Choose a new password"  # noqa: S105  words, no secret
_PASSWORD_VI: Final = "Đặt mật khẩu mới"  # noqa: S105

_NOTICES: Final[dict[Locale, dict[Happened, NoticeWords]]] = {
    "en": {
        "new_device": NoticeWords(
            subject="New sign-in to Aurora Time",
            title="A new device signed in",
            intro="Somebody signed in as {address} on {at}, from a browser that is new to us: {what}. "
            "If this was you, there is nothing to do.",
            outro=_ALARM_EN,
            button=_PASSWORD_EN,
        ),
        "factor_on": NoticeWords(
            subject="Two-step sign-in is on",
            title="Two-step sign-in is on",
            intro="Since {at}, signing in as {address} asks for a code of your authenticator app too.",
            outro=_ALARM_EN,
            button=_PASSWORD_EN,
        ),
        "factor_off": NoticeWords(
            subject="Two-step sign-in is off",
            title="Two-step sign-in is off",
            intro="Since {at}, signing in as {address} asks for the password alone.",
            outro=_ALARM_EN,
            button=_PASSWORD_EN,
        ),
        "recovery_used": NoticeWords(
            subject="A recovery code was used",
            title="A recovery code was used",
            intro="One of the recovery codes of {address} was used on {at}. It will not work again. Left: {what}.",
            outro=_ALARM_EN,
            button=_PASSWORD_EN,
        ),
        "recovery_renewed": NoticeWords(
            subject="New recovery codes were made",
            title="New recovery codes",
            intro="New recovery codes were made for {address} on {at}. The old ones no longer work.",
            outro=_ALARM_EN,
            button=_PASSWORD_EN,
        ),
        "email_changed": NoticeWords(
            subject="Your Aurora Time address was changed",
            title="Your address was changed",
            intro="On {at} the account of {address} got another e-mail address. This one no longer leads "
            "to it, and gets none of its mails.",
            outro="If this was not you, ask whoever runs this home of Aurora Time for help.",
        ),
        "other_sign_in": NoticeWords(
            subject="Somebody signs in to your Aurora Time by another address",
            title="Another address signs in",
            intro="On {at} somebody signed in to the account of {address} by another e-mail address, which the sign-in "
            "service now has for it. This one may no longer sign in; its reminders still come here.",
            outro="If this was not you, ask whoever runs this home of Aurora Time for help.",
        ),
        "guessing": NoticeWords(
            subject="Somebody has your Aurora Time password",
            title="Somebody has your password",
            intro="Somebody gave the right password of {address}, and then wrong codes, several times until {at}. "
            "They did not get in.",
            outro="If this was not you, choose a new password at once.",
            button=_PASSWORD_EN,
        ),
    },
    "vi": {
        "new_device": NoticeWords(
            subject="Đăng nhập mới vào Aurora Time",
            title="Một thiết bị mới đã đăng nhập",
            intro="Có lượt đăng nhập bằng {address} vào {at}, từ một trình duyệt mới: {what}. "
            "Nếu chính là bạn, bạn không cần làm gì cả.",
            outro=_ALARM_VI,
            button=_PASSWORD_VI,
        ),
        "factor_on": NoticeWords(
            subject="Đã bật đăng nhập hai bước",
            title="Đã bật đăng nhập hai bước",
            intro="Từ {at}, việc đăng nhập bằng {address} cần thêm mã của ứng dụng xác thực.",
            outro=_ALARM_VI,
            button=_PASSWORD_VI,
        ),
        "factor_off": NoticeWords(
            subject="Đã tắt đăng nhập hai bước",
            title="Đã tắt đăng nhập hai bước",
            intro="Từ {at}, việc đăng nhập bằng {address} chỉ cần mật khẩu.",
            outro=_ALARM_VI,
            button=_PASSWORD_VI,
        ),
        "recovery_used": NoticeWords(
            subject="Một mã khôi phục đã được dùng",
            title="Một mã khôi phục đã được dùng",
            intro="Một mã khôi phục của {address} đã được dùng vào {at}, và không dùng lại được nữa. Còn lại: {what}.",
            outro=_ALARM_VI,
            button=_PASSWORD_VI,
        ),
        "recovery_renewed": NoticeWords(
            subject="Đã tạo mã khôi phục mới",
            title="Mã khôi phục mới",
            intro="Mã khôi phục mới cho {address} đã được tạo vào {at}. Các mã cũ không còn dùng được.",
            outro=_ALARM_VI,
            button=_PASSWORD_VI,
        ),
        "email_changed": NoticeWords(
            subject="Địa chỉ Aurora Time của bạn đã được thay đổi",
            title="Địa chỉ đã được thay đổi",
            intro="Vào {at}, tài khoản của {address} đã đổi sang địa chỉ email khác. Địa chỉ này không còn dẫn "
            "đến tài khoản đó và không nhận thư của nó nữa.",
            outro="Nếu không phải bạn, hãy nhờ người quản trị Aurora Time của bạn giúp đỡ.",
        ),
        "other_sign_in": NoticeWords(
            subject="Có người đăng nhập Aurora Time của bạn bằng địa chỉ khác",
            title="Địa chỉ khác đang đăng nhập",
            intro="Vào {at}, có người đã đăng nhập vào tài khoản của {address} bằng một địa chỉ email khác, hiện được "
            "dịch vụ đăng nhập ghi nhận. Địa chỉ này có thể không đăng nhập được nữa; lời nhắc vẫn được gửi đến đây.",
            outro="Nếu không phải bạn, hãy nhờ người quản trị Aurora Time của bạn giúp đỡ.",
        ),
        "guessing": NoticeWords(
            subject="Có người biết mật khẩu Aurora Time của bạn",
            title="Có người biết mật khẩu của bạn",
            intro="Có người đã nhập đúng mật khẩu của {address}, rồi nhập sai mã nhiều lần, đến {at}. "
            "Họ chưa vào được.",
            outro="Nếu không phải bạn, hãy đặt mật khẩu mới ngay.",
            button=_PASSWORD_VI,
        ),
    },
}

_NEW_ADDRESS: Final[dict[Locale, NoticeWords]] = {
    "en": NoticeWords(
        subject="{code} confirms your new address",
        title="Confirm your new address",
        intro="Enter this code where you asked for the change, and {address} becomes the address of your account:",
        not_you="If this was not you, ignore this mail. Nothing changes without the code.",
    ),
    "vi": NoticeWords(
        subject="{code} là mã xác nhận địa chỉ mới của bạn",
        title="Xác nhận địa chỉ mới",
        intro="Nhập mã này ở nơi bạn đã yêu cầu thay đổi, và {address} sẽ là địa chỉ của tài khoản:",
        not_you="Nếu không phải bạn, hãy bỏ qua thư này. Không có mã thì không có gì thay đổi.",
    ),
}
_ADDRESS_TAKEN: Final[dict[Locale, NoticeWords]] = {
    "en": NoticeWords(
        subject="Your address already has an Aurora Time account",
        title="This address has an account",
        intro="Somebody, hopefully you, asked to use {address} for another account. It has an account already, so "
        "nothing was changed.",
        not_you="If this was not you, there is nothing to do.",
    ),
    "vi": NoticeWords(
        subject="Địa chỉ của bạn đã có tài khoản Aurora Time",
        title="Địa chỉ này đã có tài khoản",
        intro="Có người, hy vọng là bạn, muốn dùng {address} cho một tài khoản khác. Địa chỉ này đã có tài khoản, "
        "nên không có gì thay đổi.",
        not_you="Nếu không phải bạn, bạn không cần làm gì cả.",
    ),
}
_INVITATION: Final[dict[Locale, NoticeWords]] = {
    "en": NoticeWords(
        subject="You are invited to Aurora Time",
        title="You are invited",
        intro="Whoever runs {host} invites {address} to a calendar there.",
        button="Create your account",
        not_you="If you do not want it, ignore this mail. No account is made without you.",
    ),
    "vi": NoticeWords(
        subject="Lời mời dùng Aurora Time",
        title="Bạn được mời",
        intro="Người quản trị {host} mời {address} dùng lịch ở đó.",
        button="Tạo tài khoản",
        not_you="Nếu bạn không muốn, hãy bỏ qua thư này. Không có bạn thì không tài khoản nào được tạo.",
    ),
}


def happened_mail(to: Addressee, happened: Happened, at: Wall, *, what: str, reset_url: str) -> Mail:
    """Something was changed ``at`` a wall of the account's zone; ``what`` is the detail that some of them name."""
    zone = f" ({zone_text(at.zone)})" if at.zone else ""
    values = {"at": f"{moment_text(at, to.locale)}{zone}", "what": what}
    words = _NOTICES[to.locale][happened]
    return notice(to, words, values, Links(reset_url if words.button else ""))


def new_address_mail(to: Addressee, code: str, valid_minutes: int) -> Mail:
    """The code that confirms a new address of an account."""
    valid = WORDS[to.locale].valid_code.format(duration=duration_text(valid_minutes, to.locale))
    return notice(to, _NEW_ADDRESS[to.locale], {"code": code, "valid": valid}, Links())


def address_taken_mail(to: Addressee, sign_in_url: str) -> Mail:
    """To an address that somebody wants for another account; the page says what it says to all."""
    return notice(to, _ADDRESS_TAKEN[to.locale], {}, Links(sign_in_url))


def invitation_mail(to: Addressee, host: str, url: str, valid_minutes: int) -> Mail:
    """An invitation to sign up; it is good once."""
    valid = WORDS[to.locale].valid_link.format(duration=duration_text(valid_minutes, to.locale))
    return notice(to, _INVITATION[to.locale], {"host": host, "valid": valid}, Links(url))

"""The sentences of a booking's mails, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class BookingWords:
    booked: str
    booked_you: str
    moved: str
    cancelled: str
    was: str
    host: str
    guest: str
    email: str
    guest_time: str
    note: str
    manage: str
    open_event: str
    why_guest: str
    why_owner: str


BOOKING_WORDS: Final[dict[Locale, BookingWords]] = {
    "en": BookingWords(
        booked="Booked",
        booked_you="New booking",
        moved="Moved",
        cancelled="Cancelled",
        was="Before",
        host="With",
        guest="Guest",
        email="E-mail",
        guest_time="Guest's time",
        note="Note",
        manage="See or cancel the booking",
        open_event="Open event",
        why_guest="Somebody, hopefully you, booked this with your e-mail address. "
        "If this was not you, ignore this mail.",
        why_owner="You get this mail since people can book time with you.",
    ),
    "vi": BookingWords(
        booked="Đã đặt lịch",
        booked_you="Lịch hẹn mới",
        moved="Đã đổi giờ",
        cancelled="Đã hủy",
        was="Giờ cũ",
        host="Với",
        guest="Khách",
        email="Email",
        guest_time="Giờ của khách",
        note="Ghi chú",
        manage="Xem hoặc hủy lịch hẹn",
        open_event="Mở sự kiện",
        why_guest="Có người, hy vọng là bạn, đã đặt lịch bằng địa chỉ email này. "
        "Nếu không phải bạn, hãy bỏ qua thư này.",
        why_owner="Bạn nhận thư này vì người khác có thể đặt lịch hẹn với bạn.",
    ),
}

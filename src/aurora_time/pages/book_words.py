"""What the public pages for booking say, in each language. Braces are for ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class BookWords:
    # the days and their times
    title: str
    title_with: str
    choose: str
    length: str
    zone: str
    show: str
    earlier: str
    later: str
    none_free: str
    first_free: str
    never_free: str
    # the form
    name: str
    email: str
    email_hint: str
    note: str
    note_hint: str
    book: str
    other_time: str
    name_bad: str
    email_bad: str
    note_bad: str
    # when it cannot be booked
    taken_title: str
    taken: str
    see_free: str
    too_many: str
    slow_down: str
    # the booking
    booked_title: str
    booked: str
    your_booking: str
    over: str
    cancel_title: str
    cancel: str
    cancelled_title: str
    cancelled: str
    book_again: str
    gone_title: str
    gone: str


BOOK_WORDS: Final[dict[Locale, BookWords]] = {
    "en": BookWords(
        title="Book a time",
        title_with="Book a time with {name}",
        choose="Choose a time. It is shown on the clock of this time zone:",
        length="{duration} each",
        zone="Time zone",
        show="Show",
        earlier="Earlier",
        later="Later",
        none_free="There is no free time in these two weeks.",
        first_free="The next free time is on {date}.",
        never_free="There is no free time for now. Try again in a few days.",
        name="Your name",
        email="Your e-mail",
        email_hint="You get a mail with the booking and a link to cancel it.",
        note="Note (optional)",
        note_hint="What is it about?",
        book="Book this time",
        other_time="Choose another time",
        name_bad="Write your name, on one line of at most 100 characters.",
        email_bad="Write an e-mail address like sam@example.org.",
        note_bad="Write at most 2,000 characters.",
        taken_title="This time is not free any more",
        taken="Somebody was faster, or it is too late for it. Choose another time.",
        see_free="See what is free",
        too_many="There are several bookings for this address already. Cancel one of them first.",
        slow_down="There were many bookings just now. Try again in {wait}.",
        booked_title="It is booked",
        booked="A mail with the details is on its way to you. Keep its link: it lets you cancel.",
        your_booking="Your booking",
        over="This is over.",
        cancel_title="Do you want to cancel?",
        cancel="Cancel the booking",
        cancelled_title="Cancelled",
        cancelled="The booking is cancelled, and both of you get a mail about it.",
        book_again="Book another time",
        gone_title="There is no such booking",
        gone="It was cancelled, or the link is not complete. Copy the whole link from your mail.",
    ),
    "vi": BookWords(
        title="Đặt lịch hẹn",
        title_with="Đặt lịch hẹn với {name}",
        choose="Hãy chọn một giờ. Giờ được hiển thị theo múi giờ này:",
        length="Mỗi lịch hẹn {duration}",
        zone="Múi giờ",
        show="Hiển thị",
        earlier="Trước đó",
        later="Sau đó",
        none_free="Không còn giờ trống trong hai tuần này.",
        first_free="Giờ trống gần nhất là {date}.",
        never_free="Hiện không có giờ trống. Hãy thử lại sau vài ngày.",
        name="Tên của bạn",
        email="Email của bạn",
        email_hint="Bạn sẽ nhận được thư có thông tin lịch hẹn và liên kết để hủy.",
        note="Ghi chú (không bắt buộc)",
        note_hint="Bạn muốn trao đổi về việc gì?",
        book="Đặt giờ này",
        other_time="Chọn giờ khác",
        name_bad="Hãy nhập tên trên một dòng, tối đa 100 ký tự.",
        email_bad="Hãy nhập địa chỉ email, ví dụ sam@example.org.",
        note_bad="Hãy viết tối đa 2.000 ký tự.",
        taken_title="Giờ này không còn trống",
        taken="Có người đã nhanh hơn, hoặc đã quá muộn để đặt giờ này. Hãy chọn giờ khác.",
        see_free="Xem các giờ trống",
        too_many="Địa chỉ này đã có vài lịch hẹn. Hãy hủy bớt một lịch trước.",
        slow_down="Vừa có rất nhiều lượt đặt. Hãy thử lại sau {wait}.",
        booked_title="Đã đặt lịch",
        booked="Thư với đầy đủ thông tin đang được gửi đến bạn. Hãy giữ liên kết trong thư để có thể hủy.",
        your_booking="Lịch hẹn của bạn",
        over="Lịch hẹn này đã qua.",
        cancel_title="Bạn có muốn hủy không?",
        cancel="Hủy lịch hẹn",
        cancelled_title="Đã hủy",
        cancelled="Lịch hẹn đã được hủy, cả hai bên sẽ nhận được thư.",
        book_again="Đặt giờ khác",
        gone_title="Không có lịch hẹn này",
        gone="Lịch hẹn đã bị hủy, hoặc liên kết không đầy đủ. Hãy chép toàn bộ liên kết trong thư.",
    ),
}

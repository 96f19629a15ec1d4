"""What the example week is called, and what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale


@dataclass(frozen=True, slots=True)
class ExampleWords:
    """``note`` is the calendar's description, by which the example is known again."""

    calendar: str
    note: str
    first: str
    first_notes: str
    lunch: str
    lunch_place: str
    review: str
    birthday: str
    yoga: str
    yoga_place: str
    train: str
    train_place: str
    call: str
    trip: str
    trip_place: str


EXAMPLES: Final[dict[Locale, ExampleWords]] = {
    "en": ExampleWords(
        calendar="Example",
        note="The example week. It goes with one click on the start page.",
        first="Your first reminder",
        first_notes="It rang because this event begins in ten minutes. Delete it whenever you like.",
        lunch="Lunch with Mai",
        lunch_place="The noodle shop on the corner",
        review="Weekly review",
        birthday="Grandma's birthday",
        yoga="Yoga",
        yoga_place="Community centre",
        train="Night train to Da Nang",
        train_place="Main station, platform 3",
        call="Call with Berlin",
        trip="Weekend by the sea",
        trip_place="Da Nang",
    ),
    "vi": ExampleWords(
        calendar="Ví dụ",
        note="Tuần ví dụ. Chỉ cần một lần bấm ở trang đầu để xóa.",
        first="Lời nhắc đầu tiên của bạn",
        first_notes="Bạn được nhắc vì sự kiện này bắt đầu sau mười phút. Bạn có thể xóa bất cứ lúc nào.",
        lunch="Ăn trưa với Mai",
        lunch_place="Quán phở đầu phố",
        review="Nhìn lại tuần qua",
        birthday="Sinh nhật bà",
        yoga="Yoga",
        yoga_place="Nhà văn hóa",
        train="Tàu đêm đi Đà Nẵng",
        train_place="Ga chính, sân ga 3",
        call="Gọi cho Berlin",
        trip="Cuối tuần ở biển",
        trip_place="Đà Nẵng",
    ),
}

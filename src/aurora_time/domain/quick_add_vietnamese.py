"""Vietnamese as people type it into a calendar: its words of time and its phrases."""

from __future__ import annotations

from typing import Final

from aurora_time.domain.quick_add_words import Part, Phrase, Words, split

_NUMBERS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười một": 11, "mười hai": 12, "mười lăm": 15, "hai mươi": 20, "hai mươi lăm": 25, "ba mươi": 30,
    "bốn mươi": 40, "bốn mươi lăm": 45, "bốn lăm": 45, "sáu mươi": 60, "chín mươi": 90, "nửa": 0.5,
}  # fmt: skip
_NAMES: Final = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_WEEKDAYS: Final = {
    **{f"thứ {name}": day for day, name in enumerate(_NAMES)},
    **{f"{short}{day + 2}": day for day in range(6) for short in ("thứ ", "thứ", "t")},
    "thứ bẩy": 5, "chủ nhật": 6, "chúa nhật": 6, "cn": 6,
}  # fmt: skip
_MONTH_NAMES: Final = (
    "một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai",
)  # fmt: skip
_MONTHS: Final = {
    **{f"tháng {name}": month for month, name in enumerate(_MONTH_NAMES, 1)},
    **{f"tháng {month:0{width}}": month for month in range(1, 13) for width in (1, 2)},
}
_UNITS: Final = {
    "phút": "minute", "ph": "minute", "p": "minute", "'": "minute", "tiếng đồng hồ": "hour", "tiếng": "hour",
    "giờ": "hour", "h": "hour", "ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year",
}  # fmt: skip
_PARTS: Final = {
    "sáng": Part(8, 0, 11), "trưa": Part(12, 10, 14), "chiều": Part(14, 12, 18), "tối": Part(19, 17, 23),
    "đêm": Part(21, 18, 28), "khuya": Part(22, 20, 28),
}  # fmt: skip
_DAYS: Final = {
    "hôm nay": 0, "bữa nay": 0, "ngày mai": 1, "mai": 1, "ngày mốt": 2, "mốt": 2, "ngày kia": 2, "hôm qua": -1,
}  # fmt: skip
_VAGUE: Final = {
    "cuối tuần": "weekend 0", "cuối tuần này": "weekend 0", "cuối tuần sau": "weekend 1", "cuối tuần tới": "weekend 1",
    "tuần sau": "week 1", "tuần tới": "week 1", "đầu tuần sau": "week 1", "đầu tuần tới": "week 1",
    "tháng sau": "month 1", "tháng tới": "month 1", "đầu tháng sau": "month 1", "đầu tháng tới": "month 1",
    "năm sau": "year 1", "năm tới": "year 1", "cuối tháng": "month-end 0", "cuối tháng này": "month-end 0",
    "cuối tháng sau": "month-end 1", "cuối năm": "year-end 0", "cuối năm nay": "year-end 0",
}  # fmt: skip
_ORDINALS: Final = {"đầu tiên": 1, "đầu": 1, "thứ nhất": 1, "thứ hai": 2, "thứ ba": 3, "cuối cùng": -1, "cuối": -1}
_FEASTS: Final = {
    "giáng sinh": "12-25", "lễ giáng sinh": "12-25", "noel": "12-25", "lễ noel": "12-25", "đêm giáng sinh": "12-24",
    "đêm noel": "12-24", "tết dương lịch": "1-1", "tết tây": "1-1",
}  # fmt: skip
"""Tết itself is a day of the moon's calendar."""
_MEALS: Final = {
    "ăn sáng": "sáng",
    "dậy": "sáng",
    "chạy bộ": "sáng",
    "ăn tối": "tối",
    "cơm tối": "tối",
    "bữa tối": "tối",
    "bữa sáng": "sáng",
    "nhậu": "tối",
}
_ZONES: Final = {
    "việt nam": "Asia/Ho_Chi_Minh", "hà nội": "Asia/Ho_Chi_Minh", "sài gòn": "Asia/Ho_Chi_Minh",
    "nhật": "Asia/Tokyo", "nhật bản": "Asia/Tokyo", "tokyo": "Asia/Tokyo", "hàn quốc": "Asia/Seoul",
    "singapore": "Asia/Singapore", "thái lan": "Asia/Bangkok", "úc": "Australia/Sydney", "sydney": "Australia/Sydney",
    "anh": "Europe/London", "london": "Europe/London", "pháp": "Europe/Paris", "paris": "Europe/Paris",
    "đức": "Europe/Berlin", "berlin": "Europe/Berlin", "new york": "America/New_York", "utc": "UTC", "gmt": "UTC",
}  # fmt: skip
_LEADS: Final = {
    "vào": "", "vào lúc": "", "lúc": "", "vào ngày": "", "ngày": "", "khoảng": "", "vào khoảng": "", "hôm": "",
    "buổi": "", "cả": "", "của": "", "cho": "", "trong": "", "vào hôm": "", "vào buổi": "",
    "từ": "from", "từ ngày": "from",
    "bắt đầu": "from", "bắt đầu từ": "from", "bắt đầu từ ngày": "from", "trước": "due", "trước ngày": "due",
    "trước lúc": "due", "hạn": "due", "hạn là": "due", "hạn chót": "due", "hạn chót là": "due", "hạn ngày": "due",
    "đến": "until", "đến ngày": "until", "cho đến": "until", "đến hết": "until", "cho đến hết": "until",
    "tới": "until", "cho tới": "until", "tới ngày": "until", "đến lúc": "until", "-": "to", "mỗi": "every",
}  # fmt: skip
_SIGNS: Final = split(
    "phê quán nhóm với lúc ngày giờ chiều sáng tối trưa tuần tháng mai họp gặp mua gọi nhắc tại ở thứ hàng hằng mỗi "
    "phải việc đến từ khám hôm và học làm nộp trả đi đón thăm chơi cưới nhật uống mẹ bố con nhà vào "
    "nữa phút tiếng tiền lịch hạn trước cơm cho đám về xem phim"
)

_HOUR: Final = r"(?:\d{1,2}|{number})"
_PART: Final = r"(?: (?:buổi )?(?P<part>{part})(?: (?P<today>nay))?)?"
_AMOUNT: Final = r"(?:\d{1,3}(?:[.,]\d{1,2})? ?|{number} )"
_NOT_GOODS: Final = "".join(
    f"(?<!{word} )" for word in ("khách", "cửa", "ngân", "nhà", "giao", "bán", "mua", "đơn", "nhận", "đặt", "lấy")
)
"""Before these, hàng is no "every": khách hàng is a customer, nhà hàng a restaurant."""
_AFTER_ASKING: Final = "|".join(f"(?<=nhắc{me} )" for me in ("", " tôi", " mình", " em", " anh", " chị", " tớ", " tui"))
_SOON: Final = r"(?:\d{1,3} ?|{number} )(?:phút|tiếng(?: đồng hồ)?(?: rưỡi)?)"
_EVERY: Final = rf"(?:{_NOT_GOODS}h[àằ]ng|mỗi)"
_NUMBERED: Final = r"(?!(?:{clock}|\d{1,3} ?(?:phút|tiếng))(?!\w))\d"
"""What makes "ngày" and "tháng" part of a date, as in ngày 15; in mỗi ngày 9h a time follows, or how long."""
_BEFORE_FEAST: Final = "|".join(
    rf"(?<=\b{lead} )" for lead in ("đến", "đến hết", "tới", "trước", "vào", "từ", "mỗi", "hôm", "ngày")
)
_LISTED: Final = r"(?:{weekday}|[2-7]|hai|ba|tư|năm|sáu|bảy)"
_LIST: Final = rf"{{weekday}}(?:(?:,? và |, ?| ){_LISTED}){{0,6}}"
_PAIR: Final = rf"{{weekday}}(?:(?:,? và |, ?| ){_LISTED}){{1,6}}"
_LONG: Final = rf"{{weekday}}(?:(?:,? và |, ?| |-){_LISTED}){{2,6}}"
_WEEKLY: Final = rf"{_EVERY} tuần"
_THROUGH: Final = r"(?P<first>{weekday}) ?(?:đến|tới|-) ?(?P<final>{weekday}|[3-7](?!-))"
_DAYS_OFF: Final = rf"(?:(?P<weekend>(?:các )?(?:ngày )?cuối tuần)|(?:các )?(?P<list>{_LIST}))"
_ME: Final = r"(?: (?:tôi|mình|em|anh|chị|tớ|tui))?"
_ASK: Final = rf"(?:và )?nhắc{_ME}"
_WHEN: Final = r"(?:,? (?:vào )?lúc (?P<clock>{clock}))"
_OF_MONTH: Final = r"(?: (?:mỗi|hàng|hằng))? tháng(?! (?:này|sau|tới|\d))"
_ON: Final = r"(?:ngày|mùng|mồng)"

_DAY: Final = (
    Phrase("offset", r"(?P<offset>{offset})"),
    # \u1ea7 and the like are not folded: without its marks "lần" (a time) is the name Lan.
    Phrase(
        "weekday",
        r"(?<!l\u1ea7n )(?<!ng\u01b0\u1eddi )(?P<weekday>{weekday})"
        r"(?: (?:tuần (?:(?P<week>sau|tới)|này)|(?P<near>này|tới)))?"
        r"(?! (?:đầu tiên|cuối cùng))",
    ),
    Phrase("weekday", r"tuần (?:(?P<week>sau|tới)|(?P<near>này)),?(?: vào)? (?P<weekday>{weekday})"),
    Phrase("within", r"(?:trong |sau )?(?P<n>\d{1,3}|{number}) (?P<unit>ngày|tuần|tháng|năm) nữa"),
    Phrase("within", r"sau (?P<n>\d{1,3}|{number}) (?P<unit>ngày|tuần|tháng|năm)"),
    Phrase(
        "date",
        rf"(?:{_ON} )?(?P<d>\d{{1,2}})(?: ?(?:-|đến|tới) ?(?:{_ON} )?(?P<d2>\d{{1,2}}))? (?P<month>{{month}})(?!\w)"
        r"(?:(?:,? năm |/)(?P<y>\d{4}))?",
    ),
    Phrase("date", rf"{_ON} (?P<d>{{number}}) (?P<month>{{month}})(?!\w)(?:,? năm (?P<y>\d{{4}}))?"),
    Phrase("slash", rf"(?:{_ON} )?(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<y>\d{{4}}|\d{{2}}))?"),
    Phrase("slash", r"(?:ngày )?(?P<a>\d{1,2})-(?P<b>\d{1,2})-(?P<y>\d{4})"),
    Phrase("iso", r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    Phrase(
        "month_day",
        rf"(?:{_ON} (?P<d>\d{{1,2}})|(?:mùng|mồng) (?P<named>{{number}}))(?: tháng (?:(?P<which>sau|tới)|này))?"
        r"(?! (?:tháng|tết|âm|giờ|phút|lần)|[:h])",
    ),
    Phrase("slash", rf"{_ON} (?P<a>\d{{1,2}})\.(?P<b>\d{{1,2}})(?:\.(?P<y>\d{{4}}))?"),
    Phrase("vague", r"(?P<vague>{vague})"),
)
_CLOCK: Final = (
    Phrase("named", r"(?P<noon>giữa trưa)|nửa đêm"),
    Phrase(
        "hour",
        r"(?P<h>\d{1,2}(?= ?(?:giờ|h|g))|{number}(?= giờ)) ?(?:giờ|h|g)"
        r"(?: ?(?P<m>\d{2}|mười lăm|hai mươi|ba mươi|bốn mươi lăm)(?: ?phút|p|')?"
        r"|(?: (?P<half>rưỡi|rưởi))|(?: kém (?P<less>\d{1,2}|{number})(?: phút)?))?" + _PART,
    ),
    Phrase("hour", r"(?P<h>\d{1,2}):(?P<m>\d{2})" + _PART),
    Phrase("hour", rf"(?P<h>{_HOUR}) (?P<half>rưỡi|rưởi)" + _PART),
    Phrase("hour", rf"(?P<h>{_HOUR}) kém (?P<less>\d{{1,2}}|{{number}})(?: phút)?" + _PART),
)
_LENGTH: Final = (
    Phrase(
        "length",
        rf"{_AMOUNT}{{unit}}(?: (?:rưỡi|rưởi)|(?: {_AMOUNT}phút)|(?<=[hg])\d{{2}})?|{{number}} (?:rưỡi|rưởi) {{unit}}",
    ),
)

VIETNAMESE: Final = Words(
    name="vi",
    numbers=_NUMBERS,
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    units=_UNITS,
    parts=_PARTS,
    days=_DAYS,
    vague=_VAGUE,
    ordinals=_ORDINALS,
    feasts=_FEASTS,
    meals=_MEALS,
    zones=_ZONES,
    leads=_LEADS,
    signs=_SIGNS,
    stops=split("với để cùng về cho và vì"),
    closers=split("với để cùng về cho và vì tại ở lúc vào từ đến nhắc trong họp gặp đi"),
    day=_DAY,
    clock=_CLOCK,
    length=_LENGTH,
    loose="mốt",
    place=r"(?:(?<!\w)(?:tại|ở) |@ ?)",
    not_places=frozenset(("lại", "sao", "đây", "đó")),
    phrases=(
        Phrase("task", r"^(?:việc cần làm|việc|cần làm|nhiệm vụ|todo|task) ?:"),
        Phrase("must", r"^(?:(?:tôi|mình) )?(?:phải|cần|nhớ|đừng quên)(?= )"),
        Phrase("event", r"^(?:sự kiện|lịch) ?:"),
        Phrase("command", rf"^(?:hãy )?nhắc(?! nhở){_ME}(?: (?:là|rằng|phải|về))?"),
        Phrase("remind_before", rf"{_ASK} trước (?P<length>{{length}})(?:(?:,|,? và) (?P<also>{{length}}))?{_WHEN}?"),
        Phrase("remind_before", rf"{_ASK} (?P<length>{{length}}) trước(?: đó)?{_WHEN}?"),
        Phrase("remind_before", rf"{_ASK} (?:từ )?(?:hôm|ngày) trước{_WHEN}?"),
        Phrase("ahead", r"trước (?P<length>\d{1,3} ?(?:phút|tiếng|ngày|tuần)|{number} (?:phút|tiếng|ngày|tuần))"),
        Phrase("remind_at", rf"{_ASK}{_WHEN}"),
        Phrase("no_reminder", r"không (?:cần )?nhắc(?: (?:nhở|tôi|mình))?"),
        Phrase("range", r"(?:từ )?(?P<from>{clock}|\d{1,2}) ?(?:->?|đến|tới) ?(?P<to>{clock})"),
        Phrase("clock", r"(?P<clock>{clock})"),
        Phrase("point", r"(?<=\blúc )(?P<clock>\d{1,2})(?![\w/:]| ?{part})"),
        Phrase("clock", r"(?<=\blúc )(?P<clock>\d{1,2} {part})"),
        Phrase("part", r"(?<!ăn )(?<!bữa )(?<!cơm )(?P<part>{part}) (?P<today>nay)"),
        Phrase("part", r"(?:vào )?buổi (?P<part>{part})(?: (?P<today>nay))?"),
        Phrase("day_part", r"(?<!ăn )(?<!bữa )(?<!cơm )(?:buổi )?(?P<part>{part}) (?P<day>{day})"),
        Phrase("day_part", r"(?P<day>{day})(?: vào)? (?:buổi )?(?P<part>{part})"),
        Phrase("day", r"(?P<day>{day})"),
        Phrase("loose_feast", rf"(?:{_BEFORE_FEAST})(?P<feast>{{feast}})"),
        Phrase("all_day", r"(?:suốt )?cả ngày(?! (?:mai|mốt|kia))"),
        Phrase("moment", r"(?:trong |sau )?(?P<length>{length}) nữa"),
        Phrase("after", rf"sau (?P<length>{_SOON})(?=[\s.!?]*$)"),
        Phrase("after", rf"(?:{_AFTER_ASKING})sau (?P<length>{_SOON})"),
        Phrase("for", r"(?:trong(?: vòng)?|kéo dài|suốt) (?:khoảng )?(?P<length>{length})"),
        Phrase("loose_length", r"(?P<length>{number} tiếng(?: rưỡi)?|\d{1,3} ?(?:phút|tiếng|ngày)(?: rưỡi)?)"),
        Phrase("every", rf"{_EVERY} (?P<unit>{{unit}})(?! (?:mai|mốt|kia|{_NUMBERED}))(?: (?:một|1) lần)?"),
        Phrase("every", r"(?:mỗi|cứ) (?P<n>\d{1,2}|{number}) (?P<unit>{unit})(?: (?:một|1) lần)?"),
        Phrase("every", r"(?P<n>\d{1,2}|{number}) (?P<unit>{unit}) (?:một|1) lần"),
        Phrase("every", r"(?P<other>cách) (?P<unit>ngày|tuần|tháng)(?: (?:một|1) lần)?"),
        Phrase("every", r"(?P<unit>ngày|tuần|tháng) nào cũng"),
        Phrase("workdays", r"(?:mỗi|các|mọi|vào các) ngày (?:làm việc|trong tuần|thường)"),
        Phrase("except", rf"{_EVERY} ngày,? (?:ngoại )?trừ {_DAYS_OFF}"),
        Phrase("without", rf"(?:ngoại )?trừ {_DAYS_OFF}"),
        Phrase("weekends", r"(?:mỗi|các|mọi|hàng) cuối tuần|cuối tuần (?:hàng|hằng|mỗi) tuần|cuối tuần nào cũng"),
        Phrase(
            "each",
            rf"(?:mỗi|các|vào các|mọi|{_EVERY} tuần(?: vào)?) (?:(?P<part>{{part}}) )?(?P<list>{_LIST})"
            rf"(?: {_EVERY} tuần)?",
        ),
        Phrase("each", rf"(?P<part>{{part}}) (?P<list>{_LIST}) {_WEEKLY}"),
        Phrase("each", rf"(?P<list>{_LIST}) {_WEEKLY}"),
        Phrase("each", rf"(?P<list>{_PAIR})(?=,? (?:vào |lúc )*{{clock}} {_WEEKLY})"),
        Phrase("each", rf"(?:mỗi|các|vào các|mọi) (?P<list>{_LONG})"),
        Phrase("each", rf"(?P<list>{_LONG}) {_WEEKLY}"),
        Phrase("listed", rf"(?P<part>{{part}}) (?P<list>{_LONG})"),
        Phrase("listed", rf"(?P<list>{_LONG})"),
        Phrase("each", r"(?:(?P<part>{part}) )?(?P<list>{weekday}) nào cũng"),
        Phrase(
            "span",
            rf"(?:(?P<part>{{part}}) )?(?:từ )?{_THROUGH} {_WEEKLY}",
        ),
        Phrase("span", rf"(?:từ )?{_THROUGH} {_WEEKLY}"),
        Phrase("span", rf"(?:mỗi|các) {_THROUGH}"),
        Phrase("every_part", rf"{_EVERY} (?:buổi )?(?P<part>{{part}})(?! {{weekday}})"),
        Phrase("every_part", r"(?:buổi )?(?P<part>{part}) nào cũng"),
        Phrase("every_part", rf"(?<!ăn )(?:buổi )?(?P<part>{{part}}) {_EVERY} ngày"),
        Phrase(
            "nth",
            r"(?P<weekday>{weekday}) (?:tuần )?(?P<nth>{ordinal})(?: (?:của|trong))?" + _OF_MONTH,
        ),
        Phrase(
            "nth",
            r"(?P<weekday>ngày) (?P<nth>cuối cùng|cuối)(?: (?:của|trong))?" + _OF_MONTH,
        ),
        Phrase("nth", r"(?P<nth>cuối) (?:mỗi|hàng|hằng) tháng|(?P<nth_too>cuối) tháng (?:hàng|hằng|mỗi) tháng"),
        Phrase("monthly", rf"{_ON} (?P<d>\d{{1,2}}|{{number}}) {_EVERY} tháng"),
        Phrase("monthly", rf"{_EVERY} tháng,?(?: vào)? {_ON} (?P<d>\d{{1,2}}|{{number}})"),
        Phrase("times", r"(?:trong )?(?P<n>\d{1,3}) lần"),
        Phrase(
            "month",
            r"(?:(?P<through>(?:cho )?(?:đến|tới) hết)|(?P<until>(?:cho )?(?:đến|tới))|(?P<due>trước)) (?P<last>cuối )?"
            r"(?P<month>{month})(?!\w)(?:(?: năm |/)(?P<y>\d{4}))?",
        ),
        Phrase("zone", r"\(?giờ (?P<zone>{zone})\)?"),
    ),
)

"""What the command line says to a person: the commands of every day, in English and Vietnamese.

Help, the operator's commands and what a server refuses are English: the first two are read by who runs a home, the last
comes from the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aurora_time.mail.wording import Locale, locale_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CliWords:
    """Sentences; what is to be filled in stands in braces."""

    # add
    added: str
    understood: str
    what: str
    kind: str
    kinds: Mapping[str, str]
    when: str
    due: str
    where: str
    repeats: str
    # agenda, search
    untitled: str
    today: str
    tomorrow: str
    yesterday: str
    all_day: str
    days: str
    due_at: str
    nothing_in_days: str
    nothing_found: str
    no_day: str
    no_zone: str
    # remind
    will_ring: str
    at: str
    nothing_rings: str
    status: str
    statuses: Mapping[str, str]
    say_when: str
    no_length: str
    no_time: str
    # login, logout
    signed_in: str
    signed_in_here: str
    signed_out: str
    nobody: str
    name_one: str
    no_token: str
    open_link: str


ENGLISH: Final = CliWords(
    added="Added",
    understood="Understood",
    what="What",
    kind="Kind",
    kinds={"event": "event", "task": "task"},
    when="When",
    due="Due",
    where="Where",
    repeats="Repeats",
    untitled="(no title)",
    today="Today",
    tomorrow="Tomorrow",
    yesterday="Yesterday",
    all_day="all day",
    days="{count} days",
    due_at="due",
    nothing_in_days='Nothing in these days. `aurora add "Lunch with Sam tomorrow at noon"` makes something.',
    nothing_found="Nothing has all of these words.",
    no_day="{text} is no day; write it like 2026-11-23.",
    no_zone="This machine does not know the time zone {zone} of your settings.",
    will_ring="It will ring",
    at="on {at}.",
    nothing_rings="Nothing will ring in the next {days} days.",
    status="Status",
    statuses={},
    say_when="Say when: --at 18:30, --at 2026-11-23T18:30, or --in 20m.",
    no_length="{text} is no length of time; write it like 20m, 2h or 1d12h.",
    no_time="{text} is no time; write it like 18:30 or 2026-11-23T18:30.",
    signed_in="Signed in as {name} at {server}.",
    signed_in_here="Signed in as {name} on this machine.",
    signed_out="Signed out.",
    nobody="Nobody was signed in.",
    name_one="Name a server (aurora login https://...), or an account of this machine with --as.",
    no_token="There is no token on stdin.",  # noqa: S106  a sentence
    open_link="If no browser opens, go to",
)

VIETNAMESE: Final = CliWords(
    added="Đã thêm",
    understood="Đã hiểu",
    what="Nội dung",
    kind="Loại",
    kinds={"event": "sự kiện", "task": "việc cần làm"},
    when="Thời gian",
    due="Hạn",
    where="Địa điểm",
    repeats="Lặp lại",
    untitled="(không có tiêu đề)",
    today="Hôm nay",
    tomorrow="Ngày mai",
    yesterday="Hôm qua",
    all_day="cả ngày",
    days="{count} ngày",
    due_at="hạn",
    nothing_in_days='Không có gì trong những ngày này. `aurora add "Ăn trưa với Lan trưa mai"` sẽ thêm một việc.',
    nothing_found="Không có gì chứa tất cả những từ này.",
    no_day="{text} không phải là ngày; hãy viết như 2026-11-23.",
    no_zone="Máy này không biết múi giờ {zone} trong cài đặt của bạn.",
    will_ring="Sẽ nhắc",
    at="vào {at}.",
    nothing_rings="Không có lời nhắc nào trong {days} ngày tới.",
    status="Trạng thái",
    statuses={"planned": "sắp nhắc", "snoozed": "nhắc lại sau", "sending": "đang gửi", "sent": "đã gửi"},
    say_when="Hãy cho biết khi nào: --at 18:30, --at 2026-11-23T18:30, hoặc --in 20m.",
    no_length="{text} không phải là khoảng thời gian; hãy viết như 20m, 2h hoặc 1d12h.",
    no_time="{text} không phải là giờ; hãy viết như 18:30 hoặc 2026-11-23T18:30.",
    signed_in="Đã đăng nhập với {name} tại {server}.",
    signed_in_here="Đã đăng nhập với {name} trên máy này.",
    signed_out="Đã đăng xuất.",
    nobody="Chưa có ai đăng nhập.",
    name_one="Hãy cho biết máy chủ (aurora login https://...), hoặc một tài khoản trên máy này với --as.",
    no_token="Không có mã truy cập nào ở stdin.",  # noqa: S106  a sentence
    open_link="Nếu trình duyệt không mở, hãy vào",
)


def language(environ: Mapping[str, str]) -> Locale:
    """That of this shell, if we speak it; English otherwise."""
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return locale_of(named.partition(".")[0])


def words(environ: Mapping[str, str]) -> CliWords:
    return VIETNAMESE if language(environ) == "vi" else ENGLISH

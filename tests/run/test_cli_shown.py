"""What the command line shows to a person: on their own clock, in their language, as wide as the terminal."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aurora_time.run.cli_clock import repeats
from aurora_time.run.cli_words import ENGLISH, VIETNAMESE, CliWords, language
from tests.run.aurora_process import ROOT, command, environment
from tests.run.terminal import Terminal
from tests.run.test_cli_odd import sentence

EMAIL = "mai@example.org"
ABROAD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:utc@example.org
SUMMARY:Call from London
DTSTART:20270301T200000Z
DTEND:20270301T203000Z
END:VEVENT
BEGIN:VEVENT
UID:berlin@example.org
SUMMARY:Call from Berlin
DTSTART;TZID=Europe/Berlin:20270302T093000
DTEND;TZID=Europe/Berlin:20270302T100000
END:VEVENT
BEGIN:VEVENT
UID:fair@example.org
SUMMARY:Fair
DTSTART;VALUE=DATE:20270302
DTEND;VALUE=DATE:20270304
END:VEVENT
END:VCALENDAR
"""
CHANGES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:medicine@example.org
SUMMARY:Medicine
DTSTART;TZID=Europe/Berlin:20270326T023000
DTEND;TZID=Europe/Berlin:20270326T031500
RRULE:FREQ=DAILY
END:VEVENT
BEGIN:VEVENT
UID:once@example.org
SUMMARY:Once
DTSTART;TZID=Europe/Berlin:20270328T023000
DURATION:PT30M
END:VEVENT
BEGIN:VEVENT
UID:watch@example.org
SUMMARY:Watch
DTSTART;TZID=Europe/Berlin:20271031T023000
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def mai(shell: Terminal) -> Terminal:
    """Somebody on the data of this machine, in Asia/Ho_Chi_Minh."""
    shell.run("user", "add", EMAIL, "--time-zone", "Asia/Ho_Chi_Minh")
    shell.run("login", "--as", EMAIL)
    return shell


def in_vietnamese(shell: Terminal) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        shell.monkeypatch.delenv(name, raising=False)
    shell.monkeypatch.setenv("LANG", "vi_VN.UTF-8")


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_everything_is_on_ones_own_clock(mai: Terminal, tmp_path: Path) -> None:
    (tmp_path / "abroad.ics").write_text(ABROAD)
    mai.run("import", str(tmp_path / "abroad.ics"))
    assert lines(mai.run("agenda", "--from", "2027-03-01", "--days", "4")) == [
        "Tue 2 Mar 2027",
        "2 days Fair",
        "03:00–03:30 Call from London",
        "15:30–16:00 Call from Berlin",
    ]
    assert "Tue 2 Mar 2027, 15:30–16:00  Call from Berlin" in mai.run("search", "berlin")
    assert "on Mon 1 Feb 2027, 08:30." in mai.run("remind", "Pay", "--at", "2027-02-01T08:30")
    assert re.search(r"Mon 1 Feb 2027, 08:30 +planned +Pay", mai.run("remind", "--days", "200"))


def test_when_the_clock_changes_a_day_shows_what_the_clock_shows(shell: Terminal, tmp_path: Path) -> None:
    shell.run("user", "add", EMAIL, "--time-zone", "Europe/Berlin")
    shell.run("login", "--as", EMAIL)
    (tmp_path / "changes.ics").write_text(CHANGES)
    shell.run("import", str(tmp_path / "changes.ics"))
    spring = lines(shell.run("agenda", "--from", "2027-03-28", "--days", "1"))
    assert sorted(spring[1:]) == ["03:30–04:00 Once", "03:30–04:15 Medicine"]
    autumn = lines(shell.run("agenda", "--from", "2027-10-31", "--days", "1"))
    assert sorted(autumn[1:]) == ["02:30 (1 hour) Watch", "02:30 (45 minutes) Medicine"]


def test_how_a_thing_repeats_is_told_in_words(mai: Terminal) -> None:
    sentence = ("add", "yoga", "every", "Tuesday", "and", "Thursday", "at", "6pm", "--dry-run")
    assert "Repeats Every week on Tuesday, Thursday" in lines(mai.run(*sentence))
    assert mai.json(*sentence)["draft"]["recurrence"] == ["RRULE:FREQ=WEEKLY;BYDAY=TU,TH"]
    in_vietnamese(mai)
    assert "Lặp lại Mỗi tuần vào Thứ Ba, Thứ Năm" in lines(mai.run(*sentence))


def test_a_rule_that_there_are_no_words_for_is_shown_as_it_is_written() -> None:
    rule = "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO"
    assert repeats([rule], {"date": "2027-05-03"}, ZoneInfo("Europe/Berlin"), "en") == rule
    monthly = repeats(["RRULE:FREQ=MONTHLY;COUNT=3"], {"date": "2027-05-03"}, ZoneInfo("Europe/Berlin"), "en")
    assert monthly == "Every month, 3 times"


def test_the_commands_of_every_day_speak_vietnamese(mai: Terminal) -> None:
    in_vietnamese(mai)
    assert mai.run("login", "--as", EMAIL) == f"Đã đăng nhập với {EMAIL} trên máy này.\n"
    assert "Không có gì trong những ngày này." in mai.run("agenda")
    added = lines(mai.run("add", "họp", "nhóm", "9h", "sáng", "mai", "ở", "phòng", "7"))
    assert added[:3] == ["Đã thêm", "Nội dung Họp nhóm", "Loại sự kiện"]
    assert re.fullmatch(r"Thời gian (Thứ \w+|Chủ Nhật), \d\d/\d\d/\d{4}, 09:00–10:00", added[3])
    assert added[4] == "Địa điểm phòng 7"
    assert lines(mai.run("agenda"))[0].startswith("Ngày mai, ")
    assert lines(mai.run("search", "họp"))[0] == "Thời gian Nội dung Địa điểm"
    assert mai.run("search", "khác") == "Không có gì chứa tất cả những từ này.\n"
    assert mai.run("remind", "Gọi", "mẹ", "--in", "20m").startswith("Sẽ nhắc vào ")
    assert "sắp nhắc" in mai.run("remind")
    assert "không phải là ngày" in sentence(mai, "agenda", "--from", "mai")
    assert "Hãy cho biết khi nào" in sentence(mai, "remind", "x")
    assert mai.json("agenda")["events"][0]["summary"] == "Họp nhóm", "a program reads the same in every language"
    assert mai.run("logout") == "Đã đăng xuất.\n"


@pytest.mark.parametrize(
    ("environ", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LANG": "vi.UTF-8"}, "vi"),
        ({"LANG": "vi_VN", "LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "vi_VN.UTF-8"}, "vi"),
    ],
)
def test_the_language_is_that_of_the_shell(environ: dict[str, str], spoken: str) -> None:
    assert language(environ) == spoken


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(CliWords)])
def test_both_languages_say_everything_with_the_same_blanks_to_fill(field: str) -> None:
    english, vietnamese = getattr(ENGLISH, field), getattr(VIETNAMESE, field)
    if isinstance(english, str):
        assert sorted(re.findall(r"{\w*}", english)) == sorted(re.findall(r"{\w*}", vietnamese))
        assert vietnamese.strip()


def test_in_a_narrow_terminal_no_line_is_too_long_and_no_time_is_broken(mai: Terminal) -> None:
    mai.run("add", "A very long walk around the whole of the western lake tomorrow at noon at the Sun Inn")
    mai.run("remind", "Bring the good shoes and something to drink", "--in", "20m")
    mai.monkeypatch.setenv("COLUMNS", "50")
    mai.monkeypatch.setattr("aurora_time.run.cli_show._WIDE", 50)
    for words in (("agenda",), ("search", "walk"), ("remind",)):
        shown = mai.run(*words)
        assert max(map(len, shown.splitlines())) <= 50
        assert re.search(r"12:00–13:00|\d, \d\d:\d\d ", shown), shown


def test_in_a_pipe_no_line_is_broken(mai: Terminal) -> None:
    title = "walk " * 60
    mai.run("add", f"{title} tomorrow at noon")
    mai.monkeypatch.setenv("COLUMNS", "50")
    assert title.strip().capitalize() in mai.run("search", "walk")
    assert title.strip().capitalize() in mai.run("agenda")


def test_where_there_is_nothing_the_next_step_is_told(mai: Terminal) -> None:
    assert mai.run("token", "list") == "There is no API token; `aurora token create NAME` makes one.\n"


def test_what_is_refused_is_told_without_the_inside_of_the_request(mai: Terminal) -> None:
    assert sentence(mai, "add", " ").startswith("aurora: Give what it is and when, on one line")


def test_a_server_that_is_not_there_is_told_in_words(shell: Terminal) -> None:
    shell.monkeypatch.setenv("AURORA_TOKEN", "aur_x")
    said = sentence(shell, "agenda", "--server", "http://127.0.0.1:1")
    assert said == "aurora: http://127.0.0.1:1 cannot be reached: Connection refused.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
@pytest.mark.parametrize("words", [("agenda",), ("agenda", "--json"), ("token", "list"), ("export",)])
def test_a_full_disk_behind_stdout_is_one_sentence(mai: Terminal, tmp_path: Path, words: tuple[str, ...]) -> None:
    data = str(tmp_path / "data")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command(*words, "--as", EMAIL, "--data", data),
            env=environment(),
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        1,
        "aurora: What was asked for cannot be written: No space left on device.\n",
    )


def test_whoever_stops_reading_is_no_trouble(mai: Terminal, tmp_path: Path) -> None:
    mai.run("add", "Lunch tomorrow at noon")
    words = command("export", "--as", EMAIL, "--data", str(tmp_path / "data"))
    with subprocess.Popen(words, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == b""


def test_a_command_for_a_server_does_not_wait_for_the_servers_program() -> None:
    heavy = ("starlette", "structlog", "jinja2", "joserfc", "rich", "asyncio", "sqlite3")
    code = (
        "import sys; before = set(sys.modules); import aurora_time.run.cli; "  # what measures coverage was there before
        f"print([name for name in {heavy} if name in sys.modules and name not in before])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"

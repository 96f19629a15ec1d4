"""The page of one event, to which the mails lead."""

from __future__ import annotations

import re

import pytest

from aurora_time.operations.events import create_event
from aurora_time.operations.representation import DateOrTime, EventInput, ReminderOverride, Reminders
from aurora_time.ports import Delete
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer


async def owner_of(home, email="mai@example.org"):
    (item,) = await home.home.table.get(keys.email(email))
    return decode(item.body, Pointer).id


async def make(home, **fields):
    body = EventInput(**({"summary": "Tea", "start": DateOrTime(date_time="2026-11-24T10:00:00Z")} | fields))
    return (await create_event(home.home.services, await owner_of(home), body)).event.id


async def test_a_link_in_a_mail_leads_to_the_event_after_signing_in(home):
    owner = await home.someone()
    await owner.add("Tea")
    await home.ring(50 * 60)
    (mail, *_) = await home.home.mailer.messages(1)
    link = re.search(r"http://127\.0\.0\.1:8765(/events/\S+)", mail.text)
    assert link
    asked = await home.browser().get(link[1])
    assert asked.headers["location"] == f"/login?next={link[1].replace('/', '%2F')}"
    assert "Mon 23 Nov 2026, 10:00–11:00" in await owner.text(link[1])


async def test_the_page_says_all_there_is_to_say(home):
    browser = await home.someone()
    event = await make(
        home,
        summary="Board & <b>friends</b>",
        start=DateOrTime(date_time="2026-11-24T09:30:00", time_zone="Europe/Berlin"),
        end=DateOrTime(date_time="2026-11-24T10:00:00", time_zone="Europe/Berlin"),
        location="Room 7",
        description="Bring\nthe papers",
        url="https://meet.example/7",
        recurrence=("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20261201T093000"),
        reminders=Reminders(False, (ReminderOverride(minutes_before=30), ReminderOverride(days_before=1, at="18:00"))),
    )
    said = await browser.text(f"/events/{event}")
    for sentence in (
        "Board & <b>friends</b>",
        "Tue 24 Nov 2026, 15:30–16:00 Tue 24 Nov 2026, 09:30–10:00 in Europe/Berlin",
        "Repeats Every week One date is left out",
        "Room 7",
        "Bring the papers",
        "30 minutes before 1 day before, at 18:00",
        "Calendar Personal",
    ):
        assert sentence in said
    assert '<a href="https://meet.example/7"' in (await browser.get(f"/events/{event}")).text


@pytest.mark.parametrize(
    ("lines", "english", "vietnamese"),
    [
        (["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=7"], "Every 2 days, 7 times", "Cứ 2 ngày một lần, tổng cộng 7 lần"),
        (["RRULE:FREQ=YEARLY;COUNT=1"], "Every year, once", "Mỗi năm, chỉ một lần"),
        (
            ["RRULE:FREQ=WEEKLY;WKST=SU;BYDAY=TH,TU"],
            "Every week on Tuesday, Thursday",
            "Mỗi tuần vào Thứ Ba, Thứ Năm",
        ),
        (
            ["RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=7"],
            "Every month on the last Friday, 7 times",
            "Mỗi tháng vào Thứ Sáu cuối cùng trong tháng, tổng cộng 7 lần",
        ),
        (["RRULE:FREQ=MONTHLY;BYMONTHDAY=15"], "Every month on day 15", "Mỗi tháng vào ngày 15"),
        (
            ["RRULE:FREQ=WEEKLY;UNTIL=20261231T230000Z"],
            "Every week, until Fri 1 Jan 2027",
            "Mỗi tuần, đến hết Thứ Sáu, 01/01/2027",
        ),
        (["RRULE:FREQ=DAILY;UNTIL=99991231T235959Z"], "Every day, until Fri 31 Dec 9999", "31/12/9999"),
        (["RRULE:FREQ=DAILY", "EXDATE:20261125T100000Z,20261126T100000Z"], "2 dates are left out", "Bỏ qua 2 ngày"),
        (["RDATE:20261125T100000Z"], "Repeats One date is added", "Lặp lại Thêm một ngày"),
        (["RDATE:20261125T100000Z,20261127T100000Z"], "2 dates are added", "Thêm 2 ngày"),
        *(
            ([line], f"By a rule of its own: {line} Reminders", f"Theo quy tắc riêng: {line} Lời nhắc")
            for line in (
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU",
                "RRULE:FREQ=MONTHLY;BYDAY=FR",
                "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1",
                "RRULE:FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
                "RRULE:FREQ=DAILY;BYHOUR=9,17",
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
                "RRULE:FREQ=YEARLY;BYDAY=20MO",
                "RRULE:FREQ=HOURLY;INTERVAL=3",
            )
        ),
    ],
)
async def test_the_page_says_how_an_event_repeats(home, lines, english, vietnamese):
    browser = await home.someone()
    event = await make(
        home, start=DateOrTime(date_time="2026-11-24T17:00:00", time_zone="Asia/Tokyo"), recurrence=tuple(lines)
    )
    assert english in await browser.text(f"/events/{event}")
    await browser.send(
        "/settings", "/settings", time_zone="Asia/Ho_Chi_Minh", language="vi", week_start="MO", minutes="10"
    )
    assert vietnamese in await browser.text(f"/events/{event}")


async def test_a_link_that_is_no_web_address_is_no_link(home):
    browser = await home.someone()
    event = await make(home, url="file:///home/mai/plan.txt", summary="", reminders=Reminders(False))
    shown = await browser.get(f"/events/{event}")
    assert "file:" not in shown.text
    assert "(no title)" in shown.text
    assert "No reminders" in shown.text
    asked = await browser.text(f"/events/{event}/delete")
    assert "“(no title)” is deleted, with its reminders." in asked


async def test_an_event_of_somebody_else_is_not_there(home):
    await home.someone()
    event = await make(home)
    other = await home.someone("sam@example.org")
    for path in (f"/events/{event}", f"/events/{event}/delete"):
        theirs, nobodys = await other.get(path), await other.get(path.replace(event, "A" * 22))
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
    token = other.csrf((await other.get("/")).text)
    assert (await other.post(f"/events/{event}/delete", csrf=token, whole="yes")).status_code == 404


async def test_somebody_whose_account_is_gone_is_a_stranger(home):
    browser = await home.someone()
    await home.home.table.write(Delete(keys.person(await owner_of(home))))
    assert "Create account" in await browser.text("/")

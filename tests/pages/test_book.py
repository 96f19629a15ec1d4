"""A stranger books on the public page, gets a mail, and cancels by its link."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import msgspec
import pytest

from aurora_time.domain.moment import parse_instant
from aurora_time.operations.events import create_event
from aurora_time.operations.people import update_person
from aurora_time.operations.representation import EventInput
from aurora_time.operations.schedule_resources import DateOverride, ScheduleInput
from aurora_time.operations.schedules import create_schedule, delete_schedule, update_schedule
from aurora_time.pages import book
from aurora_time.pages.book_words import BOOK_WORDS
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer
from tests.pages.test_site import WellFormed

SLOT = "20261124T020000Z"
"""Tuesday at nine in Asia/Ho_Chi_Minh."""


async def owner_of(home, email="mai@example.org"):
    (item,) = await home.home.table.get(keys.email(email))
    return decode(item.body, Pointer).id


async def published(home, **fields):
    """Mai, who can be booked at /book/mai; her browser, and a stranger's."""
    mai = await home.someone()
    body = {"name": "First talk", "slug": "mai", "slotMinutes": 60, **fields}
    owner = await owner_of(home)
    schedule, _ = await create_schedule(home.home.services, owner, msgspec.convert(body, ScheduleInput))
    return mai, home.browser(), schedule


def form(**fields):
    filled = {"start": SLOT, "zone": "Europe/Berlin", "name": "Sam", "email": "sam@example.org", "note": "The garden"}
    return filled | fields


async def mails(home, most=20):
    return [mail for mail in await home.home.mailer.messages(most) if "First talk" in mail.subject]


def link(text):
    found = re.search(r"http://127\.0\.0\.1:8765(/booking/\S+)", text)
    assert found
    return found[1]


# --- the way of a guest -----------------------------------------------------------------------------------------------
async def test_a_stranger_books_gets_a_mail_and_cancels_by_its_link(home):
    mai, stranger, _ = await published(home)
    page = await stranger.get("/book/mai?zone=Europe%2FBerlin")
    assert "Book a time with Mai" in page.text
    assert f'href="/book/mai/{SLOT}?zone=Europe%2FBerlin">03:00<' in page.text
    shown = await stranger.text(f"/book/mai/{SLOT}?zone=Europe%2FBerlin")
    assert "Tue 24 Nov 2026, 03:00–04:00" in shown
    done = await stranger.post("/book/mai", **form())
    assert done.status_code == 303
    told = await stranger.text(done.headers["location"])
    assert "It is booked" in told
    assert "Tue 24 Nov 2026, 03:00–04:00 Europe/Berlin First talk · Mai" in told
    assert SLOT not in (await stranger.get("/book/mai?zone=Europe%2FBerlin")).text
    assert "First talk: Sam" in await mai.text("/")

    await home.ring(1)
    to_mai, to_sam = sorted(await mails(home), key=lambda mail: mail.to)
    assert (to_mai.to, to_sam.to) == ("Mai <mai@example.org>", "sam@example.org")
    assert "Tue 24 Nov 2026, 09:00–10:00 (Asia/Ho Chi Minh)" in to_mai.text
    assert "The garden" in to_mai.text
    assert "Sam" not in to_sam.text
    assert "garden" not in to_sam.text

    path = link(to_sam.text)
    assert "Do you want to cancel?" in await stranger.text(path)
    assert "First talk: Sam" in await mai.text("/"), "a mail scanner that opens the link cancels nothing"
    gone = await stranger.post(path)
    assert gone.status_code == 200
    assert "Cancelled" in gone.text
    assert 'href="/book/mai"' in gone.text
    assert SLOT in (await stranger.get("/book/mai")).text
    assert "First talk: Sam" not in await mai.text("/")
    await home.ring(1)
    last = {mail.to: mail.subject for mail in (await mails(home))[:2]}
    assert last == {
        "Mai <mai@example.org>": "Cancelled: First talk – Tue 24 Nov, 09:00",
        "sam@example.org": "Cancelled: First talk – Tue 24 Nov, 03:00",
    }
    assert (await stranger.get(path)).status_code == 404
    assert "It was cancelled" in (await stranger.post(path)).text


async def test_it_speaks_the_browsers_language_and_so_do_the_mails(home):
    await published(home)
    stranger = home.browser("vi-VN")
    assert "Đặt lịch hẹn với Mai" in await stranger.text("/book/mai")
    assert "Mỗi lịch hẹn 1 giờ" in await stranger.text("/book/mai")
    done = await stranger.post("/book/mai", **form())
    assert "Đã đặt lịch" in await stranger.text(done.headers["location"])
    await home.ring(1)
    to_sam = next(mail for mail in await mails(home) if mail.to == "sam@example.org")
    assert to_sam.subject == "Đã đặt lịch: First talk – Thứ Ba, 24/11, 03:00"


async def test_times_stand_on_the_chosen_clock_and_the_schedules_own_at_first(home):
    _, stranger, _ = await published(home)
    assert ">09:00<" in (await stranger.get("/book/mai")).text
    assert (
        '<option value="Asia/Ho_Chi_Minh" selected>Asia/Ho Chi Minh</option>'
        in (await stranger.get("/book/mai?zone=Nowhere")).text
    )
    tokyo = await stranger.get("/book/mai?zone=Asia/Tokyo")
    assert ">11:00<" in tokyo.text
    assert '<option value="Asia/Tokyo" selected>Asia/Tokyo</option>' in tokyo.text


async def test_later_and_earlier_lead_through_all_that_can_be_booked(home):
    _, stranger, _ = await published(home, horizonDays=30)
    days, path = [], "/book/mai"
    while path:
        page = (await stranger.get(path)).text
        days += re.findall(r'datetime="([\d-]+)"', page)
        later = re.search(r'href="([^"]+)">Later<', page)
        path = later[1].replace("&amp;", "&") if later else ""
    assert (days[0], days[-1]) == ("2026-11-23", "2026-12-23")
    assert days == sorted(set(days))
    assert len(days) == 23
    assert 'href="/book/mai?zone=Asia%2FHo_Chi_Minh&amp;from=2026-12-07">Earlier<' in page
    assert "Earlier" not in await stranger.text("/book/mai?from=2020-01-01")


async def test_a_page_of_very_many_times_ends_with_a_whole_day(home):
    always = [{"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "from": "00:00", "to": "24:00"}]
    _, stranger, _ = await published(home, weekly=always, slotMinutes=5, horizonDays=9)
    starts, path = [], "/book/mai"
    while path:
        page = (await stranger.get(path)).text
        starts += re.findall(r'href="/book/mai/(\w+)\?', page)
        later = re.search(r'href="([^"]+)">Later<', page)
        path = later[1].replace("&amp;", "&") if later else ""
    assert starts == sorted(set(starts))
    assert len(starts) == (9 * 24 - 4) * 12 + 1


async def test_where_nothing_is_free_it_says_when_something_is(home):
    off = [DateOverride(f"2026-{month}-{day:02}", ()) for month in (11, 12) for day in range(1, 31)]
    _, stranger, schedule = await published(home)
    owner = await owner_of(home)

    async def change(**fields):
        body = msgspec.convert({"name": "First talk", "slug": "mai", **fields}, ScheduleInput)
        await update_schedule(home.home.services, owner, schedule.id, lambda *_: body)

    await change(overrides=[msgspec.to_builtins(each) for each in off])
    text = await stranger.text("/book/mai")
    assert "There is no free time in these two weeks. The next free time is on Thu 31 Dec 2026." in text
    await change(weekly=[])
    assert "There is no free time for now." in await stranger.text("/book/mai")


# --- what is in the way -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " "}, "name_bad"),
        ({"name": "x" * 101}, "name_bad"),
        ({"email": "sam"}, "email_bad"),
        ({"email": "sam@example.org\nBcc: eve@example.org"}, "email_bad"),
        ({"note": "x" * 2_001}, "note_bad"),
    ],
)
async def test_a_form_that_is_not_right_says_so_and_keeps_what_was_typed(home, fields, says):
    _, stranger, _ = await published(home)
    for language, words in BOOK_WORDS.items():
        refused = await home.browser(language).post("/book/mai", **form(**fields))
        assert refused.status_code == 422
        assert getattr(words, says) in refused.text
        assert 'value="Sam"' in refused.text or "name" in fields
    assert SLOT in (await stranger.get("/book/mai")).text


async def test_a_slot_is_booked_once_and_who_comes_later_is_led_to_what_is_free(home):
    _, stranger, _ = await published(home)
    assert (await stranger.post("/book/mai", **form())).status_code == 303
    later = home.browser()
    for answer in (await later.get(f"/book/mai/{SLOT}"), await later.post("/book/mai", **form(email="al@example.org"))):
        assert answer.status_code == 409
        assert "This time is not free any more" in answer.text
        assert 'href="/book/mai?zone=' in answer.text


async def test_a_form_that_is_sent_twice_books_once(home):
    """A button that is pressed twice, a page that is loaded again: never told that somebody was faster."""
    _, stranger, _ = await published(home)
    page = (await stranger.get(f"/book/mai/{SLOT}")).text
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found
    sent = form(ticket=found[1])
    first, second = await asyncio.gather(stranger.post("/book/mai", **sent), stranger.post("/book/mai", **sent))
    again = await stranger.post("/book/mai", **form(ticket=found[1], start="20261125T020000Z"))
    assert [answer.status_code for answer in (first, second, again)] == [303, 303, 303]
    assert first.headers["location"] == second.headers["location"] == again.headers["location"]
    assert "It is booked" in await stranger.text(first.headers["location"])
    await home.ring(1)
    assert len([mail for mail in await mails(home) if mail.to == "sam@example.org"]) == 1
    other = await home.browser().post("/book/mai", **form(email="al@example.org", ticket="x"))
    assert other.status_code == 409


async def test_a_form_that_was_not_right_may_be_sent_again(home):
    _, stranger, _ = await published(home)
    refused = (await stranger.post("/book/mai", **form(name="", ticket="t" * 27))).text
    assert 'name="ticket" value="' + "t" * 27 in refused
    assert (await stranger.post("/book/mai", **form(ticket="t" * 27))).headers["location"].startswith("/booking/ttt")


async def test_marks_that_nobody_sees_are_left_out_of_a_note(home):
    _, stranger, _ = await published(home)
    assert (await stranger.post("/book/mai", **form(note="One\x0b\r\ntwo\x00"))).status_code == 303
    await home.ring(1)
    assert "One\ntwo" in next(mail.text for mail in await mails(home) if mail.to.startswith("Mai"))


async def test_an_address_read_from_a_card_is_found_in_capitals_too(home):
    _, stranger, _ = await published(home)
    assert SLOT in (await stranger.get("/book/Mai")).text


@pytest.mark.parametrize("most", [5, 20])
async def test_where_more_is_in_the_way_than_can_be_looked_through_the_page_still_answers(home, monkeypatch, most):
    monkeypatch.setattr("aurora_time.operations.free_busy.MAX_OCCURRENCES", most)
    _, stranger, _ = await published(home, horizonDays=366)
    event = {"summary": "Busy", "start": {"date": "2026-11-01"}, "recurrence": ["RRULE:FREQ=DAILY"]}
    await create_event(home.home.services, await owner_of(home), msgspec.convert(event, EventInput))
    assert "There is no free time for now." in await stranger.text("/book/mai")


@pytest.mark.parametrize("start", ["20261124T021500Z", "20261123T020000Z", "20300101T020000Z"])
async def test_what_is_no_free_slot_cannot_be_booked(home, start):
    _, stranger, _ = await published(home)
    assert (await stranger.get(f"/book/mai/{start}")).status_code == 409
    assert (await stranger.post("/book/mai", **form(start=start))).status_code == 409


@pytest.mark.parametrize("start", ["x", "20261124", "20261124T020000", "2026-11-24T02:00:00Z", "00010101T000000Z"])
async def test_what_is_no_start_is_not_there(home, start):
    _, stranger, _ = await published(home)
    assert (await stranger.get(f"/book/mai/{start}")).status_code == 404
    assert (await stranger.post("/book/mai", **form(start=start))).status_code == 404


async def test_a_page_that_nobody_has_is_not_there(home):
    _, stranger, _ = await published(home)
    for path in ("/book/nobody", f"/book/nobody/{SLOT}", "/booking/wrong", "/book/%00"):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post("/book/nobody", **form())).status_code == 404
    assert (await stranger.post("/booking/wrong")).status_code == 404


async def test_another_site_can_neither_book_nor_cancel(home):
    _, stranger, _ = await published(home)
    sly = {"Sec-Fetch-Site": "cross-site"}
    assert (await stranger.http.post("/book/mai", data=form(), headers=sly)).status_code == 403
    path = (await stranger.post("/book/mai", **form())).headers["location"]
    assert (await stranger.http.post(path, headers=sly)).status_code == 403
    assert "Do you want to cancel?" in await stranger.text(path)


async def test_what_is_over_is_not_cancelled(home):
    _, stranger, _ = await published(home)
    path = (await stranger.post("/book/mai", **form())).headers["location"]
    home.clock.time = parse_instant("2026-11-24T04:00:00Z")
    shown = await stranger.text(path)
    assert "This is over." in shown
    assert "Cancel" not in shown
    assert "This is over." in (await stranger.post(path)).text


@pytest.mark.parametrize("how", ["hidden", "deleted"])
async def test_a_guest_cancels_though_the_schedule_is_gone_or_hidden(home, how):
    mai, stranger, schedule = await published(home)
    path = (await stranger.post("/book/mai", **form())).headers["location"]
    services, owner = home.home.services, await owner_of(home)
    if how == "hidden":
        hidden = msgspec.convert({"name": "First talk"}, ScheduleInput)
        await update_schedule(services, owner, schedule.id, lambda *_: hidden)
    else:
        await delete_schedule(services, owner, schedule.id, lambda _: None)
    assert (await stranger.get("/book/mai")).status_code == 404
    assert "First talk: Sam" in await mai.text("/")
    gone = await stranger.post(path)
    assert gone.status_code == 200
    assert 'href="/"' in gone.text
    assert "First talk: Sam" not in await mai.text("/")


async def test_of_two_strangers_at_once_one_gets_the_slot(home):
    await published(home)
    posts = (home.browser().post("/book/mai", **form(email=f"g{number}@example.org")) for number in range(2))
    answers = await asyncio.gather(*posts)
    assert sorted(answer.status_code for answer in answers) == [303, 409]


# --- strangers who do too much ----------------------------------------------------------------------------------------
async def test_one_guest_has_three_bookings_ahead_at_most(home):
    _, stranger, _ = await published(home)
    for hour in (2, 3, 4):
        assert (await stranger.post("/book/mai", **form(start=f"20261124T0{hour}0000Z"))).status_code == 303
    for email in ("sam@example.org", "SAM@example.org"):
        refused = await stranger.post("/book/mai", **form(start="20261124T050000Z", email=email))
        assert refused.status_code == 409
        assert "several bookings for this address" in refused.text
    other = await stranger.post("/book/mai", **form(start="20261124T050000Z", email="al@example.org"))
    assert other.status_code == 303


async def test_nobody_fills_a_calendar_by_script(home):
    always = [{"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "from": "00:00", "to": "24:00"}]
    _, stranger, _ = await published(home, weekly=always)
    codes = []
    for number in range(24):
        start = f"202611{25 + number // 24:02}T{number:02}0000Z"
        answer = await stranger.post("/book/mai", **form(start=start, email=f"g{number}@example.org"))
        codes.append(answer.status_code)
    assert codes == [303] * 20 + [429] * 4
    assert answer.headers["retry-after"] == "3600"
    assert "Try again in 1 hour." in answer.text
    assert 'value="g23@example.org"' in answer.text
    home.clock.time += 3600
    again = await stranger.post("/book/mai", **form(start="20261125T230000Z", email="late@example.org"))
    assert again.status_code == 303


async def test_a_guests_name_makes_no_markup_and_no_header(home):
    mai, stranger, _ = await published(home)
    name = "<script>alert(1)</script>\r\nBcc: eve@example.org"
    done = await stranger.post("/book/mai", **form(name=name, note="<b>{{7*7}}</b>"))
    assert done.status_code == 303
    await home.ring(1)
    to_mai = next(mail for mail in await mails(home) if "mai@" in mail.to)
    assert "<script" not in to_mai.html
    assert "<b>" not in to_mai.html
    assert "<script" not in (await mai.get("/")).text.partition("<body>")[2].replace("/static/", "")


@pytest.mark.parametrize("language", ["en-GB", "vi-VN"])
async def test_every_page_is_well_formed_and_labelled(home, language):
    await published(home)
    stranger = home.browser(language)
    shown = [await stranger.get("/book/mai"), await stranger.get(f"/book/mai/{SLOT}"), await stranger.get("/booking/x")]
    shown.append(await stranger.post("/book/mai", **form(name="", email="", note="x" * 3_000)))
    booked = await stranger.post("/book/mai", **form())
    shown += [await stranger.get(booked.headers["location"]), await home.browser(language).get(f"/book/mai/{SLOT}")]
    shown.append(await stranger.post(booked.headers["location"]))
    for page in shown:
        assert f'<html lang="{language[:2]}">' in page.text
        WellFormed(page.text).check()
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_signed_in_owner_sees_the_page_too_in_their_own_language(home):
    mai, _, _ = await published(home)
    owner = await owner_of(home)

    def nameless(person, _):
        return msgspec.structs.replace(person, locale="vi", name="")

    await update_person(home.home.services, owner, nameless)
    assert "Đặt lịch hẹn Aurora Time" not in await mai.text("/book/mai")
    assert ">Đặt lịch hẹn</h1>" in (await mai.get("/book/mai")).text


def test_both_languages_fill_the_same_blanks():
    for name in BOOK_WORDS["en"].__slots__:
        blanks = [re.findall(r"{\w+}", getattr(BOOK_WORDS[locale], name)) for locale in ("en", "vi")]
        assert blanks[0] == blanks[1], name


def test_no_word_is_left_over():
    folder = Path(book.__file__).parent
    sources = [folder / "book.py", folder / "booking.py", *folder.glob("templates/book*.html")]
    used = {name for source in sources for name in re.findall(r"\b(?:words|say)\.(\w+)", source.read_text("utf-8"))}
    used |= set(re.findall(r"BOOK_WORDS\[view\.locale\]\.(\w+)", (folder / "booking.py").read_text("utf-8")))
    assert set(BOOK_WORDS["en"].__slots__) <= used

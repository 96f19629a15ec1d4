"""The page about one's mails: what comes, when, and what to do where mails are held."""

from __future__ import annotations

import pytest

from aurora_time.operations.people import read_person
from aurora_time.operations.suppression import note_bounce
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer
from tests.pages.conftest import words

PATH = "/settings/notifications"
EVERY_DAY = dict.fromkeys(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "yes")
DAY = 86_400


async def save(browser, **fields):
    return await browser.send(PATH, PATH, **fields)


async def person(home):
    (item,) = await home.home.table.get(keys.email("mai@example.org"))
    return (await read_person(home.home.services, decode(item.body, Pointer).id))[0]


async def test_it_needs_a_sign_in(home):
    assert (await home.browser().get(PATH)).headers["location"] == "/login?next=%2Fsettings%2Fnotifications"


async def test_the_agenda_comes_when_it_was_asked_for(home):
    browser = await home.someone()
    assert "Mails go to mai@example.org." in await browser.text(PATH)
    answer = await save(browser, reminders="yes", agenda="yes", at="06:30", **EVERY_DAY)
    assert answer.headers["location"] == f"{PATH}?done=saved"
    assert "Your mail settings are saved." in await browser.text(f"{PATH}?done=saved")
    shown = (await browser.get(PATH)).text
    assert 'name="at" type="time" value="06:30"' in shown
    assert shown.count(" checked") == 9
    await browser.add("Tea", date="2026-11-24")
    await home.ring(21 * 3600 + 30 * 60 - 1)
    assert "agendas" not in await browser.text(PATH)
    await home.ring(1)
    (mail,) = await home.home.mailer.messages(1)
    assert mail.subject == "Tue 24 Nov: 1 event"
    assert "The last agendas Tue 24 Nov 2026: sent, 06:30" in await browser.text(PATH)
    await home.ring(DAY)
    assert "Wed 25 Nov 2026: nothing on that day Tue 24 Nov" in await browser.text(PATH)


async def test_it_can_be_ended_from_the_mail_and_begun_again_here(home):
    browser = await home.someone(language="vi")
    await save(browser, agenda="yes", at="07:00", **EVERY_DAY)
    await browser.add("Trà", date="2026-11-24")
    await home.ring(DAY)
    (mail,) = await home.home.mailer.messages(1)
    assert mail.subject == "Thứ Ba, 24/11: 1 sự kiện"
    path = mail.text.partition("Ngừng nhận thư này: http://127.0.0.1:8765")[2].split()[0]
    stranger = home.browser()
    assert "Ngừng nhận lịch trong ngày?" in await stranger.text(path)
    assert "Đã tắt thư lịch trong ngày" in words((await stranger.post(path)).text)
    assert not (await person(home)).agenda_mail.enabled
    assert "Bật lại" in await stranger.text(path)
    assert "Lịch trong ngày lại được gửi" in words((await stranger.post(path, on="yes")).text)
    wanted = (await person(home)).agenda_mail
    assert (wanted.enabled, wanted.at, len(wanted.days)) == (True, 7 * 3600, 7)


async def test_reminder_mails_can_be_turned_off_and_on(home):
    browser = await home.someone()
    await save(browser, at="07:00")
    assert not (await person(home)).reminder_mail
    assert "Reminder mails are off." in await browser.text("/settings")
    await save(browser, reminders="yes", at="07:00")
    assert (await person(home)).reminder_mail
    assert "Reminders are mailed to you." in await browser.text("/settings")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"at": "25:00", **EVERY_DAY}, "Enter a time like 07:00."),
        ({"at": "", **EVERY_DAY}, "Enter a time like 07:00."),
        ({"at": "٠٧:٠٠", **EVERY_DAY}, "Enter a time like 07:00."),
        ({"at": "07:00"}, "Choose at least one day."),
    ],
)
async def test_what_makes_no_sense_is_told_and_nothing_is_saved(home, fields, sentence):
    browser = await home.someone()
    before = await person(home)
    answer = await save(browser, agenda="yes", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="agenda" name="agenda" value="yes" checked' in answer.text
    assert await person(home) == before


async def test_times_with_seconds_as_some_browsers_send_them(home):
    browser = await home.someone()
    await save(browser, agenda="yes", at="06:15:00", MO="yes")
    assert (await person(home)).agenda_mail.at == 6 * 3600 + 15 * 60


@pytest.mark.parametrize(
    ("kind", "said"), [("permanent", "was refused several times"), ("complaint", "marked as spam")]
)
async def test_held_mails_are_told_and_let_through(home, kind, said):
    browser = await home.someone()
    for _ in range(3):
        await note_bounce(home.home.services, "mai@example.org", kind)
        home.clock.time += DAY
    assert "Mails to you are held." in await browser.text("/settings")
    shown = await browser.text(PATH)
    assert said in shown
    assert "Wed 25 Nov 2026, 09:00" in shown
    answer = await browser.send(f"{PATH}/release", PATH)
    assert answer.headers["location"] == f"{PATH}?done=through"
    shown = await browser.text(f"{PATH}?done=through")
    assert "Mails go out again." in shown
    assert "held" not in shown


async def test_forms_of_other_sites_change_nothing(home):
    browser = await home.someone()
    before = await person(home)
    assert (await browser.post(PATH, csrf="wrong", at="07:00")).status_code == 403
    assert (await browser.post(f"{PATH}/release", csrf="wrong")).status_code == 403
    assert await person(home) == before

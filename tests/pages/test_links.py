"""The links in mails: they ask first, act when their form is posted, and are worth nothing without the mail."""

from __future__ import annotations

import html
import re

import msgspec
import pytest
from msgspec.structs import replace

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.operations.events import delete_event
from aurora_time.operations.links import Link, Signer, home_signer
from aurora_time.operations.people import read_person, update_person
from aurora_time.operations.rules import RuleInput, create_rule, delete_rule, read_rule
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer
from tests.pages.conftest import PASSWORD, Browser, words

MINUTE = 60


async def rung(home, **settings: object) -> dict[str, str]:
    """The links of a reminder of Tea at 10:00, which has just been mailed at 09:50; by what they say."""
    browser = await home.someone(**settings)
    await browser.add("Tea & <b>")
    await home.ring(50 * MINUTE)
    mail = await newest(home)
    return dict(zip(("10m", "1h", "9am", "done", "stop"), re.findall(r"/r/[\w-]+", mail.text), strict=True))


async def newest(home):
    mailer = home.home.mailer
    assert isinstance(mailer, OutboxMailer)
    (mail,) = await mailer.messages(1)
    return mail


async def mails(home) -> int:
    """How many mails were about Tea."""
    return len([mail for mail in await home.home.mailer.messages(100) if mail.subject.startswith("Tea")])


async def owner(home) -> str:
    (item,) = await home.home.table.get(keys.email("mai@example.org"))
    return decode(item.body, Pointer).id


async def content(home) -> dict:
    found = home.home.table._reader.execute("SELECT part, sort, version FROM items").fetchall()
    return {(part, sort): version for part, sort, version in found}


def fields_of(page: str) -> dict[str, str]:
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


async def follow(browser: Browser, path: str) -> str:
    """Open the page, and post its form; what the answer says."""
    shown = await browser.get(path)
    assert shown.status_code == 200
    done = await browser.post(path, **fields_of(shown.text))
    assert done.status_code == 200
    return words(done.text)


# --- asking -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["10m", "1h", "9am", "done", "stop"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_scanner_that_follows_links_changes_nothing(home, action, method):
    path = (await rung(home))[action]
    before = await content(home)
    for _ in range(3):
        shown = await home.browser().http.request(method, path)
        assert shown.status_code == 200
        assert shown.headers["referrer-policy"] == "no-referrer"
        assert shown.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
        if method == "GET":
            assert f'method="post" action="{path}"' in shown.text
    assert await content(home) == before
    assert await mails(home) == 1


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("10m", "Remind you again? Tea & <b> On Mon 23 Nov 2026, 10:00. Remind me then"),
        ("1h", "On Mon 23 Nov 2026, 10:50."),
        ("9am", "On Tue 24 Nov 2026, 09:00."),
        ("done", "Dismiss this reminder? Tea & <b> It does not ring again. Other reminders stay. Dismiss"),
        ("stop", "Stop reminder mails? No reminder is mailed to you any more."),
    ],
)
async def test_the_page_says_what_will_happen_without_a_sign_in(home, action, said):
    path = (await rung(home))[action]
    assert said in await home.browser().text(path)


async def test_in_the_language_of_the_person_whatever_the_browsers_is(home):
    paths = await rung(home, language="vi-VN")
    said = await home.browser("en-GB").text(paths["10m"])
    assert "Nhắc lại cho bạn?" in said
    assert "Vào Thứ Hai, 23/11/2026, 10:00. Nhắc tôi lúc đó" in said


# --- acting -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("action", "minutes"), [("10m", 10), ("1h", 60), ("9am", 23 * 60 + 10)])
async def test_a_snoozed_reminder_rings_again_then_and_once(home, action, minutes):
    path = (await rung(home))[action]
    said = await follow(home.browser(), path)
    assert "You will be reminded again Tea & <b> On" in said
    await home.ring(minutes * MINUTE - 1)
    assert await mails(home) == 1
    await home.ring(1)
    assert await mails(home) == 2
    await home.ring(86_400)
    assert await mails(home) == 2


async def test_what_is_posted_twice_is_done_once(home):
    path, browser = (await rung(home))["10m"], home.browser()
    fields = fields_of((await browser.get(path)).text)
    for wait in (0, 30, 120):
        home.clock.time += wait
        said = words((await browser.post(path, **fields)).text)
        assert "On Mon 23 Nov 2026, 10:00." in said
    await home.ring(10 * MINUTE)
    assert await mails(home) == 2
    before = await content(home)
    again = words((await browser.post(path, **fields)).text)
    assert "Remind you again?" in again, "the page was too old, so it asks anew"
    assert await content(home) == before
    await home.ring(86_400)
    assert await mails(home) == 2


@pytest.mark.parametrize("until", ["", "x", "-5", "0", "99999999999", "9" * 5000, "١٢"])
async def test_a_form_of_no_page_of_ours_is_asked_again(home, until):
    path = (await rung(home))["10m"]
    before = await content(home)
    answer = await home.browser().post(path, until=until)
    assert "Remind you again?" in words(answer.text)
    assert await content(home) == before


async def test_dismissed_it_does_not_ring_again_and_to_do_it_twice_is_harmless(home):
    paths, browser = await rung(home), home.browser()
    await follow(browser, paths["10m"])
    for _ in range(2):
        answer = await browser.post(paths["done"])
        assert "Dismissed Tea & <b> This reminder does not ring again." in words(answer.text)
    assert "Dismissed" in await browser.text(paths["done"])
    assert "Dismissed" in await browser.text(paths["10m"])
    home.clock.time -= 60
    fields = {"until": str(int(home.clock.time) + 300)}
    assert "Dismissed" in words((await browser.post(paths["10m"], **fields)).text)
    await home.ring(86_400)
    assert await mails(home) == 1


async def test_of_an_event_that_is_gone_there_is_nothing_to_snooze(home):
    path, browser = (await rung(home))["10m"], home.browser()
    fields = fields_of((await browser.get(path)).text)
    services, person = home.home.services, await owner(home)
    (items,) = await services.table.query(Range(keys.object_(person, "").part))
    await delete_event(services, person, items[0].key.sort)
    answer = await browser.post(path, **fields)
    assert "so nothing was changed" in words(answer.text)
    await home.ring(86_400)
    assert await mails(home) == 1


# --- unsubscribing ----------------------------------------------------------------------------------------------------
async def test_one_click_of_a_mail_program_stops_reminder_mails(home):
    """RFC 8058: a POST without cookies, as multipart/form-data or urlencoded."""
    path, person = (await rung(home))["stop"], await owner(home)
    one_click = {"List-Unsubscribe": (None, "One-Click")}
    client = home.browser().http
    for request in ({"files": one_click}, {"data": {"List-Unsubscribe": "One-Click"}}, {}):
        await update_person(home.home.services, person, lambda each, _: replace(each, reminder_mail=True))
        answer = await client.post(path, **request)
        assert answer.status_code == 200
        assert "Reminder mails are off" in words(answer.text)
        assert not (await read_person(home.home.services, person))[0].reminder_mail
    browser = await home.someone("an@example.org")
    assert "Reminders are mailed to you." in await browser.text("/settings"), "of nobody else"


async def test_after_it_no_mail_comes_until_they_are_on_again_by_the_same_link(home):
    paths, browser = await rung(home), home.browser()
    await follow(browser, paths["stop"])
    signed_in = await sign_in_again(home)
    await signed_in.add("Tea again", start="11:00", end="11:30")
    await home.ring(60 * MINUTE)
    assert await mails(home) == 1
    assert "Reminder mails are off. Change mails" in await signed_in.text("/settings")
    shown = await browser.get(paths["stop"])
    assert "Turn them on again" in words(shown.text)
    said = words((await browser.post(paths["stop"], **fields_of(shown.text))).text)
    assert "They are on again Reminders are mailed to you as before." in said
    await signed_in.add("Tea at last", start="12:00", end="12:30")
    await home.ring(60 * MINUTE)
    assert await mails(home) == 2


async def test_of_a_rule_only_the_rule_can_be_turned_off(home):
    browser = await home.someone()
    services, person = home.home.services, await owner(home)
    early = msgspec.convert({"name": "Early <b>", "triggers": [{"minutesBefore": 45}]}, RuleInput)
    rule = await create_rule(services, person, early)
    await browser.add("Tea")
    await home.ring(15 * MINUTE)
    mail = await newest(home)
    assert "Your rule “Early <b>” reminds you 45 minutes before." in mail.text
    path, stranger = re.findall(r"/r/[\w-]+", mail.text)[-1], home.browser()
    assert "Only turn off the rule “Early <b>”" in await stranger.text(path)
    for _ in range(2):
        answer = await stranger.post(path, only="rule")
        assert "Your rule “Early <b>” reminds you no more." in words(answer.text)
    assert not (await read_rule(services, person, rule.id)).enabled
    assert (await read_person(services, person))[0].reminder_mail
    shown = await stranger.text(path)
    assert "Early" not in shown
    assert "Stop reminder mails" in shown
    await delete_rule(services, person, rule.id, lambda _: None)
    assert (await stranger.post(path, only="rule")).status_code == 404


async def sign_in_again(home) -> Browser:
    browser = home.browser()
    shown = await browser.get("/login")
    fields = {"email": "mai@example.org", "password": PASSWORD, "next": "/"}
    done = await browser.post("/login", csrf=browser.csrf(shown.text), **fields)
    assert done.status_code == 303, done.text
    return browser


# --- links that are none ----------------------------------------------------------------------------------------------
async def test_forged_expired_foreign_and_homeless_links_are_one_and_the_same_page(home):
    paths, person = await rung(home), await owner(home)
    signer, now = await home_signer(home.home.services), int(home.clock.time)
    good = signer.read(paths["10m"].removeprefix("/r/"), now)
    assert good is not None
    other = Link(person, "10m", now + 1_000, good.subject.replace(".", ".1", 1))
    bad = {
        "forged": paths["10m"][:-2] + "AA",
        "cut": paths["10m"][:-10],
        "expired": "/r/" + signer.token(Link(person, "10m", now, good.subject)),
        "another home's": "/r/" + Signer(b"another secret").token(good),
        "of nobody": "/r/" + signer.token(Link("nobody", "done", now + 1_000, good.subject)),
        "of no reminder": "/r/" + signer.token(other),
        "rubbish": "/r/rubbish",
        "long": "/r/" + "A" * 3_000,
    }
    before = await content(home)
    answers = {}
    for name, path in bad.items():
        for method in ("GET", "POST"):
            posted = {"until": str(now + 60)} if method == "POST" else None
            answer = await home.browser().http.request(method, path, data=posted)
            assert answer.status_code == 404
            assert answer.headers["referrer-policy"] == "no-referrer"
            answers[name, method] = answer.text
    assert len(set(answers.values())) == 1
    assert "This link does not work" in words(answers["forged", "GET"])
    assert await content(home) == before


async def test_a_link_is_good_for_thirty_days(home):
    path = (await rung(home))["done"]
    home.clock.time += 30 * 86_400 - 1
    assert (await home.browser().get(path)).status_code == 200
    home.clock.time += 1
    assert (await home.browser().get(path)).status_code == 404

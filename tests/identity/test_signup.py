"""Signing up with a mailed code."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.identity import accounts
from aurora_time.ports import ConflictError

PASSWORD = "violet tram kettle"


async def begin(browser, email="ann@example.org", **fields):
    """Fill in the form; the address of the page that asks for the code."""
    begun = await browser.submit("/signup", **({"email": email, "password": PASSWORD} | fields))
    assert begun.status_code == 303, begun.text
    return begun.headers["location"]


async def test_a_mailed_code_makes_an_account_and_signs_in(home):
    browser = home.browser()
    done = await browser.sign_up(next_="/app/?week=3")
    assert done.status_code == 303
    assert done.headers["location"] == "/app/?week=3"
    (account,) = home.confirmed
    assert (account.email, account.name, account.time_zone) == ("ann@example.org", "Ann", "Asia/Ho_Chi_Minh")
    assert account.locale == "en-GB"
    assert home.notices == [("ann@example.org", home.mailbox.code())]
    assert (await browser.get("/login")).status_code == 303, "signed in already"


@pytest.mark.parametrize(
    ("fields", "language", "zone", "locale"),
    [
        ({}, "vi-VN,vi;q=0.9,en;q=0.5", "UTC", "vi-VN"),
        ({"time_zone": "Europe/Berlin", "locale": "de-DE"}, "en", "Europe/Berlin", "de-DE"),
        ({"time_zone": "Not/AZone", "locale": "<b>"}, "fr;q=x,*", "UTC", "en"),
        ({"time_zone": "../../etc/passwd"}, "", "UTC", "en"),
        ({"time_zone": "Europe"}, "fr-CH", "UTC", "fr-CH"),
    ],
)
async def test_zone_and_language_are_the_browsers_or_sane(home, fields, language, zone, locale):
    browser = home.browser(language=language)
    await browser.submit(await begin(browser, **fields), code=home.mailbox.code())
    assert (home.confirmed[0].time_zone, home.confirmed[0].locale) == (zone, locale)


async def test_a_code_is_good_for_five_tries_then_a_new_one_must_be_asked_for(home):
    browser = home.browser()
    page = await begin(browser)
    right = home.mailbox.code()
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(5):
        said = await browser.submit(page, code=wrong)
        assert said.status_code == 422
        assert "This is not the code" in said.text
    said = await browser.submit(page, code=right)
    assert said.status_code == 422
    assert "too many tries" in said.text
    home.clock.time += 60
    resent = await browser.submit(page, "/signup/resend")
    assert resent.status_code == 303
    assert "We sent a new code" in (await browser.get(resent.headers["location"])).text
    assert (await browser.submit(page, code=right)).status_code == 422, "the old code is over"
    assert (await browser.submit(page, code=home.mailbox.code())).status_code == 303
    assert len(home.confirmed) == 1


async def test_tries_made_at_once_count_too(home):
    browser = home.browser()
    page = await begin(browser)
    right = int(home.mailbox.code())
    shown = await browser.get(page)
    fields = dict(pair.split("=") for pair in page.partition("?")[2].split("&"))
    csrf = shown.text.partition('name="csrf" value="')[2].partition('"')[0]
    wrong = [f"{(right + step) % 1_000_000:06d}" for step in range(1, 21)]
    said = await asyncio.gather(*(browser.post("/signup/confirm", csrf=csrf, code=code, **fields) for code in wrong))
    assert sum("This is not the code" in one.text for one in said) == 5
    assert (await browser.submit(page, code=f"{right:06d}")).status_code == 422


async def test_a_code_with_spaces_is_read(home):
    browser = home.browser()
    page = await begin(browser)
    code = home.mailbox.code()
    assert (await browser.submit(page, code=f" {code[:3]} {code[3:]} ")).status_code == 303


async def test_a_code_is_over_after_fifteen_minutes_and_the_sign_up_after_a_day(home):
    browser = home.browser()
    page = await begin(browser)
    home.clock.time += 15 * 60
    said = await browser.submit(page, code=home.mailbox.code())
    assert "more than 15 minutes old" in said.text
    home.clock.time += 86_400
    gone = await browser.get(page)
    assert gone.status_code == 410
    assert "This sign-up is over" in gone.text
    csrf = (await browser.get("/login")).text.partition('name="csrf" value="')[2].partition('"')[0]
    for action in ("/signup/confirm", "/signup/resend"):
        flow = page.partition("=")[2]
        assert (await browser.post(action, csrf=csrf, flow=flow, code="123456")).status_code == 410
    assert home.confirmed == []


async def test_new_codes_are_slowed_and_few(home):
    browser = home.browser()
    page = await begin(browser)
    early = await browser.submit(page, "/signup/resend")
    assert early.status_code == 429
    assert early.headers["retry-after"] == "60"
    assert "Please wait 60 seconds" in early.text
    for wait in (60, 120, 240, 480):
        home.clock.time += wait - 1
        assert (await browser.submit(page, "/signup/resend")).status_code == 429
        home.clock.time += 1
        assert (await browser.submit(page, "/signup/resend")).status_code == 303
    home.clock.time += 3600
    assert "No more codes" in (await browser.submit(page, "/signup/resend")).text
    assert len(home.mailbox.mails) == 5


async def test_resending_twice_at_once_sends_once(home):
    browser = home.browser()
    page = await begin(browser)
    home.clock.time += 60
    said = await asyncio.gather(*(browser.submit(page, "/signup/resend") for _ in range(2)))
    assert sorted(one.status_code for one in said) == [303, 429]
    assert len(home.mailbox.mails) == 2


async def test_a_taken_address_looks_like_any_other(home):
    await home.browser().sign_up()
    stranger = home.browser("198.51.100.9")
    fresh = await begin(stranger, "bob@example.org")
    taken = await begin(stranger, "ANN@example.org")
    assert "already have an account" in home.mailbox.mails[-1].text
    shown = [(await stranger.get(page)).text for page in (fresh, taken)]
    said = [(await stranger.submit(page, code="000000")).text for page in (fresh, taken)]
    home.clock.time += 60
    resent = [(await stranger.submit(page, "/signup/resend")).status_code for page in (fresh, taken)]
    for for_fresh, for_taken in (shown, said):
        assert _without_flow(for_fresh.replace("bob@", "ANN@")) == _without_flow(for_taken)
    assert resent == [303, 303]
    assert "already have an account" in home.mailbox.mails[-1].text
    assert len(home.confirmed) == 1


def _without_flow(text: str) -> list[str]:
    return [line for line in text.splitlines() if 'name="flow"' not in line]


async def test_an_address_confirmed_in_two_browsers_makes_one_account(home):
    one, other = home.browser(), home.browser("198.51.100.9")
    first, first_code = await begin(one), home.mailbox.code()
    second, second_code = await begin(other, password="another long one"), home.mailbox.code()
    assert (await one.submit(first, code=first_code)).status_code == 303
    said = await other.submit(second, code=second_code)
    assert said.status_code == 409
    assert "You have an account already" in said.text
    assert len(home.confirmed) == 1
    again = await other.sign_in(password="another long one")
    assert again.status_code == 422, "the password of whoever confirmed first holds"


async def test_somebody_elses_code_is_of_no_use_to_another_flow(home):
    """An attacker's flow for the owner's address is not confirmed by what the owner got for his own."""
    owner, attacker = home.browser(), home.browser("198.51.100.9")
    attack = await begin(attacker, password="attacker's own one")
    page = await begin(owner)
    owners_code = home.mailbox.code()
    assert (await attacker.submit(attack, code=owners_code)).status_code == 422
    assert (await owner.submit(page, code=owners_code)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"email": "ann"}, "email", "Enter an e-mail address"),
        ({"email": "ann@localhost"}, "email", "Enter an e-mail address"),
        ({"email": "ann@example.org\r\nBcc: b@example.org"}, "email", "Enter an e-mail address"),
        ({"email": f"{'a' * 65}@example.org"}, "email", "Enter an e-mail address"),
        ({"name": "x" * 101}, "name", "at most 100"),
        ({"password": "short"}, "password", "at least 10"),
        ({"password": "ﬁ" * 4}, "password", "at least 10"),
        ({"password": "ab c" * 65}, "password", "at most 256"),
        ({"password": "Ann@Example.org"}, "password", "other than your e-mail"),
        ({"password": "Password1234"}, "password", "first that others would guess"),
        ({"password": "111111111111"}, "password", "first that others would guess"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(home, fields, field, said):
    browser = home.browser()
    filled = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD} | fields
    refused = await browser.submit("/signup", **filled)
    assert refused.status_code == 422
    tag = refused.text.partition(f'<input id="{field}"')[2].partition(">")[0]
    assert 'aria-invalid="true"' in tag
    assert f'aria-describedby="error-{field}' in tag
    assert "autofocus" in tag
    assert said in refused.text.partition(f'id="error-{field}">')[2].partition("<")[0]
    assert PASSWORD not in refused.text
    assert home.mailbox.mails == []


async def test_a_mail_that_cannot_be_sent_is_said(home):
    browser = home.browser()
    home.mailbox.broken = True
    refused = await browser.submit("/signup", email="ann@example.org", password=PASSWORD)
    assert refused.status_code == 503
    assert "could not be sent" in refused.text
    home.mailbox.broken = False
    page = await begin(browser)
    home.clock.time += 60
    home.mailbox.broken = True
    assert (await browser.submit(page, "/signup/resend")).status_code == 503


async def test_mails_to_one_address_are_slowed(home):
    browser = home.browser()
    for _ in range(3):
        await begin(browser)
    slowed = await browser.submit("/signup", email="Ann@example.org", password=PASSWORD)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "60"
    await begin(browser, "bob@example.org")
    await begin(home.browser("198.51.100.9"))


@pytest.mark.parametrize("home", [{"signup": "closed"}], indirect=True)
async def test_a_closed_home_takes_nobody(home):
    browser = home.browser()
    closed = await browser.get("/signup")
    assert closed.status_code == 403
    assert "Sign-up is closed" in closed.text
    login = await browser.get("/login")
    assert "/signup" not in login.text
    csrf = login.text.partition('name="csrf" value="')[2].partition('"')[0]
    refused = await browser.post("/signup", csrf=csrf, email="ann@example.org", password=PASSWORD)
    assert refused.status_code == 403
    assert home.mailbox.mails == []


async def test_the_operator_makes_accounts_too(home):
    await home.browser().sign_up()
    made = accounts.Account("s" * 22, "bob@example.org", "Bob", "UTC", "en")
    stored = await accounts.create(home.provider, made, PASSWORD)
    assert stored.welcomed
    assert home.confirmed[-1] == made
    assert (await home.browser().sign_in("bob@example.org")).status_code == 303
    with pytest.raises(ConflictError):
        await accounts.create(home.provider, accounts.Account("t" * 22, "ANN@example.org", "", "UTC", "en"), PASSWORD)


async def test_a_crash_before_the_product_was_told_is_made_up_for_at_the_next_sign_in(home):
    browser = home.browser()
    page = await begin(browser)
    home.product_is_down = True
    with pytest.raises(ConnectionError):
        await browser.submit(page, code=home.mailbox.code())
    home.product_is_down = False
    for _ in range(2):
        assert (await home.browser().sign_in()).status_code == 303
    assert [account.email for account in home.confirmed] == ["ann@example.org"], "told once"


@pytest.mark.parametrize("home", [{"outbox_url": "/outbox"}], indirect=True)
async def test_pages_say_that_mails_are_in_the_outbox(home):
    browser = home.browser()
    page = await browser.get(await begin(browser))
    assert '<a href="/outbox">Open the outbox</a>' in page.text
    done = await browser.submit("/password/forgot", email="ann@example.org")
    assert '<a href="/outbox">' in done.text

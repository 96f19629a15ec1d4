"""A new address: the password, the code mailed there, and nobody else's address told apart."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.ports import ConflictError, Key, Put
from aurora_time.store import keys
from tests.identity.conftest import hidden

PASSWORD = "violet tram kettle"
OLD, NEW = "ann@example.org", "anna@example.net"


async def begin(browser, new=NEW, password=PASSWORD) -> str:
    """Where the mailed code is asked for."""
    done = await browser.submit("/email", new=new, password=password)
    assert done.status_code == 303, done.text
    return done.headers["location"]


async def test_the_code_that_was_mailed_to_the_new_address_changes_it(home):
    browser = home.browser()
    await browser.sign_up()
    tokens = await browser.tokens()
    page = await begin(browser)
    mail = home.mailbox.mails[-1]
    assert mail.to == NEW
    assert NEW in (await browser.get(page)).text
    assert (await home.browser().sign_in(NEW)).status_code == 422, "not before the code"
    done = await browser.submit(page, "/email/confirm", code=home.mailbox.code())
    assert f"you sign in with {NEW}" in done.text
    assert (home.mailbox.mails[-1].to, home.mailbox.mails[-1].subject) == (OLD, "Your Aurora Time address was changed")
    assert NEW not in home.mailbox.mails[-1].text, "who reads the old mailbox does not learn the new one"
    assert (await home.browser().sign_in(OLD)).status_code == 422
    assert (await home.browser().sign_in(NEW)).status_code == 303
    assert NEW in (await browser.get("/password")).text, "this browser stays signed in"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.http.get("/userinfo", headers=bearer)).json()["email"] == NEW
    assert (await browser.get(page)).status_code == 410, "a code works once"


async def test_the_old_address_is_free_and_its_links_are_over(home):
    browser, helper = home.browser(), home.browser()
    await browser.sign_up()
    await helper.submit("/password/forgot", email=OLD)
    link = home.mailbox.link()
    page = await begin(browser)
    await browser.submit(page, "/email/confirm", code=home.mailbox.code())
    assert (await helper.get(link)).status_code == 410, "whoever reads the old mailbox cannot take the account"
    anew = home.browser()
    assert (await anew.sign_up(OLD)).status_code == 303
    assert len(home.confirmed) == 2


async def test_the_product_writes_its_changes_with_ours(home):
    browser = home.browser()
    await browser.sign_up()
    theirs, asked = Put(Key("person#1", "profile"), b"x", "v"), []

    async def on_email_change(account, email, changes):
        asked.append((account.email, email, {change.key for change in changes}))
        await home.table.write(*changes, theirs)

    object.__setattr__(home.provider, "on_email_change", on_email_change)
    page = await begin(browser)
    await browser.submit(page, "/email/confirm", code=home.mailbox.code())
    ((old, new, keys_),) = asked
    assert (old, new) == (OLD, NEW)
    assert {keys.account(home.confirmed[0].subject), keys.login(OLD), keys.login(NEW)} <= keys_
    assert NEW in (await browser.get("/password")).text


async def test_somebody_elses_address_is_not_told_apart(home):
    await home.browser().sign_up("bob@example.org")
    browser = home.browser()
    await browser.sign_up()
    free, taken = await begin(browser), await begin(browser, "bob@example.org")
    shown = [(await browser.get(page)).text for page in (free, taken)]
    flows = [page.partition("flow=")[2] for page in (free, taken)]
    assert shown[0].replace(flows[0], "").replace(NEW, "") == shown[1].replace(flows[1], "").replace(
        "bob@example.org", ""
    )
    told = home.mailbox.mails[-1]
    assert (told.to, told.subject) == ("bob@example.org", "Your address already has an Aurora Time account")
    answers = [await browser.submit(taken, "/email/confirm", code=f"{number:06d}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 6
    assert "too many tries" in answers[5].text
    assert "too many tries" not in answers[4].text
    assert (await home.browser().sign_in("bob@example.org")).status_code == 303


async def test_an_address_of_a_person_who_came_elsewhere_is_somebody_elses_too(home):
    await home.table.write(Put(keys.email(NEW), b"x", "v"))
    browser = home.browser()
    await browser.sign_up()
    await begin(browser)
    assert home.mailbox.mails[-1].subject == "Your address already has an Aurora Time account"


async def test_an_address_that_is_taken_meanwhile_stays_the_others(home):
    browser = home.browser()
    await browser.sign_up()
    page = await begin(browser)
    code = home.mailbox.code()
    await home.browser().sign_up(NEW)
    refused = await browser.submit(page, "/email/confirm", code=code)
    assert refused.status_code == 409
    assert OLD in (await browser.get("/password")).text


async def test_wrong_codes_are_counted_and_used_up(home):
    browser = home.browser()
    await browser.sign_up()
    page = await begin(browser)
    code = home.mailbox.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert (await browser.submit(page, "/email/confirm", code=wrong)).status_code == 422
    assert (await browser.submit(page, "/email/confirm", code=code)).status_code == 422, "five tries a code"


async def test_only_the_case_may_change(home):
    browser = home.browser()
    await browser.sign_up()
    page = await begin(browser, "Ann@Example.org")
    done = await browser.submit(page, "/email/confirm", code=home.mailbox.code())
    assert done.status_code == 200
    assert "Ann@Example.org" in (await browser.get("/password")).text
    assert (await home.browser().sign_in(OLD)).status_code == 303, "an address is compared without regard to case"


@pytest.mark.parametrize(
    ("new", "password", "words"),
    [
        ("nonsense", PASSWORD, "Enter an e-mail address"),
        (OLD, PASSWORD, "This is your address already."),
        (NEW, "wrong password", "This is not your current password."),
        (NEW, "", "This is not your current password."),
    ],
)
async def test_what_is_refused_is_said_and_changes_nothing(home, new, password, words):
    browser = home.browser()
    await browser.sign_up()
    mails = len(home.mailbox.mails)
    refused = await browser.submit("/email", new=new, password=password)
    assert refused.status_code == 422
    assert words in refused.text
    assert len(home.mailbox.mails) == mails


async def test_mails_and_passwords_are_not_for_guessing(home):
    browser = home.browser()
    await browser.sign_up()
    for _ in range(3):
        await begin(browser)
    slowed = await browser.submit("/email", new=NEW, password=PASSWORD)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) >= 60


async def test_a_mail_that_cannot_be_sent_is_told(home):
    browser = home.browser()
    await browser.sign_up()
    home.mailbox.broken = True
    refused = await browser.submit("/email", new=NEW, password=PASSWORD)
    assert refused.status_code == 503
    assert "could not be sent" in refused.text


async def test_it_is_over_after_an_hour_with_another_password_and_for_others(home):
    browser, stranger = home.browser(), home.browser()
    await browser.sign_up()
    await stranger.sign_up("bob@example.org")
    page = await begin(browser)
    assert (await stranger.get(page)).status_code == 410, "a flow belongs to its account"
    home.clock.time += 1
    await browser.submit("/password", current=PASSWORD, password="copper river lamp")
    over = await browser.submit(page, "/email/confirm", code="123456")
    assert over.status_code == 410
    page = await begin(browser, password="copper river lamp")
    home.clock.time += 3_601
    assert (await browser.get(page)).status_code == 410


async def test_two_confirmations_at_once_are_one_change(home):
    browser = home.browser()
    await browser.sign_up()
    page = await begin(browser)
    fields = hidden((await browser.get(page)).text) | {"code": home.mailbox.code()}
    said = await asyncio.gather(*(browser.post("/email/confirm", **fields) for _ in range(2)))
    assert sorted(answer.status_code for answer in said) == [200, 410]


async def test_of_three_who_want_one_address_at_once_one_gets_it(home):
    """Two who have an account, and one who signs up with it."""
    confirmations = []
    for email in (OLD, "bob@example.org"):
        browser = home.browser()
        await browser.sign_up(email)
        page = await begin(browser)
        fields = hidden((await browser.get(page)).text) | {"code": home.mailbox.code()}
        confirmations.append((browser, "/email/confirm", fields))
    newcomer = home.browser()
    form = {"email": NEW, "password": PASSWORD, "name": "Ann", "time_zone": "UTC"}
    begun = await newcomer.submit("/signup", **form)
    fields = hidden((await newcomer.get(begun.headers["location"])).text) | {"code": home.mailbox.code()}
    confirmations.append((newcomer, "/signup/confirm", fields))
    said = await asyncio.gather(*(browser.post(path, **fields) for browser, path, fields in confirmations))
    assert sorted(answer.status_code for answer in said) in ([200, 409, 409], [303, 409, 409])
    assert (await home.browser().sign_in(NEW)).status_code == 303
    others = [await home.browser().sign_in(email) for email in (OLD, "bob@example.org")]
    assert sorted(answer.status_code for answer in others) in ([303, 303], [303, 422]), "nobody is without an address"


async def test_a_change_that_meets_another_is_judged_anew(home):
    browser = home.browser()
    await browser.sign_up()
    page, write, met = await begin(browser), home.table.write, [1]

    async def in_the_way(*changes):
        if met:
            met.pop()
            raise ConflictError(keys.login(NEW))
        await write(*changes)

    home.table.write = in_the_way
    met += [1] * 100
    assert (await browser.submit(page, "/email/confirm", code=home.mailbox.code())).status_code == 503
    del met[1:]
    assert (await browser.submit(page, "/email/confirm", code=home.mailbox.code())).status_code == 200


async def test_who_is_not_signed_in_is_led_to_sign_in(home):
    browser = home.browser()
    for path in ("/email", "/email/confirm?flow=x"):
        assert (await browser.get(path)).headers["location"] == "/login?next=/email"
    for path in ("/email", "/email/confirm"):
        assert (await browser.post(path, csrf="x")).headers["location"] == "/login?next=/email"

"""Two-step sign-in: on, asked for, once only, slowed, off, and what the owner hears of it."""

from __future__ import annotations

import html
import re

import pytest

from aurora_time.identity import totp
from aurora_time.store import keys

PASSWORD = "violet tram kettle"
PATH = "/second-factor"


def secret_on(page: str) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]+)"', page)
    assert found
    return found[1]


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-7-]+)</code></li>", page)


def app_code(home, secret: str, steps: int = 0) -> str:
    """What the authenticator app shows, ``steps`` from now."""
    return totp.hotp(totp.read_secret(secret), int(home.clock.time) // totp.STEP + steps)


async def turn_on(home, browser) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    page = (await browser.get(PATH)).text
    secret = secret_on(page)
    fields = {"csrf": csrf_on(page), "secret": secret, "password": PASSWORD, "code": app_code(home, secret)}
    done = await browser.post(PATH, **fields)
    assert done.status_code == 200, done.text
    home.clock.time += totp.STEP
    return secret, codes_on(done.text)


def csrf_on(page: str) -> str:
    return html.unescape(page.partition('name="csrf" value="')[2].partition('"')[0])


async def password_given(home, **address):
    """A new browser that gave the right password: (browser, page of the second step)."""
    browser = home.browser(**address)
    done = await browser.sign_in()
    assert done.status_code == 303
    assert done.headers["location"].startswith("/login/code?flow=")
    assert (await browser.get("/password")).status_code == 303, "not signed in yet"
    return browser, done.headers["location"]


async def test_the_page_shows_the_same_secret_as_picture_and_as_text(home):
    browser = home.browser()
    await browser.sign_up()
    page = await browser.get(PATH)
    secret = secret_on(page.text)
    assert totp.spaced(secret) in page.text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page.text
    assert secret_on((await browser.get(PATH)).text) != secret, "nothing is kept of a secret that was only shown"


async def test_signing_in_asks_for_a_code_that_works_once(home):
    first = home.browser()
    await first.sign_up()
    secret, codes = await turn_on(home, first)
    assert len(codes) == len(set(codes)) == 10
    assert (await first.get("/password")).status_code == 200, "who turned it on stays signed in"
    browser, step = await password_given(home)
    code = app_code(home, secret)
    done = await browser.submit(step, "/login/code", code=f"{code[:3]} {code[3:]}")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert (await browser.get("/password")).status_code == 200
    other, step = await password_given(home)
    again = await other.submit(step, "/login/code", code=code)
    assert again.status_code == 422, "the same code is refused"
    earlier = await other.submit(step, "/login/code", code=app_code(home, secret, -1))
    assert earlier.status_code == 422
    home.clock.time += totp.STEP
    assert (await other.submit(step, "/login/code", code=app_code(home, secret))).status_code == 303


async def test_the_way_goes_on_to_where_it_led(home):
    browser = home.browser()
    await browser.sign_up()
    secret, _ = await turn_on(home, browser)
    other = home.browser()
    asked = await other.authorize()
    done = await other.submit(asked.headers["location"], "/login", email="ann@example.org", password=PASSWORD)
    done = await other.submit(done.headers["location"], "/login/code", code=app_code(home, secret))
    assert done.headers["location"].startswith("/authorize?")
    assert (await other.get(done.headers["location"])).status_code == 302


async def test_a_recovery_code_works_once_and_is_told(home):
    browser = home.browser()
    await browser.sign_up()
    _, codes = await turn_on(home, browser)
    other, step = await password_given(home)
    done = await other.submit(step, "/login/code", code=codes[3].upper())
    assert done.status_code == 303
    told = [mail.subject for mail in home.mailbox.mails]
    assert "A recovery code was used" in told
    third, step = await password_given(home)
    assert (await third.submit(step, "/login/code", code=codes[3])).status_code == 422
    assert (await third.submit(step, "/login/code", code=codes[4])).status_code == 303
    assert "Recovery codes left: 8." in (await third.get(PATH)).text
    assert "Left: 8." in next(m.text for m in reversed(home.mailbox.mails) if m.subject == "A recovery code was used")


async def test_the_second_step_belongs_to_the_browser_that_gave_the_password(home):
    browser = home.browser()
    await browser.sign_up()
    _, codes = await turn_on(home, browser)
    _, step = await password_given(home)
    thief = home.browser()
    await thief.get("/login")
    assert (await thief.get(step)).status_code == 410
    form = {"csrf": csrf_on((await thief.get("/login")).text), "flow": step.partition("flow=")[2]}
    assert (await thief.post("/login/code", **form, code=codes[0])).status_code == 410
    assert (await home.browser().get("/login/code?flow=nonsense")).status_code == 410


async def test_it_is_over_after_ten_minutes_and_with_another_password(home):
    owner = home.browser()
    await owner.sign_up()
    await turn_on(home, owner)
    late, late_step = await password_given(home)
    home.clock.time += 601
    assert (await late.get(late_step)).status_code == 410
    browser, step = await password_given(home)
    changed = await owner.submit("/password", current=PASSWORD, password="copper river lamp")
    assert changed.status_code == 200
    assert (await browser.get(step)).status_code == 410


async def test_guessing_is_slowed_over_all_networks_and_the_owner_hears_of_it(home):
    owner = home.browser()
    await owner.sign_up()
    secret, _ = await turn_on(home, owner)
    for number in range(5):
        thief, step = await password_given(home, address=f"198.51.{number}.7")
        assert (await thief.submit(step, "/login/code", code="000000")).status_code == 422
    assert home.mailbox.mails[-1].subject == "Somebody has your Aurora Time password"
    thief, step = await password_given(home, address="203.0.113.9")
    slowed = await thief.submit(step, "/login/code", code=app_code(home, secret))
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "15"
    await owner.submit("/login?again=1", "/login", email="ann@example.org", password=PASSWORD)
    again = await owner.submit("/login?again=1", "/login", email="ann@example.org", password=PASSWORD)
    mine = await owner.submit(again.headers["location"], "/login/code", code=app_code(home, secret))
    assert mine.status_code == 303, "the owner's own browser does not wait for others"


async def test_turning_it_off_needs_password_and_code(home):
    browser = home.browser()
    await browser.sign_up()
    secret, codes = await turn_on(home, browser)
    page = (await browser.get(PATH)).text
    for password, code in (("wrong password", app_code(home, secret)), (PASSWORD, "000000"), (PASSWORD, "")):
        refused = await browser.post(f"{PATH}/off", csrf=csrf_on(page), password=password, code=code)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
    done = await browser.post(f"{PATH}/off", csrf=csrf_on(page), password=PASSWORD, code=codes[0])
    assert done.status_code == 200
    assert home.mailbox.mails[-1].subject == "Two-step sign-in is off"
    other = home.browser()
    assert (await other.sign_in()).headers["location"] == "/"
    assert (await browser.post(f"{PATH}/off", csrf=csrf_on(page), password=PASSWORD, code="1")).status_code == 303


async def test_new_recovery_codes_take_the_place_of_all_old_ones(home):
    browser = home.browser()
    await browser.sign_up()
    secret, codes = await turn_on(home, browser)
    fields = {"csrf": csrf_on((await browser.get(PATH)).text), "password": PASSWORD, "code": app_code(home, secret)}
    renewed = codes_on((await browser.post(f"{PATH}/codes", **fields)).text)
    assert len(set(renewed) | set(codes)) == 20
    other, step = await password_given(home)
    assert (await other.submit(step, "/login/code", code=codes[0])).status_code == 422
    assert (await other.submit(step, "/login/code", code=renewed[0])).status_code == 303


async def test_turning_it_on_needs_the_password_and_a_code_of_this_secret(home):
    browser = home.browser()
    await browser.sign_up()
    page = (await browser.get(PATH)).text
    secret, csrf = secret_on(page), csrf_on(page)
    good = {"csrf": csrf, "secret": secret, "password": PASSWORD, "code": app_code(home, secret)}
    wrong = await browser.post(PATH, **good | {"password": "wrong password"})
    assert wrong.status_code == 422
    assert secret_on(wrong.text) == secret, "the app need not scan again"
    assert (await browser.post(PATH, **good | {"code": "000000"})).status_code == 422
    assert (await browser.post(PATH, **good | {"secret": "AAAA"})).headers["location"] == PATH
    assert (await browser.post(PATH, **good | {"csrf": "x"})).status_code == 403
    assert (await browser.post(PATH, **good)).status_code == 200
    assert (await browser.post(PATH, **good)).headers["location"] == PATH, "it is on already"
    assert home.mailbox.mails[-1].subject == "Two-step sign-in is on"


async def test_too_many_wrong_passwords_are_slowed_here_too(home):
    browser = home.browser()
    await browser.sign_up()
    secret, _ = await turn_on(home, browser)
    csrf = csrf_on((await browser.get(PATH)).text)
    for _ in range(5):
        await browser.post(f"{PATH}/off", csrf=csrf, password="wrong password", code="000000")
    slowed = await browser.post(f"{PATH}/off", csrf=csrf, password=PASSWORD, code=app_code(home, secret))
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "15")
    home.clock.time += 20
    for _ in range(5):
        await browser.post(f"{PATH}/off", csrf=csrf, password=PASSWORD, code="000000")
    slowed = await browser.post(f"{PATH}/off", csrf=csrf, password=PASSWORD, code=app_code(home, secret))
    assert slowed.status_code == 429, "and so are wrong codes"


@pytest.mark.parametrize("method", ["get", "post"])
async def test_who_is_not_signed_in_is_led_to_sign_in(home, method):
    browser = home.browser()
    paths = (PATH,) if method == "get" else (PATH, f"{PATH}/off", f"{PATH}/codes")
    for path in paths:
        led = await (browser.get(path) if method == "get" else browser.post(path, csrf="x"))
        assert (led.status_code, led.headers["location"]) == (303, f"/login?next={PATH}")


async def test_a_new_password_by_mail_does_not_open_what_the_second_step_guards(home):
    owner = home.browser()
    await owner.sign_up()
    await turn_on(home, owner)
    browser = home.browser()
    await browser.submit("/password/forgot", email="ann@example.org")
    link = home.mailbox.link()
    assert (await browser.submit(link, "/password/reset", password="copper river lamp")).status_code == 303
    done = await browser.sign_in(password="copper river lamp")
    assert done.headers["location"].startswith("/login/code")


async def test_a_code_used_in_two_browsers_at_once_opens_one(home):
    owner = home.browser()
    await owner.sign_up()
    secret, _ = await turn_on(home, owner)
    one, first = await password_given(home)
    two, second = await password_given(home)
    write, held = home.table.write, []

    async def late(*changes):
        """The first to write is overtaken by the other browser."""
        if not held and any(change.key.part.startswith("secondstep#") for change in changes):
            held.append(1)
            overtaking = await two.submit(second, "/login/code", code=app_code(home, secret))
            assert overtaking.status_code == 303
        await write(*changes)

    home.table.write = late
    refused = await one.submit(first, "/login/code", code=app_code(home, secret))
    assert refused.status_code == 422
    assert (await one.get("/password")).status_code == 303


async def test_secrets_are_not_in_the_table_as_codes_or_hashes_of_six_digits(home):
    owner = home.browser()
    await owner.sign_up()
    _, codes = await turn_on(home, owner)
    (item,) = await home.table.get(keys.account(home.confirmed[0].subject))
    assert item is not None
    assert all(code.replace("-", "").encode() not in item.body for code in codes)


# --- a device that is new ---------------------------------------------------------------------------------------------
async def test_the_owner_hears_of_a_sign_in_from_a_new_browser(home):
    owner = home.browser()
    await owner.sign_up()
    assert [mail.subject for mail in home.mailbox.mails if "New sign-in" in mail.subject] == []
    other = home.browser()
    other.http.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    await other.sign_in()
    assert home.mailbox.mails[-1].subject == "New sign-in to Aurora Time"
    assert "new to us: Firefox (Windows)." in home.mailbox.mails[-1].text
    mails = len(home.mailbox.mails)
    await other.submit("/password", "/logout")
    await other.sign_in()
    assert len(home.mailbox.mails) == mails, "it is known now"
    home.mailbox.broken = True
    assert (await home.browser().sign_in()).status_code == 303, "with or without the mail"

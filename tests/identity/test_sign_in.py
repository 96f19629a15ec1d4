"""Signing in and out, guessing, and the forms' defences."""

from __future__ import annotations

import asyncio

import pytest

PASSWORD = "violet tram kettle"


async def wrong(browser, email="ann@example.org"):
    return await browser.sign_in(email, "not the password")


async def test_signing_in_and_out(home):
    await home.browser().sign_up()
    browser = home.browser()
    done = await browser.submit("/login?next=/app/", email="ANN@example.org ", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/app/")
    shown = await browser.get("/password")
    assert shown.status_code == 200
    out = await browser.submit("/password", "/logout")
    assert out.status_code == 303
    gone = await browser.get("/password")
    assert gone.headers["location"] == "/login?next=/password"


async def test_a_copied_cookie_is_dead_after_signing_out(home):
    browser = home.browser()
    await browser.sign_up()
    copy = home.browser()
    copy.http.cookies.update(browser.http.cookies)
    assert (await copy.get("/password")).status_code == 200
    await browser.submit("/password", "/logout")
    assert (await copy.get("/password")).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "a.b", "....", "a/b.c.d"])
async def test_a_made_up_cookie_is_nobody(home, cookie):
    browser = home.browser()
    browser.http.cookies.set("aurora_session", cookie)
    assert (await browser.get("/password")).status_code == 303


async def test_a_cookie_with_a_wrong_secret_is_nobody(home):
    browser = home.browser()
    await browser.sign_up()
    value = browser.http.cookies["aurora_session"]
    forged = home.browser()
    forged.http.cookies.set("aurora_session", value.rpartition(".")[0] + "." + "x" * 27)
    assert (await forged.get("/password")).status_code == 303
    assert (await forged.sign_in()).status_code == 303, "and signing in is not disturbed by it"
    assert (await browser.get("/password")).status_code == 200, "nor does it end the true one"


async def test_signing_in_anew_changes_the_cookie_and_ends_the_old_one(home):
    browser = home.browser()
    await browser.sign_up()
    old = browser.http.cookies["aurora_session"]
    await browser.submit("/login?again=1", email="ann@example.org", password=PASSWORD)
    assert browser.http.cookies["aurora_session"] != old
    copy = home.browser()
    copy.http.cookies.set("aurora_session", old)
    assert (await copy.get("/password")).status_code == 303


async def test_signing_in_as_somebody_else_ends_the_first_sign_in(home):
    await home.browser().sign_up("bob@example.org")
    browser = home.browser()
    await browser.sign_up()
    tokens = await browser.tokens()
    await browser.submit("/login?again=1", email="bob@example.org", password=PASSWORD)
    assert await home.verify(tokens["access_token"]) is None
    assert "bob@example.org" in (await browser.get("/password")).text


async def test_a_sign_in_lasts_thirty_days_from_its_last_use_and_180_at_most(home):
    browser = home.browser()
    await browser.sign_up()
    for _ in range(6):
        home.clock.time += 29 * 86_400
        assert (await browser.get("/password")).status_code == 200
    home.clock.time += 7 * 86_400
    assert (await browser.get("/password")).status_code == 303
    await browser.sign_in()
    home.clock.time += 31 * 86_400
    assert (await browser.get("/password")).status_code == 303


async def test_using_a_sign_in_twice_at_once_is_well(home):
    browser = home.browser()
    await browser.sign_up()
    home.clock.time += 2 * 86_400
    said = await asyncio.gather(*(browser.get("/password") for _ in range(3)))
    assert [one.status_code for one in said] == [200] * 3


async def test_cookies_are_held_close(home):
    done = await home.browser().sign_up()
    for cookie in done.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie


@pytest.mark.parametrize("home", [{"issuer": "https://time.example"}], indirect=True)
async def test_cookies_are_bound_to_the_host_on_https(home):
    done = await home.browser().sign_up()
    names = [cookie.partition("=")[0] for cookie in done.headers.get_list("set-cookie")]
    assert names == ["__Host-aurora_session", "__Host-aurora_browser"]
    assert all("Secure" in cookie and "Domain" not in cookie for cookie in done.headers.get_list("set-cookie"))


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), ("ann@example.org", "")])
async def test_an_empty_field_is_named(home, email, password):
    refused = await home.browser().submit("/login", email=email, password=password)
    assert refused.status_code == 422
    assert "aria-invalid" in refused.text


# --- guessing ---------------------------------------------------------------------------------------------------------
async def test_wrong_password_and_unknown_address_are_told_alike(home):
    await home.browser().sign_up()
    stranger = home.browser("198.51.100.9")
    known, unknown = await wrong(stranger), await wrong(stranger, "eve@example.org")
    assert known.status_code == unknown.status_code == 422
    assert known.text == unknown.text.replace("eve@", "ann@")


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
async def test_guessing_is_slowed_by_growing_waits(home, email):
    await home.browser().sign_up()
    attacker = home.browser("198.51.100.9")
    for _ in range(5):
        assert (await wrong(attacker, email)).status_code == 422
    for wait in (15, 30, 60, 120, 240, 480, 900, 900):
        slowed = await wrong(attacker, email)
        assert slowed.status_code == 429
        assert slowed.headers["retry-after"] == str(wait)
        home.clock.time += wait
        assert (await wrong(attacker, email)).status_code == 422
    assert "Please wait 15 minutes" in (await wrong(attacker, email)).text
    assert (await attacker.sign_in(email)).status_code == 429, "even with the right one"
    home.clock.time += 86_400
    assert (await wrong(attacker, email)).status_code == 422, "forgotten after a day"


async def test_another_address_of_the_network_does_not_help_but_another_network_is_free(home):
    await home.browser().sign_up()
    for host in range(1, 6):
        assert (await wrong(home.browser(f"198.51.100.{host}"))).status_code == 422
    assert (await wrong(home.browser("198.51.100.99"))).status_code == 429
    assert (await home.browser("203.0.113.5").sign_in()).status_code == 303


async def test_the_owners_browser_gets_in_while_his_network_is_slowed(home):
    owner = home.browser("198.51.100.1")
    await owner.sign_up()
    await owner.submit("/password", "/logout")
    for _ in range(6):
        slowed = await wrong(home.browser("198.51.100.2"))
    assert slowed.status_code == 429
    assert (await owner.sign_in()).status_code == 303


async def test_a_known_browser_that_guesses_is_slowed_too(home):
    owner = home.browser()
    await owner.sign_up()
    await owner.submit("/password", "/logout")
    for _ in range(5):
        await wrong(owner)
    assert (await owner.sign_in()).status_code == 429


async def test_a_right_password_begins_the_count_anew(home):
    await home.browser().sign_up()
    for _ in range(3):
        browser = home.browser("198.51.100.9")
        for _ in range(4):
            assert (await wrong(browser)).status_code == 422
        assert (await browser.sign_in()).status_code == 303


async def test_many_accounts_from_one_network_are_slowed_together(home):
    attacker = home.browser("2001:db8::1")
    for number in range(50):
        assert (await wrong(attacker, f"user{number}@example.org")).status_code == 422
    slowed = await wrong(home.browser("2001:db8::ffff:1"), "other@example.org")
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "5"
    assert (await wrong(home.browser("2001:db8:0:1::1"), "other@example.org")).status_code == 422


async def test_guesses_made_at_once_count_too(home):
    await home.browser().sign_up()
    attacker = home.browser("198.51.100.9")
    csrf = (await attacker.get("/login")).text.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": csrf, "next": "/", "email": "ann@example.org", "password": "not the password"}
    said = await asyncio.gather(*(attacker.post("/login", **fields) for _ in range(12)))
    assert sum(one.status_code == 422 for one in said) <= 5
    assert {one.status_code for one in said} <= {422, 429}


@pytest.mark.parametrize("address", ["not-an-address", "::ffff:198.51.100.9", "fe80::1%eth0"])
async def test_any_client_address_is_counted(home, address):
    for _ in range(5):
        await wrong(home.browser(address))
    assert (await wrong(home.browser(address))).status_code == 429


# --- forms ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:8801"}, 303),
        ({"Origin": "http://localhost:8801", "Host": "localhost:8801"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({}, 303),
    ],
)
async def test_forms_of_other_sites_are_refused(home, headers, status):
    await home.browser().sign_up()
    browser = home.browser()
    browser.http.headers.update(headers)
    assert (await browser.sign_in()).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/signup",
        "/signup/confirm",
        "/signup/resend",
        "/login",
        "/logout",
        "/password/forgot",
        "/password/reset",
        "/password",
        "/end-session",
    ],
)
@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
async def test_a_form_without_its_token_is_refused(home, path, token):
    browser = home.browser()
    await browser.sign_up()
    mails = len(home.mailbox.mails)
    fields = {"email": "ann@example.org", "password": PASSWORD, "code": "1", "current": PASSWORD}
    refused = await browser.post(path, **fields, **({} if token is None else {"csrf": token}))
    assert refused.status_code == 403
    assert "open too long" in refused.text
    assert (await browser.get("/password")).status_code == 200
    assert len(home.mailbox.mails) == mails


async def test_a_form_of_another_browser_is_refused(home):
    await home.browser().sign_up()
    attacker, victim = home.browser(), home.browser()
    csrf = (await attacker.get("/login")).text.partition('name="csrf" value="')[2].partition('"')[0]
    await victim.get("/login")
    refused = await victim.post("/login", csrf=csrf, email="ann@example.org", password=PASSWORD)
    assert refused.status_code == 403
    no_cookie = await home.browser().post("/login", csrf=csrf, email="ann@example.org", password=PASSWORD)
    assert no_cookie.status_code == 403


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 65_600, "application/x-www-form-urlencoded", 413),
        (b'{"a": 1}', "application/json", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded", 400),
    ],
)
async def test_bad_forms_are_refused(home, content, kind, status):
    refused = await home.browser().http.post("/login", content=content, headers={"Content-Type": kind})
    assert refused.status_code == status
    assert "<h1>" in refused.text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\evil",
        "evil",
        "/\t/evil.example",
        "",
        "/ x",
        "javascript:alert(1)",
        "/" + "x" * 5000,
        "/\x7f",
    ],
)
async def test_nobody_is_sent_to_another_site(home, target):
    await home.browser().sign_up()
    browser = home.browser()
    csrf = (await browser.get("/login")).text.partition('name="csrf" value="')[2].partition('"')[0]
    done = await browser.post("/login", csrf=csrf, next=target, email="ann@example.org", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    again = await browser.get("/login", next=target)
    assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_a_busy_table_is_said(home, monkeypatch):
    from aurora_time.ports import UnavailableError

    async def busy(*_):
        raise UnavailableError("disk full", 7)

    browser = home.browser()
    await browser.get("/login")
    monkeypatch.setattr(home.table, "write", busy)
    said = await browser.sign_in()
    assert (said.status_code, said.headers["retry-after"]) == (503, "7")
    assert "busy" in said.text

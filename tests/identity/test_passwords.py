"""Lost and changed passwords."""

from __future__ import annotations

import asyncio
import re

import pytest

from aurora_time.identity import sessions
from aurora_time.identity.passwords import AT_ONCE, DUMMY, Passwords, outdated
from aurora_time.ports import MAX_CHANGES, Range
from aurora_time.store import keys

PASSWORD = "violet tram kettle"
NEW = "copper river lamp"


async def signed_in(home):
    browser = home.browser()
    await browser.sign_up()
    return browser


async def ask_for_link(browser, email="ann@example.org"):
    return await browser.submit("/password/forgot", email=email)


# --- lost -------------------------------------------------------------------------------------------------------------
async def test_a_lost_password_is_replaced_by_a_mailed_link(home):
    owner = await signed_in(home)
    tokens, cli_tokens = await owner.tokens(), await owner.tokens(home.clients[1])
    browser = home.browser("198.51.100.9")
    await ask_for_link(browser)
    link = home.mailbox.link()
    for _ in range(2):  # a mail scanner opens it too
        assert (await browser.get(link)).status_code == 200
    done = await browser.submit(link, password=NEW)
    assert done.headers["location"] == "/login?changed=1"
    assert "Your new password is saved" in (await browser.get("/login?changed=1")).text
    assert "was changed" in home.mailbox.mails[-1].text
    assert (await browser.sign_in()).status_code == 422, "the old one is over"
    assert (await browser.sign_in(password=NEW)).status_code == 303
    assert (await owner.get("/password")).status_code == 303, "signed out everywhere"
    for ended in (tokens, cli_tokens):
        assert await home.verify(ended["access_token"]) is None
    assert (await owner.refresh(cli_tokens["refresh_token"], home.clients[1])).status_code == 400


async def test_a_link_works_once(home):
    browser = await signed_in(home)
    await ask_for_link(browser)
    link = home.mailbox.link()
    page = (await browser.get(link)).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    said = await asyncio.gather(*(browser.post("/password/reset", **fields, password=f"{NEW} {n}") for n in range(2)))
    assert sorted(one.status_code for one in said) == [303, 410]
    assert (await browser.get(link)).status_code == 410
    again = await browser.post("/password/reset", **fields, password=PASSWORD)
    assert again.status_code == 410
    assert "no longer works" in again.text


async def test_a_change_ends_older_links(home):
    browser = await signed_in(home)
    await ask_for_link(browser)
    first = home.mailbox.link()
    await ask_for_link(browser)
    home.clock.time += 1
    assert (await browser.submit(home.mailbox.link(), password=NEW)).status_code == 303
    assert (await browser.get(first)).status_code == 410


async def test_a_link_is_over_after_an_hour(home):
    browser = await signed_in(home)
    await ask_for_link(browser)
    home.clock.time += 3600
    assert (await browser.get(home.mailbox.link())).status_code == 410


async def test_asking_tells_nothing_about_the_address(home):
    await signed_in(home)
    stranger = home.browser("198.51.100.9")
    mails = len(home.mailbox.mails)
    known, unknown = await ask_for_link(stranger), await ask_for_link(stranger, "eve@example.org")
    assert known.text == unknown.text.replace("eve@", "ann@")
    assert known.headers == unknown.headers
    assert len(home.mailbox.mails) == mails + 1
    for email in ("ann@example.org", "eve@example.org"):
        answers = [(await ask_for_link(stranger, email)).status_code for _ in range(4)]
        assert answers == [200, 200, 429, 429]


async def test_a_reset_that_cannot_be_mailed_is_answered_alike(home):
    await signed_in(home)
    home.mailbox.broken = True
    assert (await ask_for_link(home.browser())).status_code == 200


@pytest.mark.parametrize("email", ["", "ann"])
async def test_an_address_that_is_none_is_named(home, email):
    refused = await ask_for_link(home.browser(), email)
    assert refused.status_code == 422
    assert "aria-invalid" in refused.text


async def test_a_weak_password_does_not_use_up_the_link(home):
    browser = await signed_in(home)
    await ask_for_link(browser)
    link = home.mailbox.link()
    refused = await browser.submit(link, password="short")
    assert refused.status_code == 422
    assert (await browser.submit(link, password=NEW)).status_code == 303


# --- changed ----------------------------------------------------------------------------------------------------------
async def test_a_change_signs_out_everything_else(home):
    browser, other = await signed_in(home), home.browser()
    await other.sign_in()
    tokens = await other.tokens()
    home.clock.time += 1
    done = await browser.submit("/password", current=PASSWORD, password=NEW)
    assert done.status_code == 200
    assert "Your password is changed" in done.text
    assert (await browser.get("/password")).status_code == 200, "this browser goes on"
    assert (await other.get("/password")).status_code == 303
    assert await home.verify(tokens["access_token"]) is None
    mail = home.mailbox.mails[-1]
    assert mail.to == "ann@example.org"
    assert "was changed" in mail.text
    assert "21:13 (Asia/Ho Chi Minh)" in mail.text, "the wall time of the account"


async def test_a_server_that_dies_in_the_midst_of_a_new_password_leaves_no_sign_in(home, monkeypatch):
    """Whoever had the old password is out with it: the sign-ins end in the same write."""
    owner = await signed_in(home)
    await ask_for_link(owner)
    link = home.mailbox.link()
    thief = home.browser()
    await thief.sign_in()
    tokens = await thief.tokens()

    async def killed(*_):
        raise ConnectionError

    monkeypatch.setattr(sessions, "end_all", killed)
    with pytest.raises(ConnectionError):
        await owner.submit(link, password=NEW)
    assert (await home.browser().sign_in(password=NEW)).status_code == 303
    assert (await thief.get("/password")).status_code == 303
    assert await home.verify(tokens["access_token"]) is None


async def test_more_sign_ins_than_a_write_holds_end_all_the_same(home):
    browser = await signed_in(home)
    subject = home.confirmed[0].subject
    for _ in range(MAX_CHANGES + 20):
        _, put = sessions.native_session(home.provider, subject, "cli", home.clock.time)
        await home.table.write(put)
    assert (await browser.submit("/password", current=PASSWORD, password=NEW)).status_code == 200
    (left,) = await home.table.query(Range(keys.session(subject, "").part))
    assert len(left) == 1, "this browser goes on"


async def test_a_change_stands_when_its_mail_fails(home):
    browser = await signed_in(home)
    home.mailbox.broken = True
    assert (await browser.submit("/password", current=PASSWORD, password=NEW)).status_code == 200
    assert (await home.browser().sign_in(password=NEW)).status_code == 303


async def test_a_change_needs_the_old_password_and_a_good_new_one(home):
    browser = await signed_in(home)
    weak = await browser.submit("/password", current=PASSWORD, password="1234567890")
    assert weak.status_code == 422
    for _ in range(5):
        wrong = await browser.submit("/password", current="not the password", password=NEW)
        assert wrong.status_code == 422
        assert "not your current password" in wrong.text
    slowed = await browser.submit("/password", current=PASSWORD, password=NEW)
    assert slowed.status_code == 429
    assert (await home.browser("198.51.100.9").sign_in()).status_code == 303, "still the old one"


async def test_a_change_needs_a_sign_in(home):
    browser = home.browser()
    assert (await browser.get("/password")).headers["location"] == "/login?next=/password"
    posted = await browser.post("/password", current=PASSWORD, password=NEW)
    assert posted.headers["location"] == "/login?next=/password"


async def test_a_sign_in_with_the_old_password_that_races_a_change_fails(home, monkeypatch):
    """The password is verified, then changed elsewhere, then the sign-in is written: it must not be."""
    browser = await signed_in(home)
    late = home.browser()
    await ask_for_link(browser)
    link = home.mailbox.link()
    verify = home.provider.passwords.verify

    async def verify_then_change(hashed, password):
        right = await verify(hashed, password)
        assert (await browser.submit(link, password=NEW)).status_code == 303
        return right

    monkeypatch.setattr(home.provider.passwords, "verify", verify_then_change)
    assert (await late.sign_in()).status_code == 503
    assert (await late.get("/password")).status_code == 303


# --- hashing ----------------------------------------------------------------------------------------------------------
async def test_passwords_that_look_the_same_are_the_same(home):
    await home.browser().sign_up(password="Phở bò không hành")
    assert (await home.browser().sign_in(password="Phở bò không hành")).status_code == 303


async def test_hashes_are_argon2id_of_the_stated_cost_and_salted():
    hashed = await Passwords().hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != await Passwords().hash(PASSWORD)
    assert await Passwords().verify(hashed, PASSWORD)
    assert not await Passwords().verify("nonsense", PASSWORD)
    assert not await Passwords().verify(hashed, "x" * 5000)


async def test_the_dummy_costs_what_a_hash_costs_and_is_never_right():
    assert not outdated(DUMMY)
    assert not await Passwords().verify(DUMMY, PASSWORD)


async def test_few_are_hashed_at_a_time_and_the_loop_goes_on(monkeypatch):
    import threading

    from aurora_time.identity import passwords

    working, most, lock, may_end = 0, 0, threading.Lock(), threading.Event()
    loop, all_at_work = asyncio.get_running_loop(), asyncio.Event()

    def slow(_):
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
            if most == AT_ONCE:
                loop.call_soon_threadsafe(all_at_work.set)
        may_end.wait(5)
        with lock:
            working -= 1
        return "hash"

    class Slow:
        hash = staticmethod(slow)

    monkeypatch.setattr(passwords, "_HASHER", Slow)
    busy = Passwords()
    tasks = [asyncio.create_task(busy.hash("x")) for _ in range(6)]
    await all_at_work.wait()  # the loop goes on while they work
    may_end.set()
    await asyncio.gather(*tasks)
    assert most == AT_ONCE


async def test_a_hash_of_older_costs_is_renewed_at_the_next_sign_in(home):
    import msgspec
    from argon2 import PasswordHasher

    from aurora_time.identity.accounts import StoredAccount

    await signed_in(home)
    key = keys.account(home.confirmed[0].subject)
    stored, version = await home.provider.load(key, StoredAccount)
    cheap = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    old = msgspec.structs.replace(stored, password_hash=cheap)
    await home.table.write(home.provider.put(key, old, expect=version))
    assert (await home.browser().sign_in()).status_code == 303
    renewed, _ = await home.provider.load(key, StoredAccount)
    assert not outdated(renewed.password_hash)
    assert (await home.browser().sign_in()).status_code == 303

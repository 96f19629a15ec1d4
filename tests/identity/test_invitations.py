"""Who may sign up: everybody, who is invited, or nobody."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.identity import invitations

PASSWORD = "violet tram kettle"
INVITE_ONLY = pytest.mark.parametrize("home", [{"signup": "invite"}], indirect=True)


async def invited(home, email="ann@example.org") -> str:
    link = await invitations.invite(home.provider, email)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8801/signup?invitation=")
    return link.removeprefix("http://127.0.0.1:8801")


async def accept(home, browser, page, **fields):
    begun = await browser.submit(page, "/signup", password=PASSWORD, name="Ann", **fields)
    assert begun.status_code == 303, begun.text
    return await browser.submit(begun.headers["location"], code=home.mailbox.code())


@INVITE_ONLY
async def test_without_an_invitation_it_is_said_calmly(home):
    browser = home.browser()
    for answer in (await browser.get("/signup"), await browser.get("/signup?next=/x")):
        assert answer.status_code == 403
        assert "takes new accounts by invitation" in answer.text
    csrf = (await browser.get("/login")).text.partition('name="csrf" value="')[2].partition('"')[0]
    refused = await browser.post("/signup", csrf=csrf, email="ann@example.org", password=PASSWORD)
    assert refused.status_code == 403
    assert home.mailbox.mails == []
    assert "/signup" not in (await browser.get("/login")).text


@INVITE_ONLY
async def test_an_invitation_lets_its_address_in_once(home):
    page, browser = await invited(home), home.browser()
    shown = await browser.get(page)
    assert "You are invited" in shown.text
    assert 'value="ann@example.org"' in shown.text
    done = await accept(home, browser, page, email="eve@example.org")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert [account.email for account in home.confirmed] == ["ann@example.org"], "for this address and no other"
    again = await home.browser().get(page)
    assert again.status_code == 410
    assert "no longer works" in again.text


@INVITE_ONLY
async def test_of_two_that_accept_at_once_one_gets_in(home):
    page, browsers = await invited(home), [home.browser() for _ in range(2)]
    steps = []
    for browser in browsers:
        begun = await browser.submit(page, "/signup", password=PASSWORD)
        steps.append((browser, begun.headers["location"], home.mailbox.code()))
    said = await asyncio.gather(*(browser.submit(where, code=code) for browser, where, code in steps))
    assert sorted(answer.status_code for answer in said) in ([303, 409], [303, 410])
    assert len(home.confirmed) == 1


@INVITE_ONLY
async def test_an_invitation_that_was_used_meanwhile_makes_no_account(home):
    page, browser = await invited(home), home.browser()
    begun = await browser.submit(page, "/signup", password=PASSWORD)
    code, token = home.mailbox.code(), page.partition("=")[2]
    used = await invitations.use(home.provider, invitations.hashed(token))
    await home.table.write(*used)
    assert (await browser.submit(begun.headers["location"], code=code)).status_code == 410
    assert home.confirmed == []


@INVITE_ONLY
async def test_an_invitation_is_over_after_a_week(home):
    page = await invited(home)
    home.clock.time += 7 * 86_400 - 1
    assert (await home.browser().get(page)).status_code == 200
    home.clock.time += 1
    assert (await home.browser().get(page)).status_code == 410
    assert (await home.browser().get("/signup?invitation=made-up")).status_code == 410


@pytest.mark.parametrize("home", [{"signup": "closed"}], indirect=True)
async def test_closed_is_closed_for_who_is_invited_too(home):
    assert (await home.browser().get(await invited(home))).status_code == 403


async def test_where_everybody_may_an_invitation_works_too(home):
    done = await accept(home, home.browser(), await invited(home))
    assert done.status_code == 303


async def test_who_has_an_account_is_not_invited(home):
    await home.browser().sign_up()
    assert await invitations.invite(home.provider, "Ann@example.org") is None

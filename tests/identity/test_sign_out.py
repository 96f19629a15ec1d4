"""Signing out everywhere while something is being begun: what ends stays ended."""

from __future__ import annotations

from aurora_time.identity import sessions
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.sign_ins import StoredSession
from tests.identity.conftest import CLI


async def sign_ins(home) -> list[str]:
    (items,) = await home.table.query(Range(keys.session(home.confirmed[0].subject, "").part))
    return [item.key.sort for item in items]


def meanwhile(home, kind: str, act) -> None:
    """Just before the next write that puts an item of this kind, ``act`` once."""
    write, done = home.table.write, []

    async def overtaken(*changes):
        if not done and any(change.key.part.startswith(f"{kind}#") for change in changes):
            done.append(1)
            await act()
        await write(*changes)

    home.table.write = overtaken


async def test_a_code_that_is_exchanged_while_everything_ends_gives_nothing(home):
    browser = home.browser()
    await browser.sign_up()
    code = await browser.code(CLI)
    meanwhile(home, "grant", lambda: sessions.end_all(home.provider, home.confirmed[0].subject))
    refused = await browser.exchange(code, CLI)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert await sign_ins(home) == [], "and no sign-in of the command line is left over"


async def test_a_code_that_is_exchanged_while_its_sign_in_is_used_is_good(home):
    browser = home.browser()
    await browser.sign_up()
    code = await browser.code(CLI)
    home.clock.time += 50

    async def use():
        home.clock.time += 3_600
        assert (await browser.get("/password")).status_code == 200
        home.clock.time -= 3_600

    meanwhile(home, "grant", use)
    assert (await browser.exchange(code, CLI)).status_code == 200
    assert len(await sign_ins(home)) == 2


async def test_when_a_sign_in_was_used_is_known_to_the_hour(home):
    browser = home.browser()
    await browser.sign_up()
    began = home.clock.time
    for seconds, seen in ((3_599, began), (3_600, began + 3_600)):
        home.clock.time = began + seconds
        await browser.get("/password")
        (found,) = (await home.table.query(Range(keys.session(home.confirmed[0].subject, "").part)))[0]
        assert decode(found.body, StoredSession).seen == seen

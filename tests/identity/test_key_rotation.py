"""The keys that sign: the next one is published, then signs; the last one verifies until its tokens are over."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode

from aurora_time.identity.signing import PUBLISHED, ROTATE_AFTER, TOKENS_LAST, SigningKeys, StoredKey
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.codec import decode


def kid_of(token: str) -> str:
    return json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"]


async def published(home) -> list[str]:
    return [key["kid"] for key in (await home.browser().get("/jwks")).json()["keys"]]


async def stored(home) -> list[int]:
    (items,) = await home.table.query(Range(keys.signing_key(0).part))
    return [int(item.key.sort) for item in items]


async def test_a_new_key_is_published_first_then_signs_and_the_old_one_goes(home):
    browser = home.browser()
    await browser.sign_up()
    before = await browser.tokens()
    assert await home.provider.keys.rotate() == home.clock.time + PUBLISHED
    old, new = await published(home)
    refreshed = (await browser.refresh(before["refresh_token"])).json()
    assert kid_of(before["access_token"]) == kid_of(refreshed["access_token"]) == old
    home.clock.time += PUBLISHED
    signed = (await browser.refresh(refreshed["refresh_token"])).json()
    assert kid_of(signed["access_token"]) == new
    assert await home.verify(signed["access_token"]) is not None
    assert await published(home) == [old, new], "the last tokens of the old one are still good"
    home.clock.time += TOKENS_LAST
    assert await published(home) == [new]
    last = (await browser.refresh(signed["refresh_token"])).json()
    assert await home.verify(last["access_token"]) is not None
    assert await stored(home) == [2], "the old one is deleted"


async def test_tokens_of_the_old_key_are_good_until_they_are_over(home):
    browser = home.browser()
    await browser.sign_up()
    token = (await browser.tokens())["access_token"]
    assert await home.provider.keys.rotate(at_once=True) == home.clock.time
    assert kid_of((await browser.tokens())["access_token"]) != kid_of(token)
    assert await home.verify(token) is not None
    home.clock.time += 599
    assert await home.verify(token) is not None
    home.clock.time += TOKENS_LAST
    assert await home.provider.keys.claims(token, "at+jwt") is None, "its key is over"


async def test_every_ninety_days_it_happens_by_itself(home):
    browser = home.browser()
    await browser.sign_up()
    first = kid_of((await browser.tokens())["access_token"])
    home.clock.time += ROTATE_AFTER
    await browser.sign_in()
    assert kid_of((await browser.tokens())["access_token"]) == first
    assert len(await published(home)) == 2
    home.clock.time += PUBLISHED
    assert kid_of((await browser.tokens())["access_token"]) != first
    assert await stored(home) == [1, 2]
    home.clock.time += ROTATE_AFTER - PUBLISHED - 1
    await browser.sign_in()
    await browser.tokens()
    assert await stored(home) == [2]


async def test_many_at_once_make_one_key(home):
    browser = home.browser()
    await browser.sign_up()
    await browser.tokens()
    home.clock.time += ROTATE_AFTER
    await browser.sign_in()
    await asyncio.gather(*(browser.tokens() for _ in range(4)))
    assert await stored(home) == [1, 2]


async def test_a_key_from_before_is_as_old_as_its_first_look(home):
    await home.provider.keys.load()
    (items,) = await home.table.query(Range(keys.signing_key(0).part))
    noted = decode(items[0].body, StoredKey)
    assert (noted.made, noted.pem) == (home.clock.time, home.pem)
    home.clock.time += 86_400
    other = SigningKeys(home.table, home.ids, home.clock)
    await other.load()
    (items,) = await home.table.query(Range(keys.signing_key(0).part))
    assert decode(items[0].body, StoredKey) == noted


async def test_with_a_clock_that_went_back_the_first_key_signs(home):
    await home.provider.keys.load()
    await home.provider.keys.rotate(at_once=True)
    home.clock.time -= 86_400
    assert kid_of(await home.provider.keys.sign("JWT", {})) == (await published(home))[0]


def another_server(home) -> SigningKeys:
    """What a second server of the same data has in its memory."""
    return SigningKeys(home.table, home.provider.ids, home.clock)


async def test_a_key_that_another_server_made_is_known_when_its_first_token_comes(home):
    ours, theirs = home.provider.keys, another_server(home)
    await asyncio.gather(ours.load(), theirs.load())
    await theirs.rotate(at_once=True)
    token = await theirs.sign("at+jwt", {"sub": "ann"})
    assert await ours.claims(token, "at+jwt") is None, "whoever makes up keys causes one read a second"
    home.clock.time += 1
    assert await ours.claims(token, "at+jwt") == {"sub": "ann"}


async def test_a_server_signs_with_the_key_of_another_within_a_minute(home):
    ours, theirs = home.provider.keys, another_server(home)
    await asyncio.gather(ours.load(), theirs.load())
    await theirs.rotate(at_once=True)
    new = kid_of(await theirs.sign("at+jwt", {}))
    assert kid_of(await ours.sign("at+jwt", {})) != new
    home.clock.time += 60
    assert kid_of(await ours.sign("at+jwt", {})) == new
    assert new in await published(home)

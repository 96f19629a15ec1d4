"""Strangers may look at booking pages only so often: from one network, and of one schedule, whoever asks."""

from __future__ import annotations

import httpx
import pytest

from tests.pages.test_book import SLOT, form, published
from tests.pages.test_site import WellFormed

SLOW = {"rate_limit": 40}
"""A person's; so four a minute from one network, and twenty of one schedule."""
slow = pytest.mark.parametrize("home", [SLOW], indirect=True)


def visitor(home, address: str, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(home.app, client=(address, 40_000))
    return httpx.AsyncClient(transport=transport, base_url=home.home.public_url, headers=headers)


async def codes(browser: httpx.AsyncClient, count: int, path: str = "/book/mai") -> list[int]:
    return [(await browser.get(path)).status_code for _ in range(count)]


@slow
async def test_who_asks_too_often_gets_a_page_that_says_when_to_try_again(home):
    _, stranger, _ = await published(home)
    assert await codes(stranger.http, 4) == [200] * 4
    for language, says in (("en-GB", "Try again in a few seconds"), ("vi-VN", "Hãy thử lại sau vài giây")):
        refused = await stranger.get("/book/mai", **{"Accept-Language": language})
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "15"
        assert says in refused.text
        WellFormed(refused.text).check()
    home.clock.time += 15
    assert await codes(stranger.http, 2) == [200, 429]


@slow
@pytest.mark.parametrize("path", [f"/book/mai/{SLOT}", "/booking/nobody", "/book/nobody"])
async def test_all_booking_pages_count(home, path):
    _, stranger, _ = await published(home)
    assert (await codes(stranger.http, 5, path))[-1] == 429
    assert (await stranger.get("/book/mai")).status_code == 429
    assert (await stranger.get("/docs")).status_code == 200, "other pages cost nothing"


@slow
async def test_forms_that_are_not_right_count_too_and_nothing_is_booked_over_the_limit(home):
    _, stranger, _ = await published(home)
    for _ in range(4):
        assert (await stranger.post("/book/mai", **form(name=""))).status_code == 422
    assert (await stranger.post("/book/mai", **form())).status_code == 429
    home.clock.time += 60
    assert SLOT in (await stranger.get("/book/mai")).text


@slow
async def test_another_network_is_not_slowed_by_it(home):
    await published(home)
    async with (
        visitor(home, "192.0.2.7") as one,
        visitor(home, "192.0.2.200") as near,
        visitor(home, "198.51.100.1") as far,
    ):
        assert await codes(one, 5) == [200] * 4 + [429]
        assert await codes(near, 1) == [429], "the same network"
        assert await codes(far, 1) == [200]
    async with visitor(home, "2001:db8::1") as one, visitor(home, "2001:db8::2") as near:
        assert await codes(one, 4) == [200] * 4
        assert await codes(near, 1) == [429]


@slow
async def test_from_many_networks_at_once_a_schedule_is_still_asked_only_so_often(home):
    await published(home)
    answers = []
    for number in range(22):
        async with visitor(home, f"198.51.{number}.1") as one:
            answers += await codes(one, 1)
    assert answers == [200] * 20 + [429] * 2
    async with visitor(home, "203.0.113.1") as one:
        assert await codes(one, 1, "/book/Mai") == [429], "by any spelling"
        assert await codes(one, 1, "/book/other") == [404], "others are not"


@slow
async def test_what_a_visitor_says_of_the_own_address_does_not_count(home):
    await published(home)
    answers = []
    for number in range(6):
        async with visitor(
            home, "192.0.2.7", **{"X-Forwarded-For": f"10.0.{number}.1", "Forwarded": "for=1.1.1.1"}
        ) as one:
            answers += await codes(one, 1)
    assert answers == [200] * 4 + [429] * 2


@pytest.mark.parametrize("home", [{"rate_limit": 0}], indirect=True)
async def test_without_a_limit_there_is_none(home):
    _, stranger, _ = await published(home)
    assert set(await codes(stranger.http, 150, "/booking/nobody")) == {404}

"""The clocks that the public page offers to a guest."""

from __future__ import annotations

import re

from tests.pages.test_book import published


async def test_the_zones_to_choose_from_are_places_as_people_write_them(home):
    _, stranger, _ = await published(home)
    offered = re.findall(r"<option[^>]*>([^<]+)<", (await stranger.get("/book/mai")).text)
    assert {"Asia/Ho Chi Minh", "Europe/Kyiv", "America/Argentina/Buenos Aires", "UTC"} <= set(offered)
    assert not {"ROC", "W-SU", "US/Indiana-Starke", "Asia/Saigon", "Etc/GMT+5"} & set(offered)
    assert not [name for name in offered if "_" in name]
    assert ">ROC</option>" in (await stranger.get("/book/mai?zone=ROC")).text

"""The example week comes with one click, rings within about a minute, and goes with one click."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("seconds", [0, 1, 29.5, 57, 58, 59.9])
async def test_the_example_week_comes_rings_and_goes(home, seconds):
    browser = await home.someone()
    home.clock.time += seconds
    await browser.add("Mine", date="2026-11-24")
    added = await browser.send("/example")
    assert added.headers["location"] == "/plain?done=example"
    said = await browser.text("/plain?done=example")
    for summary in ("Your first reminder", "Lunch with Mai", "Weekly review", "Grandma's birthday", "Yoga"):
        assert summary in said
    assert "21:40–06:00 Night train" in said
    assert "until 06:00 Night train" in said
    assert "15:30–16:15 Call with Berlin" in said, "09:30 in Berlin"
    assert said.count("Weekend by the sea Da Nang") == 2
    await home.ring(62)
    (mail, *_) = await home.home.mailer.messages(1)
    assert "Your first reminder" in mail.subject
    assert "Your first reminder Mon 23 Nov" in (await browser.text("/")).partition("Last reminders")[2]
    await browser.send("/example")
    assert (await browser.text("/")).count("Lunch with Mai 1") == 0
    gone = await browser.send("/example/delete")
    assert gone.headers["location"] == "/plain?done=example-removed"
    said = await browser.text("/")
    assert "Weekly review" not in said
    assert "Mine" in said
    assert "Add an example week" in said
    await home.ring()
    assert (await browser.post("/example/delete", csrf=browser.csrf((await browser.get("/")).text))).status_code == 303


async def test_a_second_click_adds_nothing(home):
    browser = await home.someone()
    token = browser.csrf((await browser.get("/")).text)
    for _ in range(2):
        assert (await browser.post("/example", csrf=token)).status_code == 303
    assert (await browser.text("/")).count("The noodle shop on the corner") == 1


async def test_the_example_speaks_the_persons_language(home):
    browser = await home.someone(language="vi-VN")
    await browser.send("/example")
    said = await browser.text("/")
    assert "Lời nhắc đầu tiên của bạn" in said
    assert "Xóa tuần ví dụ" in said
    await browser.send("/settings", "/settings", name="", time_zone="UTC", language="en", week_start="MO", minutes="")
    assert "Remove the example" in await browser.text("/"), "it is known again in another language"

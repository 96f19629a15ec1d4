"""The front door: who is new is welcomed, who is signed in gets the web app, or the plain pages where there is none."""

from __future__ import annotations

import pytest


@pytest.fixture
def with_app(home):
    """A home where the web app is built."""
    home.web_app.mkdir(parents=True)
    (home.web_app / "index.html").write_text("<p>the app</p>")
    return home


async def test_whoever_is_signed_in_gets_the_app_at_the_front_door(with_app):
    browser = await with_app.someone()
    led = await browser.get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/app/")
    assert (await browser.get("/app/")).text == "<p>the app</p>"


async def test_somebody_new_is_welcomed_and_may_sign_up(with_app):
    shown = await with_app.browser().get("/")
    assert shown.status_code == 200
    assert 'href="/signup"' in shown.text
    assert 'href="/login"' in shown.text


async def test_the_plain_pages_stay_beside_the_app(with_app):
    browser = await with_app.someone()
    shown = await browser.get("/plain")
    assert 'href="/app/"' in shown.text
    assert "not built" not in shown.text
    made = await browser.send("/example", "/plain")
    assert made.headers["location"] == "/plain?done=example", "what was done there is said there"


async def test_the_plain_start_page_of_somebody_signed_out_asks_to_sign_in(home):
    led = await home.browser().get("/plain")
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2Fplain")


@pytest.mark.parametrize(("language", "said"), [("en-GB", "web app is not built here"), ("vi-VN", "chưa được dựng")])
async def test_without_the_app_the_plain_pages_are_served_and_say_so_in_one_line(home, language, said):
    browser = await home.someone(language=language)
    for path in ("/", "/plain"):
        shown = await browser.get(path)
        assert (shown.status_code, shown.text.count(said)) == (200, 1), path
        assert 'href="/app/"' not in shown.text
    assert (await browser.get("/app/")).status_code == 404

"""Devices and the end of an account, as their owner sees them."""

from __future__ import annotations

import dataclasses
from string import Formatter

import pytest

from aurora_time.pages.account_words import ENGLISH, VIETNAMESE
from tests.pages.conftest import PASSWORD, Browser, Home, words

CHROME = "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


async def signed_in_again(home: Home, language: str = "en-GB", **headers: str) -> Browser:
    """Mai in another browser."""
    browser = home.browser(language, **headers)
    shown = await browser.get("/login")
    fields = {"email": "mai@example.org", "password": PASSWORD, "next": "/"}
    done = await browser.post("/login", csrf=browser.csrf(shown.text), **fields)
    assert done.status_code == 303, done.text
    return browser


async def test_one_device_is_signed_out_from_another(home: Home) -> None:
    mine = await home.someone()
    other = await signed_in_again(home, **{"User-Agent": CHROME})
    home.clock.time += 3_700
    assert (await other.get("/settings")).status_code == 200
    page = await mine.text("/settings/devices")
    assert "Chrome (ChromeOS) Last used Mon 23 Nov 2026, 10:01 Sign out" in page
    assert "Unknown device This device · Last used Mon 23 Nov 2026, 10:01" in page
    shown = (await mine.get("/settings/devices")).text
    action = shown.partition('action="/settings/devices/')[2].partition('"')[0]
    done = await mine.send(f"/settings/devices/{action}", "/settings/devices")
    assert "The device is signed out." in await mine.text(done.headers["location"])
    assert (await other.get("/settings")).status_code == 303
    assert (await mine.get("/settings")).status_code == 200
    again = await mine.post(f"/settings/devices/{action}", csrf=mine.csrf(shown))
    assert again.status_code == 404


async def test_all_others_are_signed_out_and_tokens_when_asked(home: Home) -> None:
    mine = await home.someone()
    other = await signed_in_again(home)
    made = await mine.send("/settings/tokens", "/settings/tokens", name="Script", scopes="read")
    secret = made.text.partition('class="secret">')[2].partition("<")[0]
    bearer = {"Authorization": f"Bearer {secret}"}
    done = await mine.send("/settings/devices/delete", "/settings/devices")
    assert "All other devices are signed out." in await mine.text(done.headers["location"])
    assert (await other.get("/settings")).status_code == 303
    assert (await mine.get("/v1/me", **bearer)).status_code == 200, "a script is no device"
    await mine.send("/settings/devices/delete", "/settings/devices", tokens="yes")
    assert (await mine.get("/v1/me", **bearer)).status_code == 401
    assert (await mine.get("/settings")).status_code == 200


async def test_who_leaves_can_take_everything_along(home: Home) -> None:
    browser = await home.someone()
    for page in ("/settings", "/settings/close"):
        assert 'href="/settings/export"' in (await browser.get(page)).text
    file = await browser.get("/settings/export")
    assert file.headers["content-disposition"] == 'attachment; filename="aurora-time.json"'
    assert file.headers["cache-control"] == "no-store"
    assert file.json()["person"]["email"] == "mai@example.org"
    assert (await home.browser().get("/settings/export")).status_code == 303


async def test_an_account_is_deleted_with_its_password(home: Home) -> None:
    mine = await home.someone()
    await mine.add("Dentist")
    assert "seven days" in await mine.text("/settings/close")
    wrong = await mine.send("/settings/close", "/settings/close", proof="not the password")
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert "Dentist" in await mine.text("/")
    gone = await mine.send("/settings/close", "/settings/close", proof=PASSWORD)
    assert "Your account is deleted" in words(gone.text)
    assert (await mine.get("/settings")).status_code == 303
    again = home.browser()
    shown = await again.get("/login")
    fields = {"email": "mai@example.org", "password": PASSWORD, "next": "/"}
    assert (await again.post("/login", csrf=again.csrf(shown.text), **fields)).status_code == 422
    await home.ring(600)
    anew = await home.someone()
    assert "Dentist" not in await anew.text("/")


async def test_guessing_at_the_password_of_an_open_screen_is_slowed(home: Home) -> None:
    mine = await home.someone()
    for _ in range(5):
        await mine.send("/settings/close", "/settings/close", proof="not the password")
    slowed = await mine.send("/settings/close", "/settings/close", proof=PASSWORD)
    assert slowed.status_code == 429
    assert "wait a few minutes" in slowed.text
    assert (await mine.get("/settings")).status_code == 200


@pytest.mark.parametrize(("language", "heading"), [("en-GB", "Devices"), ("vi-VN", "Thiết bị")])
async def test_the_settings_lead_to_all_of_it(home: Home, language: str, heading: str) -> None:
    mine = await home.someone(language=language)
    settings = (await mine.get("/settings")).text
    for path in ("/password", "/email", "/second-factor", "/settings/devices", "/settings/close"):
        assert f'href="{path}"' in settings
        assert (await mine.get(path)).status_code == 200
    assert heading in await mine.text("/settings/devices")


def test_both_languages_say_all_of_it() -> None:
    english, vietnamese = dataclasses.asdict(ENGLISH), dataclasses.asdict(VIETNAMESE)
    for name, text in english.items():
        assert vietnamese[name] != text
        names = [{field for _, field, _, _ in Formatter().parse(each) if field} for each in (text, vietnamese[name])]
        assert names[0] == names[1], name

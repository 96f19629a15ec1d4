"""The settings: who somebody is, and the API tokens."""

from __future__ import annotations

import re

import httpx
import pytest

SETTINGS = {"name": "Mai", "time_zone": "Asia/Ho_Chi_Minh", "language": "en", "week_start": "MO", "minutes": "10"}


async def save(browser, **fields):
    return await browser.send("/settings", "/settings", **(SETTINGS | fields))


async def test_settings_are_saved_and_everything_follows_them(home):
    browser = await home.someone()
    await browser.add("Tea", remind="default")
    saved = await save(browser, name="Mai Anh", time_zone="Europe/Berlin", week_start="SU", minutes="45")
    assert saved.headers["location"] == "/settings?done=saved"
    assert "Your settings are saved." in await browser.text("/settings?done=saved")
    await home.ring()
    said = await browser.text("/")
    assert "Hello, Mai Anh" in said
    assert "04:00–05:00" in said, "10:00 in Ho Chi Minh City is 04:00 in Berlin"
    assert "Tea Mon 23 Nov, 03:15" in said
    shown = (await browser.get("/settings")).text
    assert "<option selected>Europe/Berlin</option>" in shown
    assert '<option value="SU" selected>' in shown
    assert 'value="45"' in shown


async def test_no_minutes_mean_no_reminder_and_the_all_day_default_stays(home):
    browser = await home.someone()
    await save(browser, minutes="")
    await browser.add("Tea")
    await browser.add("Feast", date="2026-11-25", all_day="yes")
    said = (await browser.text("/")).partition("Next reminders")[2]
    assert "Tea" not in said
    assert "Feast Wed 25 Nov, 08:00" in said
    await save(browser, minutes="0")
    await home.ring()
    assert "Tea Mon 23 Nov, 10:00" in await browser.text("/")


async def test_the_language_changes_with_the_settings(home):
    browser = await home.someone()
    await save(browser, language="vi")
    said = await browser.text("/")
    assert "Xin chào Mai" in said
    assert "Thứ Hai, 23/11/2026" in said
    assert 'lang="vi"' in (await browser.get("/")).text


async def test_without_a_name_somebody_is_still_greeted(home):
    browser = await home.someone()
    await save(browser, name="")
    assert "Hello Mon 23 Nov" in await browser.text("/")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": "x" * 101}, "name", "at most 100 characters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose a time zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "Choose a time zone"),
        ({"language": "fr"}, "language", "Choose one"),
        ({"week_start": "WE"}, "week_start", "Choose one"),
        ({"minutes": "ten"}, "minutes", "Enter a number"),
        ({"minutes": "-1"}, "minutes", "Enter a number"),
        ({"minutes": "527041"}, "minutes", "Enter a number"),
        ({"minutes": "9" * 5000}, "minutes", "Enter a number"),
        ({"minutes": "١٠"}, "minutes", "Enter a number"),
    ],
)
async def test_a_wrong_setting_is_told_beside_its_field_and_nothing_is_saved(home, fields, field, sentence):
    browser = await home.someone()
    answer = await save(browser, **({"name": "Other"} | fields))
    assert answer.status_code == 422
    told = re.search(rf'<p class="error" id="error-{field}">([^<]*)</p>', answer.text)
    assert told, answer.text
    assert sentence in told[1]
    assert 'value="Mai"' in (await browser.get("/settings")).text


# --- API tokens ---------------------------------------------------------------------------------------------
async def ask(home, secret: str) -> int:
    transport = httpx.ASGITransport(home.app)
    async with httpx.AsyncClient(transport=transport, base_url=home.home.public_url) as http:
        return (await http.get("/v1/me", headers={"Authorization": f"Bearer {secret}"})).status_code


async def test_a_token_is_shown_once_works_and_is_revoked(home):
    browser = await home.someone()
    assert "There is no token yet." in await browser.text("/settings/tokens")
    made = await browser.send("/settings/tokens", "/settings/tokens", name="My <script>", scopes="read")
    found = re.search(r"aur_[\w-]+", made.text)
    assert found
    assert await ask(home, found[0]) == 200
    assert "My &lt;script&gt;" in made.text
    listed = (await browser.get("/settings/tokens")).text
    assert found[0] not in listed
    assert "account:read, calendars:read, events:read, reminders:read" in listed
    assert ":write" not in listed
    assert "You have one API token." in await browser.text("/settings")
    await browser.send("/settings/tokens", "/settings/tokens", name="Second", scopes="write")
    assert "You have 2 API tokens." in await browser.text("/settings")
    assert "events:write" in await browser.text("/settings/tokens")
    action = re.search(r'action="(/settings/tokens/[^"]+/delete)"', listed)
    assert action
    revoked = await browser.send(action[1], "/settings/tokens")
    assert revoked.headers["location"] == "/settings/tokens?done=revoked"
    assert await ask(home, found[0]) == 401
    assert (await browser.send("/settings/tokens", "/settings/tokens", name="T", scopes="read")).status_code == 200
    again = await browser.post(action[1], csrf=browser.csrf(listed))
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Give the token a name"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"scopes": "everything"}, "Choose one from the list."),
    ],
)
async def test_a_token_without_name_or_with_unknown_scopes_is_not_made(home, fields, sentence):
    browser = await home.someone()
    answer = await browser.send("/settings/tokens", "/settings/tokens", **({"name": "T", "scopes": "read"} | fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "There is no token yet." in await browser.text("/settings/tokens")

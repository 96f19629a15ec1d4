"""The settings: who somebody is, and the API tokens."""

from __future__ import annotations

import re

import httpx
import msgspec
import pytest

from aurora_time.domain.component import Alarm
from aurora_time.operations.people import read_person, update_person
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer

SETTINGS = {
    "name": "Mai",
    "time_zone": "Asia/Ho_Chi_Minh",
    "language": "en",
    "week_start": "MO",
    "minutes": "10",
    "all_day_at": "08:00",
}


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
    assert '<option value="Europe/Berlin" selected>Europe/Berlin</option>' in shown
    assert '<option value="SU" selected>' in shown
    assert 'value="45"' in shown


async def test_the_language_is_kept_in_the_browser_for_the_pages_before_the_sign_in(home):
    browser = await home.someone()
    saved = await save(browser, language="vi")
    assert "aurora_language=vi" in saved.headers["set-cookie"]
    refused = await save(browser, language="tlh")
    assert "set-cookie" not in refused.headers


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


async def test_all_day_events_remind_when_the_settings_say_or_not_at_all(home):
    browser = await home.someone()
    assert re.search(r'type="time" value="08:00"', (await browser.get("/settings")).text)
    await browser.add("Feast", date="2026-11-25", all_day="yes")
    await save(browser, all_day_at="17:30")
    await home.ring()
    assert "Feast Wed 25 Nov, 17:30" in await browser.text("/")
    assert 'value="17:30"' in (await browser.get("/settings")).text
    await save(browser, all_day_at="06:15:00")
    await home.ring()
    assert "Feast Wed 25 Nov, 06:15" in await browser.text("/")
    await save(browser, all_day_at="", minutes="")
    await home.ring()
    assert "Nothing will ring" in await browser.text("/")
    shown = (await browser.get("/settings")).text
    assert re.search(r'name="all_day_at" type="time" value=""', shown)
    assert re.search(r'name="minutes" type="text" value=""', shown)


async def test_the_settings_say_in_vietnamese_what_the_fields_are(home):
    browser = await home.someone()
    await save(browser, language="vi")
    assert "Sự kiện cả ngày: nhắc lúc Ngay trong ngày đó." in await browser.text("/settings")


async def defaults(home, *alarms):
    """The default reminders of the only person, changed if there are any to change."""
    (item,) = await home.home.table.get(keys.email("mai@example.org"))
    owner = decode(item.body, Pointer).id
    if alarms:
        services = home.home.services
        await update_person(services, owner, lambda person, _: msgspec.structs.replace(person, default_alarms=alarms))
    person, _ = await read_person(home.home.services, owner)
    return person.default_alarms


async def test_default_reminders_that_the_page_does_not_show_stay(home):
    browser = await home.someone()
    eve, hour, noon = Alarm("email", days_before=1, at=64_800), Alarm("email", 60), Alarm("email", at=43_200)
    await defaults(home, eve, Alarm("email", 10), hour, Alarm("email", at=28_800), noon)
    await save(browser, minutes="5", all_day_at="09:00")
    kept = {eve, hour, noon}
    assert set(await defaults(home)) == kept | {Alarm("email", 5), Alarm("email", at=32_400)}
    await save(browser, minutes="", all_day_at="")
    assert set(await defaults(home)) == kept
    await save(browser, minutes="60", all_day_at="12:00")
    assert set(await defaults(home)) == kept


async def test_no_more_default_reminders_are_saved_than_the_api_takes(home):
    browser = await home.someone()
    full = tuple(Alarm("email", days_before=days, at=0) for days in range(1, 21))
    await defaults(home, *full)
    refused = await save(browser, minutes="5", all_day_at="")
    assert refused.status_code == 422
    assert "You have 20 default reminders" in refused.text
    assert await defaults(home) == full
    assert (await save(browser, minutes="", all_day_at="")).status_code == 303


async def test_a_name_is_saved_without_control_characters(home):
    browser = await home.someone()
    await save(browser, name="Mai\x00\x1fAnh\x7f")
    assert 'name="name" type="text" value="Mai Anh"' in (await browser.get("/settings")).text


@pytest.mark.parametrize(("written", "saved"), [("0010", "10"), ("0" * 5000, "0"), ("527040", "527040")])
async def test_zeros_before_a_number_do_not_count(home, written, saved):
    browser = await home.someone()
    assert (await save(browser, minutes=written)).status_code == 303
    assert f'name="minutes" type="text" value="{saved}"' in (await browser.get("/settings")).text


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
        ({"minutes": "0000000009999999999"}, "minutes", "Enter a number"),
        ({"minutes": "0" * 9 + "9" * 5000}, "minutes", "Enter a number"),
        ({"minutes": "0" * 5000 + "x"}, "minutes", "Enter a number"),
        ({"all_day_at": "24:00"}, "all_day_at", "Enter a time"),
        ({"all_day_at": "8 am"}, "all_day_at", "Enter a time"),
        ({"all_day_at": "٠٨:٠٠"}, "all_day_at", "Enter a time"),
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
    assert "account:read, calendars:read" in listed
    assert "events:read" in listed
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

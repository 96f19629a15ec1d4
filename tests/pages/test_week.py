"""The start page: the welcome, this week, adding and deleting, and the reminders."""

from __future__ import annotations

import re

import pytest

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.ports import MailRefusedError


def lines(page: str) -> dict[str, list[str]]:
    """What the agenda says, by its date."""
    days = re.findall(r'<li class="day">(.*?)</li>\n(?=<li class="day">|</ol>)', page, re.DOTALL)
    found: dict[str, list[str]] = {}
    for day in days:
        date = re.search(r'datetime="([^"]+)"', day)
        assert date
        times = re.findall(r'<span class="at">([^<]*)</span>', day)
        names = re.findall(r'<a href="/events/[^"]+">([^<]*)</a>', day)
        found[date[1]] = [f"{time} {name}" for time, name in zip(times, names, strict=True)]
    return found


async def test_a_stranger_is_welcomed_and_told_where_mails_go(home):
    said = await home.browser().text("/")
    assert "Create account" in said
    assert "Sign in" in said
    assert "Open the outbox" in said


@pytest.mark.parametrize("home", [{"signup": "closed"}], indirect=True)
async def test_a_closed_home_offers_no_account(home):
    said = await home.browser().text("/")
    assert "Create account" not in said
    assert "Sign in" in said


async def test_the_date_of_today_is_the_persons(home):
    browser = await home.someone()
    home.clock.time += 14 * 3600 + 59 * 60
    assert "Mon 23 Nov 2026" in await browser.text("/")
    home.clock.time += 60
    assert "Tue 24 Nov 2026" in await browser.text("/"), "midnight in Ho Chi Minh City, 17:00 in UTC"


async def test_an_event_added_by_the_form_is_there_this_week_and_will_ring(home):
    browser = await home.someone()
    added = await browser.add("Lunch <b>with</b> Mai", start="12:00", end="13:00", remind="30")
    assert (added.status_code, added.headers["location"]) == (303, "/plain?done=added")
    shown = await browser.get("/plain?done=added")
    assert lines(shown.text) == {"2026-11-23": ["12:00–13:00 Lunch &lt;b&gt;with&lt;/b&gt; Mai"]}
    assert "The event is in your calendar." in shown.text
    assert "Mon 23 Nov, 11:30 · in 2 hours 30 minutes" in await browser.text("/")


async def test_a_weekly_event_appears_on_its_day_in_every_week(home):
    browser = await home.someone()
    await browser.add("Review", date="2026-11-25", repeat="weekly")
    assert lines((await browser.get("/")).text)["2026-11-25"] == ["10:00–11:00 Review"]
    home.clock.time += 7 * 86_400
    shown = await browser.get("/")
    assert lines(shown.text)["2026-12-02"] == ["10:00–11:00 Review"]
    assert 'aria-label="Repeats"' in shown.text


async def test_a_daily_event_is_on_each_of_the_seven_days(home):
    browser = await home.someone()
    await browser.add("Walk", repeat="daily")
    found = lines((await browser.get("/")).text)
    assert list(found) == [f"2026-11-{day}" for day in range(23, 30)]
    assert all(on == ["10:00–11:00 Walk"] for on in found.values())


async def test_events_over_midnight_and_over_days_stand_on_each_of_them(home):
    browser = await home.someone()
    await browser.add("Night train", start="23:00", end="06:30")
    await browser.add("Feast", date="2026-11-25", all_day="yes")
    await browser.add("Short", date="2026-11-26", start="08:00", end="")
    await browser.add("Long night", date="2026-11-26", start="23:00", end="23:00")
    assert lines((await browser.get("/")).text) == {
        "2026-11-23": ["23:00–06:30 Night train"],
        "2026-11-24": ["until 06:30 Night train"],
        "2026-11-25": ["All day Feast"],
        "2026-11-26": ["08:00–09:00 Short", "23:00–23:00 Long night"],
        "2026-11-27": ["until 23:00 Long night"],
    }


async def test_an_empty_week_has_one_sentence_and_one_action(home):
    said = await (await home.someone()).text("/")
    assert "Nothing is planned for the next seven days. Add an example week" in said
    assert "Nothing will ring in the next 30 days. Add an event with a reminder" in said
    assert "No reminder has rung yet." in said


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"summary": " "}, "summary", "Give the event a name."),
        ({"summary": "x" * 1001}, "summary", "at most 1,000 characters"),
        ({"date": ""}, "date", "Enter a day."),
        ({"date": "2026-02-30"}, "date", "Enter a day."),
        ({"date": "tomorrow", "all_day": "yes"}, "date", "Enter a day."),
        ({"start": ""}, "start", "Enter a time such as 09:00"),
        ({"start": "25:00"}, "start", "Enter a time such as 09:00"),
        ({"end": "later"}, "end", "Enter a time such as 09:00"),
        ({"repeat": "hourly"}, "repeat", "Choose one from the list."),
        ({"remind": "1"}, "remind", "Choose one from the list."),
        ({"remind": "7", "all_day": "yes"}, "remind", "Choose one from the list."),
        ({"remind": "10", "all_day": "yes"}, "remind", "A whole day has no time to count back from."),
        ({"date": "9999-12-31", "start": "23:30", "end": ""}, "date", "Only the years"),
        ({"date": "9999-12-31", "start": "23:30", "end": "01:00"}, "date", "Enter a day."),
    ],
)
async def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(home, fields, field, sentence):
    browser = await home.someone()
    answer = await browser.add(**({"summary": "Tea <time>", "location": ""} | fields))
    assert answer.status_code == 422
    told = re.search(rf'<p class="error" id="error-{field}">([^<]*)</p>', answer.text)
    assert told, answer.text
    assert sentence in told[1]
    assert re.search(rf'id="{field}"[^>]*aria-describedby="error-{field}" aria-invalid="true"', answer.text)
    assert fields.get("summary") or 'value="Tea &lt;time&gt;"' in answer.text
    assert lines((await browser.get("/")).text) == {}, "nothing was added"


@pytest.mark.parametrize(
    ("fields", "rings"),
    [
        ({"remind": "default"}, "Mon 23 Nov, 09:50"),
        ({"remind": "none"}, None),
        ({"remind": "5"}, "Mon 23 Nov, 09:55"),
        ({"remind": "1440", "date": "2026-11-25"}, "Tue 24 Nov, 10:00"),
        ({"remind": "eve", "date": "2026-11-25"}, "Tue 24 Nov, 18:00"),
        ({"all_day": "yes", "date": "2026-11-25", "remind": "default"}, "Wed 25 Nov, 08:00"),
        ({"all_day": "yes", "date": "2026-11-25", "remind": "eve"}, "Tue 24 Nov, 18:00"),
        ({"all_day": "yes", "date": "2026-11-25", "remind": "day"}, "Wed 25 Nov, 08:00"),
    ],
)
async def test_each_choice_of_reminder_rings_when_it_says(home, fields, rings):
    browser = await home.someone()
    assert (await browser.add("Tea", **fields)).status_code == 303
    said = (await browser.text("/")).partition("Next reminders")[2]
    assert (f"Tea {rings} ·" in said) if rings else ("Nothing will ring" in said)


async def test_sent_late_and_failed_reminders_are_told_with_what_became_of_them(home, monkeypatch):
    browser = await home.someone()
    await browser.add("Tea", remind="10")
    assert await home.ring(50 * 60 + 1.3) == 1
    assert "Tea Mon 23 Nov, 09:50 Sent, 1.3 s after it was due" in await browser.text("/")
    await browser.add("Late", start="10:20", remind="10")
    await home.ring(45 * 60)
    assert "Late Mon 23 Nov, 10:10 Sent late, on Mon 23 Nov, 10:35" in await browser.text("/")

    async def refuse(*_):
        raise MailRefusedError("no such mailbox")

    monkeypatch.setattr(OutboxMailer, "send", refuse)
    await browser.add("Lost", start="11:00", remind="10")
    await home.ring(15 * 60)
    assert "Lost Mon 23 Nov, 10:50 Not delivered no such mailbox" in await browser.text("/")


async def test_an_event_goes_with_one_click_and_a_series_after_a_question(home):
    browser = await home.someone()
    await browser.add("Tea")
    await browser.add("Review", repeat="weekly")
    page = (await browser.get("/")).text
    tea, review = re.findall(r'<a href="/events/([^"]+)">(?:Tea|Review)</a>', page)[:2]
    gone = await browser.send(f"/events/{tea}/delete")
    assert gone.headers["location"] == "/plain?done=deleted"
    asked = await browser.get(f"/events/{review}/delete")
    assert "All of it is deleted" in asked.text
    sly = await browser.post(f"/events/{review}/delete", csrf=browser.csrf(asked.text))
    assert "Delete the whole series?" in sly.text, "a bare post asks first"
    assert lines((await browser.get("/")).text) == {"2026-11-23": ["10:00–11:00 Review"]}
    gone = await browser.send(f"/events/{review}/delete", f"/events/{review}/delete", whole="yes")
    assert gone.status_code == 303
    assert lines((await browser.get("/")).text) == {}
    assert (await browser.get(f"/events/{review}/delete")).status_code == 404


async def test_at_most_two_hundred_lines_are_shown_and_the_page_says_so(home, monkeypatch):
    monkeypatch.setattr("aurora_time.pages.agenda.LIMIT", 3)
    browser = await home.someone()
    await browser.add("Walk", repeat="daily")
    shown = await browser.get("/")
    assert len(lines(shown.text)) == 3
    assert "the API lists them all" in shown.text

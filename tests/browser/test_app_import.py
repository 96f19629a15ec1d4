"""Import and export in the web app."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import Windows
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import eventually

pytestmark = pytest.mark.browser

DROP = """(text) => {
  const zone = document.querySelector(".drop")
  const carried = new DataTransfer()
  carried.items.add(new File([text], 'club.ics', { type: 'text/calendar' }))
  const told = { dataTransfer: carried, bubbles: true, cancelable: true }
  for (const type of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(type, told))
}"""


def event(uid: str, start: str) -> str:
    named = (f"UID:{uid}@club", "DTSTAMP:20261101T080000Z", f"DTSTART:{start}", f"SUMMARY:Match {uid}")
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", *named, "END:VEVENT"))


def club(*events: str) -> str:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Club//EN\r\nX-WR-CALNAME:Football club\r\n"
    return f"{head}{''.join(events)}END:VCALENDAR\r\n"


TODAY = day().replace("-", "")
GOOD = event("1", f"{TODAY}T100000Z")
BAD = event("2", "20261345T100000Z")


def payload(text: str) -> FilePayload:
    return {"name": "club.ics", "mimeType": "text/calendar", "buffer": text.encode()}


def opened(app: Page) -> Locator:
    """The form; and what came of it is within."""
    app.goto("/app/import")
    return app.locator(".import form")


def start(form: Locator) -> None:
    form.get_by_role("button", name="Import", exact=True).click()


def test_a_dropped_file_becomes_a_calendar_of_its_name(app: Page) -> None:
    form = opened(app)
    expect(form.get_by_text("Drop an .ics file here, or")).to_be_visible()
    app.evaluate(DROP, club(GOOD, BAD))
    expect(form.get_by_text("File: club.ics")).to_be_visible()
    form.get_by_label("Into").select_option("A new calendar …")
    expect(form.get_by_label("Name of the new calendar")).to_have_value("Football club")
    form.get_by_role("button", name="Only look").click()
    expect(form.get_by_role("heading", name="What it would do")).to_be_visible()
    expect(app.locator("aside").get_by_text("Football club")).to_have_count(0)
    start(form)
    expect(form.get_by_role("heading", name="Imported")).to_be_visible()
    expect(form.get_by_text("1 new, 1 left out.")).to_be_visible()
    expect(form.get_by_role("row").nth(1)).to_contain_text("14DTSTART left out'20261345T100000' is not a day")
    expect(app.locator("aside").get_by_text("Football club")).to_be_visible()
    form.get_by_role("button", name="Go to the calendar").click()
    expect(app.locator(".event", has_text="Match 1")).to_be_visible()


def test_all_or_nothing_takes_nothing_and_makes_no_calendar(app: Page, windows: Windows) -> None:
    windows.expected = {422}
    form = opened(app)
    text = club(event("3", f"{TODAY}T120000Z"), BAD)
    form.get_by_label("Or paste its text").fill(text)
    form.get_by_label("Into").select_option("A new calendar …")
    form.get_by_label("Name of the new calendar").fill("Strict")
    form.get_by_label("What if something cannot be read?").select_option("Take nothing at all")
    start(form)
    expect(form.get_by_role("heading", name="Not imported")).to_be_visible()
    expect(form.get_by_role("row").nth(1)).to_contain_text("DTSTART left out")
    expect(form.get_by_label("Or paste its text")).to_have_value(text.replace("\r", ""))
    assert "Strict" not in [each["name"] for each in Api(app).ask("GET", "/v1/calendars")["items"]]


def test_a_long_file_shows_how_far_it_is(app: Page) -> None:
    form = opened(app)
    form.get_by_text("Choose a file").wait_for()
    many = [event(f"long-{number}", f"{TODAY}T100000Z") for number in range(60)]
    form.locator("input[type=file]").set_input_files(payload(club(*many)))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    app.route("**/v1/jobs/*", hold)
    start(form)
    expect(form.get_by_role("progressbar")).to_be_visible()
    app.unroute("**/v1/jobs/*")
    eventually(app, lambda: len(held), 1)
    held[0].continue_()
    expect(form.get_by_text("60 new.")).to_be_visible()


def test_nothing_is_sent_where_there_is_nothing(app: Page) -> None:
    form = opened(app)
    start(form)
    expect(form.get_by_role("alert")).to_have_text("Choose a file or paste a text first.")


def test_a_calendar_is_downloaded_as_a_file_that_others_read(app: Page) -> None:
    elsewhere = Api(app)
    elsewhere.ask("POST", "/v1/calendars", {"name": "Home: and/or away", "color": "#2f9e44"})
    form = opened(app)
    form.wait_for()
    with app.expect_download() as coming:
        app.get_by_role("button", name="Download: Home: and/or away").click()
    assert coming.value.suggested_filename == "Home and or away.ics"
    assert Path(coming.value.path()).read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")
    with app.expect_download() as coming:
        app.get_by_role("button", name="Download: The whole account").click()
    assert coming.value.suggested_filename == "aurora-time.json"


def test_import_can_be_used_by_everybody(app: Page, windows: Windows) -> None:
    windows.expected = {422}
    form = opened(app)
    form.get_by_label("Or paste its text").fill(club(event("9", f"{TODAY}T100000Z"), BAD))
    form.get_by_label("Into").select_option("A new calendar …")
    form.get_by_role("button", name="Only look").click()
    expect(form.get_by_role("heading", name="What it would do")).to_be_visible()
    assert is_usable(app) == []
    form.get_by_label("What if something cannot be read?").select_option("Take nothing at all")
    start(form)
    expect(form.get_by_role("heading", name="Not imported")).to_be_visible()
    assert is_usable(app) == []

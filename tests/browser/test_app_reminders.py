"""The reminder centre of the web app: what comes and why, what became of it, rules with a preview, notifications."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import ZONE, SignedUp, Windows, open_app, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import eventually
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser

RECORDED = """
window.shown = []
window.Notification = class {
  static permission = '%s'
  static requestPermission = async () => (Notification.permission = '%s')
  constructor(title, options) { window.shown.push([title, options.body]); Notification.last = this }
  close() {}
}
"""


ON_A_PHONE = """
window.shown = []
window.Notification = class {
  static permission = 'granted'
  static requestPermission = async () => 'granted'
  constructor() { throw new TypeError('Illegal constructor') }
}
ServiceWorkerRegistration.prototype.showNotification = async (title, { data }) => void window.shown.push([title, data])
"""
CLICKED = """(data) => {
  const about = { notification: { data, close() {} }, waitUntil: (done) => done.catch(() => null) }
  dispatchEvent(Object.assign(new Event('notificationclick'), about))
}"""
"""No page can make such a click; a window that nobody touched may refuse to come to the front."""


def in_days(days: int, clock: str = "10:00") -> dict[str, str]:
    return {"dateTime": f"{day(days)}T{clock}:00", "timeZone": ZONE}


def in_seconds(seconds: float) -> str:
    return datetime.fromtimestamp(time.time() + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def mai(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("mai@example.org", name="Mai"))


@pytest.fixture
def centre(windows: Windows, mai: SignedUp) -> Iterator[Page]:
    """A window in which Mai, who has nothing, is at her reminders."""
    page = open_app(windows, mai, "reminders")
    page.get_by_role("heading", name="Reminders").wait_for()
    yield page
    for each in Api(page).ask("GET", "/v1/reminder-rules")["items"]:
        Api(page).ask("DELETE", f"/v1/reminder-rules/{each['id']}")
    for each in Api(page).ask("GET", "/v1/events?expand=false")["items"]:
        Api(page).ask("DELETE", f"/v1/events/{each['id']}")


def line(page: Page, text: str) -> Locator:
    return page.locator(".reminder", has_text=text)


def test_what_comes_says_why_and_can_be_snoozed_dismissed_and_brought_back(centre: Page) -> None:
    expect(centre.get_by_text("Nothing will ring in the next 30 days.")).to_be_visible()
    rule = {"name": "Doctors early", "match": {"words": ["dentist"]}, "triggers": [{"minutesBefore": 120}]}
    Api(centre).ask("POST", "/v1/reminder-rules", rule)
    Api(centre).ask("POST", "/v1/events", {"summary": "Dentist", "start": in_days(1, "15:30")})
    own = {"useDefault": False, "overrides": [{"minutesBefore": 30}]}
    Api(centre).ask("POST", "/v1/events", {"summary": "Yoga", "start": in_days(2, "18:00"), "reminders": own})
    by_rule = line(centre, "Dentist").filter(has_text="Rule “Doctors early”")
    expect(by_rule).to_contain_text("2 hours before")
    expect(by_rule).to_contain_text("starts 3:30 PM")
    expect(line(centre, "Dentist").filter(has_text="Your default reminders")).to_contain_text("10 minutes before")
    yoga = line(centre, "Yoga")
    expect(yoga).to_contain_text("Set for this alone")
    yoga.get_by_role("button", name="Snooze").click()
    centre.get_by_role("button", name="10 minutes later").click()
    expect(yoga).to_contain_text("5:40 PM")
    expect(yoga).to_contain_text("You snoozed it")
    by_rule.get_by_role("button", name="Dismiss").click()
    expect(by_rule).to_have_count(0)
    centre.get_by_role("button", name="Undo").click()
    expect(line(centre, "Dentist").filter(has_text="You snoozed it")).to_contain_text("1:30 PM")
    line(centre, "Yoga").get_by_role("button", name="Open Yoga").click()
    expect(centre.get_by_role("dialog", name="Yoga")).to_be_visible()
    assert is_usable(centre) == []


def test_a_reminder_by_itself_is_added_changed_deleted_and_brought_back(centre: Page, windows: Windows) -> None:
    centre.get_by_role("button", name="New reminder").click()
    centre.get_by_label("What to remember").fill("Call the bank")
    centre.get_by_label("Day", exact=True).fill(in_days(3)["dateTime"][:10])
    centre.get_by_label("Time", exact=True).fill("20:00")
    assert is_usable(centre) == []
    centre.get_by_role("button", name="Save").click()
    bank = line(centre, "Call the bank")
    expect(bank).to_contain_text("A reminder by itself")
    bank.get_by_role("button", name="Edit").click()
    centre.get_by_label("Time", exact=True).fill("21:00")
    reminder_id = Api(centre).ask("GET", "/v1/reminders?status=planned")["items"][0]["id"]
    Api(centre).ask("PATCH", f"/v1/reminders/{reminder_id}", {"text": "Call the bank at once"})
    windows.expected.add(412)
    centre.get_by_role("button", name="Save").click()
    expect(centre.get_by_role("alert")).to_contain_text("Call the bank at once")
    centre.get_by_role("button", name="Keep mine").click()
    centre.get_by_role("button", name="Save").click()
    expect(bank.locator("time")).to_have_text("9:00 PM")
    bank.get_by_role("button", name="Delete").click()
    expect(bank).to_have_count(0)
    centre.get_by_role("button", name="Undo").click()
    expect(bank).to_be_visible()
    bank.get_by_role("button", name="Delete").click()
    expect(bank).to_have_count(0)


def test_the_past_tells_what_was_delivered_and_what_was_not_and_why(centre: Page) -> None:
    made = Api(centre).ask("POST", "/v1/reminders", {"at": in_seconds(8), "text": "Water the plants"})
    Api(centre).ask("POST", "/v1/events", {"summary": "Stand-up", "start": {"dateTime": in_seconds(120)}})
    eventually(centre, lambda: Api(centre).ask("GET", f"/v1/reminders/{made['id']}")["status"], "sent")
    centre.get_by_role("link", name="What was").click()
    expect(line(centre, "Water the plants")).to_contain_text("Delivered")
    expect(line(centre, "Stand-up")).to_contain_text("It was already past when the event was made.")
    centre.get_by_label("Show").select_option("suppressed")
    expect(line(centre, "Water the plants")).to_have_count(0)
    expect(line(centre, "Stand-up")).to_be_visible()
    centre.get_by_label("Show").select_option("all")
    assert is_usable(centre) == []


def test_a_rule_is_written_with_the_next_30_days_beside_it(centre: Page, windows: Windows) -> None:
    Api(centre).ask("POST", "/v1/events", {"summary": "Flight to Da Nang", "start": in_days(5)})
    Api(centre).ask("POST", "/v1/events", {"summary": "Lunch", "start": in_days(5, "12:00")})
    centre.get_by_role("link", name="Rules").click()
    centre.get_by_role("button", name="New rule").click()
    preview = centre.get_by_role("region", name="With this rule")
    expect(preview).to_contain_text("2 reminders in the next 30 days")
    centre.get_by_label("Words").fill("flight, train")
    expect(preview).to_contain_text("1 reminder in the next 30 days")
    centre.get_by_label("How many").fill("3")
    centre.get_by_label("Unit").select_option("hours")
    expect(preview.locator("time")).to_have_text("7:00 AM")
    centre.get_by_role("button", name="Add a time").click()
    centre.get_by_label("Unit").nth(1).select_option("clock")
    expect(preview.locator("time")).to_have_text(["6:00 PM", "7:00 AM"])
    assert is_usable(centre) == []
    centre.get_by_label("Name", exact=True).fill("Journeys")
    centre.get_by_role("button", name="Save").click()
    rule = centre.locator(".rule", has_text="Journeys")
    expect(rule).to_contain_text("with “flight”, “train”")
    expect(rule).to_contain_text("3 hours before, the day before at 6:00 PM")
    rule.get_by_role("switch").click()
    expect(rule.get_by_role("switch")).not_to_be_checked()
    rule.get_by_role("button", name="Edit").click()
    centre.get_by_text("Keep quiet").click()
    expect(preview).to_contain_text("1 reminder would fall silent")
    stored = Api(centre).ask("GET", "/v1/reminder-rules")["items"][0]
    Api(centre).ask("PATCH", f"/v1/reminder-rules/{stored['id']}", {"name": "Trips"})
    windows.expected.add(412)
    centre.get_by_role("button", name="Save").click()
    expect(centre.get_by_role("alert")).to_contain_text("Trips")
    expect(centre.get_by_role("button", name="Take what is there")).to_be_in_viewport(ratio=1)
    centre.get_by_role("button", name="Take what is there").click()
    expect(centre.get_by_label("Name")).to_have_value("Trips")
    centre.get_by_role("button", name="Cancel").click()
    assert is_usable(centre) == []
    Api(centre).ask("POST", "/v1/reminder-rules", {"name": "Last", "triggers": []})
    expect(centre.locator(".rule")).to_have_count(2)
    centre.locator(".rule", has_text="Trips").get_by_role("button", name="Delete").click()
    expect(centre.locator(".rule")).to_have_count(1)
    centre.get_by_role("button", name="Undo").click()
    expect(centre.locator(".rule .subject")).to_have_text(["Trips", "Last"])


def test_what_is_typed_into_a_rule_is_still_there_after_looking_elsewhere(centre: Page) -> None:
    centre.get_by_role("link", name="Rules").click()
    centre.get_by_role("button", name="New rule").click()
    centre.get_by_label("Words").fill("exam")
    centre.get_by_role("link", name="What comes").click()
    centre.get_by_role("link", name="Rules").click()
    expect(centre.get_by_label("Words")).to_have_value("exam")
    centre.get_by_label("How many").fill("")
    expect(centre.get_by_role("region", name="With this rule")).to_contain_text("when the form is filled in")


def test_a_notification_rings_once_in_all_tabs_and_opens_its_event(windows: Windows, centre: Page) -> None:
    context = centre.context
    context.grant_permissions(["notifications"])
    context.add_init_script(RECORDED % ("default", "granted"))
    centre.reload()
    centre.get_by_role("button", name="Turn on").click()
    expect(centre.get_by_text("They are on")).to_be_visible()
    other = context.new_page()
    other.goto("/app/agenda")
    other.locator(".shell").wait_for()
    own = {"useDefault": False, "overrides": [{"channel": "browser", "minutesBefore": 1}]}
    made = {"summary": "Tea with Lan", "start": {"dateTime": in_seconds(70)}, "reminders": own}
    Api(centre).ask("POST", "/v1/events", made)
    shown = "window.shown.length"
    eventually(centre, lambda: centre.evaluate(shown) + other.evaluate(shown), 1)
    ringing = centre if centre.evaluate(shown) else other
    assert ringing.evaluate("window.shown")[0][0] == "Tea with Lan"
    centre.wait_for_timeout(1_000)  # as long as the other tab might take to ring, too
    assert centre.evaluate(shown) + other.evaluate(shown) == 1
    ringing.evaluate("Notification.last.onclick()")
    expect(ringing.get_by_role("dialog", name="Tea with Lan")).to_be_visible()
    past = Api(centre).ask("GET", "/v1/reminders?status=sent")["items"]
    (rung,) = [each for each in past if each["channel"] == "browser"]
    assert rung["text"] == "Tea with Lan"
    assert rung["sentAt"][:19] >= rung["due"][:19], "not before its time"


def test_on_a_phone_a_notification_that_is_clicked_opens_its_event(centre: Page) -> None:
    context = centre.context
    context.add_init_script(ON_A_PHONE)
    centre.reload()
    centre.get_by_role("button", name="Turn on").click()
    expect(centre.get_by_text("They are on")).to_be_visible()
    centre.evaluate("navigator.serviceWorker.ready.then(() => null)")
    own = {"useDefault": False, "overrides": [{"channel": "browser", "minutesBefore": 1}]}
    made = {"summary": "Tea on the way", "start": {"dateTime": in_seconds(70)}, "reminders": own}
    event = Api(centre).ask("POST", "/v1/events", made)["id"]
    eventually(centre, lambda: centre.evaluate("window.shown.length"), 1)
    assert centre.evaluate("window.shown[0]") == ["Tea on the way", {"event": event, "occurrence": ""}]
    context.service_workers[0].evaluate(CLICKED, {"event": event, "occurrence": ""})
    expect(centre.get_by_role("dialog", name="Tea on the way")).to_be_visible()
    centre.goto(f"/app/reminders?event={event}&occurrence=")  # as the worker does where no window is open
    expect(centre.get_by_role("dialog", name="Tea on the way")).to_be_visible()


def test_a_browser_that_refuses_notifications_is_told_of_and_asked_only_at_a_click(centre: Page) -> None:
    centre.context.add_init_script(RECORDED % ("default", "denied"))
    centre.reload()
    expect(centre.get_by_text("appear here while Aurora Time is open")).to_be_visible()
    assert centre.evaluate("Notification.permission") == "default", "nobody was asked"
    centre.get_by_role("button", name="Turn on").click()
    expect(centre.get_by_text("This browser refuses notifications")).to_be_visible()


def test_the_bell_has_a_dot_until_somebody_has_looked_at_what_could_not_be_delivered(centre: Page) -> None:
    failed = {"id": "x", "channel": "email", "status": "failed"}
    answer = {"items": [failed], "nextCursor": None}
    centre.route(re.compile("/v1/reminders.*status=failed"), lambda route: route.fulfill(json=answer))
    centre.goto("/app/agenda")
    bell = centre.locator(".bell.bad")
    expect(bell).to_have_accessible_name("What rang: some mails could not be delivered")
    bell.click()
    expect(centre.get_by_role("link", name="What was")).to_have_attribute("aria-current", "page")
    expect(bell).to_have_count(0)


def test_the_reminders_speak_vietnamese(windows: Windows, mai: SignedUp) -> None:
    page = open_app(windows, mai, "reminders/rules")
    person = Api(page).ask("GET", "/v1/me")
    Api(page).ask("PATCH", "/v1/me", {"locale": "vi"})
    try:
        page.reload()
        expect(page.get_by_role("link", name="Quy tắc")).to_be_visible()
        page.get_by_role("button", name="Quy tắc mới").click()
        assert is_usable(page) == []
    finally:
        Api(page).ask("PATCH", "/v1/me", {"locale": person["locale"]})

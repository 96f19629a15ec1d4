"""Tasks in the web app, as somebody writes them down, ticks them off and changes them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.by_api import Api, day, written_out
from tests.browser.conftest import ZONE, Windows
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import eventually, kept

pytestmark = pytest.mark.browser

NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def elsewhere(app: Page) -> Api:
    """Nothing to do is left of other tests: the parts go first, as they would go along."""
    made = Api(app)
    for task in sorted(made.ask("GET", "/v1/tasks")["items"], key=lambda each: each["parentId"] is None):
        made.ask("DELETE", f"/v1/tasks/{task['id']}")
    return made


def opened(app: Page, *names: str) -> None:
    app.goto("/app/tasks")
    for name in names:
        expect(line(app, name)).to_be_visible()


def line(app: Page, name: str) -> Locator:
    return app.locator(".task").filter(has=app.get_by_text(name, exact=True))


def title(app: Page, name: str) -> Locator:
    return line(app, name).locator(".task-open")


def tick(app: Page, name: str) -> Locator:
    return app.locator(".tasks").get_by_role("checkbox", name=f"Done: {name}")


def group(app: Page, name: str) -> Locator:
    return app.locator(".tasks").get_by_role("region", name=name)


def test_a_task_is_written_in_one_line_and_understood_meanwhile(app: Page, elsewhere: Api) -> None:
    opened(app)
    field = app.get_by_label("Add a task", exact=True)
    field.fill("Pay the rent tomorrow at 18:00")
    understood = app.locator(".task-add [role=status]")
    expect(understood).to_contain_text("Pay the rent tomorrow, 6:00")
    field.press("Enter")
    expect(group(app, "Soon")).to_contain_text("Pay the rent")
    expect(field).to_have_value("")
    field.fill("Read tomorrow never dies")
    app.get_by_role("button", name="Keep it as it is written").click()
    field.press("Enter")
    expect(group(app, "No day")).to_contain_text("Read tomorrow never dies")


def test_a_tick_shows_at_once_and_can_be_undone(app: Page, elsewhere: Api) -> None:
    elsewhere.task("Call the bank", due={"date": day(-2)})
    opened(app, "Call the bank")
    expect(group(app, "Overdue")).to_contain_text(written_out(-2))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    app.route("**/v1/tasks/*", hold)
    with app.expect_request("**/v1/tasks/*"):
        tick(app, "Call the bank").click()
    expect(group(app, "Done lately")).to_contain_text("Call the bank")
    held[0].continue_()
    app.get_by_role("button", name="Undo").click()
    expect(group(app, "Overdue")).to_contain_text("Call the bank")
    expect(group(app, "Done lately")).to_have_count(0)


def test_ticking_off_what_repeats_finishes_it_this_once(app: Page, elsewhere: Api) -> None:
    elsewhere.task("Water the plants", due={"date": day()}, recurrence=["RRULE:FREQ=WEEKLY"])
    opened(app, "Water the plants")
    tick(app, "Water the plants").click()
    expect(app.locator(".toast:popover-open")).to_contain_text(f"The next time is {written_out(7)}")
    expect(group(app, "Later")).to_contain_text("Water the plants")
    expect(group(app, "Done lately")).to_contain_text("Water the plants")
    app.get_by_role("button", name="Undo").click()
    expect(group(app, "Today")).to_contain_text("Water the plants")
    expect(group(app, "Done lately")).to_have_count(0)


def test_a_task_has_parts_below_it(app: Page, elsewhere: Api) -> None:
    elsewhere.task("Prepare the workshop", due={"date": day()})
    opened(app, "Prepare the workshop")
    app.get_by_role("button", name="Add a part to: Prepare the workshop").click()
    for part in ("Book the room", "Tell them of it"):
        app.keyboard.type(part)
        app.keyboard.press("Enter")
    for part in ("Book the room", "Tell them of it"):
        expect(group(app, "Today").locator("li li", has_text=part)).to_be_visible()
    expect(app).to_have_url(re.compile("/app/tasks$"))
    app.keyboard.press("Escape")
    expect(app.get_by_placeholder("A part of it")).to_have_count(0)
    tick(app, "Book the room").click()
    expect(group(app, "Today").locator("li li .done")).to_contain_text("Book the room")


def test_a_line_is_free_at_once_and_has_its_text_again_where_it_was_refused(
    app: Page, elsewhere: Api, windows: Windows
) -> None:
    windows.expected = {429}
    opened(app)
    field = app.get_by_label("Add a task", exact=True)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if route.request.method == "POST" else route.continue_()

    app.route("**/v1/tasks*", hold)
    field.fill("Buy bread")
    with app.expect_request(lambda request: request.method == "POST" and request.url.endswith("/v1/tasks")):
        field.press("Enter")
    expect(field).to_have_value("")
    app.keyboard.type("Wash the car")
    field.press("Enter")
    app.keyboard.type("eggs")
    held[0].fulfill(status=429, json={"title": "Slow down", "detail": "Try again in a moment."})
    expect(app.locator(".toast:popover-open")).to_contain_text("Wait a moment, then try again.")
    expect(field).to_have_value("Buy bread eggs")
    eventually(app, lambda: len(held), 2)
    held[1].continue_()
    expect(line(app, "Wash the car")).to_be_visible()
    app.unroute("**/v1/tasks*")
    app.get_by_role("button", name="Month", exact=True).click()
    app.get_by_role("complementary").get_by_role("link", name="Tasks").click()
    expect(field).to_have_value("Buy bread eggs")
    field.press("Enter")
    expect(line(app, "Buy bread eggs")).to_be_visible()
    made = [each["summary"] for each in elsewhere.ask("GET", "/v1/tasks")["items"]]
    assert sorted(made) == ["Buy bread eggs", "Wash the car"]


def test_a_task_is_changed_in_a_dialog(app: Page, elsewhere: Api) -> None:
    task = elsewhere.task("Send the papers")
    opened(app, "Send the papers")
    app.get_by_text("Send the papers").click()
    dialog = app.get_by_role("dialog", name="Edit task")
    dialog.get_by_label("Title").fill("Send the tax papers")
    dialog.get_by_label("Day").fill(day(3))
    dialog.get_by_label("Time").fill("09:30")
    dialog.get_by_label("Repeats").select_option("Monthly")
    dialog.get_by_label("Remind me as usual").uncheck()
    dialog.get_by_role("button", name="Add a reminder").click()
    dialog.get_by_label("Priority").select_option("High")
    dialog.get_by_label("Notes").fill("Ask Lan")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(line(app, "Send the tax papers")).to_contain_text("9:30 AM · repeats · Priority: High")
    kept = elsewhere.ask("GET", f"/v1/tasks/{task}")
    assert kept["due"]["dateTime"] == f"{day(3)}T09:30:00"
    assert (kept["recurrence"], kept["description"]) == (["RRULE:FREQ=MONTHLY"], "Ask Lan")
    assert [each["minutesBefore"] for each in kept["reminders"]["overrides"]] == [10]


def test_what_is_due_all_day_reminds_on_a_day_at_a_time(app: Page, elsewhere: Api) -> None:
    task = elsewhere.task("Renew the passport", due={"date": day(9)})
    app.goto(f"/app/tasks/{task}")
    dialog = app.get_by_role("dialog", name="Edit task")
    dialog.get_by_label("Remind me as usual").uncheck()
    dialog.get_by_role("button", name="Add a reminder").click()
    dialog.get_by_label("Time of the reminder").fill("07:30")
    dialog.get_by_label("How it comes").select_option("Notification")
    expect(dialog).to_contain_text("In this browser they are off.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    (reminder,) = elsewhere.ask("GET", f"/v1/tasks/{task}")["reminders"]["overrides"]
    assert (reminder["daysBefore"], reminder["at"], reminder["channel"]) == (1, "07:30", "browser")


def test_who_was_overtaken_sees_both_versions_and_chooses(app: Page, elsewhere: Api, windows: Windows) -> None:
    windows.expected = {412}
    task = elsewhere.task("Plan the trip")
    app.goto(f"/app/tasks/{task}")
    dialog = app.get_by_role("dialog", name="Edit task")
    dialog.get_by_label("Title").fill("Plan the long trip")
    elsewhere.ask("PATCH", f"/v1/tasks/{task}", {"summary": "Plan the short trip", "priority": 1})
    dialog.get_by_role("button", name="Save").click()
    both = dialog.get_by_role("row", name="Title")
    expect(both).to_contain_text("Plan the long trip")
    expect(both).to_contain_text("Plan the short trip")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(line(app, "Plan the long trip")).to_contain_text("Priority: High")


def test_the_keyboard_is_enough(app: Page, elsewhere: Api) -> None:
    for away, name in enumerate(("One", "Two", "Three")):
        elsewhere.task(name, due={"date": day(20 + away)})
    opened(app, "One", "Two", "Three")
    title(app, "One").focus()
    app.keyboard.press("ArrowDown")
    expect(title(app, "Two")).to_be_focused()
    app.keyboard.press("Space")
    expect(group(app, "Done lately")).to_contain_text("Two")
    expect(title(app, "Three")).to_be_focused()
    app.keyboard.press("Delete")
    expect(line(app, "Three")).to_have_count(0)
    expect(title(app, "One")).to_be_focused()
    expect(app.locator(".toast:popover-open")).to_contain_text("Deleted.")
    app.keyboard.press("Control+z")
    expect(line(app, "Three")).to_be_visible()
    app.keyboard.press("Enter")
    expect(app.get_by_label("Title")).to_have_value("One")
    app.keyboard.press("Escape")
    expect(title(app, "One")).to_be_focused()


def test_with_no_network_the_tasks_are_read_and_nothing_typed_is_lost(
    app: Page, elsewhere: Api, windows: Windows
) -> None:
    elsewhere.task("Buy a ticket")
    opened(app, "Buy a ticket")
    app.evaluate("navigator.serviceWorker.ready.then(() => null)")
    kept(app, "Buy a ticket")
    app.reload()
    expect(line(app, "Buy a ticket")).to_be_visible()
    app.context.set_offline(True)
    app.reload()
    expect(line(app, "Buy a ticket")).to_be_visible()
    expect(app.get_by_text("No network: you see what was kept.")).to_be_visible()
    field = app.get_by_label("Add a task", exact=True)
    field.fill("Pack the bag")
    field.press("Enter")
    expect(app.locator(".toast:popover-open")).to_contain_text("There is no network")
    expect(field).to_have_value("Pack the bag")
    windows.strange[:] = [each for each in windows.strange if NO_NETWORK not in each]


def test_what_is_changed_elsewhere_appears_by_itself(app: Page, elsewhere: Api) -> None:
    opened(app)
    expect(app.get_by_text("There is nothing to do.")).to_be_visible()
    elsewhere.task("From the phone", due={"date": day()})
    expect(line(app, "From the phone")).to_be_visible()


def test_what_is_due_today_stands_beside_the_calendar(app: Page, elsewhere: Api) -> None:
    elsewhere.task("Water the garden", due={"date": day()})
    elsewhere.task("Next week", due={"date": day(7)})
    app.reload()
    beside = app.get_by_role("region", name="Due today")
    expect(beside).to_contain_text("Water the garden")
    expect(beside).not_to_contain_text("Next week")
    beside.get_by_role("checkbox", name="Done: Water the garden").click()
    expect(beside).to_contain_text("Nothing is due today.")
    app.get_by_role("button", name="Undo").click()
    beside.get_by_role("button", name="Water the garden").click()
    expect(app.get_by_label("Title")).to_have_value("Water the garden")


def test_the_tasks_can_be_used_by_everybody(app: Page, elsewhere: Api) -> None:
    opened(app)
    expect(app.get_by_text("There is nothing to do.")).to_be_visible()
    assert is_usable(app) == []
    whole = elsewhere.task("Prepare the workshop", due={"date": day(-1)}, priority=1, recurrence=["RRULE:FREQ=DAILY"])
    part = elsewhere.task("Book the room", parentId=whole)
    elsewhere.ask("PATCH", f"/v1/tasks/{part}", {"status": "COMPLETED"})
    elsewhere.task("Read the long report on the future of calendars in small companies")
    opened(app, "Prepare the workshop", "Book the room")
    assert is_usable(app) == []
    app.get_by_role("button", name="Prepare the workshop").first.click()
    app.get_by_label("Remind me as usual").uncheck()
    app.get_by_role("button", name="Add a reminder").click()
    assert is_usable(app) == []


# --- in the calendar --------------------------------------------------------------------------------------------------
def in_calendar(app: Page, name: str) -> Locator:
    return app.locator("main .due-task", has_text=name)


@pytest.mark.parametrize(("view", "date"), [
    ("day", "2027-05-05"), ("week", "2027-05-12"), ("three", "2027-05-19"), ("month", "2027-06-16"),
    ("agenda", "2027-07-07"),
])  # fmt: skip
def test_a_task_stands_in_the_calendar_on_its_day_and_is_ticked_there(
    app: Page, elsewhere: Api, view: str, date: str
) -> None:
    if view != "month":  # where a low window has room for two
        elsewhere.event("Trip", date, f"{date[:8]}{int(date[8:]) + 2:02d}")
    elsewhere.task("Water the garden", due={"date": date})
    elsewhere.task("Call the doctor", due={"dateTime": f"{date}T16:00:00", "timeZone": ZONE})
    if view == "three":
        app.set_viewport_size({"width": 390, "height": 844})
    app.goto(f"/app/{view}/{date}")
    task = in_calendar(app, "Water the garden")
    expect(in_calendar(app, "Call the doctor")).to_contain_text("4")
    task.get_by_role("checkbox", name="Done: Water the garden").click()
    expect(app.locator(".toast:popover-open")).to_contain_text("Done.")
    expect(task).to_have_class(re.compile("done"))
    expect(task.get_by_role("checkbox")).to_be_focused()
    app.keyboard.press("Control+z")
    expect(app.locator(".toast:popover-open")).to_contain_text("Undone.")
    expect(task.get_by_role("checkbox")).not_to_be_checked()
    task.get_by_role("button").click()
    expect(app.get_by_role("dialog", name="Edit task").get_by_label("Title")).to_have_value("Water the garden")


def test_what_was_done_long_ago_is_seen_on_its_day(app: Page, elsewhere: Api) -> None:
    task = elsewhere.task("Old bill", due={"date": "2026-03-04"})
    elsewhere.ask("PATCH", f"/v1/tasks/{task}", {"completed": "2026-03-04T09:00:00Z"})
    app.goto("/app/week/2026-03-04")
    expect(in_calendar(app, "Old bill")).to_have_class(re.compile("done"))


def test_a_hidden_calendar_hides_its_tasks_and_a_full_day_counts_them(app: Page, elsewhere: Api) -> None:
    for number in range(9):
        elsewhere.task(f"Errand {number}", due={"date": "2027-03-10"})
    app.goto("/app/month/2027-03-10")
    seen = in_calendar(app, "Errand")
    expect(seen.first).to_be_visible()
    cell = app.locator(".cell").filter(has=app.get_by_role("button", name="Wednesday, March 10, 2027"))
    expect(cell.locator(".more")).to_have_text(f"{9 - seen.count()} more")
    app.get_by_label("Personal", exact=True).uncheck()
    expect(seen).to_have_count(0)
    expect(cell.locator(".more")).to_have_count(0)
    app.get_by_label("Personal", exact=True).check()


def test_the_tasks_of_the_calendar_can_be_used_by_everybody(app: Page, elsewhere: Api) -> None:
    done = elsewhere.task("Send the long report on the future of calendars", due={"date": day()})
    elsewhere.ask("PATCH", f"/v1/tasks/{done}", {"status": "COMPLETED"})
    elsewhere.task("Pay the rent", due={"dateTime": f"{day()}T17:00:00", "timeZone": ZONE})
    for view in ("day", "week", "month", "agenda"):
        app.set_viewport_size({"width": 1280, "height": 800})
        app.goto(f"/app/{view}")
        expect(in_calendar(app, "Pay the rent")).to_be_visible()
        assert is_usable(app) == []

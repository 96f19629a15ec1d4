"""How to meet what the endpoints of events, tasks and iCalendar text refuse themselves: see declared_scenarios.py."""

from __future__ import annotations

from typing import Any, Final

from aurora_time.domain.component import MAX_OBJECT_BYTES
from aurora_time.store.calendars import Head
from tests.api.declared_scenarios import KEYED, Scenario, Scene, Wish, overtaken, send
from tests.api.test_calendars import grown
from tests.api.transfer_scenarios import calendar_text, component
from tests.api.world import day, timed

NINE: Final = timed("2026-11-23T09:00:00")
HUGE: Final = "\U0001f600" * 90_000
"""Few enough characters for a description, too many bytes for an object."""
THERE: Final = "there@example.org"


def saying(**body: Any) -> Scenario:
    """A request with this body."""

    async def prepare(_scene: Scene) -> Wish:
        return Wish(body=body)

    return prepare


async def _full(scene: Scene) -> None:
    """From now on the account holds no more events and tasks."""
    await grown(scene.world, Head(0, 3, 1_000_000))


async def a_sentence_in_a_full_account(scene: Scene) -> Wish:
    await _full(scene)
    return Wish(body={"text": "Lunch with Sam tomorrow at noon"})


async def an_event_at_its_limit(scene: Scene) -> str:
    """The id of a series to which not a byte can be added."""
    ann = scene.world.ann
    event = await ann.event(recurrence=["RRULE:FREQ=DAILY"], description="\U0001f600" * 86_000)
    path = f"/v1/events/{event['id']}"
    low, high = 0, 10_000
    while high - low > 1:  # who knows what an event weighs beside its text
        middle = (low + high) // 2
        asked = await ann.ask("PATCH", path, {"description": f"{event['description']}{'x' * middle}"})
        low, high = (middle, high) if asked.status_code == 200 else (low, middle)
    await ann.change(path, description=f"{event['description']}{'x' * low}")
    assert 4 * 86_000 + low < MAX_OBJECT_BYTES
    return str(event["id"])


# --- events ---------------------------------------------------------------------------------------------------------
async def a_uid_that_is_there(scene: Scene) -> Wish:
    await scene.world.ann.event(uid=THERE)
    return Wish(body={"summary": "x", "start": NINE, "uid": THERE})


async def a_listed_occurrence_of_a_full_event(scene: Scene) -> Wish:
    """That one is deleted has to be written down."""
    return Wish(ids={"eventId": f"{await an_event_at_its_limit(scene)}_20261124T090000"})


async def an_occurrence_of_a_full_event(scene: Scene) -> Wish:
    return Wish(ids={"eventId": await an_event_at_its_limit(scene), "recurrenceId": "20261124T090000"})


async def a_series_with_too_much_before(scene: Scene) -> Wish:
    """COUNT is divided by counting."""
    recurrence = ["RRULE:FREQ=HOURLY;COUNT=200000"]
    series = await scene.world.ann.event(recurrence=recurrence, end=timed("2026-11-23T09:30:00"))
    return Wish(ids={"eventId": series["id"], "recurrenceId": "20451124T090000"}, query={"scope": "following"})


async def an_event_in_the_trash_of_a_full_account(scene: Scene) -> Wish:
    event = await scene.world.ann.event()
    await scene.world.ann.remove(f"/v1/events/{event['id']}")
    await _full(scene)
    return Wish(ids={"eventId": event["id"]})


async def an_event_whose_uid_is_there_again(scene: Scene) -> Wish:
    event = await scene.world.ann.event(uid=THERE)
    await scene.world.ann.remove(f"/v1/events/{event['id']}")
    await scene.world.ann.event(uid=THERE)
    return Wish(ids={"eventId": event["id"]})


async def a_token_of_nothing(_scene: Scene) -> Wish:
    return Wish(body={"token": "some.thing"})


async def a_token_of_what_was_changed_again(scene: Scene) -> Wish:
    path = f"/v1/events/{(await scene.world.ann.event())['id']}"
    first = await scene.world.ann.ask("PATCH", path, {"summary": "Else"})
    await scene.world.ann.change(path, summary="Again")
    return Wish(body={"token": first.headers["undo-token"]})


async def a_token_of_a_deletion_in_a_full_account(scene: Scene) -> Wish:
    event = await scene.world.ann.event()
    gone = await scene.world.ann.ask("DELETE", f"/v1/events/{event['id']}")
    await _full(scene)
    return Wish(body={"token": gone.headers["undo-token"]})


async def a_token_whose_answer_is_too_large_to_keep(scene: Scene) -> Wish:
    """As that of two of the largest events would be."""
    event = await scene.world.ann.event()
    changed = await scene.world.ann.ask("PATCH", f"/v1/events/{event['id']}", {"summary": "Else"})
    scene.patch.setattr("aurora_time.api.once.MAX_BODY", 200)
    wish = Wish(body={"token": changed.headers["undo-token"]}, headers=KEYED.headers)
    assert (await send(scene, wish)).status_code == 200
    return wish


# --- tasks, quick-add -----------------------------------------------------------------------------------------------
async def a_uid_of_a_task(scene: Scene) -> Wish:
    await scene.world.ann.make("/v1/tasks", {"summary": "x", "uid": THERE})
    return Wish(body={"summary": "x", "uid": THERE})


async def a_task_in_the_trash_of_a_full_account(scene: Scene) -> Wish:
    await scene.world.ann.remove(f"/v1/tasks/{scene.ids['taskId']}")
    await _full(scene)
    return Wish()


async def a_task_whose_uid_is_there_again(scene: Scene) -> Wish:
    task = await scene.world.ann.make("/v1/tasks", {"summary": "x", "uid": THERE})
    await scene.world.ann.remove(f"/v1/tasks/{task['id']}")
    await scene.world.ann.make("/v1/tasks", {"summary": "x", "uid": THERE})
    return Wish(ids={"taskId": task["id"]})


# --- iCalendar ------------------------------------------------------------------------------------------------------
async def text_of_more_than_fits(scene: Scene) -> Wish:
    await _full(scene)
    return Wish(body=calendar_text(component("VEVENT", "new", "DTSTART:20261123T090000Z")))


async def text_that_cannot_be_read(_scene: Scene) -> Wish:
    return Wish(body="BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")


async def a_calendar_that_is_not_there(_scene: Scene) -> Wish:
    return Wish(query={"calendarId": "nowhere"})


OBJECT_REFUSALS: Final[dict[tuple[str, str], Scenario]] = {
    ("createEvent", "conflict"): a_uid_that_is_there,
    ("createEvent", "invalid"): saying(summary="x", start=NINE, calendarId="nowhere"),
    ("createEvent", "too-large"): saying(summary="x", start=NINE, description=HUGE),
    ("replaceEvent", "conflict"): a_uid_that_is_there,
    ("replaceEvent", "invalid"): saying(summary="x", start=NINE, end=day("2026-11-24")),
    ("replaceEvent", "too-large"): saying(summary="x", start=NINE, description=HUGE),
    ("updateEvent", "conflict"): a_uid_that_is_there,
    ("updateEvent", "invalid"): saying(etag="mine"),
    ("updateEvent", "too-large"): saying(description=HUGE),
    ("deleteEvent", "conflict"): overtaken,
    ("deleteEvent", "too-large"): a_listed_occurrence_of_a_full_event,
    ("updateOccurrence", "conflict"): overtaken,
    ("updateOccurrence", "invalid"): saying(calendarId="nowhere"),
    ("updateOccurrence", "too-large"): saying(description=HUGE),
    ("deleteOccurrence", "conflict"): overtaken,
    ("deleteOccurrence", "invalid"): a_series_with_too_much_before,
    ("deleteOccurrence", "too-large"): an_occurrence_of_a_full_event,
    ("restoreEvent", "conflict"): an_event_whose_uid_is_there_again,
    ("restoreEvent", "too-large"): an_event_in_the_trash_of_a_full_account,
    ("undo", "not-found"): a_token_of_nothing,
    ("undo", "conflict"): a_token_of_what_was_changed_again,
    ("undo", "too-large"): a_token_of_a_deletion_in_a_full_account,
    ("undo", "answer-not-kept"): a_token_whose_answer_is_too_large_to_keep,
    ("createTask", "conflict"): a_uid_of_a_task,
    ("createTask", "invalid"): saying(summary="x", parentId="nowhere"),
    ("createTask", "too-large"): saying(summary="x", description=HUGE),
    ("updateTask", "conflict"): a_uid_of_a_task,
    ("updateTask", "invalid"): saying(calendarId="nowhere"),
    ("updateTask", "too-large"): saying(description=HUGE),
    ("deleteTask", "conflict"): overtaken,
    ("restoreTask", "conflict"): a_task_whose_uid_is_there_again,
    ("restoreTask", "too-large"): a_task_in_the_trash_of_a_full_account,
    ("quickAdd", "invalid"): saying(text="Lunch tomorrow at noon", timeZone="Mars/Olympus"),
    ("quickAdd", "too-large"): a_sentence_in_a_full_account,
    ("importCalendar", "invalid"): text_that_cannot_be_read,
    ("importCalendar", "too-large"): text_of_more_than_fits,
    ("export", "not-found"): a_calendar_that_is_not_there,
}

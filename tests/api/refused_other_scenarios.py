"""How to meet what all other endpoints refuse themselves: see declared_scenarios.py."""

from __future__ import annotations

from typing import Final

from aurora_time.operations import canary
from aurora_time.operations.meter import Meter
from aurora_time.store.calendars import Head
from tests.api.declared_scenarios import Scenario, Scene, Wish, a_table_that_is_away, overtaken
from tests.api.link_scenarios import a_link_that_was_read_a_moment_ago
from tests.api.refused_object_scenarios import an_event_at_its_limit, saying
from tests.api.reminder_scenarios import a_reminder, a_rule
from tests.api.schedule_scenarios import TUESDAY, a_booking, a_schedule
from tests.api.test_calendars import grown
from tests.api.world import timed

GUEST: Final = {"name": "Sam", "email": "sam@example.org"}


# --- calendars ------------------------------------------------------------------------------------------------------
async def as_many_calendars_as_there_may_be(scene: Scene) -> Wish:
    await grown(scene.world, Head(0, 1_000, 0))
    return Wish()


async def the_primary_calendar(scene: Scene) -> Wish:
    return Wish(ids={"calendarId": await scene.world.primary(scene.world.ann)})


async def a_calendar_in_the_trash_while_others_are_faster(scene: Scene) -> Wish:
    await scene.world.ann.remove(f"/v1/calendars/{scene.ids['calendarId']}")
    return await overtaken(scene)


async def a_calendar_in_the_trash_of_a_full_account(scene: Scene) -> Wish:
    await scene.world.ann.remove(f"/v1/calendars/{scene.ids['calendarId']}")
    return await as_many_calendars_as_there_may_be(scene)


# --- reminders and their rules --------------------------------------------------------------------------------------
async def as_many_rules_as_there_may_be(scene: Scene) -> Wish:
    for _ in range(49):  # and there is one already
        await a_rule(scene.world.ann)
    return Wish()


async def one_more_reminder_of_a_full_event(scene: Scene) -> Wish:
    return Wish(body={"eventId": await an_event_at_its_limit(scene), "minutesBefore": 90})


async def one_more_reminder_while_others_are_faster(scene: Scene) -> Wish:
    event = await scene.world.ann.event()
    await overtaken(scene)
    return Wish(body={"eventId": event["id"], "minutesBefore": 90})


async def a_reminder_of_an_event(scene: Scene) -> Wish:
    return Wish(ids={"reminderId": (await a_reminder(scene.world.ann))["id"]})


async def a_reminder_of_an_event_that_is_gone(scene: Scene) -> Wish:
    scene.world.at("2026-11-23T01:50:00Z")
    await scene.world.attend()
    rung = next(
        each for each in (await scene.world.ann.get("/v1/reminders", status="sent"))["items"] if each["eventId"]
    )
    await scene.world.ann.remove(f"/v1/events/{rung['eventId']}")
    return Wish(ids={"reminderId": rung["id"]})


async def a_reminder_that_is_not_due_yet(_scene: Scene) -> Wish:
    return Wish()


# --- schedules and bookings -----------------------------------------------------------------------------------------
async def as_many_schedules_as_there_may_be(scene: Scene) -> Wish:
    for _ in range(99):  # and there is one already
        await a_schedule(scene.world)
    return Wish()


async def a_slug_that_is_taken(scene: Scene) -> Wish:
    await scene.world.bob.make("/v1/schedules", {"name": "Mine", "slug": "the-talk"})
    return Wish(body={"name": "x", "slug": "the-talk"})


async def a_booking_in_a_full_account(scene: Scene) -> Wish:
    await grown(scene.world, Head(0, 1, 1_000_000))
    return Wish()


async def a_slot_that_is_taken(scene: Scene) -> Wish:
    schedule = await a_schedule(scene.world)
    await a_booking(scene.world, schedule, start="2026-11-24T03:00:00Z")
    return Wish(ids={"scheduleId": schedule["id"]}, body={**GUEST, "start": "2026-11-24T03:00:00Z"})


async def more_occurrences_than_are_looked_at(scene: Scene) -> Wish:
    await scene.world.ann.event(recurrence=["RRULE:FREQ=HOURLY"], end=timed("2026-11-23T09:30:00"))
    scene.patch.setattr("aurora_time.operations.free_busy.MAX_OCCURRENCES", 100)
    return Wish()


# --- the account ----------------------------------------------------------------------------------------------------
async def a_scope_that_the_token_does_not_have(scene: Scene) -> Wish:
    client = scene.world.client(await scene.world.token(scene.world.ann.id, ("account:write",)))
    return Wish(client=client)


async def an_address_that_is_kept_here(_scene: Scene) -> Wish:
    return Wish()


async def a_token_that_has_expired(_scene: Scene) -> Wish:
    return Wish(query={"since": "of-another-home"})


# --- the service ----------------------------------------------------------------------------------------------------
async def a_loop_that_stands_still(scene: Scene) -> Wish:
    await canary.start(scene.world.services)
    scene.world.clock.time += 10 * 86_400
    return Wish()


async def metrics_of_a_stranger(scene: Scene) -> Wish:
    scene.patch.setattr(Meter, "admits", lambda _self, _authorization: False)
    return Wish()


OTHER_REFUSALS: Final[dict[tuple[str, str], Scenario]] = {
    ("renewCalendarLink", "conflict"): overtaken,
    ("deleteCalendarLink", "conflict"): overtaken,
    ("readByLink", "too-many-requests"): a_link_that_was_read_a_moment_ago,
    ("readByLink", "unavailable"): a_table_that_is_away,
    ("createCalendar", "invalid"): saying(name="Work", timeZone="Mars/Olympus"),
    ("createCalendar", "too-large"): as_many_calendars_as_there_may_be,
    ("updateCalendar", "conflict"): overtaken,
    ("updateCalendar", "invalid"): saying(primary=True),
    ("deleteCalendar", "conflict"): the_primary_calendar,
    ("restoreCalendar", "conflict"): a_calendar_in_the_trash_while_others_are_faster,
    ("restoreCalendar", "too-large"): a_calendar_in_the_trash_of_a_full_account,
    ("createReminderRule", "conflict"): overtaken,
    ("createReminderRule", "invalid"): saying(name="x", triggers=[], match={"calendarId": ["nowhere"]}),
    ("createReminderRule", "too-large"): as_many_rules_as_there_may_be,
    ("previewNewRule", "invalid"): saying(name="x", triggers=[], match={"calendarId": ["nowhere"]}),
    ("updateReminderRule", "conflict"): overtaken,
    ("updateReminderRule", "invalid"): saying(match={"calendarId": ["nowhere"]}),
    ("deleteReminderRule", "conflict"): overtaken,
    ("createReminder", "conflict"): one_more_reminder_while_others_are_faster,
    ("createReminder", "invalid"): saying(at="2026-11-19T09:00:00", text="Too late"),
    ("createReminder", "too-large"): one_more_reminder_of_a_full_event,
    ("updateReminder", "conflict"): a_reminder_of_an_event,
    ("updateReminder", "invalid"): saying(at="2026-11-19T09:00:00"),
    ("deleteReminder", "conflict"): a_reminder_of_an_event,
    ("snoozeReminder", "conflict"): a_reminder_of_an_event_that_is_gone,
    ("snoozeReminder", "invalid"): saying(minutes=5, until="2026-11-24T09:00:00"),
    ("dismissReminder", "conflict"): overtaken,
    ("showReminder", "conflict"): a_reminder_that_is_not_due_yet,
    ("createSchedule", "conflict"): a_slug_that_is_taken,
    ("createSchedule", "invalid"): saying(name="x", busyCalendarIds=["nowhere"]),
    ("createSchedule", "too-large"): as_many_schedules_as_there_may_be,
    ("updateSchedule", "conflict"): a_slug_that_is_taken,
    ("updateSchedule", "invalid"): saying(timeZone="Mars/Olympus"),
    ("deleteSchedule", "conflict"): overtaken,
    ("listSlots", "too-large"): more_occurrences_than_are_looked_at,
    ("createBooking", "conflict"): a_slot_that_is_taken,
    ("createBooking", "invalid"): saying(**GUEST, start=TUESDAY.replace("02:00", "02:01")),
    ("createBooking", "too-large"): a_booking_in_a_full_account,
    ("deleteBooking", "conflict"): overtaken,
    ("queryFreeBusy", "invalid"): saying(**{"from": "2026-11-23", "to": "2026-11-24", "calendarIds": ["nowhere"]}),
    ("queryFreeBusy", "too-large"): more_occurrences_than_are_looked_at,
    ("listChanges", "sync-token-expired"): a_token_that_has_expired,
    ("followEmail", "conflict"): an_address_that_is_kept_here,
    ("updateMe", "conflict"): overtaken,
    ("updateMe", "invalid"): saying(timeZone="Mars/Olympus"),
    ("deleteMe", "conflict"): overtaken,
    ("createToken", "insufficient-scope"): a_scope_that_the_token_does_not_have,
    ("createToken", "invalid"): saying(name="x", scopes=["everything"]),
    ("getHealth", "unavailable"): a_loop_that_stands_still,
    ("getReadiness", "unavailable"): a_loop_that_stands_still,
    ("getMetrics", "not-found"): metrics_of_a_stranger,
    ("getMetrics", "unavailable"): a_table_that_is_away,
}

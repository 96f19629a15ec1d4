"""How to meet each success that is not that of the usual request: see declared_scenarios.py."""

from __future__ import annotations

from typing import Final

from aurora_time.operations import canary
from tests.api.account_scenarios import elsewhere, signs_in_elsewhere
from tests.api.declared_scenarios import Scenario, Scene, Wish, path_of, send
from tests.api.refused_object_scenarios import saying
from tests.api.transfer_scenarios import calendar_text, component


async def what_was_read_before(scene: Scene) -> Wish:
    read = await send(scene)
    return Wish(headers={"if-none-match": read.headers["etag"]})


async def more_than_one_write_holds(_scene: Scene) -> Wish:
    return Wish(body=calendar_text(*(component("VEVENT", str(n), "DTSTART:20261123T090000Z") for n in range(60))))


async def what_was_just_deleted(scene: Scene) -> Wish:
    await scene.world.ann.remove(path_of(scene).removesuffix("/restore"))
    return Wish()


async def a_calendar_that_was_deleted_with_what_is_in_it(scene: Scene) -> Wish:
    await scene.world.ann.event(calendarId=scene.ids["calendarId"])
    await what_was_just_deleted(scene)
    await scene.world.attend()
    return Wish()


async def what_was_just_done(scene: Scene) -> Wish:
    gone = await scene.world.ann.ask("DELETE", f"/v1/events/{scene.ids['eventId']}")
    return Wish(body={"token": gone.headers["undo-token"]})


async def a_reminder_that_is_due_in_the_browser(scene: Scene) -> Wish:
    made = await scene.world.ann.make(
        "/v1/reminders", {"at": "2026-11-25T02:00:00Z", "text": "Call the bank", "channel": "browser"}
    )
    scene.world.at(made["due"])
    return Wish(ids={"reminderId": made["id"]})


async def a_loop_that_runs(scene: Scene) -> Wish:
    await canary.start(scene.world.services)
    return Wish()


async def another_address_at_the_issuer(scene: Scene) -> Wish:
    await elsewhere(scene.world)
    signs_in_elsewhere(scene.world, {"auth0|ann": "anna@example.org"})
    return Wish()


SUCCESSES: Final[dict[tuple[str, int], Scenario]] = {
    ("importCalendar", 202): more_than_one_write_holds,
    ("restoreEvent", 200): what_was_just_deleted,
    ("restoreTask", 200): what_was_just_deleted,
    ("restoreCalendar", 202): a_calendar_that_was_deleted_with_what_is_in_it,
    ("undo", 200): what_was_just_done,
    ("quickAdd", 200): saying(text="Lunch with Sam tomorrow at noon"),
    ("showReminder", 200): a_reminder_that_is_due_in_the_browser,
    ("followEmail", 204): another_address_at_the_issuer,
    ("getReadiness", 200): a_loop_that_runs,
}

WHERE_SOMETHING_IS_DONE: Final[dict[str, int]] = {"restoreCalendar": 202}
"""The status of what changes something, for operations whose usual one answers that there was nothing to do."""

"""Cases about rules and reminders, the loop that rings, and what is done for many events at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aurora_time.operations import canary
from tools.capacity.account import Json, timed
from tools.capacity.stage import TUESDAY, WEEKLY, Stage, case

_OWN: Final = {"useDefault": False, "overrides": [{"minutesBefore": 10}]}


# --- rules and reminders ----------------------------------------------------------------------------------------------
async def _rule(stage: Stage, name: str) -> Json:
    rule = {"name": name, "match": {"words": [name]}, "triggers": [{"minutesBefore": 45}]}
    return await stage.home.make("/v1/reminder-rules", rule)


@case("create a reminder rule: the settings and a job")
async def create_rule(stage: Stage) -> object:
    return await _rule(stage, "flight")


@case("that job: arm 100 events anew of which none rings otherwise")
async def rearm(stage: Stage) -> None:
    stage.home.clock.time += 3600
    await stage.home.finish_jobs()
    await _rule(stage, "concert")
    (job,) = [each for each in await stage.home.sweep(10_000) if "#j:" in each.key.sort]
    await stage.home.attend(job.key.sort)


@case("what a rule would ring in the next 30 days", reads=True)
async def preview_rule(stage: Stage) -> object:
    rule = {"name": "New", "match": {"words": ["Berlin"]}, "triggers": [{"minutesBefore": 5}]}
    return await stage.home.make("/v1/reminder-rules/preview", rule)


@case("the reminders of the next day, planned and sent", reads=True)
async def list_reminders(stage: Stage) -> object:
    return await stage.home.get(f"/v1/reminders?from={TUESDAY}&to={TUESDAY + timedelta(days=1)}")


@case("a page of the reminders that were sent", reads=True)
async def list_sent(stage: Stage) -> object:
    return await stage.home.get(f"/v1/reminders?from={TUESDAY - timedelta(days=30)}&to={TUESDAY}&status=sent")


async def _planned(stage: Stage, hour: int) -> str:
    made = await stage.event(hour=hour, reminders=_OWN)
    found = await stage.home.get(f"/v1/reminders?from={TUESDAY}&to={TUESDAY + timedelta(days=1)}")
    return next(str(each["id"]) for each in found["items"] if each["eventId"] == made["id"])


@case("snooze a reminder")
async def snooze_reminder(stage: Stage) -> object:
    return await stage.home.make(f"/v1/reminders/{await _planned(stage, 16)}/snooze", {"minutes": 10})


@case("dismiss a reminder")
async def dismiss_reminder(stage: Stage) -> object:
    return await stage.home.make(f"/v1/reminders/{await _planned(stage, 17)}/dismiss", {})


@case("a reminder of its own, for no event")
async def create_reminder(stage: Stage) -> object:
    return await stage.home.make("/v1/reminders", {"at": "2026-12-24T09:00:00", "text": "Call the bank"})


# --- the loop ---------------------------------------------------------------------------------------------------------
@case("look for what is due: nothing is", reads=True)
async def sweep_nothing(stage: Stage) -> object:
    stage.home.at("2026-11-20T02:00:30Z")
    return await stage.home.sweep()


async def _due(stage: Stage, number: int, **more: object) -> list[str]:
    """Events whose reminders are due at the moment that it then is, half past three on Tuesday."""
    body = stage.body() | {"start": timed(TUESDAY, 15, 40), "end": timed(TUESDAY, 16), "reminders": _OWN} | more
    made = [str((await stage.home.make("/v1/events", body))["id"]) for _ in range(number)]
    stage.home.at("2026-11-24T08:30:00Z")
    return made


@case("look for what is due: ten reminders are")
async def sweep_ten(stage: Stage) -> object:
    await _due(stage, 10)
    await stage.home.finish_jobs()
    return await stage.home.sweep(10)


@case("the same for a queue, each minute: and whether the home is being moved", reads=True)
async def sweep_for_queue(stage: Stage) -> None:
    stage.home.at("2026-11-20T02:00:30Z")
    await stage.home.sweep_for_queue()


@case("hand a reminder over to a queue")
async def hand_over(stage: Stage) -> None:
    (event_id,) = await _due(stage, 1)
    await stage.home.hand_over(event_id)


@case("fire a reminder, the last of its event")
async def fire(stage: Stage) -> None:
    (event_id,) = await _due(stage, 1)
    await stage.home.attend(event_id)


@case("fire a reminder of a series, which rings again")
async def fire_of_series(stage: Stage) -> None:
    (event_id,) = await _due(stage, 1, recurrence=WEEKLY)
    await stage.home.attend(event_id)


@case("the agenda of a day by mail")
async def agenda_mail(stage: Stage) -> None:
    await stage.home.patch("/v1/me", agendaMail={"enabled": True, "at": "06:00"})
    stage.home.at("2026-11-20T23:00:00Z")
    await stage.home.attend("#a:")


@case("the canary of a minute")
async def canary_minute(stage: Stage) -> None:
    await canary.start(stage.home.services)
    stage.home.clock.time += 60
    await stage.home.attend("#c:")


@case("list the jobs", reads=True)
async def list_jobs(stage: Stage) -> object:
    return await stage.home.get("/v1/jobs")


# --- much at once -----------------------------------------------------------------------------------------------------
def _text(name: str, count: int) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number in range(count):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}-{number}@elsewhere.example",
            "DTSTAMP:20261101T080000Z",
            f"DTSTART;TZID=Asia/Ho_Chi_Minh:202612{1 + number % 28:02}T{9 + number // 28:02}0000",
            f"SUMMARY:Imported {number}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@case("import 10 events at once")
async def import_ten(stage: Stage) -> object:
    return await stage.home.ask("POST", "/v1/import", _text("ten", 10), content_type="text/calendar")


@case("the job of a larger import: a chunk of 100 events")
async def import_hundred(stage: Stage) -> None:
    stage.home.clock.time += 3600
    await stage.home.finish_jobs()
    await stage.home.ask("POST", "/v1/import", _text("hundred", 100), content_type="text/calendar")
    (job,) = [each for each in await stage.home.sweep(10_000) if "#j:" in each.key.sort]
    await stage.home.attend(job.key.sort)


@case("export the account as JSON, 2,000 events", reads=True)
async def export(stage: Stage) -> object:
    return await stage.home.ask("GET", "/v1/export?format=json")

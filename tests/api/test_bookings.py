"""Bookings over REST: a slot becomes an event, two mails and, perhaps, free again."""

from __future__ import annotations

import pytest

from aurora_time.operations import bookings
from aurora_time.operations.job_mail import GIVE_UP
from aurora_time.operations.restored import put_restored
from aurora_time.operations.suppression import note_bounce
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError
from aurora_time.store import keys
from aurora_time.store.schedules import BOOKING_KEPT
from tests.api.schedule_scenarios import TUESDAY, a_booking, a_schedule
from tests.api.world import Json, World, pointers, timed


def path(schedule: Json, booking: Json | None = None) -> str:
    return f"/v1/schedules/{schedule['id']}/bookings" + (f"/{booking['id']}" if booking else "")


def wish(**fields: object) -> Json:
    return {"start": TUESDAY, "name": "Sam", "email": "sam@example.org", **fields}


async def free(world: World, schedule: Json) -> list[str]:
    found = await world.ann.get(f"/v1/schedules/{schedule['id']}/slots", from_="2026-11-24", to="2026-11-25")
    return [each["start"] for each in found["items"]]


# --- booking ----------------------------------------------------------------------------------------------------------
async def test_a_booking_becomes_an_event_of_the_owners(world: World) -> None:
    schedule = await a_schedule(world)
    made = await world.ann.ask("POST", path(schedule), wish(note="The garden", timeZone="europe/berlin", locale="vi"))
    booking = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == path(schedule, booking)
    assert (booking["start"], booking["end"]) == (TUESDAY, "2026-11-24T02:30:00Z")
    assert (booking["timeZone"], booking["locale"], booking["note"]) == ("Europe/Berlin", "vi", "The garden")
    assert await world.ann.get(path(schedule, booking)) == booking
    event = await world.ann.get(f"/v1/events/{booking['eventId']}")
    assert event["summary"] == "First talk: Sam"
    assert event["description"] == "The garden"
    assert event["start"] == timed("2026-11-24T09:00:00")
    assert event["end"] == timed("2026-11-24T09:30:00")
    assert [(each["email"], each["partstat"]) for each in event["attendees"]] == [("sam@example.org", "ACCEPTED")]
    assert event["organizer"]["email"] == "ann@example.org"
    assert event["reminders"] == {"useDefault": True, "overrides": []}
    assert TUESDAY not in await free(world, schedule)


async def test_its_event_goes_to_the_first_busy_calendar_while_that_is_there(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    schedule = await a_schedule(world, busyCalendarIds=[work["id"]])
    first = await a_booking(world, schedule)
    assert (await world.ann.get(f"/v1/events/{first['eventId']}"))["calendarId"] == work["id"]
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    second = await a_booking(world, schedule, start="2026-11-24T03:00:00Z")
    assert (await world.ann.get(f"/v1/events/{second['eventId']}"))["calendarId"] == await world.primary(world.ann)


async def test_a_longer_slot_can_be_asked_for(world: World) -> None:
    schedule = await a_schedule(world)
    assert (await a_booking(world, schedule, minutes=90))["end"] == "2026-11-24T03:30:00Z"
    assert (await free(world, schedule))[0] == "2026-11-24T03:30:00Z"


async def test_a_slot_in_the_second_pass_of_an_hour_ends_when_it_should(world: World) -> None:
    night = [{"days": ["SU"], "from": "01:00", "to": "04:00"}]
    schedule = await a_schedule(world, timeZone="Europe/Berlin", weekly=night, slotMinutes=60, horizonDays=366)
    world.at("2026-10-20T00:00:00Z")
    booking = await a_booking(world, schedule, start="2026-10-25T00:00:00Z", minutes=90)
    event = await world.ann.get(f"/v1/events/{booking['eventId']}")
    assert event["start"] == timed("2026-10-25T02:00:00", "Europe/Berlin")
    assert event["end"] == timed("2026-10-25T01:30:00", "UTC")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"start": "2026-11-24T09:00:00"}, "/start"),
        ({"start": "0001-01-01T00:00:00Z"}, "/start"),
        ({"start": "2026-11-24T02:10:00Z"}, "/start"),
        ({"start": "2026-11-22T02:00:00Z"}, "/start"),
        ({"name": " "}, "/name"),
        ({"name": "Sam\n"}, "/name"),
        ({"email": "sam"}, "/email"),
        ({"minutes": 1}, "/minutes"),
        ({"timeZone": "Nowhere"}, "/timeZone"),
        ({"locale": "fr"}, "/locale"),
        ({"note": "x" * 2_001}, "/note"),
        ({"guest": "Sam"}, "/guest"),
    ],
)
async def test_bad_input_is_refused_at_its_place_and_changes_nothing(world: World, fields: Json, pointer: str) -> None:
    schedule = await a_schedule(world)
    before = world.content()
    refused = await world.ann.refused(422, "POST", path(schedule), wish(**fields))
    assert pointers(refused) == [pointer]
    assert world.content() == before


@pytest.mark.parametrize(
    ("fields", "now", "reason"),
    [
        ({}, "2026-11-24T01:00:00Z", "at least 240 minutes ahead"),
        ({}, "2026-09-01T01:00:00Z", "at most 60 days ahead"),
        ({"start": "2026-11-24T03:00:00Z"}, None, "Something else takes this time"),
        ({"start": "2026-11-24T02:30:00Z", "minutes": 60}, None, "Something else takes this time"),
        ({"start": "2026-11-24T04:00:00Z"}, None, "too close to something else"),
        ({"start": "2026-11-24T09:30:00Z", "minutes": 60}, None, "hours of this schedule end"),
    ],
)
async def test_a_slot_that_is_not_free_is_refused_with_its_reason(
    world: World, fields: Json, now: str | None, reason: str
) -> None:
    schedule = await a_schedule(world, bufferBefore=10)
    await world.ann.event(start=timed("2026-11-24T10:00:00"), summary="Secret")
    if now:
        world.at(now)
    before = world.content()
    refused = await world.ann.refused(409, "POST", path(schedule), wish(**fields))
    assert reason in refused["detail"]
    assert f"/v1/schedules/{schedule['id']}/slots" in refused["detail"]
    assert "Secret" not in str(refused)
    assert world.content() == before


# --- listing ----------------------------------------------------------------------------------------------------------
async def test_bookings_are_listed_by_start_in_pages(world: World) -> None:
    schedule, other = await a_schedule(world), await a_schedule(world, name="Other")
    starts = [f"2026-11-24T0{hour}:{minute}:00Z" for hour in (2, 3, 4) for minute in ("00", "30")]
    made = {start: await a_booking(world, schedule, start=start) for start in reversed(starts)}
    await a_booking(world, other, start="2026-11-25T02:00:00Z")
    listed = (await world.ann.get(path(schedule)))["items"]
    assert listed == [made[start] for start in starts]
    found, cursor = [], ""
    for _ in range(3):
        page = await world.ann.get(path(schedule), limit=2, **({"cursor": cursor} if cursor else {}))
        found, cursor = found + page["items"], page["nextCursor"]
    assert (found, cursor) == (listed, None)
    window = {"from_": "2026-11-24T02:45:00Z", "to": "2026-11-24T04:00:00Z"}
    shown = [each["start"] for each in (await world.ann.get(path(schedule), **window))["items"]]
    assert shown == starts[1:4]
    assert len((await world.ann.get(path(schedule), **window, limit=1))["items"]) == 1
    world.at("2026-11-24T03:10:00Z")
    assert [each["start"] for each in (await world.ann.get(path(schedule)))["items"]] == starts[2:]
    assert (await world.ann.get(path(schedule), from_="2026-11-24", to="2026-11-25"))["items"] == listed


async def test_a_booking_is_remembered_for_four_hundred_days(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    world.at("2026-11-24T02:30:00Z")
    world.clock.time += BOOKING_KEPT - 1
    assert await world.ann.get(path(schedule, booking)) == booking
    world.clock.time += 1
    await world.ann.refused(404, "GET", path(schedule, booking))


# --- cancelling -------------------------------------------------------------------------------------------------------
async def test_a_cancelled_booking_is_gone_with_its_event_and_its_slot_is_free(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    old = f'"{booking["etag"]}"'
    await world.ann.refused(412, "DELETE", path(schedule, booking), if_match='"other"')
    assert (await world.ann.ask("GET", path(schedule, booking), if_none_match=old)).status_code == 304
    assert (await world.ann.ask("DELETE", path(schedule, booking), if_match=old)).status_code == 204
    await world.ann.refused(404, "GET", path(schedule, booking))
    await world.ann.refused(404, "DELETE", path(schedule, booking))
    await world.ann.refused(404, "GET", f"/v1/events/{booking['eventId']}")
    assert TUESDAY in await free(world, schedule)
    kinds = {part.split("#")[0] for part, _ in world.content()}
    assert not kinds & {"booking", "bookingplace", "bookinglink"}


async def test_who_is_cancelled_before_the_mails_went_out_gets_only_the_last_word(world: World) -> None:
    schedule = await a_schedule(world)
    await world.ann.remove(path(schedule, await a_booking(world, schedule)))
    await world.attend()
    assert sorted((mail.to, mail.subject.split(":")[0]) for mail in world.mailbox.mails) == [
        ("ann@example.org", "Cancelled"),
        ("sam@example.org", "Cancelled"),
    ]


async def test_what_is_over_is_removed_without_a_word(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    await world.attend()
    world.mailbox.mails.clear()
    world.at("2026-11-24T03:00:00Z")
    await world.ann.remove(path(schedule, booking))
    await world.attend()
    assert [mail for mail in world.mailbox.mails if "Cancelled" in mail.subject] == []


async def test_a_booking_of_another_schedule_is_not_there(world: World) -> None:
    schedule, other = await a_schedule(world), await a_schedule(world)
    booking = await a_booking(world, schedule)
    for method in ("GET", "DELETE"):
        await world.ann.refused(404, method, path(other, booking))
    await world.ann.remove(f"/v1/schedules/{schedule['id']}")
    await world.ann.refused(404, "GET", path(schedule, booking))
    assert (await world.ann.get(f"/v1/events/{booking['eventId']}"))["summary"] == "First talk: Sam"


# --- its mails --------------------------------------------------------------------------------------------------------
async def test_both_are_told_each_in_their_own_language_and_time(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule, timeZone="Europe/Berlin", locale="vi", note="The garden")
    assert world.mailbox.mails == [], "a mail server that is slow makes nobody wait"
    await world.attend()
    sam, ann = world.mailbox.mails
    assert (sam.to, sam.subject) == ("sam@example.org", "Đã đặt lịch: First talk – Thứ Ba, 24/11, 03:00")
    assert (ann.to, ann.subject) == ("ann@example.org", "New booking: First talk – Tue 24 Nov, 09:00")
    assert "Tue 24 Nov 2026, 03:00–03:30 (Europe/Berlin)" in ann.text
    assert "The garden" in ann.text
    assert [job for job in world.content() if job[0].startswith("job#")] == []


async def test_a_mail_server_that_is_away_gets_them_later_and_each_once(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule)
    usual, tries = world.mailbox.send, 0

    async def away(mail: Mail) -> None:
        nonlocal tries
        tries += 1
        if tries in (1, 3):
            raise MailUnavailableError("nothing listens")
        await usual(mail)

    world.mailbox.send = away  # type: ignore[method-assign]
    for minute in range(4):
        world.at(f"2026-11-20T02:0{minute}:00Z")
        await world.attend()
    assert [mail.to for mail in world.mailbox.mails] == ["sam@example.org", "ann@example.org"]
    assert tries == 4


async def test_who_cannot_be_reached_does_not_keep_the_other_from_being_told(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule, email="sam@nowhere.invalid")
    usual = world.mailbox.send

    async def refuse(mail: Mail) -> None:
        if "invalid" in mail.to:
            raise MailRefusedError("no such host")
        await usual(mail)

    world.mailbox.send = refuse  # type: ignore[method-assign]
    await world.attend()
    assert [mail.to for mail in world.mailbox.mails] == ["ann@example.org"]


async def test_after_a_day_without_a_mail_server_nobody_tries_any_more(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule)

    async def away(_: Mail) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.send = away  # type: ignore[method-assign]
    await world.attend()
    world.clock.time += GIVE_UP + 1
    await world.attend()
    assert [job for job in world.content() if job[0].startswith("job#")] == []


async def test_a_mail_is_not_sent_about_what_is_over_or_by_who_is_gone(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule)
    world.at("2026-11-24T03:00:00Z")
    await world.attend()
    assert [mail for mail in world.mailbox.mails if "ooking" in mail.subject] == []


async def test_the_same_news_has_the_same_message_id(world: World) -> None:
    schedule = await a_schedule(world)
    first = await a_booking(world, schedule)
    await world.attend()
    ids = [mail.message_id for mail in world.mailbox.mails]
    digests = [keys.digest(first["id"], "booked", to) for to in ("guest", "owner")]
    assert ids == [f"<{digest}@aurora.test>" for digest in digests]


async def test_an_address_that_takes_no_mail_gets_none_of_a_booking(world: World) -> None:
    await note_bounce(world.services, "sam@example.org", "complaint")
    await a_booking(world, await a_schedule(world))
    await world.attend()
    assert [mail.to for mail in world.mailbox.mails] == ["ann@example.org"]


async def test_a_restored_backup_repeats_no_mail_of_a_booking(world: World) -> None:
    await a_booking(world, await a_schedule(world))
    await world.table.write(put_restored(world.services.now, "v"))
    await world.attend()
    assert world.mailbox.mails == []


async def test_an_account_that_is_full_takes_no_booking(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = await a_schedule(world)
    monkeypatch.setattr(bookings, "MAX_EVENTS", 0)
    refused = await world.ann.refused(413, "POST", path(schedule), wish())
    assert "delete some" in refused["detail"]


async def test_nobody_is_sent_mails_without_end(world: World) -> None:
    """An account must be no way to fill a mailbox that is somebody else's."""
    schedule = await a_schedule(world)
    own = f"/v1/schedules/{schedule['id']}/bookings"
    for number in range(10):
        email = "Sam@example.org" if number % 2 else "sam@example.org"
        booking = await a_booking(world, schedule, email=email)
        await world.ann.ask("DELETE", f"{own}/{booking['id']}")
    body = {"start": TUESDAY, "name": "Sam", "email": "sam@example.org"}
    refused = await world.ann.ask("POST", own, body)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems#too-many-requests")
    assert refused.headers["retry-after"] == str(24 * 3600)
    assert (await world.ann.get(own))["items"] == []
    await a_booking(world, schedule, email="al@example.org")
    world.clock.time += 24 * 3600
    await a_booking(world, schedule, start="2026-11-25T02:00:00Z")

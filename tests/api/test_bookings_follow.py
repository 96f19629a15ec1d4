"""A booking follows its event: moved, cancelled, deleted, brought back, by whatever way; and the guest is told."""

from __future__ import annotations

import asyncio
import re

import icalendar
import pytest

from aurora_time.operations import bookings
from aurora_time.operations.booking_mail import PROMPT
from aurora_time.ports import Mail, MailUnavailableError
from aurora_time.store import keys
from aurora_time.store.people import hash_secret
from tests.api.schedule_scenarios import TUESDAY, a_booking, a_schedule
from tests.api.world import Json, World, day, timed

WEDNESDAY = "2026-11-25T03:00:00Z"
TO_WEDNESDAY: Json = {"start": timed("2026-11-25T10:00:00"), "end": timed("2026-11-25T10:30:00")}
WEEKLY = ["RRULE:FREQ=WEEKLY"]


class Told:
    """A mail to the guest, as a person and a calendar read it."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        (part,) = mail.attachments
        (event,) = icalendar.Calendar.from_ical(part.content).walk("VEVENT")
        self.what = mail.subject.split(":")[0]
        self.method = re.search(r"method=(\w+)", part.content_type)[1]  # type: ignore[index]
        self.uid, self.sequence = str(event["UID"]), int(event["SEQUENCE"])
        self.status, self.start = str(event["STATUS"]), event["DTSTART"].to_ical().decode()

    @property
    def seen(self) -> tuple[str, str, int, str]:
        return self.what, self.method, self.sequence, self.start

    @property
    def link(self) -> str:
        found = re.search(r"/booking/(\S+)", self.mail.text)
        assert found
        return found[1]


async def told(world: World, to: str = "sam@example.org") -> list[Told]:
    await world.attend()
    return [Told(mail) for mail in world.mailbox.mails if mail.to == to and mail.attachments]


async def booked(world: World, **fields: object) -> tuple[Json, Json]:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule, **fields)
    return schedule, booking


async def taken(world: World, schedule: Json) -> list[str]:
    """The starts of those of two slots that are not free."""
    found = await world.ann.get(f"/v1/schedules/{schedule['id']}/slots", from_="2026-11-24", to="2026-11-26")
    free = {each["start"] for each in found["items"]}
    return [each for each in (TUESDAY, WEDNESDAY) if each not in free]


async def listed(world: World, schedule: Json) -> list[str]:
    found = await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings", from_="2026-11-01", to="2026-12-31")
    return [each["start"] for each in found["items"]]


def event(booking: Json) -> str:
    return f"/v1/events/{booking['eventId']}"


FIRST = ("Booked", "REQUEST", 0, "20261124T020000Z")


# --- moved ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["PATCH", "PUT"])
async def test_moved_the_booking_moves_along_and_the_guest_gets_the_new_time(world: World, how: str) -> None:
    schedule, booking = await booked(world)
    await told(world)
    if how == "PATCH":
        await world.ann.change(event(booking), **TO_WEDNESDAY)
    else:
        body = {"summary": "Talk", **TO_WEDNESDAY}
        assert (await world.ann.ask("PUT", event(booking), body, if_match="*")).status_code == 200
    assert await taken(world, schedule) == [WEDNESDAY]
    assert await listed(world, schedule) == [WEDNESDAY]
    moved = await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")
    assert (moved["start"], moved["end"], moved["name"]) == (WEDNESDAY, "2026-11-25T03:30:00Z", "Sam")
    assert moved["etag"] != booking["etag"]
    first, last = await told(world)
    assert (first.seen, last.seen) == (FIRST, ("Moved", "REQUEST", 1, "20261125T030000Z"))
    assert first.uid == last.uid == f"{booking['eventId']}@aurora-time"
    assert last.mail.subject == "Moved: First talk – Wed 25 Nov, 10:00"
    assert "Before: Tue 24 Nov 2026, 09:00–09:30" in last.mail.text
    assert len([mail for mail in world.mailbox.mails if mail.to == "ann@example.org"]) == 1, "who moved it knows"


async def test_both_links_of_the_guest_lead_to_it_and_cancel_it(world: World) -> None:
    schedule, booking = await booked(world)
    await told(world)
    await world.ann.change(event(booking), **TO_WEDNESDAY)
    first, last = await told(world)
    for each in (first, last):
        _, found, _ = await bookings.find_by_link(world.services, each.link)
        assert found.id == booking["id"]
    await bookings.cancel_by_link(world.services, first.link)
    assert await taken(world, schedule) == []
    await world.ann.refused(404, "GET", event(booking))
    assert (await told(world))[-1].seen == ("Cancelled", "CANCEL", 2, "20261125T030000Z")
    kinds = {part.split("#")[0] for part, _ in world.content()}
    assert not kinds & {"booking", "bookingplace", "bookinglink"}


async def test_moved_often_the_first_link_and_the_latest_lead_to_it(world: World) -> None:
    _, booking = await booked(world)
    await told(world)
    for hour in range(10, 20):
        await world.ann.change(event(booking), start=timed(f"2026-11-25T{hour}:00:00"), end=None)
        world.clock.time += 1
    world.clock.time += 24 * 3600
    mails = await told(world)
    hashed = {part for part, _ in world.content() if part.startswith("bookinglink#")}
    assert {keys.booking_link(hash_secret(mails[at].link)).part for at in (0, -1)} <= hashed
    assert len(hashed) == 9


async def test_who_moves_it_for_ever_does_not_fill_the_guests_mailbox_and_the_last_word_arrives(world: World) -> None:
    _, booking = await booked(world)
    for number in range(60):
        await told(world)
        await world.ann.change(event(booking), start=timed(f"2026-12-01T09:{number:02}:00"), end=None)
        world.clock.time += 10
    assert len(await told(world)) == 1 + PROMPT
    world.clock.time += 24 * 3600
    mails = await told(world)
    assert len(mails) == 2 + PROMPT
    assert (mails[-1].sequence, mails[-1].start) == (60, "20261201T025900Z")


async def test_longer_at_the_same_time_it_takes_more(world: World) -> None:
    schedule, booking = await booked(world)
    await world.ann.change(event(booking), end=timed("2026-11-24T11:00:00"))
    assert await listed(world, schedule) == [TUESDAY]
    moved = await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")
    assert moved["end"] == "2026-11-24T04:00:00Z"
    assert [each.seen for each in await told(world)] == [("Moved", "REQUEST", 1, "20261124T020000Z")]


async def test_who_is_moved_before_the_first_mail_went_out_gets_only_the_last_word(world: World) -> None:
    _, booking = await booked(world)
    await world.ann.change(event(booking), **TO_WEDNESDAY)
    await world.ann.change(event(booking), start=timed("2026-11-25T14:00:00"), end=None)
    (only,) = await told(world)
    assert only.seen == ("Moved", "REQUEST", 2, "20261125T070000Z")
    _, found, _ = await bookings.find_by_link(world.services, only.link)
    assert found.id == booking["id"]


@pytest.mark.parametrize("fields", [{"summary": "Talk"}, {"reminders": {"useDefault": False, "overrides": []}}])
async def test_what_is_not_about_the_time_tells_nobody(world: World, fields: Json) -> None:
    schedule, booking = await booked(world)
    await told(world)
    await world.ann.change(event(booking), **fields)
    assert len(await told(world)) == 1
    assert await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}") == booking


async def test_in_another_calendar_it_is_the_same_booking(world: World) -> None:
    schedule, booking = await booked(world)
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await told(world)
    await world.ann.change(event(booking), calendarId=work["id"])
    assert len(await told(world)) == 1
    assert await taken(world, schedule) == [TUESDAY]
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    assert (await told(world))[-1].seen == ("Cancelled", "CANCEL", 1, "20261124T020000Z")
    assert await taken(world, schedule) == [], "with its calendar it is cancelled"


async def test_made_all_day_it_takes_the_day(world: World) -> None:
    schedule, booking = await booked(world)
    await world.ann.change(event(booking), start=day("2026-11-25"), end=None)
    moved = await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")
    assert (moved["start"], moved["end"]) == ("2026-11-24T17:00:00Z", "2026-11-25T17:00:00Z")
    assert await taken(world, schedule) == [WEDNESDAY]


async def test_of_a_series_that_was_made_of_it_the_guest_comes_the_first_time(world: World) -> None:
    schedule, booking = await booked(world)
    await told(world)
    await world.ann.change(event(booking), recurrence=WEEKLY)
    assert len(await told(world)) == 1
    occurrences = f"{event(booking)}/occurrences"
    await world.ann.change(f"{occurrences}/20261201T090000", start=timed("2026-12-01T15:00:00"), end=None)
    assert await listed(world, schedule) == [TUESDAY]
    await world.ann.change(f"{occurrences}/20261124T090000", **TO_WEDNESDAY)
    assert await listed(world, schedule) == [WEDNESDAY]
    await told(world)
    await world.ann.change(f"{occurrences}/20261208T090000?scope=following", summary="Without")
    assert await listed(world, schedule) == [WEDNESDAY]
    await world.ann.remove(f"{occurrences}/20261124T090000")
    assert await listed(world, schedule) == []
    assert [each.seen[:3] for each in (await told(world))[1:]] == [("Moved", "REQUEST", 1), ("Cancelled", "CANCEL", 2)]


# --- cancelled and brought back ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["deleted", "cancelled"])
async def test_gone_with_its_event_the_slot_is_free_and_both_are_told(world: World, how: str) -> None:
    schedule, booking = await booked(world)
    await told(world)
    if how == "deleted":
        await world.ann.remove(event(booking))
    else:
        await world.ann.change(event(booking), status="CANCELLED")
    assert await taken(world, schedule) == []
    await world.ann.refused(404, "GET", f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")
    first, last = await told(world)
    assert last.seen == ("Cancelled", "CANCEL", 1, "20261124T020000Z")
    assert (last.uid, last.status) == (first.uid, "CANCELLED")
    assert [each.what for each in await told(world, "ann@example.org")] == ["New booking", "Cancelled"]
    with pytest.raises(bookings.NotFoundError):
        await bookings.find_by_link(world.services, first.link)


@pytest.mark.parametrize("how", ["restored", "undone", "confirmed"])
async def test_brought_back_with_its_event_the_guest_is_invited_again(world: World, how: str) -> None:
    schedule, booking = await booked(world)
    await told(world)
    if how == "confirmed":
        await world.ann.change(event(booking), status="CANCELLED")
        await told(world)
        await world.ann.change(event(booking), status="CONFIRMED")
    else:
        gone = await world.ann.ask("DELETE", event(booking))
        await told(world)
        token = {"token": gone.headers["undo-token"]}
        way = f"{event(booking)}/restore" if how == "restored" else "/v1/undo"
        answered = await world.ann.ask("POST", way, token if how == "undone" else None)
        assert answered.status_code == 200, answered.text
    assert await taken(world, schedule) == [TUESDAY]
    back = await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")
    assert (back["start"], back["name"], back["note"]) == (TUESDAY, "Sam", "")
    first, *_, last = await told(world)
    assert last.seen == ("Booked", "REQUEST", 2, "20261124T020000Z")
    assert last.uid == first.uid
    for each in (first, last):
        _, found, _ = await bookings.find_by_link(world.services, each.link)
        assert found.id == booking["id"]
    ids = [mail.message_id for mail in world.mailbox.mails]
    assert len(ids) == len(set(ids)), "no mail program takes it for the first one"


async def test_undone_before_the_mail_went_out_the_guest_hears_of_no_cancellation(world: World) -> None:
    _, booking = await booked(world)
    await told(world)
    gone = await world.ann.ask("DELETE", event(booking))
    await world.ann.ask("POST", "/v1/undo", {"token": gone.headers["undo-token"]})
    assert [each.seen[:3] for each in await told(world)] == [FIRST[:3], ("Booked", "REQUEST", 2)]


async def test_a_move_that_is_undone_brings_the_old_time_back(world: World) -> None:
    schedule, booking = await booked(world)
    moved = await world.ann.ask("PATCH", event(booking), TO_WEDNESDAY)
    await told(world)
    await world.ann.ask("POST", "/v1/undo", {"token": moved.headers["undo-token"]})
    assert await taken(world, schedule) == [TUESDAY]
    assert [each.seen for each in await told(world)] == [
        ("Moved", "REQUEST", 1, "20261125T030000Z"), ("Moved", "REQUEST", 2, "20261124T020000Z"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["restored", "undone", "confirmed"])
async def test_where_somebody_else_took_the_slot_it_cannot_come_back_and_that_is_said(world: World, how: str) -> None:
    schedule, booking = await booked(world)
    if how == "confirmed":
        await world.ann.change(event(booking), status="CANCELLED")
        asked = ("PATCH", event(booking), {"status": "CONFIRMED"})
    else:
        token = {"token": (await world.ann.ask("DELETE", event(booking))).headers["undo-token"]}
        asked = ("POST", "/v1/undo", token) if how == "undone" else ("POST", f"{event(booking)}/restore", None)
    other = await a_booking(world, schedule, email="al@example.org")
    before = world.content()
    assert "Somebody else has booked this time" in (await world.ann.refused(409, *asked))["detail"]
    assert world.content() == before
    await world.ann.remove(f"/v1/schedules/{schedule['id']}/bookings/{other['id']}")
    assert (await world.ann.ask(*asked)).status_code == 200
    assert await taken(world, schedule) == [TUESDAY]


async def test_what_the_guest_cancelled_does_not_come_back(world: World) -> None:
    schedule, booking = await booked(world)
    (first,) = await told(world)
    await bookings.cancel_by_link(world.services, first.link)
    await world.ann.refused(404, "POST", f"{event(booking)}/restore")
    assert await taken(world, schedule) == []


async def test_what_is_over_is_deleted_without_a_word(world: World) -> None:
    _, booking = await booked(world)
    await told(world)
    world.at("2026-11-24T03:00:00Z")
    await world.ann.remove(event(booking))
    assert len(await told(world)) == 1
    await world.ann.ask("POST", f"{event(booking)}/restore")
    assert len(await told(world)) == 1


async def test_moved_into_the_past_the_guest_is_told_while_the_old_time_is_ahead(world: World) -> None:
    _, booking = await booked(world)
    await told(world)
    await world.ann.change(event(booking), start=timed("2026-11-19T09:00:00"), end=None)
    assert (await told(world))[-1].what == "Moved"


# --- at once, and when something goes wrong ---------------------------------------------------------------------------
async def test_of_a_move_and_a_cancellation_at_once_one_is_first_and_nothing_is_left_over(world: World) -> None:
    schedule, booking = await booked(world)
    (first,) = await told(world)
    moved, cancelled = await asyncio.gather(
        world.ann.ask("PATCH", event(booking), TO_WEDNESDAY),
        bookings.cancel_by_link(world.services, first.link),
        return_exceptions=True,
    )
    assert not isinstance(cancelled, BaseException)
    assert not isinstance(moved, BaseException)
    assert moved.status_code in (200, 404)
    assert await taken(world, schedule) == []
    kinds = {part.split("#")[0] for part, _ in world.content()}
    assert not kinds & {"booking", "bookingplace", "bookinglink"}


async def test_of_a_guest_and_a_booking_that_comes_back_at_once_one_has_the_slot(world: World) -> None:
    schedule, booking = await booked(world)
    gone = await world.ann.ask("DELETE", event(booking))
    answers = await asyncio.gather(
        world.ann.ask("POST", "/v1/undo", {"token": gone.headers["undo-token"]}),
        world.ann.ask(
            "POST",
            f"/v1/schedules/{schedule['id']}/bookings",
            {"start": TUESDAY, "name": "Al", "email": "al@example.org"},
        ),
    )
    assert sorted(each.status_code for each in answers) in ([200, 409], [201, 409])
    assert await listed(world, schedule) == [TUESDAY]


async def test_a_mail_server_that_is_away_gets_the_move_later_and_once(world: World) -> None:
    _, booking = await booked(world)
    await told(world)
    await world.ann.change(event(booking), **TO_WEDNESDAY)
    usual = world.mailbox.send

    async def away(_: Mail) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.send = away  # type: ignore[method-assign]
    await told(world)
    world.mailbox.send = usual  # type: ignore[method-assign]
    world.clock.time += 61
    assert [each.what for each in await told(world)] == ["Booked", "Moved"]
    world.clock.time += 61
    assert len(await told(world)) == 2


async def test_a_text_that_is_imported_moves_it_too(world: World) -> None:
    schedule, booking = await booked(world)
    await told(world)
    calendar = (await world.ann.get(event(booking)))["calendarId"]
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n"
        f"UID:{booking['eventId']}@aurora-time\r\nDTSTAMP:20261121T000000Z\r\nSEQUENCE:9\r\nSUMMARY:Talk\r\n"
        "DTSTART:20261125T030000Z\r\nDTEND:20261125T033000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    answered = await world.ann.http.post(
        f"/v1/import?calendarId={calendar}", content=text.encode(), headers={"content-type": "text/calendar"}
    )
    assert answered.json()["updated"] == 1, answered.text
    assert await listed(world, schedule) == [WEDNESDAY]
    assert (await told(world))[-1].what == "Moved"
    await world.ann.remove(event(booking))
    assert await listed(world, schedule) == []

"""What several people, or one person twice, do to schedules and bookings at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.operations import bookings
from aurora_time.operations.errors import ChangedError
from tests.api.schedule_scenarios import TUESDAY, a_booking, a_schedule
from tests.api.world import Json, World, timed

pytestmark = pytest.mark.aws


def path(schedule: Json, booking: Json | None = None) -> str:
    return f"/v1/schedules/{schedule['id']}/bookings" + (f"/{booking['id']}" if booking else "")


async def test_changes_of_one_schedule_at_once_are_all_there(world: World) -> None:
    made = await a_schedule(world)
    patches: list[Json] = [{"name": "New"}, {"slotMinutes": 20}, {"bufferAfter": 5}, {"slug": "new"}]
    own = f"/v1/schedules/{made['id']}"
    answers = await asyncio.gather(*(world.ann.ask("PATCH", own, patch) for patch in patches))
    assert [answer.status_code for answer in answers] == [200] * 4
    now = await world.ann.get(own)
    assert all(now[name] == value for patch in patches for name, value in patch.items())


async def test_of_changes_with_one_etag_one_is_made(world: World) -> None:
    made = await a_schedule(world)
    own, tag = f"/v1/schedules/{made['id']}", f'"{made["etag"]}"'
    sent = (world.ann.ask("PATCH", own, {"name": f"{number}"}, if_match=tag) for number in range(4))
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 412, 412, 412]


async def test_a_schedule_that_is_changed_while_it_is_deleted_is_deleted(world: World) -> None:
    made = await a_schedule(world, slug="ann")
    own = f"/v1/schedules/{made['id']}"
    changed, deleted = await asyncio.gather(
        world.ann.ask("PATCH", own, {"slug": "other"}), world.ann.ask("DELETE", own)
    )
    assert deleted.status_code == 204
    assert changed.status_code in (200, 404)
    assert not [key for key in world.content() if key[0].startswith(("slug#", "schedule#"))]


async def test_one_slug_wanted_by_two_at_once_is_ones(world: World) -> None:
    both = await asyncio.gather(
        *(who.ask("POST", "/v1/schedules", {"name": "x", "slug": "best"}) for who in (world.ann, world.bob))
    )
    assert sorted(answer.status_code for answer in both) == [201, 409]


async def test_a_booking_is_cancelled_once_and_told_once(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    await world.attend()
    world.mailbox.mails.clear()
    answers = await asyncio.gather(*(world.ann.ask("DELETE", path(schedule, booking)) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404]
    await world.attend()
    assert len([mail for mail in world.mailbox.mails if "Cancelled" in mail.subject]) == 2


async def test_a_booking_is_cancelled_while_its_event_is_edited(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    event = f"/v1/events/{booking['eventId']}"
    edits = [world.ann.ask("PATCH", event, {"location": f"Room {number}"}) for number in range(3)]
    *_, gone = await asyncio.gather(*edits, world.ann.ask("DELETE", path(schedule, booking)))
    assert gone.status_code == 204
    await world.ann.refused(404, "GET", event)


async def test_a_slot_is_booked_by_one_of_many(world: World) -> None:
    schedule = await a_schedule(world)
    wishes = [{"start": TUESDAY, "name": f"G{number}", "email": f"g{number}@example.org"} for number in range(8)]
    answers = await asyncio.gather(*(world.ann.ask("POST", path(schedule), wish) for wish in wishes))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    events = await world.ann.get("/v1/events", from_="2026-11-24", to="2026-11-25")
    assert [each["start"] for each in events["items"]] == [timed("2026-11-24T09:00:00")]


async def test_what_never_holds_still_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)

    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr(bookings, "_remove", never)
    refused = await world.ann.refused(409, "DELETE", path(schedule, booking))
    assert "Try again" in refused["detail"]
    with pytest.raises(ChangedError):
        await bookings.cancel_by_link(world.services, await _secret(world))


async def _secret(world: World) -> str:
    """That of the guest's link, as it stands in the mail."""
    await world.attend()
    return world.mailbox.mails[0].text.partition("/booking/")[2].split()[0]


async def test_a_booking_that_is_sent_again_with_its_key_is_one(world: World) -> None:
    schedule = await a_schedule(world)
    wish = {"start": TUESDAY, "name": "Sam", "email": "sam@example.org"}
    first = await world.ann.ask("POST", path(schedule), wish, idempotency_key="one-booking")
    again = await world.ann.ask("POST", path(schedule), wish, idempotency_key="one-booking")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    await world.ann.refused(409, "POST", path(schedule), wish, idempotency_key="another")
    await world.attend()
    assert len(world.mailbox.mails) == 2


async def test_of_two_with_keys_of_their_own_one_gets_the_slot(world: World) -> None:
    schedule = await a_schedule(world)
    wishes = [{"start": TUESDAY, "name": f"G{number}", "email": f"g{number}@example.org"} for number in range(6)]
    sent = (
        world.ann.ask("POST", path(schedule), wish, idempotency_key=f"key-{number}")
        for number, wish in enumerate(wishes)
    )
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [201] + [409] * 5
    assert len((await world.ann.get(path(schedule)))["items"]) == 1

"""Quiet hours that are turned on, off, made longer or shorter while something is held: it rings once, and in time."""

import msgspec
import pytest

from aurora_time.domain.moment import parse_instant, print_instant
from aurora_time.domain.quiet_hours import QuietHours
from aurora_time.operations import sweeping
from aurora_time.operations.people import update_person
from aurora_time.store.people import Person
from tests.operations.world import World

pytestmark = pytest.mark.anyio
NIGHT = QuietHours(22 * 3600, 7 * 3600)
"""In Berlin, so in November from 21:00 to 06:00 UTC."""
HELD = "2026-11-24T10:00:00"
"""With a reminder ten hours before it is held by the night, until 06:00 UTC."""


async def quiet(world: World, owner: str, hours: QuietHours | None) -> None:
    def change(person: Person, _: str) -> Person:
        return msgspec.structs.replace(person, quiet=msgspec.structs.replace(person.quiet, hours=hours))

    await update_person(world.services, owner, change)
    await world.sweep()


async def rings(world: World, until: str = "2026-11-24T20:00:00Z") -> list[str]:
    """When each mail goes out, as the loop wakes up whenever something is due."""
    end, told, known = parse_instant(until), [], len(world.mailbox.sent)
    while (due := await sweeping.next_due(world.services)) is not None and due <= end:
        world.clock.time = float(max(due, world.services.now))
        await world.sweep()
        told += [print_instant(world.services.now)[11:19]] * (len(world.mailbox.sent) - known)
        known = len(world.mailbox.sent)
    return told


async def night(world: World, *, on: bool) -> str:
    ann = await world.person()
    if on:
        await quiet(world, ann, NIGHT)
    await world.event(ann, HELD, summary="Held", minutes=[10 * 60])
    await world.event(ann, "2026-11-24T06:00:00", summary="Train", minutes=[30])
    await world.event(ann, "2026-11-24T02:00:00", summary="Backup", minutes=[0])
    return ann


async def at_two(world: World) -> None:
    """All that rings until 02:00 UTC, at three in the night, has rung."""
    await rings(world, "2026-11-24T02:00:00Z")
    world.clock.set("2026-11-24T02:00:00Z")


class TestTurnedOnWithinThem:
    async def test_nothing_rings_for_the_rest_of_the_night(self, world: World):
        ann = await night(world, on=False)
        world.clock.set("2026-11-23T22:30:00Z")
        await quiet(world, ann, NIGHT)
        assert world.subjects == [], "not all at once, when they are turned on"
        assert await rings(world) == ["06:00:00"] * 3
        assert sorted(world.subjects) == ["Backup", "Held", "Train"], "none is lost, and none comes twice"

    async def test_the_next_evening_what_begins_in_the_night_rings_before_it(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-24T06:00:00", minutes=[30], recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
        world.clock.set("2026-11-23T22:30:00Z")
        await quiet(world, ann, NIGHT)
        assert await rings(world, "2026-11-25T20:00:00Z") == ["06:00:00", "20:59:59"]

    async def test_what_rang_before_does_not_ring_again(self, world: World):
        ann = await night(world, on=False)
        await at_two(world)
        assert sorted(world.subjects) == ["Backup", "Held"]
        await quiet(world, ann, NIGHT)
        assert await rings(world) == ["06:00:00"]
        assert sorted(world.subjects) == ["Backup", "Held", "Train"]


class TestChangedWhileSomethingIsHeld:
    async def test_shorter_it_rings_when_they_now_end(self, world: World):
        ann = await night(world, on=True)
        await at_two(world)
        assert sorted(world.subjects) == ["Backup", "Train"], "just before the night"
        await quiet(world, ann, QuietHours(22 * 3600, 5 * 3600))
        assert await rings(world) == ["04:00:00"]
        assert len(world.subjects) == 3

    async def test_shorter_so_that_they_are_over_it_rings_at_once(self, world: World):
        ann = await night(world, on=True)
        await at_two(world)
        await quiet(world, ann, QuietHours(22 * 3600, 2 * 3600))
        assert await rings(world) == ["02:00:01"]
        assert len(world.subjects) == 3

    async def test_longer_it_is_held_longer_and_what_they_now_cover_too(self, world: World):
        ann = await night(world, on=True)
        await world.event(ann, "2026-11-24T08:30:00", summary="Standup", minutes=[30])
        await at_two(world)
        await quiet(world, ann, QuietHours(22 * 3600, 9 * 3600))
        assert len(world.subjects) == 2, "nothing rings at three in the night because they were made longer"
        assert await rings(world) == ["08:00:00"] * 2
        assert len(world.subjects) == 4

    async def test_off_it_rings_at_once_and_what_is_later_in_the_night_when_it_says(self, world: World):
        ann = await night(world, on=False)
        world.clock.set("2026-11-23T22:30:00Z")
        await quiet(world, ann, NIGHT)
        await at_two(world)
        await quiet(world, ann, None)
        assert await rings(world) == ["02:00:01", "02:00:01", "04:30:00"]
        assert len(world.subjects) == 3

    async def test_off_and_on_again_at_once_it_stays_held(self, world: World):
        ann = await night(world, on=True)
        await at_two(world)
        await quiet(world, ann, None)
        await quiet(world, ann, NIGHT)
        assert await rings(world) == ["06:00:00"]
        assert len(world.subjects) == 3

    async def test_another_zone_holds_it_until_the_night_there_ends(self, world: World):
        ann = await night(world, on=True)
        await at_two(world)
        await world.settings(ann, time_zone="Atlantic/Azores")
        assert await rings(world) == ["08:00:00"]
        assert len(world.subjects) == 3


class TestOutsideOfThem:
    async def test_turned_on_by_day_they_hold_the_coming_night(self, world: World):
        ann = await night(world, on=False)
        world.clock.set("2026-11-23T15:00:00Z")
        await quiet(world, ann, NIGHT)
        assert await rings(world) == ["20:59:59", "20:59:59", "06:00:00"]


class TestInTheNight:
    async def test_what_is_held_rings_once_when_they_are_taken_away(self, world: World):
        ann = await world.person()
        await quiet(world, ann, NIGHT)
        await world.event(ann, "2026-11-24T10:00:00", minutes=[10 * 60])
        await world.sweep_at("2026-11-23T23:00:00Z")
        assert world.subjects == [], "midnight in Berlin"
        world.clock.set("2026-11-24T02:00:00Z")
        await quiet(world, ann, None)
        await world.sweep_at("2026-11-24T02:00:01Z")
        assert world.subjects == ["Review"]
        await quiet(world, ann, NIGHT)
        await world.sweep_at("2026-11-24T06:00:00Z")
        await world.sweep_at("2026-11-24T12:00:00Z")
        assert world.subjects == ["Review"]

    async def test_what_rang_early_does_not_ring_again_when_they_are_taken_away(self, world: World):
        ann = await world.person()
        await quiet(world, ann, NIGHT)
        await world.event(ann, "2026-11-24T06:00:00", minutes=[30])
        await world.sweep_at("2026-11-23T20:59:59Z")
        assert world.subjects == ["Review"]
        world.clock.set("2026-11-23T22:00:00Z")
        await quiet(world, ann, None)
        await world.sweep_at("2026-11-24T04:30:00Z")
        assert world.subjects == ["Review"]

    async def test_an_edit_in_the_night_loses_nothing_that_is_held(self, world: World):
        ann = await world.person()
        await quiet(world, ann, NIGHT)
        event = await world.event(ann, "2026-11-24T10:00:00", minutes=[10 * 60])
        await world.sweep_at("2026-11-24T01:00:00Z")
        await world.edit(ann, event, summary="Renamed")
        await world.sweep_at("2026-11-24T06:00:00Z")
        assert world.subjects == ["Renamed"]

    async def test_an_event_made_in_the_night_for_before_they_end_rings_at_once_and_once(self, world: World):
        ann = await world.person()
        await quiet(world, ann, NIGHT)
        world.clock.set("2026-11-23T23:00:00Z")
        event = await world.event(ann, "2026-11-24T06:00:00", minutes=[30])
        await world.sweep()
        assert world.subjects == ["Review"]
        await world.edit(ann, event, summary="Renamed")
        await world.sweep()
        await world.sweep_at("2026-11-24T04:30:00Z")
        assert world.subjects == ["Review"]

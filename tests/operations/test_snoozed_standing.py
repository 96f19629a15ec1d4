"""A standing reminder that is snoozed can be changed and taken back, before and after it rang; and what is snoozed
tells what it is for as that now is.
"""

import pytest

from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations.errors import ClashError, NotFoundError
from aurora_time.operations.ledger import find_reminder, list_reminders
from aurora_time.operations.reminders import dismiss_reminder, snooze_reminder
from aurora_time.operations.standing import NewStanding, create_standing, delete_standing, update_standing
from aurora_time.ports import MailUnavailableError
from tests.operations.world import World

pytestmark = pytest.mark.anyio
YEAR = Window(parse_instant("2026-11-20T00:00:00Z"), parse_instant("2027-11-20T00:00:00Z"))
NOON, THREE, SIX = (f"2026-11-23T{hour}:00:00Z" for hour in (12, 15, 18))


async def a_snoozed_one(world: World, *, rung: bool) -> tuple[str, str]:
    """Due at noon, snoozed until three; its owner and its name."""
    ann = await world.person()
    entry, _ = await create_standing(world.services, ann, NewStanding(parse_instant(NOON), "Call the bank", "email"))
    if rung:
        await world.sweep_at(NOON)
    await snooze_reminder(world.services, ann, entry.name, parse_instant(THREE))
    return ann, entry.name


async def change(world: World, owner: str, name: str, **fields: object):
    def changed(now, _):
        return NewStanding(**{"at": now.at, "text": now.text, "channel": now.channel, **fields})

    return await update_standing(world.services, owner, name, changed)


async def delete(world: World, owner: str, name: str) -> None:
    await delete_standing(world.services, owner, name, lambda _: None)


async def told(world: World, owner: str) -> list[tuple[str, str]]:
    """(status, text), by when they ring."""
    return [(entry.status, entry.text) for entry, _ in await list_reminders(world.services, owner, YEAR)]


async def pending(world: World, owner: str) -> str:
    return next(
        entry.name for entry, _ in await list_reminders(world.services, owner, YEAR) if entry.status == "planned"
    )


@pytest.mark.parametrize("rung", [False, True])
@pytest.mark.parametrize("by", ["its own name", "that of what rings"])
class TestChanged:
    async def test_another_text_is_what_rings(self, world: World, rung: bool, by: str):
        ann, name = await a_snoozed_one(world, rung=rung)
        asked = name if by == "its own name" else await pending(world, ann)
        before = await find_reminder(world.services, ann, asked)
        shown, etag = await change(world, ann, asked, text="Call them")
        assert (shown.name, shown.text) == (asked, "Call them")
        assert etag != before.etag
        assert await told(world, ann) == [("snoozed", "Call them"), ("planned", "Call them")]
        await world.sweep_at(THREE)
        assert world.subjects[rung:] == ["Call them"]
        assert (await told(world, ann))[1] == ("sent", "Call them")
        assert await world.due_items() == []

    async def test_at_another_time_it_rings_then_and_only_then(self, world: World, rung: bool, by: str):
        ann, name = await a_snoozed_one(world, rung=rung)
        asked = name if by == "its own name" else await pending(world, ann)
        shown, _ = await change(world, ann, asked, at=parse_instant(SIX))
        assert (await find_reminder(world.services, ann, shown.name)).entry == shown
        own = (await find_reminder(world.services, ann, name)).entry
        assert (own.status, own.next and own.next[0]) == ("snoozed", parse_instant(SIX))
        await world.sweep_at("2026-11-23T17:59:59Z")
        assert len(world.subjects) == rung
        await world.sweep_at(SIX)
        assert len(world.subjects) == rung + 1
        assert await world.due_items() == []

    async def test_taken_back_it_rings_no_more(self, world: World, rung: bool, by: str):
        ann, name = await a_snoozed_one(world, rung=rung)
        await delete(world, ann, name if by == "its own name" else await pending(world, ann))
        await world.sweep_at(SIX)
        assert len(world.subjects) == rung
        assert await told(world, ann) == ([("sent", "Call the bank")] if rung else [])
        assert await world.due_items() == []
        with pytest.raises(ClashError if rung else NotFoundError):
            await delete(world, ann, name)


async def test_what_could_not_be_sent_and_was_snoozed_has_failed_again_when_that_is_taken_back(world: World):
    ann = await world.person()
    entry, _ = await create_standing(world.services, ann, NewStanding(parse_instant(NOON), "Call", "email"))
    world.mailbox.trouble = lambda _: (_ for _ in ()).throw(MailUnavailableError("nothing listens"))
    await world.sweep_at(NOON)
    await world.sweep_at("2026-11-24T12:00:01Z")
    assert await told(world, ann) == [("failed", "Call")]
    await snooze_reminder(world.services, ann, entry.name, parse_instant("2026-11-25T12:00:00Z"))
    await delete(world, ann, entry.name)
    assert await told(world, ann) == [("failed", "Call")]


async def test_what_is_in_the_way_is_said_as_it_is(world: World):
    ann, name = await a_snoozed_one(world, rung=True)
    await world.sweep_at(THREE)
    with pytest.raises(ClashError, match="It has rung"):
        await change(world, ann, name, text="Too late")
    world.clock.set("2026-11-23T08:00:00Z")
    ann, name = await a_snoozed_one(world, rung=False)
    await dismiss_reminder(world.services, ann, name)
    with pytest.raises(ClashError, match="It was dismissed"):
        await change(world, ann, name, text="No")
    with pytest.raises(ClashError, match="It was dismissed"):
        await delete(world, ann, name)


async def test_snoozed_for_a_year_again_and_again_it_is_not_forgotten(world: World):
    ann, latest = await a_snoozed_one(world, rung=True)
    for until in ("2027-11-23T12:00:00Z", "2028-11-22T12:00:00Z", "2029-11-21T12:00:00Z"):
        again_at = parse_instant(until)
        shown, _ = await snooze_reminder(world.services, ann, latest, again_at)
        assert shown.next is not None
        await world.sweep_at(until)
        part = Window(again_at, again_at + 1)
        ((entry, _),) = await list_reminders(world.services, ann, part)
        latest = entry.name
        assert entry.status == "sent"
    assert world.subjects == ["Call the bank"] * 4


class TestOfAnEvent:
    async def snoozed(self, world: World, **more: object) -> tuple[str, str, str]:
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10], **more)
        await world.sweep_at("2026-11-23T07:50:00Z")
        (sent,) = [entry for entry, _ in await list_reminders(world.services, ann, YEAR) if entry.status == "sent"]
        await snooze_reminder(world.services, ann, sent.name, parse_instant(SIX))
        return ann, event, sent.name

    async def test_a_new_name_is_told_sent_and_kept(self, world: World):
        ann, event, name = await self.snoozed(world)
        before = await find_reminder(world.services, ann, name)
        await world.edit(ann, event, summary="Renamed")
        assert await told(world, ann) == [("snoozed", "Renamed"), ("planned", "Renamed")]
        assert (await find_reminder(world.services, ann, name)).etag != before.etag
        await world.sweep_at(SIX)
        assert world.subjects == ["Review", "Renamed"]
        assert await told(world, ann) == [("snoozed", "Review"), ("sent", "Renamed")], "what each mail said"

    async def test_of_an_occurrence_its_own_name_is_told(self, world: World):
        lines = ["RRULE:FREQ=DAILY;COUNT=2"]
        ann, event, _ = await self.snoozed(world, recurrence=lines)
        await world.edit(ann, event, summary="Renamed")
        assert ("planned", "Renamed") in await told(world, ann)
        await world.delete(ann, event)
        assert await told(world, ann) == [("snoozed", "Review"), ("suppressed", "Review")]


async def test_what_waits_to_be_tried_again_is_told_as_it_then_is(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.mailbox.trouble = lambda _: (_ for _ in ()).throw(MailUnavailableError("nothing listens"))
    await world.sweep_at("2026-11-23T07:50:00Z")
    await world.edit(ann, event, summary="Renamed")
    world.mailbox.trouble = lambda _: None
    await world.sweep_at("2026-11-23T07:51:00Z")
    assert await told(world, ann) == [("sent", "Renamed")]

"""Reminders of the channel `browser`: shown by an open app, once, at their time, and honestly told of."""

import pytest

from aurora_time.domain.component import BROWSER, Alarm
from aurora_time.domain.moment import Window
from aurora_time.operations import ringing
from aurora_time.operations.errors import ClashError
from aurora_time.operations.ledger import find_reminder, list_reminders
from aurora_time.operations.reminders import dismiss_reminder, snooze_reminder
from aurora_time.operations.showing import show_reminder
from aurora_time.ports import MailUnavailableError
from tests.operations.world import World

pytestmark = pytest.mark.anyio


def shown(*minutes: int) -> dict[str, object]:
    overrides = [{"minutesBefore": each, "channel": "browser"} for each in minutes]
    return {"reminders": {"useDefault": False, "overrides": overrides}}


async def planned(world: World, owner: str):
    now = int(world.clock.time)
    return [entry for entry, _ in await list_reminders(world.services, owner, Window(now, now + 86_400 * 30))]


async def test_what_an_open_app_has_shown_is_sent_and_nothing_is_mailed(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **shown(10))
    (entry,) = await world.sweep_at("2026-11-23T07:50:00Z")
    assert (entry.status, entry.error) == ("sending", ringing.NOT_OPEN)
    sent, version = await show_reminder(world.services, ann, entry.name)
    assert (sent.status, sent.sent_at, sent.error) == ("sent", world.clock.time, None)
    assert (await find_reminder(world.services, ann, entry.name)).etag == version
    world.clock.time += 30
    again, _ = await show_reminder(world.services, ann, entry.name)
    assert again.sent_at == sent.sent_at
    await world.sweep_at("2026-11-23T12:00:00Z")
    assert await world.statuses(ann) == ["sent"]
    assert world.subjects == []
    assert await world.due_items() == []


async def test_an_app_that_is_faster_than_the_loop_may_show_it_at_once(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", **shown(10))
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    name = next(each.name for each in await planned(world, ann) if each.event_id == event)
    with pytest.raises(ClashError, match="not due yet"):
        await show_reminder(world.services, ann, name)
    world.clock.set("2026-11-23T07:50:00Z")
    await show_reminder(world.services, ann, name)
    await world.sweep()
    assert await world.statuses(ann) == ["sent", "sent"]
    assert world.subjects == ["Review"]


async def test_what_no_app_has_shown_until_its_event_is_over_has_failed_and_says_why(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **shown(10))
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert len(await world.due_items()) == 1
    assert await world.sweep_at("2026-11-23T08:59:59Z") == [], "it is not looked at again and again"
    (entry,) = await world.sweep_at("2026-11-23T09:00:00Z")
    assert (entry.status, entry.error) == ("failed", ringing.NOT_OPEN)
    with pytest.raises(ClashError, match="not to ring any more"):
        await show_reminder(world.services, ann, entry.name)


async def test_while_one_waits_for_an_app_mails_of_the_same_event_go_out_on_time(world: World):
    ann = await world.person()
    both = [{"minutesBefore": 20, "channel": "browser"}, {"minutesBefore": 10}]
    await world.event(ann, "2026-11-23T09:00:00", reminders={"useDefault": False, "overrides": both})
    await world.sweep_at("2026-11-23T07:40:00Z")
    await world.sweep_at("2026-11-23T07:49:59Z")
    assert world.subjects == []
    away = iter([MailUnavailableError("nothing listens")])

    def trouble(_) -> None:
        for error in away:
            raise error

    world.mailbox.trouble = trouble
    await world.sweep_at("2026-11-23T07:50:00Z")
    await world.sweep_at("2026-11-23T07:51:00Z")
    assert world.subjects == ["Review"]
    assert sorted(await world.statuses(ann)) == ["sending", "sent"]


async def test_an_open_app_is_told_when_one_is_due(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **shown(10))
    with world.services.writers.watch(ann) as written:
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert written.is_set()


async def test_what_was_dismissed_or_snoozed_is_not_shown_and_rings_after_the_snooze(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **shown(10, 5))
    first, second = await planned(world, ann)
    await dismiss_reminder(world.services, ann, first.name)
    world.clock.set("2026-11-23T07:55:00Z")
    await snooze_reminder(world.services, ann, second.name, int(world.clock.time) + 600)
    for each in (first, second):
        with pytest.raises(ClashError, match="not to ring any more"):
            await show_reminder(world.services, ann, each.name)
    (again,) = await world.sweep_at("2026-11-23T08:05:00Z")
    assert (again.channel, again.status) == (BROWSER, "sending")
    await show_reminder(world.services, ann, again.name)
    await world.sweep_at("2026-11-25T08:05:00Z")
    assert sorted(await world.statuses(ann)) == ["dismissed", "sent", "snoozed"]
    assert world.subjects == []


async def test_what_is_mailed_is_not_shown(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    (entry,) = await planned(world, ann)
    with pytest.raises(ClashError, match="by mail"):
        await show_reminder(world.services, ann, entry.name)


async def test_an_app_that_shows_it_while_the_loop_has_it_in_hand_is_believed(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **shown(10))
    (entry,) = await planned(world, ann)
    world.clock.set("2026-11-23T07:50:00Z")
    (item,) = await world.due_items()
    writes = 0

    async def show_first() -> None:
        await show_reminder(world.services, ann, entry.name)

    write = world.table.table.write

    async def between(*changes):
        nonlocal writes
        writes += 1
        if writes == 2:  # claimed, not yet settled
            await show_first()
        await write(*changes)

    world.table.table.write = between  # type: ignore[method-assign]
    await ringing.attend(world.services, item, lambda _: pytest.fail("nothing is mailed"))
    (stands,) = await world.ledger(ann)
    assert (stands.status, stands.sent_at) == ("sent", world.clock.time)


async def test_the_ledger_tells_what_each_rings_by(world: World):
    ann = await world.person()
    await world.defaults(ann, Alarm("email", 30))
    await world.event(ann, "2026-11-23T09:00:00")
    await world.event(ann, "2026-11-23T10:00:00", **shown(10))
    assert [(each.own, each.alarm) for each in await planned(world, ann)] == [
        (False, Alarm("email", 30)),
        (True, Alarm(BROWSER, 10)),
    ]

"""Reminders while the mail server is away, refuses, hangs, or something breaks that nobody foresaw."""

import asyncio
import contextlib

import pytest

from aurora_time.operations import ringing
from aurora_time.operations.ringing import MISTAKE, Ring
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError
from tests.operations.world import World

pytestmark = pytest.mark.anyio


async def test_reminders_never_sent_though_the_mail_server_was_only_away(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10], hours=48)
    tries: list[float] = []

    def away(_) -> None:
        tries.append(world.clock.time)
        if len(tries) < 8:
            raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    start = world.clock.time + 50 * 60
    world.clock.time = start
    while not world.mailbox.sent:
        await world.sweep()
        world.clock.time += 1
    assert [time - start for time in tries] == [0, 5, 20, 80, 380, 1280, 2180, 3080]
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.attempts, entry.error) == ("sent", 8, None)


async def test_it_is_given_up_after_a_day_and_the_next_reminder_still_rings(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10], hours=100, recurrence=["RRULE:FREQ=WEEKLY"])

    def away(_) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    while world.clock.time < 1795420200 + 26 * 3600:
        await world.sweep()
        world.clock.time += 60
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("failed", "nothing listens")
    world.mailbox.trouble = lambda _: None
    await world.sweep_at("2026-11-30T07:50:00Z")
    assert world.subjects == ["Review"]


async def test_a_mail_that_failed_until_the_event_was_over_is_failed_not_missed(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

    def away(_) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    for time in range(7 * 60 + 50, 9 * 60 + 30, 5):
        await world.sweep_at(f"2026-11-23T{time // 60:02}:{time % 60:02}:00Z")
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("failed", "nothing listens")


async def test_a_mail_that_the_server_refuses_for_good_is_failed_at_once(world: World):
    ann = await world.person()

    def refuse(_) -> None:
        raise MailRefusedError("550 no such mailbox")

    world.mailbox.trouble = refuse
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.sweep_at("2026-11-23T07:50:00Z")
    await world.sweep_at("2026-11-23T09:00:00Z")
    assert world.mailbox.tries == 1
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("failed", "550 no such mailbox")


async def test_while_one_waits_to_be_tried_again_the_next_rings_on_time(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00", minutes=[238, 230])
    first: list[str] = []

    def greylist(mail) -> None:
        first.append(mail.message_id)
        if mail.message_id == first[0]:
            raise MailUnavailableError("greylisted")

    world.mailbox.trouble = greylist
    for second in range(0, 700, 5):
        world.clock.time = 1795417200 + second
        await world.sweep()
        assert len(world.mailbox.sent) == (second >= 600)
    assert await world.statuses(ann) == ["sending", "sent"]


async def test_a_hung_sender_loses_its_lease_and_another_takes_over(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 5])
    hang = asyncio.Event()
    world.mailbox.trouble = lambda _: hang.wait() if world.mailbox.tries == 1 else None
    world.clock.set("2026-11-23T07:50:00Z")
    first = asyncio.create_task(world.sweep())
    await world.mailbox.begun.wait()
    assert await world.sweep_at("2026-11-23T07:51:59Z") == []
    await world.sweep_at("2026-11-23T07:52:00Z")
    assert world.subjects == ["Review"]
    hang.set()
    await first
    assert await world.statuses(ann) == ["sent"]
    assert {mail.message_id for mail in world.mailbox.sent} == {world.mailbox.sent[0].message_id}
    armed = await world.armed(ann, event)
    assert armed is not None
    assert (armed.due, armed.leased) == (1795420500, False)


async def test_a_sender_that_lost_its_lease_and_fails_does_not_undo_what_another_sent(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    hang = asyncio.Event()

    async def hang_and_fail() -> None:
        await hang.wait()
        raise MailUnavailableError("timed out")

    world.mailbox.trouble = lambda _: hang_and_fail() if world.mailbox.tries == 1 else None
    world.clock.set("2026-11-23T07:50:00Z")
    first = asyncio.create_task(world.sweep())
    await world.mailbox.begun.wait()
    await world.sweep_at("2026-11-23T07:52:00Z")
    hang.set()
    await first
    await world.sweep_at("2026-11-23T07:59:00Z")
    assert world.subjects == ["Review"]
    assert await world.statuses(ann) == ["sent"]


async def test_what_nobody_foresaw_is_told_and_loses_no_other_reminder(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 9, 8])

    def poison(mail) -> None:
        if world.mailbox.tries == 1:
            raise RuntimeError("a bug")

    world.mailbox.trouble = poison
    world.clock.set("2026-11-23T07:52:00Z")
    with pytest.raises(RuntimeError, match="a bug"):
        await world.sweep()
    assert len(world.subjects) == 2
    await world.sweep_at("2026-11-23T07:52:05Z")
    assert len({mail.message_id for mail in world.mailbox.sent}) == len(world.mailbox.sent) == 3


async def test_a_mail_that_cannot_be_made_has_failed_when_its_event_is_over_and_says_that_it_was_our_mistake(
    world: World,
):
    def broken(_ring: Ring) -> Mail:
        raise KeyError("a word")

    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    for _ in range(20):
        (item,) = await world.due_items()
        with contextlib.suppress(KeyError):
            await ringing.attend(world.services, item, broken)
        armed = await world.armed(ann, event)
        if armed is None:
            break
        (entry,) = await world.ledger(ann)
        assert (entry.status, entry.error) == ("sending", MISTAKE)
        world.clock.time = armed.due
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("failed", MISTAKE)


async def test_a_mail_that_could_be_made_at_last_is_sent_and_nothing_is_said_of_the_mistake(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

    def poison(_mail: Mail) -> None:
        if world.mailbox.tries == 1:
            raise RuntimeError("a bug")

    world.mailbox.trouble = poison
    with pytest.raises(RuntimeError, match="a bug"):
        await world.sweep_at("2026-11-23T07:50:00Z")
    await world.sweep_at("2026-11-23T07:50:05Z")
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error, entry.attempts) == ("sent", None, 2)

"""Reminders of one second go out at the rate that the mail service takes, and what it refuses is not worn out."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from aurora_time.domain.moment import parse_instant, parse_wall, print_wall
from aurora_time.operations import canary, sweeping
from aurora_time.operations.agenda_mail import last_told
from aurora_time.operations.errands import FAR, LOOK
from aurora_time.operations.handing_over import run_errand
from aurora_time.operations.jobs import start_with
from aurora_time.operations.pacing import Places
from aurora_time.operations.rearming import REARM
from aurora_time.operations.retrying import until_room
from aurora_time.ports import Item, MailThrottledError, MailUnavailableError, Range
from aurora_time.store.people import AgendaMail
from tests.operations.test_handing_over import Queue
from tests.operations.world import World, compose

pytestmark = pytest.mark.anyio

DUE = "2026-11-23T07:50:00Z"
SWEPT = "2026-11-23T07:49:10Z"
HALF_PAST = "2026-11-23T07:30:00Z"


async def with_reminders(world: World, count: int, **more: object) -> str:
    ann = await world.person()
    for _ in range(count):
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10], **more)
    return ann


def a_second(queue: Queue) -> list[int]:
    """How many errands come in each second in which some do."""
    return [many for _, many in sorted(Counter(at for at, _ in queue.waiting).items())]


def full(_mail: object) -> None:
    raise MailThrottledError("Maximum sending rate exceeded.")


async def test_what_is_due_at_one_second_is_handed_out_so_many_a_second(world: World):
    queue, ann = Queue(world), await with_reminders(world, 10)
    world.clock.set(SWEPT)
    assert await queue.sweep(mails=4) == 10
    assert a_second(queue) == [4, 4, 2]
    assert min(at for at, _ in queue.waiting) == world.clock.now() + 50, "the first are on time"
    world.clock.set(DUE)
    for _ in range(3):
        await queue.run()
        world.clock.time += 1
    assert await world.statuses(ann) == ["sent"] * 10


async def test_where_nobody_says_how_many_all_come_at_once(world: World):
    queue = Queue(world)
    await with_reminders(world, 10)
    world.clock.set(DUE)
    await queue.sweep()
    assert a_second(queue) == [10]


async def test_the_next_sweep_goes_on_where_the_one_before_ended_and_nothing_is_handed_over_twice(world: World):
    """At one a second a sweep has places for as long as it looks ahead."""
    queue = Queue(world)
    await with_reminders(world, FAR + 100)
    world.clock.set(DUE)
    assert await queue.sweep(mails=1) == FAR + 1
    assert await queue.sweep(mails=1) == 0
    for _ in range(60):
        await queue.run()
        world.clock.time += 1
    assert len(world.subjects) == 60
    assert await queue.sweep(mails=1) == 60
    assert set(a_second(queue)) == {1}


async def test_who_is_sent_to_look_holds_to_the_rate(world: World):
    queue = Queue(world)
    await with_reminders(world, 6)
    world.clock.set(DUE)
    await run_errand(world.services, queue, LOOK.body, compose, mails=2)
    assert a_second(queue) == [2, 2, 2]


async def test_agenda_mails_take_their_places_among_the_reminders(world: World):
    queue = Queue(world)
    await with_reminders(world, 3)
    for number in range(3):
        person = await world.person(f"p{number}@example.org")
        await world.settings(person, agenda_mail=AgendaMail(True, 8 * 3600 + 50 * 60))
    await queue.run()
    world.clock.set(DUE)
    await queue.sweep(mails=2)
    mails = [at for at, each in queue.waiting if "#a:" in each.body or "#o:" in each.body]
    assert sorted(Counter(mails).values()) == [2, 2, 2]


async def until_handed_over(queue: Queue, what: str, seconds: int) -> int:
    """Seconds until an errand of a kind was run, with a sweep each minute, at one mail a second."""
    world, begun = queue.world, queue.world.clock.time
    while world.clock.time < begun + seconds:
        if world.clock.time % 60 == 10:
            await queue.sweep(mails=1)
        if any(what in each.body for at, each in queue.waiting if at <= world.clock.now()):
            break
        for pair in [each for each in queue.waiting if each[0] <= world.clock.now()]:
            await run_errand(world.services, queue, pair[1].body, compose, 1)
            queue.waiting.remove(pair)
        world.clock.time += 1
    return int(world.clock.time - begun)


async def behind_a_backlog(world: World) -> Queue:
    """As many reminders as go out in twelve minutes, and everybody's sweep has met them once."""
    queue = Queue(world)
    await with_reminders(world, 700)
    world.clock.set(DUE)
    await queue.sweep(mails=1)
    world.clock.time += 20
    return queue


@pytest.mark.parametrize(("hint", "within"), [(True, 1), (False, 60)])
async def test_a_job_behind_many_paced_reminders_does_not_wait_for_them(world: World, hint: bool, within: int):
    queue = await behind_a_backlog(world)
    await start_with(world.services, await world.person("bob@example.org"), REARM, argument="0")
    if hint:
        await queue.send(LOOK)
    assert await until_handed_over(queue, "#j:", 600) <= within
    assert await until_handed_over(queue, "#o:", 5) <= 1, "and reminders go on"


async def test_hints_hand_over_what_is_due_now_and_no_job_that_somebody_works_on(world: World):
    """Around a full hour they come with each write: were all jobs handed over by each, errands would have no end."""
    queue = await behind_a_backlog(world)
    world.clock.time += 30
    await start_with(world.services, await world.person("bob@example.org"), REARM, argument="0")
    world.clock.time -= 30  # so it is due later, as one is under a lease
    for _ in range(3):
        await run_errand(world.services, queue, LOOK.body, compose, 1)
    assert not any("#j:" in each.body for _, each in queue.waiting)
    await queue.sweep(mails=1)
    assert len([each for _, each in queue.waiting if "#j:" in each.body]) == 1


async def test_the_canary_behind_many_paced_reminders_does_not_wait_for_them(world: World):
    """It says that the loop is alive, which it is."""
    queue = await behind_a_backlog(world)
    await canary.start(world.services)
    assert await until_handed_over(queue, "#c:", 600) <= 2 * world.services.canary_every


async def test_an_agenda_behind_many_paced_reminders_waits_for_its_turn(world: World):
    queue = await behind_a_backlog(world)
    world.clock.set(DUE)
    person = await world.person("bob@example.org")
    await world.settings(person, agenda_mail=AgendaMail(True, 8 * 3600 + 51 * 60))
    world.clock.time += 60
    await queue.sweep(mails=1)
    assert not any("#a:" in each.body for _, each in queue.waiting)
    assert set(a_second(queue)) == {1}


async def test_a_sweep_that_takes_too_long_passes_over_what_is_due_and_stops(world: World, monkeypatch):
    """Of very many it reads a page of each shard at least, so that its time is bounded."""
    monkeypatch.setattr(sweeping, "_LONG", 10)
    queue, query, asked = await behind_a_backlog(world), world.table.query, []

    async def slow(*ranges: Range) -> list[list[Item]]:
        world.clock.time += 20
        asked.append(len(ranges))
        return await query(*ranges)

    monkeypatch.setattr(world.table, "query", slow)
    assert await queue.sweep(mails=1) == 20
    assert len(asked) == 3


async def test_a_sweep_that_fails_makes_no_reminder_late_and_what_is_not_marked_has_one_errand(world: World):
    queue = Queue(world)
    await with_reminders(world, 1)
    await world.settings(await world.person("bob@example.org"), agenda_mail=AgendaMail(True, 8 * 3600 + 50 * 60))
    await world.sweep_at("2026-11-23T07:47:31Z")
    await queue.sweep()
    assert [each.body.count("#o:") for _, each in queue.waiting] == [1]
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == ["Review"]


async def test_a_write_soon_before_a_sweep_that_fails_is_looked_at_by_itself(world: World):
    queue = Queue(world)
    world.clock.set("2026-11-23T07:47:40Z")
    await with_reminders(world, 1)
    await queue.send(LOOK)
    await queue.run()
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == ["Review"]


async def test_a_refusal_for_want_of_room_is_no_attempt_and_no_reason_to_give_up(world: World):
    ann = await with_reminders(world, 1, hours=48)
    world.mailbox.trouble = full
    world.clock.set(DUE)
    begun = world.clock.time
    while world.clock.time < begun + 25 * 3600:
        await world.sweep()
        world.clock.time += 60
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.attempts) == ("sending", 0)
    assert entry.error == "Maximum sending rate exceeded."
    world.mailbox.trouble = lambda _: None
    world.clock.time += 300
    await world.sweep()
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.attempts, entry.error) == ("sent", 1, None)


async def test_what_found_no_room_until_its_event_was_over_has_failed_and_says_why(world: World):
    ann = await with_reminders(world, 1)
    world.mailbox.trouble = full
    for minute in range(50, 50 + 80, 5):
        await world.sweep_at(f"2026-11-23T{7 + minute // 60:02}:{minute % 60:02}:00Z")
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("failed", "Maximum sending rate exceeded.")


async def test_a_refusal_for_want_of_room_does_not_lengthen_the_wait_after_a_real_one(world: World):
    ann = await with_reminders(world, 1)
    world.mailbox.trouble = full
    world.clock.set(DUE)
    for _ in range(20):
        await world.sweep()
        world.clock.time += 5

    def away(_mail: object) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    world.clock.time += 300
    await world.sweep()
    (entry,) = await world.ledger(ann)
    assert (entry.attempts, entry.error) == (1, "nothing listens")
    world.mailbox.trouble = lambda _: None
    world.clock.time += 5
    await world.sweep()
    assert world.subjects == ["late Review"] or world.subjects == ["Review"]


async def test_two_alarms_that_one_mail_tells_of_are_both_not_counted_when_there_was_no_room(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    both = [{"minutesBefore": 10}, {"daysBefore": 0, "at": "08:50"}]
    await world.edit(ann, event, reminders={"useDefault": False, "overrides": both})
    world.mailbox.trouble = full
    await world.sweep_at(DUE)
    assert [(entry.status, entry.attempts) for entry in await world.ledger(ann)] == [("sending", 0)] * 2
    assert world.mailbox.tries == 1
    world.mailbox.trouble = lambda _: None
    world.clock.time += 20
    await world.sweep()
    assert [(entry.status, entry.attempts) for entry in await world.ledger(ann)] == [("sent", 1)] * 2
    assert len(world.subjects) == 1


async def test_an_agenda_that_found_no_room_is_tried_soon_again_and_that_was_no_attempt(world: World):
    ann = await world.person()
    await world.settings(ann, agenda_mail=AgendaMail(True, 8 * 3600 + 50 * 60))
    await world.event(ann, "2026-11-23T12:00:00", minutes=[])
    world.mailbox.trouble = full
    world.clock.set(DUE)
    for _ in range(30):
        await world.sweep()
        world.clock.time += 10
    ((_, told),) = await last_told(world.services, ann, 5)
    assert (told.status, told.attempts, told.error) == ("sending", 0, "Maximum sending rate exceeded.")
    assert world.mailbox.tries > 5
    world.mailbox.trouble = lambda _: None
    world.clock.time += 300
    await world.sweep()
    ((_, told),) = await last_told(world.services, ann, 5)
    assert (told.status, told.attempts) == ("sent", 1)


async def test_those_that_found_no_room_do_not_come_back_all_at_once(world: World):
    ann = await with_reminders(world, 40)
    world.mailbox.trouble = full
    await world.sweep_at(DUE)
    armed = [item.key.sort[:12] for item in await world.due_items()]
    assert max(Counter(armed).values()) < 12
    assert len(await world.ledger(ann)) == 40


def test_the_wait_for_room_grows_with_how_late_it_is_and_ends_growing():
    waits = {late: [until_room(f"{n}", 1_795_420_200, late) for n in range(2_000)] for late in (0, 60, 9_000)}
    assert {late: (min(each), max(each)) for late, each in waits.items()} == {0: (1, 10), 60: (1, 60), 9_000: (1, 300)}


def test_a_place_is_the_first_second_with_room_and_never_in_the_past():
    places = Places(100, 2)
    assert [places.take(90) for _ in range(5)] == [100, 100, 101, 101, 102]
    assert [places.take(101), places.first(101), places.first(200)] == [102, 103, 200]
    assert [Places(100, 0).take(90) for _ in range(3)] == [100] * 3


class Life:
    """A person who makes, moves and deletes events that ring soon; ``due`` says when each is to ring, if at all."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.due: dict[str, int] = {}
        self.names: dict[str, str] = {}

    async def act(self, owner: str, name: str) -> None:
        living = [each for each, at in self.due.items() if at > self.world.clock.now()]
        what = self.chance.choice(["make", "make", "move", "delete"]) if living else "make"
        event = self.chance.choice(living) if living else ""
        at = int(self.world.clock.now()) + self.chance.randint(20, 400)
        starts = print_wall(parse_wall("2026-11-23T08:40:00") + at - parse_instant(HALF_PAST))
        if what == "make":
            event = await self.world.event(owner, starts, minutes=[10], summary=name)
            self.names[event] = name
        elif what == "move":
            await self.world.move(owner, event, starts)
        else:
            await self.world.delete(owner, event)
            at = 0
        self.due[event] = at


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_is_moved_or_deleted_after_it_was_handed_over_rings_once_when_it_is_due(world: World, seed: int):
    """Sweeps each minute, of which some fail, never two on end; hints of each write."""
    life, queue, ann = Life(world, seed), Queue(world), await world.person()
    world.clock.set(HALF_PAST)
    rung: dict[str, list[float]] = {}
    world.mailbox.trouble = lambda mail: rung.setdefault(mail.subject, []).append(world.clock.now())
    failed = False
    for second in range(1_200):
        if second % 60 == 7:
            failed = not failed and life.chance.random() < 0.4
            if not failed:
                await queue.sweep(mails=3)
        if second < 700 and life.chance.random() < 0.05:
            await life.act(ann, f"Event {second}")
            if any(at <= world.clock.now() + FAR for at in world.nudged):
                await queue.send(LOOK)
            world.nudged.clear()
        await queue.run()
        world.clock.time += 1
    late = {name: [time - life.due[event] for time in rung.pop(name, [])] for event, name in life.names.items()}
    assert late == {name: [0.0] if life.due[event] else [] for event, name in life.names.items()}
    assert rung == {}

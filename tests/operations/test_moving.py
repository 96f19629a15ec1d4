"""Moving a home: equal when it is done, never two that are live, and it goes on wherever it was killed."""

from __future__ import annotations

import asyncio
import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.operations import copying
from aurora_time.operations.moving import IN_HAND, SETTLED, WATCHED, Moved, MovingError, run
from aurora_time.operations.ringing import SENDING
from aurora_time.ports import Change, Delete, Key, Put
from aurora_time.run.reminder_loop import SENDERS
from aurora_time.store import keys
from aurora_time.store.moves import STAYS, Amount
from tests.operations.moves import Content, Homes, content, homes, is_live, put_all, some_of_every_kind
from tests.operations.world import Crash, SetClock

SMALL = [Put(keys.object_("ann", f"{number:03d}"), b"x" * number, f"v{number}") for number in range(1, 8)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 3), st.integers(1, 60))
def test_whatever_a_home_holds_is_equal_after_the_move(seed: int, times: int, page: int) -> None:
    async def scenario() -> None:
        async with homes() as both:
            await put_all(both.source, [*SMALL, *some_of_every_kind(random.Random(seed), times)])
            before = await content(both.source)
            moved = await both.run()
            assert await content(both.target) == before == await content(both.source)
            assert await is_live(both.target)
            assert not await is_live(both.source)
            assert sum(each.items for _, each in moved.kinds) == len(before)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "PAGE", page)
        asyncio.run(scenario())


async def steps_of_a_move() -> list[str]:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await both.run()
        return list(both.process.labels)


async def killed(both: Homes, step: int) -> Content:
    """A move that died at a step; what the source held before."""
    await put_all(both.source, SMALL)
    before = await content(both.source)
    both.process.restart(step)
    with pytest.raises(Crash):
        await both.run()
    both.process.restart()
    return before


async def test_killed_at_any_step_it_goes_on_and_there_are_never_two_homes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PAGE", 2)
    for step in range(1, len(await steps_of_a_move()) + 1):
        async with homes() as both:
            before = await killed(both, step)
            assert not (await is_live(both.source) and await content(both.target)), step
            assert not (await is_live(both.target) and await content(both.target) not in ({}, before)), step
            await both.run()
            assert await content(both.target) == before, step
            assert await is_live(both.target), step
            assert not await is_live(both.source), step


async def test_what_was_copied_is_not_copied_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PAGE", 2)
    steps = await steps_of_a_move()
    for step in (number for number, label in enumerate(steps, 1) if label.startswith("after")):
        async with homes() as both:
            await killed(both, step)
            await both.run()
            assert len(SMALL) <= both.target.puts <= len(SMALL) + 2, "at most one page is done twice"


async def test_given_up_after_a_kill_at_any_step_the_source_is_live_unless_the_target_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copying, "PAGE", 2)
    given_up = 0
    for step in range(1, len(await steps_of_a_move()) + 1):
        async with homes() as both:
            before = await killed(both, step)
            filled = await content(both.target)
            try:
                await both.give_up()
                given_up += 1
            except MovingError:
                assert await is_live(both.source) != (await is_live(both.target) and bool(filled)), step
                continue
            assert await is_live(both.source), step
            assert await content(both.source) == before, step
            assert not filled or not await is_live(both.target), step
            if filled:
                with pytest.raises(MovingError, match="was given up: put it aside, or name another place"):
                    await both.run()
    assert given_up > 10


async def test_what_was_given_up_when_all_but_the_last_step_was_done_is_never_served() -> None:
    async with homes() as both:
        await killed(both, len(await steps_of_a_move()) - 1)
        assert not await is_live(both.source)
        mark = await both.give_up()
        assert mark.state == "left"
        assert await is_live(both.source)
        assert not await is_live(both.target)


async def test_giving_up_that_is_killed_half_way_is_ended_by_the_same_command() -> None:
    all_but_the_last = len(await steps_of_a_move()) - 1
    for step in range(1, 7):
        async with homes() as both:
            before = await killed(both, all_but_the_last)
            both.process.restart(step)
            with pytest.raises(Crash):
                await both.give_up()
            both.process.restart()
            if not await is_live(both.source):
                await both.give_up()
            assert await is_live(both.source), step
            assert await content(both.source) == before, step
            assert not await is_live(both.target), step


async def test_a_move_whose_giving_up_was_killed_half_way_says_how_to_end_that() -> None:
    async with homes() as both:
        await killed(both, len(await steps_of_a_move()) - 1)
        both.process.restart(4)
        with pytest.raises(Crash):
            await both.give_up()
        both.process.restart()
        with pytest.raises(MovingError, match="--cancel ends that"):
            await both.run()
        assert not await is_live(both.target)


async def test_a_copy_that_another_of_the_same_name_was_faster_than_is_never_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As from two containers in which the target has the same path: the one half filled, the other armed."""
    monkeypatch.setattr(copying, "PAGE", 2)
    async with homes() as both, homes() as elsewhere:
        await killed(both, len(await steps_of_a_move()) // 2)
        half, both.target = both.target, elsewhere.target
        assert 0 < len(await content(half)) < len(SMALL)
        await both.run()
        whole, both.target = both.target, half
        with pytest.raises(MovingError, match="not the one that was filled to the end: put it aside"):
            await both.run()
        assert not await is_live(half)
        assert await is_live(whole)
        with pytest.raises(MovingError, match="too late"):
            await both.give_up()
        assert not await is_live(both.source)


async def test_a_finished_move_is_not_done_twice_nor_given_up() -> None:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await both.run()
        await both.target.table.write(Put(Key("object#ann", "new"), b"", "v"))
        assert (await both.run()).sums is None
        with pytest.raises(MovingError, match="too late"):
            await both.give_up()
        assert len(await content(both.target)) == len(SMALL) + 1


async def test_a_target_with_something_in_it_is_refused_and_the_source_stays_live() -> None:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await both.target.table.write(Put(Key("object#bob", "1"), b"", "v"))
        with pytest.raises(MovingError, match="target is not empty"):
            await both.run()
        assert await is_live(both.source)
        assert await is_live(both.target)


async def test_the_two_places_mixed_up_are_told_and_nothing_is_changed() -> None:
    for step in range(1, len(steps := await steps_of_a_move()) + 1):
        async with homes() as both:
            await killed(both, step)
            if await is_live(both.source) or await is_live(both.target):
                continue
            filled = await content(both.target)
            both.source, both.target = both.target, both.source
            with pytest.raises(MovingError, match="is an unfinished copy of source"):
                await both.run()
            both.source, both.target = both.target, both.source
            assert await content(both.target) == filled, steps[step - 1]
            await both.run()
            assert await is_live(both.target)


async def test_nothing_is_not_moved() -> None:
    async with homes() as both:
        with pytest.raises(MovingError, match="nothing in source"):
            await both.run()
        assert await is_live(both.target)


async def test_what_differs_is_named_and_nothing_is_disarmed() -> None:
    async with homes() as both:
        await put_all(both.source, [*SMALL, Put(keys.head("ann"), b"1", "v"), Put(keys.undo("ann", "v", 0), b"1", "v")])
        move, told = both.move(), both.told

        def tamper(step: str, done: Amount, total: Amount | None) -> None:
            if step == "Copying" and done == total and not told:
                connection = both.target.table._writer.connection
                connection.execute("DELETE FROM items WHERE sort = '003'")
                connection.execute("UPDATE items SET version = 'other' WHERE part = 'head#ann'")
                connection.execute("UPDATE items SET expires = 4000000000 WHERE part = 'undo#ann'")
                told.append((step, done, total))

        with pytest.raises(MovingError) as failed:
            await run(dataclasses.replace(move, told=tamper))
        assert "head: 1 in each, but not the same; object: 7 in the source, 6 in the target; undo: 1 in each" in str(
            failed.value
        )
        assert "copies all of it once more; if that does not help, put target aside first" in str(failed.value)
        assert not await is_live(both.target)
        await both.run()
        assert await content(both.target) == await content(both.source)
        assert await is_live(both.target)


async def test_two_moves_at_once_end_as_one_and_the_other_says_so() -> None:
    """As from two machines, of which each has a target of its own under the same name."""
    async with homes() as both, homes() as elsewhere:
        await put_all(both.source, SMALL)
        faster = both.move()
        both.target, mine = elsewhere.target, both.target
        slower = both.move()

        others: list[asyncio.Task[Moved]] = []

        def tell(step: str, *_: object) -> None:
            if step == "Comparing" and not others:
                others.append(asyncio.create_task(run(faster)))

        write = both.source.table.write

        async def write_after_the_other(*changes: Change) -> None:
            """What the slower one still has to write comes when the faster one is done."""
            if others and asyncio.current_task() is not others[0]:
                await others[0]
            await write(*changes)

        both.source.table.write = write_after_the_other  # type: ignore[method-assign]
        with pytest.raises(MovingError, match="The same command says how it stands"):
            await run(dataclasses.replace(slower, told=tell))
        assert await is_live(mine)
        assert not await is_live(both.target)
        assert not await is_live(both.source)


async def test_what_expires_and_is_removed_amid_the_move_is_no_difference() -> None:
    """DynamoDB removes it by its own clock, at any time after that."""
    async with homes() as both:
        undo = keys.undo("ann", "v", 0)
        await put_all(both.source, [*SMALL, Put(undo, b"1", "v", None, int(both.clock.now()) + 60)])

        def tell(step: str, done: Amount, total: Amount | None) -> None:
            if step == "Copying" and done == total:
                both.target.table._writer.connection.execute("DELETE FROM items WHERE part = ?", (undo.part,))

        later = SetClock("2026-11-20T09:10:00Z")
        moved = await run(dataclasses.replace(both.move(), told=tell, clock=later))
        assert await is_live(both.target)
        assert [kind for kind, _ in moved.kinds] == ["object"]


async def test_what_the_embedded_provider_keeps_stays_behind_when_another_issuer_signs_in() -> None:
    async with homes() as both:
        await put_all(both.source, some_of_every_kind(random.Random(7), 3))
        before = await content(both.source)
        await both.run(accounts=False)
        after = await content(both.target)
        kinds = {key.part.split("#")[0] for key in after}
        assert after == {key: item for key, item in before.items() if key.part.split("#")[0] not in STAYS}
        assert {"account", "session", "device", "grant", "signing", "login", "secondstep", "code"} <= STAYS
        assert {"person", "email", "subject", "token", "tokens", "linksecret", "object", "ledger", "log"} <= kinds


async def test_items_as_large_as_they_can_be_are_moved() -> None:
    async with homes() as both:
        for number in range(30):
            await both.source.table.write(Put(Key("object#ann", f"{number}"), bytes(379_000), "v"))
        await both.run()
        assert len(await content(both.target)) == 30


async def test_a_shared_table_is_closed_only_when_servers_have_ended_what_they_had_in_hand() -> None:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await run(both.move(is_alone=False))
        assert both.waits == [WATCHED + IN_HAND, SETTLED]


def test_a_mail_that_a_server_has_begun_is_written_down_before_the_table_is_closed() -> None:
    """Else the target sends it once more: it may be the last of those that wait for a slow mail server."""
    mail = SmtpSettings("mail.test", 25, "none", "aurora@example.org")
    assert SENDING + SENDERS / mail.connections * mail.timeout <= IN_HAND


async def test_how_far_it_is_ends_with_all_of_it() -> None:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await both.run()
        whole = Amount(len(SMALL), sum(len(put.body) for put in SMALL))
        assert [step for step in both.told if step[0] == "Copying"][-1] == ("Copying", whole, whole)
        twice = Amount(2 * whole.items, 2 * whole.bytes)
        assert both.told[-1] == ("Comparing", twice, twice)


async def test_a_deleted_item_is_not_there_to_be_moved() -> None:
    async with homes() as both:
        await put_all(both.source, SMALL)
        await both.source.table.write(Delete(SMALL[0].key), Put(Key("code#x", "code"), b"", "v", None, 1_700_000_000))
        await both.run()
        assert len(await content(both.target)) == len(SMALL) - 1

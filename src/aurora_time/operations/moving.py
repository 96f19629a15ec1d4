"""Moving a home to another engine, in steps of which each can be repeated; store/moves.py has what is remembered.

The source is made quiet, the target filled and compared; then the source is disarmed and the target armed, in this
order. What falls due meanwhile rings late, in the target; nothing rings twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from aurora_time.operations.copying import Movable, Sum, Told, compare, fill, measure
from aurora_time.operations.sweeping import LEASE
from aurora_time.ports import ABSENT, Change, Clock, ConflictError, Delete, Ids, Table
from aurora_time.store import keys
from aurora_time.store.moves import WATCHED, Copy, Mark, State, mark_of, mark_put

IN_HAND: Final = LEASE
"""Seconds after which a server that was told to send nothing new has written down what it had in hand, or has lost it:
a mail is begun early in its lease, but then it may wait for a slow mail server behind all the others."""
SETTLED: Final = WATCHED + 15
"""Seconds after which a write that was begun before the home was closed is done or given up."""

_PASSING: Final = 3600
"""Seconds before it expires from which on an item is not compared: DynamoDB may remove it between the two readings."""


class MovingError(Exception):
    """The move cannot go on like this, or a home that moves cannot be used; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Place:
    """A home by the name that the operator gave it. ``is_alone``: no server can be running on it now."""

    name: str
    table: Movable
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where. ``accounts``: whether what is the embedded provider's goes along."""

    source: Place
    target: Place
    clock: Clock
    ids: Ids
    told: Told
    pause: Callable[[float], Awaitable[None]]
    accounts: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """``sums`` by kind; None where all was done before."""

    mark: Mark
    sums: dict[str, Sum] | None

    @property
    def kinds(self) -> list[tuple[str, Sum]]:
        return sorted((self.sums or {}).items())


Held = tuple[Mark, str]
"""A mark and its version."""


async def mark_in(table: Table) -> Mark | None:
    """What a home knows of its move; None: it is live."""
    (item,) = await table.get(keys.moving())
    return mark_of(item)


async def refuse_if_moved(table: Table) -> None:
    """Let nobody use a home that is moving, has moved, or is not filled yet. Raises MovingError."""
    mark = await mark_in(table)
    if mark is not None:
        raise MovingError(mark.sentence)


async def run(move: Move) -> Moved:
    """Do all that is still to be done. Raises MovingError, UnavailableError; then the same call goes on later."""
    here, there = await _mark(move.source), await _mark(move.target)
    here = here or await _begin(move, there)
    if here[0].state == "arriving":
        raise MovingError(here[0].sentence)
    if here[0].state == "left":
        return await _finish(move, here[0], there)
    if there is not None and there[0].id != here[0].id:
        there = None  # it is of another move
    if there is None:
        await _check_same(move, here[0])
    here = await _close(move, here)
    arriving, version = there or await _receive(move, here[0])
    assert arriving.copy is not None, "the target's mark"
    if not arriving.copy.is_whole:
        arriving = await fill(move.source.table, move.target.table, arriving, _keeper(move, version), move.told)
    sums = await _verify(move, arriving, version)
    await _disarm(move, here, version)
    await _arm(move, (arriving, version))
    return Moved(here[0], sums)


async def give_up(source: Place, target: Callable[[], AbstractAsyncContextManager[Place]], ids: Ids) -> Mark:
    """Make the source live again, unless the target is; what was copied stays there, and is never served.

    ``target`` is opened only where it has a say. Raises MovingError.
    """
    here = await _mark(source)
    if here is None or here[0].state == "arriving":
        raise MovingError(here[0].sentence if here else f"{source.name} is not being moved; nothing was changed.")
    mark, version = here
    if mark.state == "left":
        async with target() as place:
            await _withdraw(place, mark, ids)
    await _write(source, Delete(keys.moving(), version))
    return mark


async def _withdraw(target: Place, mark: Mark, ids: Ids) -> None:
    """Take care that the target, which may be armed at any moment, never is. Raises MovingError."""
    there = await _mark(target)
    if there is not None and there[0].id == mark.given_up:
        return  # it was killed after this
    if there is None or there[1] != mark.filled:
        raise MovingError(f"It is too late to give it up: {mark.sentence}")
    await _write(target, mark_put(replace(there[0], id=mark.given_up), ids.new(), there[1]))


# --- the steps --------------------------------------------------------------------------------------------------------
async def _begin(move: Move, there: Held | None) -> Held:
    if there is not None and there[0].state == "left":
        away = f"{move.target.name} still holds what moved to {there[0].target}"
        raise MovingError(f"{away}: put it aside, or name another place.")
    if there is not None and there[0].source == move.source.name:
        copied = f"{move.target.name} holds what was copied before the move was given up"
        raise MovingError(f"{copied}: put it aside, or name another place.")
    if there is not None:
        raise MovingError(there[0].sentence)
    await _check_empty(move.target)
    if await _is_empty(move.source):
        raise MovingError(f"There is nothing in {move.source.name} to move.")
    state: State = "closed" if move.source.is_alone else "leaving"
    now = int(move.clock.now())
    mark = Mark(move.ids.new(), state, move.source.name, move.target.name, now, move.accounts)
    return await _put(move, move.source, mark, ABSENT)


async def _check_same(move: Move, here: Mark) -> None:
    """That a move was begun to this place, which holds nothing of it yet. Raises MovingError."""
    if here.target != move.target.name:
        raise MovingError(here.sentence)
    await _check_empty(move.target)


async def _finish(move: Move, here: Mark, there: Held | None) -> Moved:
    """The source is disarmed: both were equal. Raises MovingError where it went to another place."""
    if there is not None and there[1] == here.filled:
        await _arm(move, there)
    elif here.target != move.target.name:
        raise MovingError(here.sentence)
    elif there is not None and there[0].id == here.given_up:
        raise MovingError(f"This move was being given up: {here.command} with --cancel ends that.")
    elif there is not None and there[0].state == "arriving":
        raise MovingError(f"This {move.target.name} is not the one that was filled to the end: put it aside.")
    return Moved(here, None)


async def _close(move: Move, here: Held) -> Held:
    """Wait until nobody sends or writes any more."""
    mark, version = here
    if mark.state == "leaving":
        if not move.source.is_alone:
            await move.pause(WATCHED + IN_HAND)
        mark, version = await _put(move, move.source, replace(mark, state="closed"), version)
    if not move.source.is_alone:
        await move.pause(SETTLED)
    return mark, version


async def _receive(move: Move, here: Mark) -> Held:
    total = await measure(move.source.table, here, move.told)
    await _check_empty(move.target)
    return await _put(move, move.target, replace(here, state="arriving", copy=Copy(total)), ABSENT)


async def _verify(move: Move, arriving: Mark, version: str) -> dict[str, Sum]:
    """Raises MovingError, and then the next call copies everything once more."""
    lasting = int(move.clock.now()) + _PASSING
    sums, differences = await compare(move.source.table, move.target.table, arriving, lasting, move.told)
    if not differences:
        return sums
    assert arriving.copy is not None, "the target's mark"
    anew = replace(arriving, copy=Copy(arriving.copy.total))
    await _keeper(move, version)(anew)
    raise MovingError(
        f"{move.target.name} is not what {move.source.name} is ({'; '.join(differences)}). Nothing was disarmed: "
        f"the same command copies all of it once more; if that does not help, put {move.target.name} aside first."
    )


async def _disarm(move: Move, here: Held, filled: str) -> None:
    mark, version = here
    await _put(move, move.source, replace(mark, state="left", filled=filled), version)


async def _arm(move: Move, there: Held) -> None:
    await _write(move.target, Delete(keys.moving(), there[1]))


# --- marks ------------------------------------------------------------------------------------------------------------
async def _mark(place: Place) -> Held | None:
    (item,) = await place.table.get(keys.moving())
    mark = mark_of(item)
    return None if item is None or mark is None else (mark, item.version)


def _keeper(move: Move, version: str) -> Callable[[Mark], Awaitable[None]]:
    """All marks of a target that is being filled have one version: they are of one move."""

    async def keep(mark: Mark) -> None:
        await _write(move.target, mark_put(mark, version, version))

    return keep


async def _put(move: Move, place: Place, mark: Mark, expect: str) -> Held:
    version = move.ids.new()
    await _write(place, mark_put(mark, version, expect))
    return mark, version


async def _write(place: Place, change: Change) -> None:
    try:
        await place.table.write(change)
    except ConflictError:
        raise MovingError(
            f"Another `aurora move` has changed {place.name} meanwhile; this one does nothing more. "
            "The same command says how it stands."
        ) from None


async def _check_empty(place: Place) -> None:
    """Raises MovingError."""
    if not await _is_empty(place):
        raise MovingError(f"{place.name} is not empty: name another place, or put aside what is there.")


async def _is_empty(place: Place) -> bool:
    items, after = await place.table.scan(None, 1)
    while not items and after is not None:
        items, after = await place.table.scan(after, 1)
    return not items

"""``aurora move``: to another engine and back."""

from __future__ import annotations

import os
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from aurora_time.run.cli_operator import Json
from aurora_time.run.cli_options import as_one

if TYPE_CHECKING:
    from aurora_time.operations.moving import Moved
    from aurora_time.run.moving import Told, Wanted


@dataclass(frozen=True)
class MoveOptions:
    """What ``aurora move`` is told."""

    source: Annotated[str, typer.Option("--from", help="sqlite:FOLDER or dynamodb:TABLE.", show_default=False)]
    target: Annotated[str, typer.Option("--to", help="The same, of what is still empty.", show_default=False)]
    cancel: Annotated[bool, typer.Option("--cancel", help="Give it up half way: the source is live again.")] = False
    accounts: Annotated[
        bool | None,
        typer.Option(
            help="Whether passwords, second factors and sign-ins go along; without it, unless AURORA_ISSUER is set.",
            show_default=False,
        ),
    ] = None
    stopped: Annotated[bool, typer.Option("--stopped", help="No server runs on the source: do not wait.")] = False
    create_table: Annotated[bool, typer.Option("--create-table", help="Make the target's table if need be.")] = False
    json: Json = False


@as_one(MoveOptions)
def move(options: MoveOptions) -> None:
    """Move everything to another place: copied, compared, and then the source is disarmed; what stops goes on."""
    import asyncio

    from aurora_time.run.moving import Wanted, give_up_move
    from aurora_time.run.world import SystemClock

    accounts = not os.environ.get("AURORA_ISSUER") if options.accounts is None else options.accounts
    wanted = Wanted(options.source, options.target, accounts, options.stopped, options.create_table)
    if not options.cancel:
        _move(wanted, json=options.json)
        return
    mark = asyncio.run(give_up_move(wanted, SystemClock()))
    if options.json:
        from aurora_time.run.cli_show import print_json

        print_json({"source": mark.source, "target": mark.target, "state": "given up"})
    else:
        print(f"{mark.source} is live again. What was copied to {mark.target} is never served, and can be deleted.")


def _move(wanted: Wanted, *, json: bool) -> None:
    import asyncio

    from rich.console import Console

    from aurora_time.run.cli_show import print_json
    from aurora_time.run.moving import Told, bar, move_home
    from aurora_time.run.world import SystemClock

    began = time.monotonic()
    shown = bar(Console(stderr=True)) if sys.stderr.isatty() and not json else None
    told = Told(shown)
    with shown or nullcontext():
        try:
            moved = asyncio.run(move_home(wanted, SystemClock(), told))
        except KeyboardInterrupt:
            print("aurora: interrupted; the same command goes on, and with --cancel gives it up.", file=sys.stderr)
            raise typer.Exit(130) from None
    seconds = time.monotonic() - began
    if json:
        print_json(_document(moved, told, seconds))
    else:
        print(_text(moved, told, seconds))


def _document(moved: Moved, told: Told, seconds: float) -> dict[str, object]:
    copying, copied = told.done_in("Copying")
    kinds = {kind: {"items": each.items, "checksum": f"{each.checksum:032x}"} for kind, each in moved.kinds}
    return {
        "source": moved.mark.source,
        "target": moved.mark.target,
        "state": "moved",
        "seconds": round(seconds, 3),
        "copied": {"items": copied.items, "bytes": copied.bytes, "seconds": round(copying, 3)},
        "kinds": kinds,
    }


def _text(moved: Moved, told: Told, seconds: float) -> str:
    mark = moved.mark
    if moved.sums is None:
        return mark.sentence
    copying, copied = told.done_in("Copying")
    rate = f" ({copied.items / copying:,.0f} items a second)" if copied.items and copying else ""
    count, kinds = sum(each.items for _, each in moved.kinds), len(moved.kinds)
    equal = f"{mark.target} has all {count:,} items of {mark.source}: counts and checksums of {kinds} kinds are equal."
    speed = f"{copied.items:,} items, {copied.bytes / 1_000_000:,.1f} MB, were copied in {copying:.1f} s{rate}"
    lines = [equal, f"{speed}; {seconds:.1f} s in all."]
    if not mark.accounts:
        lines.append("Passwords, second factors and sign-ins stayed behind.")
    lines.append(f"Nothing rings or is served from {mark.source} any more. Start Aurora Time on {mark.target}.")
    return "\n".join(lines)

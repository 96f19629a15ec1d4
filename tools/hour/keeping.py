"""What of the top of the hour is kept: the plans, and how the million went when it was last run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from tools.hour.simulation import Outcome, Plan, scaled

KEPT: Final = Path(__file__).parents[2] / "docs" / "generated" / "top-of-the-hour.json"
MILLION: Final = 1_000_000
DIVISOR: Final = 100
"""The sample is so many times smaller, at rates that are so many times lower: 10,000 reminders, in seconds."""

HELD: Final = Plan(MILLION, 1_000, hands_over=60_000)
"""SES takes 1,000 a second, and a sweep hands over what that is in a minute."""
ALL: Final = Plan(MILLION, 16_700)
"""SES takes a million in a minute; a sweep hands over all that it finds; four shards, as deployed."""
WIDE: Final = Plan(MILLION, 16_700, shards=64)
"""The same with as many shards as the due index then needs."""
SAMPLES: Final[dict[str, Plan]] = {
    name: scaled(plan, DIVISOR) for name, plan in {"held": HELD, "all": ALL, "wide": WIDE}.items()
}


class Run(msgspec.Struct, frozen=True):
    """A run in full: its outcome, and what it took of this machine."""

    outcome: Outcome
    on: str
    python: str
    cpu_seconds: float
    seconds: float
    memory_mb: int


class Kept(msgspec.Struct, frozen=True):
    samples: dict[str, Outcome]
    million: Run | None = None


def read() -> Kept:
    return msgspec.json.decode(KEPT.read_bytes(), type=Kept)


def write(kept: Kept) -> None:
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")

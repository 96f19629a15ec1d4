"""What of the top of the hour is kept: the plans, and how those at length went when they were last run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from tools.hour.simulation import Outcome, Plan, scaled

KEPT: Final = Path(__file__).parents[2] / "docs" / "generated" / "top-of-the-hour.json"
MILLION: Final = 1_000_000
DIVISOR: Final = 100
"""The sample is so many times smaller, at rates that are so many times lower: 10,000 reminders, in seconds."""

HELD: Final = Plan(MILLION, 500)
"""SES takes 500 a second, to which the sweep holds; four shards, as deployed."""
ALL: Final = Plan(MILLION, 500, shards=128, paced=False)
"""The same mails, but nobody has told the sweep: all are tried at once, for which there are shards enough."""
WIDE: Final = Plan(MILLION, 16_700, shards=128)
"""SES takes a million in a minute, and the due index has as many shards as that needs."""
FULL: Final = (HELD, WIDE)
"""What is played at length: a million each, as they are."""
SAMPLES: Final[dict[str, Plan]] = {
    name: scaled(plan, DIVISOR) for name, plan in {"held": HELD, "all": ALL, "wide": WIDE}.items()
}


class Run(msgspec.Struct, frozen=True):
    """A run at length: its outcome, and what it took of this machine."""

    outcome: Outcome
    on: str
    python: str
    cpu_seconds: float
    seconds: float
    memory_mb: int


class Kept(msgspec.Struct, frozen=True):
    samples: dict[str, Outcome]
    full: tuple[Run, ...] = ()


def read() -> Kept:
    return msgspec.json.decode(KEPT.read_bytes(), type=Kept)


def write(kept: Kept) -> None:
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")

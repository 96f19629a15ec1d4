"""The top of the hour at length: 1,000,000 reminders due at one instant, over the real due index in memory.

Its outcome is kept in docs/generated/top-of-the-hour.json, from which `make generate` makes the page.
"""

from __future__ import annotations

import asyncio
import platform
import resource
import time
from datetime import UTC, datetime

from benchmarks.measure import Figure
from tools.hour import keeping
from tools.hour.keeping import FULL, SAMPLES, Kept, Run
from tools.hour.simulation import Hour, Plan

PART = "The top of the hour, by a clock that is moved"


def play(plan: Plan) -> Run:
    began, busy = time.monotonic(), time.process_time()
    outcome = asyncio.run(Hour(plan).run())
    return Run(
        outcome,
        datetime.now(UTC).date().isoformat(),
        platform.python_version(),
        round(time.process_time() - busy, 1),
        round(time.monotonic() - began, 1),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def run() -> list[Figure]:
    """Takes some 25 minutes of one core, and 2 GB."""
    samples = {name: play(plan).outcome for name, plan in SAMPLES.items()}
    full = tuple(map(play, FULL))
    keeping.write(Kept(samples, full))
    return [figure for each in full for figure in _figures(each)]


def _figures(run: Run) -> list[Figure]:
    seen, what = (
        run.outcome,
        f"{run.outcome.plan.count:,} due at once, {run.outcome.plan.mails_a_second:,} mails a second",
    )
    return [
        Figure(PART, f"{what}: the last after", seen.last_after, "s"),
        Figure(PART, f"{what}: messages for nothing", seen.idle_messages, ""),
        Figure(PART, f"{what}: read units of the sweeps", seen.sweep_reads, ""),
        Figure(PART, f"{what}: write units", seen.writes, ""),
        Figure(PART, "the run itself, of one core", run.cpu_seconds, "s", 3_600),
        Figure(PART, "the run itself, peak memory", run.memory_mb, "MB", 4_000),
    ]

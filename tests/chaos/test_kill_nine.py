"""SIGKILL amid writes and sends, again and again: nothing acknowledged is lost, every reminder comes.

``make test`` does 5 cycles, ``make chaos`` 100; AURORA_CHAOS_CYCLES says another number.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.chaos import invariants
from tests.chaos.storm import Made, missing, storm
from tools.running import HomeProcess, SinkProcess
from tools.visitor import newcomer

pytestmark = pytest.mark.chaos


@dataclass
class Tally:
    """What the cycles have seen. ``crash_points`` counts, by Message-ID, the kills that fell between the mail
    server's 250 and the ledger's "sent"; such a mail may come once more for each."""

    made: list[Made] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    crash_points: Counter[str] = field(default_factory=Counter)
    sending: int = 0


@pytest.fixture
def cycles(effort: int) -> int:
    return int(os.environ.get("AURORA_CHAOS_CYCLES", 5 * effort))


def reminder_id(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def wait_for_a_mail(sink: SinkProcess) -> None:
    before, until = len(sink.mails()), time.monotonic() + 3
    while len(sink.mails()) == before and time.monotonic() < until:
        time.sleep(0.001)


async def kill_amid_sends(home: HomeProcess, sink: SinkProcess, chance: random.Random) -> None:
    """After a random while; every other time just when mails begin to flow."""
    await asyncio.sleep(0.1 + chance.random() * 0.5)
    if chance.random() < 0.6:
        await asyncio.to_thread(wait_for_a_mail, sink)
        await asyncio.sleep(chance.random() * 0.02)
    home.kill()


def look_after_kill(home: HomeProcess, sink: SinkProcess, folder: Path, tally: Tally, *, whole: bool) -> None:
    """What the file says at the moment of death, against what the mail server has."""
    sink.settle()
    copy = invariants.copied(home.database, folder)
    ledger = invariants.Snapshot(copy, ("ledger#",)).ledger()
    taken = {reminder_id(mail.message_id) for mail in sink.mails()} & ledger.keys()
    for each in taken:
        assert ledger[each].status in ("sending", "sent"), f"{ledger[each]} was mailed before the ledger knew of it"
    for each in ledger.values():
        tally.sending += each.status == "sending"
        if each.status == "sending" and each.id in taken:
            tally.crash_points[each.id] += 1
    if whole:
        assert invariants.broken(home.database, folder, int(time.time())) == []


def wait_until_all_rang(home: HomeProcess, folder: Path, wanted: set[str]) -> invariants.Snapshot:
    """The ledger once it says of each of these events that its reminder was sent; or as it is after half a minute.

    By the events, not by their number: of what was made and never acknowledged some ring, too.
    """
    until = time.monotonic() + 30
    while True:
        snapshot = invariants.Snapshot(invariants.copied(home.database, folder), ("ledger#",))
        sent = {entry.event_id for entry in snapshot.ledger().values() if entry.status == "sent"}
        if wanted <= sent or time.monotonic() > until:
            return snapshot
        time.sleep(0.2)


def test_nothing_acknowledged_is_lost_and_every_reminder_comes(
    home: HomeProcess, sink: SinkProcess, tmp_path: Path, cycles: int
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance, tally = random.Random(seed), Tally()
    print(f"\nseed {seed}, {cycles} cycles")
    home.start()
    token = newcomer(home.url, sink.folder, "an@example.org")
    for cycle in range(cycles):
        made = asyncio.run(
            storm(home.port, token, str(cycle), lambda: kill_amid_sends(home, sink, chance), seed + cycle)
        )
        look_after_kill(home, sink, tmp_path / "copy", tally, whole=cycle % 10 == 0 or cycle == cycles - 1)
        tally.made += made
        tally.restarts.append(home.start())
        assert asyncio.run(missing(home.port, token, made)) == []
    assert asyncio.run(missing(home.port, token, tally.made)) == []
    judge(home, sink, tmp_path, tally)
    if os.environ.get("AURORA_CHAOS_CYCLES") or cycles > 5:
        assert statistics.median(tally.restarts) <= 2


def judge(home: HomeProcess, sink: SinkProcess, folder: Path, tally: Tally) -> None:
    """Every reminder that was to come came, not early, and again only where a kill fell at the crash point."""
    ringing = {each.id: each for each in tally.made if each.due is not None}
    ledger = wait_until_all_rang(home, folder / "copy", set(ringing)).ledger()
    by_event = {entry.event_id: entry for entry in ledger.values()}
    mails = [mail for mail in sink.mails() if reminder_id(mail.message_id) in ledger]
    times = Counter(reminder_id(mail.message_id) for mail in mails)
    lost = [each for each in ringing if each not in by_event or not times[by_event[each].id]]
    report(tally, times, len(ringing))
    assert {each: by_event.get(each) for each in lost} == {}
    assert {by_event[each].status for each in ringing} <= {"sent"}
    assert all(by_event[each.id].instant == each.due for each in ringing.values())
    assert [mail for mail in mails if mail.time < ledger[reminder_id(mail.message_id)].instant] == []
    assert {each: count for each, count in times.items() if count > 1 + tally.crash_points[each]} == {}
    assert home.stop() == 0
    assert invariants.broken(home.database, folder / "copy", int(time.time())) == []


def report(tally: Tally, times: Counter[str], ringing: int) -> None:
    again = sum(times.values()) - len(times)
    print(f"{len(tally.made)} creates acknowledged, {ringing} of them ring; {len(times)} reminders mailed")
    print(f"{tally.sending} were being sent when a kill fell, {sum(tally.crash_points.values())} of them already taken")
    print(f"{again} mails came again, each with the same Message-ID")
    spread = sorted(tally.restarts)
    print(f"restart to ready: median {statistics.median(spread):.2f} s, longest {spread[-1]:.2f} s")

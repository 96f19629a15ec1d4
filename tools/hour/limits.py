"""How many reminders of one minute each part bears, by AWS's published limits and our measured units: paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aurora_time.store import reminders
from infra.sizes import AT_ONCE, MEMORY_MB
from tools.costs import usage
from tools.costs.bill import cost
from tools.costs.measuring import capacity_units
from tools.costs.prices import PRICES
from tools.costs.usage import MAIL_SHARE_OF_SERIES, Work

PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
"""Units a second of one partition (DynamoDB developer guide, "warm throughput")."""
NEW_TABLE_WRITES, NEW_TABLE_READS = 4_000, 12_000
"""Units a second that a new table on demand takes at once; it grows with what it has served."""
TABLE_QUOTA: Final = 40_000
"""Units a second of a table on demand, read or write, until AWS raises it."""
CONCURRENT_AT_FIRST, CONCURRENT_A_MINUTE, CONCURRENT_MOST = 5, 300, 1_000
"""Batches in hand of one queue that Lambda reads, at once and growing (Lambda developer guide)."""
PROVISIONED_POLLERS, INVOKES_A_POLLER = 200, 10
"""Pollers that a queue may be given beforehand, and what each invokes at once."""
SANDBOX_MAILS, ASKED_MAILS = 1, 50
"""Mails a second: in the sandbox, and an example of what an account is given at first (AWS publishes no number)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Reminders in a minute beyond which this is what holds up, and what then helps."""

    what: str
    a_minute: float
    because: str
    mend: str


def fire() -> Work:
    """The work of one reminder."""
    return next(work for work in usage.Choices().daily() if work.capacity == "fire")


def seconds_of_a_reminder() -> float:
    return fire().milliseconds(MEMORY_MB) / 1000


def units_of_a_reminder() -> tuple[float, float]:
    """Read and write units of finding, handing over and sending one."""
    units, series = capacity_units(), MAIL_SHARE_OF_SERIES
    found, handed = units["hand_over"]
    (reads, writes), (reads_of_series, writes_of_series) = units["fire"], units["fire_of_series"]
    sent = writes * (1 - series) + writes_of_series * series
    return found + reads * (1 - series) + reads_of_series * series, handed + sent


def due_units() -> float:
    """Write units that the due index takes for one: deleted, and of a series put anew. Handing over leaves it alone."""
    return 2 * (1 - MAIL_SHARE_OF_SERIES) + 4 * MAIL_SHARE_OF_SERIES


def sweep_seconds_of_a_reminder() -> float:
    return usage.hand_over_ms(MEMORY_MB) / 1000


def limits() -> list[Limit]:
    """The first to come first."""
    return sorted([*_of_services(), *_of_the_table()], key=lambda limit: limit.a_minute)


def _of_services() -> Iterator[Limit]:
    each, sweep = seconds_of_a_reminder(), sweep_seconds_of_a_reminder()
    ramp = CONCURRENT_AT_FIRST + CONCURRENT_A_MINUTE / 2
    yield Limit("SES, in its sandbox", 60 * SANDBOX_MAILS, "1 mail a second", "ask AWS for production access")
    yield Limit(
        "SES, at 50 mails a second",
        60 * ASKED_MAILS,
        "what an account is given at first differs; 50 is an example",
        "ask for more: 1,000 a second are 60,000 a minute, and tell the sweep (`mailsASecond`)",
    )
    yield Limit(
        "one function that sweeps",
        60 / sweep,
        f"{1000 * sweep:.1f} ms of {MEMORY_MB} MB to find one and hand it over",
        "more memory, up to a whole processor (1,769 MB); then a sweeper for some of the shards each",
    )
    yield Limit(
        "Lambda, in its first minute",
        60 * ramp / each,
        f"{CONCURRENT_AT_FIRST} batches at once, {CONCURRENT_A_MINUTE} more each minute, {1000 * each:.0f} ms each",
        "give the queue pollers beforehand (provisioned mode), or send several of a batch at once",
    )
    yield Limit(
        "the bound that our stack sets on the queue",
        60 * AT_ONCE / each,
        f"{AT_ONCE} batches at once; a batch of several takes little longer than one of one",
        "`AT_ONCE` in infra/sizes.py: let it follow what SES takes, up to 1,000",
    )
    yield Limit(
        "Lambda, at its most for one queue",
        60 * CONCURRENT_MOST / each,
        f"{CONCURRENT_MOST:,} batches at once, one message each",
        f"provisioned mode: {PROVISIONED_POLLERS} pollers of {INVOKES_A_POLLER} and more; ask for concurrency",
    )


def _of_the_table() -> Iterator[Limit]:
    reads, writes = units_of_a_reminder()
    ask = "ask AWS for more"
    yield Limit(
        "writes of a new table",
        60 * NEW_TABLE_WRITES / writes,
        f"{NEW_TABLE_WRITES:,} WRU a second, {writes:.1f} a reminder",
        "it grows by itself with use; warm it before a launch (one payment)",
    )
    yield Limit(
        "reads of a new table",
        60 * NEW_TABLE_READS / reads,
        f"{NEW_TABLE_READS:,} RRU a second, {reads:.0f} a reminder",
        "as its writes",
    )
    yield Limit(
        "the due index, four shards",
        60 * reminders.SHARDS * PARTITION_WRITES / due_units(),
        f"{PARTITION_WRITES:,} WRU a second and shard, {due_units():.1f} a reminder",
        "more shards: `SHARDS` in store/reminders.py, nothing is moved",
    )
    yield Limit(
        "`restored#home`",
        60 * PARTITION_READS,
        "one item that each reminder reads",
        "a process remembers it for its life, as a restore starts new ones",
    )
    yield Limit("the table's quota, writes", 60 * TABLE_QUOTA / writes, f"{TABLE_QUOTA:,} WRU a second", ask)
    yield Limit("the table's quota, reads", 60 * TABLE_QUOTA / reads, f"{TABLE_QUOTA:,} RRU a second", ask)


def needed(count: int) -> dict[str, float]:
    """What ``count`` in one minute ask of each part, to be sent within it."""
    reads, writes = units_of_a_reminder()
    a_second = count / 60
    return {
        "mails": a_second,
        "shards": a_second * due_units() / PARTITION_WRITES,
        "writes": a_second * writes,
        "reads": a_second * reads,
        "concurrent": a_second * seconds_of_a_reminder(),
        "sweepers": count * sweep_seconds_of_a_reminder() / 60,
    }


def dollars(count: int) -> dict[str, float]:
    """What so many reminders cost, whenever they are due; without free tiers."""
    reads, writes = units_of_a_reminder()
    seconds = count * (seconds_of_a_reminder() + sweep_seconds_of_a_reminder())

    def price(name: str, quantity: float) -> float:
        return cost(PRICES[name], quantity, free=False)

    return {
        "SES, à la carte": price("mail", count),
        "DynamoDB": price("wru", count * writes) + price("rru", count * reads),
        "Lambda": price("requests", count) + price("compute", seconds * MEMORY_MB / 1024),
        "SQS": price("queue", count * usage.QUEUE_REQUESTS_A_MAIL),
        "CloudWatch": price("logs", count * usage.FIGURES_BYTES / 1024**3),
    }

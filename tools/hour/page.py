"""The top of the hour as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_time.store import reminders
from tools.costs.page import money, prose
from tools.hour import limits
from tools.hour.keeping import DIVISOR, MILLION, Kept, Run
from tools.hour.simulation import Outcome


def page(kept: Kept) -> str:
    parts = (_head(), _needs(), _limits(), _played(kept), _costs())
    return "\n".join(line for part in parts for line in (*part, ""))


def _head() -> Iterable[str]:
    yield "# The top of the hour: 1,000,000 reminders due in one minute"
    yield ""
    yield from prose(
        "Made by `make generate` from `tools/hour/`: first on paper, by AWS's published limits and the units of",
        "[the capacity report](capacity.md); then played, over the product's own due index",
        "(`operations/sweeping.py`, `store/reminders.py`) on a table in memory, by a clock that is moved.",
        "`make bench ARGS=hour` plays it at length.",
        "No AWS was asked: what a service does beyond its published limits is not in here.",
    )


def _needs() -> Iterable[str]:
    need = limits.needed(MILLION)
    yield "## What it asks, to be sent within the minute"
    yield ""
    yield "| part | asks | has | |"
    yield "| --- | ---: | ---: | --- |"
    rows = [
        ("SES, mails a second", need["mails"], "what AWS grants", "the first to hold up; see below"),
        ("shards of the due index", need["shards"], f"{reminders.SHARDS}", "128 leave a little room"),
        ("write units a second", need["writes"], f"{limits.TABLE_QUOTA:,}", "quota of a table; AWS raises it"),
        ("read units a second", need["reads"], f"{limits.TABLE_QUOTA:,}", "the same"),
        ("functions that send at once", need["concurrent"], f"{limits.CONCURRENT_MOST:,}", "provisioned mode has more"),
        ("functions that sweep", need["sweepers"], "1", "a sweeper for some of the shards each"),
    ]
    for what, asks, has, words in rows:
        yield f"| {what} | {asks:,.0f} | {has} | {words} |"


def _limits() -> Iterable[str]:
    yield "## Which limit comes when"
    yield ""
    yield "The next line holds up when the one before has been mended."
    yield ""
    yield "| reminders in a minute | what holds up | because | what helps |"
    yield "| ---: | --- | --- | --- |"
    for limit in limits.limits():
        yield f"| {limit.a_minute:,.0f} | {limit.what} | {limit.because} | {limit.mend} |"


def _played(kept: Kept) -> Iterable[str]:
    held, all_, wide = (kept.samples[name] for name in ("held", "all", "wide"))
    yield "## Played"
    yield ""
    yield from prose(
        f"Three ways at 1 to {DIVISOR}: {held.plan.count:,} reminders, with rates of SES and of the shards that are as",
        "many times lower, so that the seconds are those of a million. SES takes 500 a second in the first two, and",
        "refuses what is more than that and what it had room for in the second before; the shards are 4, 128 and 128.",
        "Four of ten are of a series and ring again.",
        "`tests/tools/test_hour.py` plays the first anew, `python -m tools.hour --samples` all.",
    )
    yield ""
    yield "| | the sweep knows the rate | it does not: all tried at once | SES without limit |"
    yield "| --- | ---: | ---: | ---: |"
    yield from _rows((held, all_, wide))
    yield ""
    yield from prose(
        "A sweep that knows the rate (`mailsASecond` in deploy.toml) gives each mail its second, as far as it looks",
        "ahead, and the next goes on there: SES refuses nothing. Of what stands behind, it reads the due items alone,",
        "for jobs, which wait for no mail. Where it does not know the rate, what SES refuses waits for a while",
        "that is another for each, and at most as long again as it is late: nothing is lost or given up by that, but",
        f"each reminder is tried {(all_.refused + all_.plan.count) / all_.plan.count:.1f} times, for as many claims",
        f"and outcomes in the table, and the last is sent after {_minutes(all_.last_after)} instead of",
        f"{_minutes(held.last_after)}.",
    )
    for run in kept.full:
        yield ""
        yield from _at_length(run)


def _rows(outcomes: tuple[Outcome, ...]) -> Iterable[str]:
    def line(what: str, *cells: str) -> str:
        return f"| {what} | {' | '.join(cells)} |"

    yield line("half of them sent after", *(_minutes(each.half_after) for each in outcomes))
    yield line("the last sent after", *(_minutes(each.last_after) for each in outcomes))
    yield line("sweeps", *(f"{each.sweeps}" for each in outcomes))
    yield line("refused by SES, a reminder", *(f"{each.refused / each.plan.count:.2f}" for each in outcomes))
    yield line("messages a reminder", *(f"{each.messages / each.plan.count:.2f}" for each in outcomes))
    yield line(
        "the queue at its deepest, of all", *(f"{each.deepest_queue / each.plan.count:.0%}" for each in outcomes)
    )
    yield line(
        "reads of the sweeps, a reminder", *(f"{each.sweep_reads / each.plan.count:.2f} RRU" for each in outcomes)
    )
    yield line("writes, a reminder", *(f"{each.writes / each.plan.count:.2f} WRU" for each in outcomes))
    yield line("the fullest shard against the mean", *(f"{each.unevenness:.2f}" for each in outcomes))


def _at_length(run: Run) -> Iterable[str]:
    seen, plan = run.outcome, run.outcome.plan
    yield from prose(
        f"**At length**, on {run.on} (Python {run.python}): {plan.count:,} reminders, all",
        f"due at one second, {plan.shards} shards, {plan.mails_a_second:,} mails a second, which the sweep knows.",
        f"The last was sent after {_minutes(seen.last_after)}, by {seen.sweeps} sweeps and",
        f"{seen.messages:,} messages, of which",
        f"{seen.idle_messages:,} were for nothing; {seen.sweep_reads:,} RRU to find them, {seen.writes:,} WRU to hand",
        f"over and send them. The run took {run.cpu_seconds:,.0f} s of one core ({run.seconds / 60:.0f} minutes on a",
        f"machine that others used, too) and {run.memory_mb:,} MB.",
    )


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02} min"


def _costs() -> Iterable[str]:
    found = limits.dollars(MILLION)
    yield "## What a million reminders cost"
    yield ""
    yield "| service | |"
    yield "| --- | ---: |"
    for service, dollars in found.items():
        yield f"| {service} | {money(dollars)} |"
    yield f"| **together** | **{money(sum(found.values()))}** |"

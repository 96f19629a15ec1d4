"""The bill as a page of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from tools.costs import usage
from tools.costs.levers import ESSENTIALS
from tools.costs.measuring import Costs
from tools.costs.prices import PRICES
from tools.costs.usage import USERS, Choices

GOAL_100, GOAL_EACH, GOAL_IDLE = 3.0, 0.03, 0.10
"""PRODUCT.md: dollars a month for 100 users, for each of any number, and for an idle home."""
_SEEN: Final = {
    "list": "AWS's price list, transcribed",
    "AWS": "a page of AWS",
    "others": "two others agree",
    "one": "**one site only: confirm**",
}


def page(costs: Costs) -> str:
    parts = (_head, _services, _goals, _idle, _levers, _assumptions, _prices)
    return "\n".join(line for part in parts for line in (*part(costs), ""))


def money(dollars: float) -> str:
    """Whole dollars where there are many, cents and their tenths where there are few."""
    if dollars >= 1_000:
        return f"${dollars:,.0f}"
    return f"${dollars:.2f}" if dollars >= 0.1 or dollars == 0 else f"${dollars:.3f}"


def prose(*sentences: str) -> list[str]:
    """A paragraph, in lines."""
    return textwrap.wrap(" ".join(sentences), 118, break_on_hyphens=False)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(first: str, columns: Iterable[str]) -> Iterable[str]:
    columns = list(columns)
    yield _cells(first, *columns)
    yield _cells("---", *("---:" for _ in columns))


def _head(costs: Costs) -> Iterable[str]:
    yield "# What the home on AWS costs a month"
    yield ""
    yield from prose(
        f"Made by `make generate` from `tools/costs/`: unit prices of {costs.region}, read on {costs.prices_read_on},",
        "usage of a person and of the home itself, read and write units of [the capacity report](capacity.md), and",
        "durations. [Decision 0022](../decisions/0022-what-it-costs.md) says what follows from it. No bill of AWS was",
        "seen: these are sums, and the assumptions below are theirs. Other regions have other prices.",
    )
    yield ""
    many = USERS[-2]
    deployed = costs.levers[ESSENTIALS][many]
    yield from prose(
        "The plan is PRODUCT.md's, with Cognito Lite. **A home is deployed with Essentials**, which managed login",
        "wants: the same up to 10,000 people a month, and",
        f"{money(deployed)} in place of {money(costs.levers['as planned'][many])} for",
        f'{many:,} users, {100 * deployed / many:.2f} ¢ for each, unless deploy.toml says `cognitoPlan = "LITE"`.',
    )


def _services(costs: Costs) -> Iterable[str]:
    yield from _table("service", (f"{users:,} users" for users in USERS))
    for service in costs.services[USERS[-1]]:
        yield _cells(service, *(money(costs.services[users].get(service, 0.0)) for users in USERS))
    planned = costs.levers["as planned"]
    yield _cells("**together**", *(f"**{money(planned[users])}**" for users in USERS))
    yield _cells("a user", *(f"{100 * planned[users] / users:.2f} ¢" for users in USERS))
    yield _cells(
        "a user, with what would come next", *(f"{100 * costs.levers['next'][users] / users:.2f} ¢" for users in USERS)
    )


def _goals(costs: Costs) -> Iterable[str]:
    planned, then = costs.levers["as planned"], costs.levers["next"]
    yield "| goal of PRODUCT.md | as planned | with what would come next |"
    yield "| --- | --- | --- |"
    goals = [
        ("at most $3 for 100 users", planned[100], then[100], GOAL_100),
        *(
            (f"at most 3 ¢ a user, of {users:,}", planned[users] / users, then[users] / users, GOAL_EACH)
            for users in USERS
        ),
        ("under $0.10 when idle", costs.idle_levers["as planned"], costs.idle_levers["next"], GOAL_IDLE),
    ]
    for words, now, soon, most in goals:
        yield _cells(words, *(f"{money(each)}: {'met' if each <= most else '**missed**'}" for each in (now, soon)))
    yield ""
    yield "*Next*: requests go to the gateway and not by way of CloudFront, and functions have 512 MB (decision 0027)."
    yield ""
    low, high = costs.users_for.values()
    yield from prose(
        "The plan that the product was begun with spoke of $16 to $50 a month and named no number of users: here these",
        f"pay for {low:,} and {high:,}.",
    )


def _idle(costs: Costs) -> Iterable[str]:
    yield "## Idle"
    yield ""
    yield from prose(
        f"With nobody there: {money(costs.idle_levers['as planned'])} a month. Named optional, and not in it: a domain",
        "(a hosted zone of Route 53 is $0.50), a second environment, traces.",
    )
    yield ""
    yield "| service | what | how much | |"
    yield "| --- | --- | ---: | ---: |"
    for line in costs.idle:
        yield _cells(line.service, line.unit, f"{line.quantity:,.0f}", money(line.dollars))


def _levers(costs: Costs) -> Iterable[str]:
    yield "## One thing chosen otherwise"
    yield ""
    yield "What is more (or less) than as planned."
    yield ""
    yield from _table("lever", ("idle", *(f"{users:,}" for users in USERS)))
    planned, idle = costs.levers["as planned"], costs.idle_levers["as planned"]
    yield _cells("as planned", money(idle), *(money(planned[users]) for users in USERS))
    for name, totals in costs.levers.items():
        if name not in ("as planned", "next"):
            others = (_more(totals[users] - planned[users]) for users in USERS)
            yield _cells(name, _more(costs.idle_levers[name] - idle), *others)


def _more(dollars: float) -> str:
    if abs(dollars) < 0.0005:
        return "0"
    return f"{'+' if dollars > 0 else '-'}{money(abs(dollars))}"


def _assumptions(costs: Costs) -> Iterable[str]:
    choices = Choices()
    yield "## A person's day, and what it asks of Lambda"
    yield ""
    yield from prose(
        "Durations are sums: our own code on a processor (measured here), asking DynamoDB",
        f"({usage.CALL_MS} ms a call, decision 0027), both on the share that {choices.memory_mb:,} MB gives of one,",
        f"and waiting (assumed: {usage.READ_WAIT_MS} ms a step of reads, {usage.WRITE_WAIT_MS} a transaction,",
        f"{usage.SES_WAIT_MS} SES). {usage.COLD_SHARE:.0%} of the requests meet a function that sleeps, for",
        f"{usage.COLD_MS} ms of a processor. Somebody comes to the app {usage.VISITS} times a day, and it is shown for",
        f"{60 * choices.shown_hours:.0f} minutes in all (assumed); it asks what is new when somebody comes, and each",
        f"minute while it is shown: {choices.polls:.0f} times.",
    )
    yield ""
    yield "| what (as in the capacity report) | a day | ms | bytes of the answer |"
    yield "| --- | ---: | ---: | ---: |"
    for work in choices.daily():
        size = f"{work.bytes_out:,}" if work.is_request else ""
        yield _cells(work.capacity, f"{work.times:g}", f"{work.milliseconds(choices.memory_mb):.0f}", size)
    yield ""
    yield from prose(
        f"Beside it: {usage.STORED_MB} MB stored (after a year), {usage.APP_MB} MB of the web app a month,",
        f"{usage.LOGGED_BYTES} bytes of log a request, {usage.QUEUE_REQUESTS_A_MAIL} requests of SQS a mail.",
        f"The home: a sweep each minute, a canary each {choices.canary_seconds // 60} minutes, a queue that",
        f"Lambda reads, {usage.OWN_METRICS} metrics and {usage.ALARMS} alarms, {costs.functions} functions.",
    )


def _prices(_costs: Costs) -> Iterable[str]:
    yield "## Prices"
    yield ""
    yield "| service | unit | dollars | free each month | seen on | source |"
    yield "| --- | --- | --- | ---: | --- | --- |"
    for price in PRICES.values():
        tiers = "; ".join(_tier(end, dollars) for end, dollars in price.tiers)
        free = f"{price.free:,.0f}" if price.free else ""
        yield _cells(price.service, price.unit, tiers, free, _SEEN[price.seen], price.source)


def _tier(end: float, dollars: float) -> str:
    shown = f"{dollars:.10f}".rstrip("0").rstrip(".")
    return shown if end == float("inf") else f"{shown} to {end:,.0f}"

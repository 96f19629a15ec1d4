"""Every case measured on the furnished account, and what the account itself holds: plain values, ready to be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from tools.capacity import events, ringing, rules, things
from tools.capacity.account import furnish
from tools.capacity.home import NOW, Home
from tools.capacity.metering import Touch, units
from tools.capacity.stage import Stage, cases_of

CASES: Final = cases_of(events, things, ringing)
"""By a short name, in the order of the table."""
AUTHENTICATION: Final = frozenset({"token", "subject"})
"""Kinds of items of which one is read to know whose a request is."""


class Cost(msgspec.Struct, frozen=True):
    """What an operation costs: units of all its reads, of these the one for authentication, and of its writes.

    The touches are counted by verb and kind, ``ranges`` and ``found`` of queries by kind.
    """

    words: str
    reads: int
    authentication: int
    writes: int
    touched: dict[str, dict[str, int]]
    ranges: dict[str, int]
    found: dict[str, int]


class Held(msgspec.Struct, frozen=True):
    """What the account holds of a kind: items, and their bytes without what is billed beside them."""

    items: int
    bytes: int


class Report(msgspec.Struct, frozen=True):
    operations: dict[str, Cost]
    account: dict[str, Held]


def cost(words: str, touched: Iterable[Touch]) -> Cost:
    touched = list(touched)
    by_verb: dict[str, Counter[str]] = {}
    for each in touched:
        by_verb.setdefault(each.verb, Counter())[each.kind] += 1
    found: Counter[str] = Counter()
    for each in touched:
        if each.verb == "query":
            found[each.kind] += each.items
    return Cost(
        words,
        units(touched, reads=True),
        sum(each.units for each in touched if each.is_read and each.kind in AUTHENTICATION),
        units(touched, reads=False),
        {verb: dict(kinds) for verb, kinds in by_verb.items() if verb != "query"},
        dict(by_verb.get("query", {})),
        dict(found),
    )


async def measure() -> Report:
    async with Home() as home:
        stage = Stage(home, await furnish(home))
        account = await held(home)
        costs: dict[str, Cost] = {}
        # What only reads comes first: it finds the account as it is described.
        for name, case in sorted(CASES.items(), key=lambda each: not each[1].reads):
            home.at(NOW)
            await case.do(stage)
            costs[name] = cost(case.words, home.last)
        return Report({name: costs[name] for name in CASES}, account)


async def held(home: Home) -> dict[str, Held]:
    """What all items of the home take, by kind."""
    sizes: dict[str, list[int]] = {}
    for item in await home.everything():
        sizes.setdefault(item.key.part.partition("#")[0], []).append(rules.item_size(item))
    return {kind: Held(len(each), sum(each)) for kind, each in sorted(sizes.items())}

"""Declared endpoints with what they need to answer, for every carrier; a function of AWS has those of one file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from aurora_time.api.errors import TYPED_ERRORS, translate
from aurora_time.api.once import OnceOnly
from aurora_time.http.dispatch import Authenticate, Wired
from aurora_time.http.endpoint import Endpoint, Need
from aurora_time.http.guard import GuardedTable
from aurora_time.http.rate_limit import RateLimit
from aurora_time.operations.services import Services


def wire_some(
    endpoints: Iterable[Endpoint], services: Services, authenticate: Authenticate, limit: RateLimit | None = None
) -> list[Wired]:
    """Each with a table of its own that holds it to its declaration."""
    once = OnceOnly()
    made = []
    for each in endpoints:
        used: set[Need] = set()
        own = dataclasses.replace(services, table=GuardedTable(services.table, each.needs, used))
        made.append(Wired(each, own, authenticate, translate, TYPED_ERRORS, used, once, limit))
    return made

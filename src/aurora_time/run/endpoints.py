"""Declared endpoints with what they need to answer, for every carrier; a function of AWS has those of one file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Final

from aurora_time.api.errors import TYPED_ERRORS, translate
from aurora_time.api.once import OnceOnly
from aurora_time.http.dispatch import Authenticate, Wired
from aurora_time.http.endpoint import Endpoint, Need
from aurora_time.http.guard import GuardedTable
from aurora_time.http.rate_limit import RateLimit
from aurora_time.operations.services import Services

STRANGERS: Final = 20
"""By how many times less often than somebody signed in whoever has a secret link may ask."""


def wire_some(
    endpoints: Iterable[Endpoint], services: Services, authenticate: Authenticate, limit: RateLimit | None = None
) -> list[Wired]:
    """Each with a table of its own that holds it to its declaration."""
    once = OnceOnly()
    strangers = limit.part(STRANGERS) if limit is not None else None
    made = []
    for each in endpoints:
        used: set[Need] = set()
        own = dataclasses.replace(services, table=GuardedTable(services.table, each.needs, used))
        counted = strangers if each.is_secret else limit
        made.append(Wired(each, own, authenticate, translate, TYPED_ERRORS, used, once, counted))
    return made

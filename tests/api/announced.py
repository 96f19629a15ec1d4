"""No answer of the API in any test is a problem that its operation does not announce: every client of a world looks."""

from __future__ import annotations

import re
from functools import cache

import httpx

from aurora_time.api import ENDPOINTS
from aurora_time.run.openapi import get_openapi, problems_of

_DECLARED = [
    (each.method, re.compile(re.sub(r"{\w+}", "[^/]*", each.path)), {kind.slug for kind in problems_of(each)})
    for each in sorted((*ENDPOINTS, get_openapi), key=lambda each: each.path.count("{"))
]


@cache
def announced(method: str, path: str) -> set[str]:
    """The problems of what answers there; of a path or a method that is none, what says so."""
    found = [slugs for each, pattern, slugs in _DECLARED if each == method and pattern.fullmatch(path)]
    return found[0] if found else {"not-found", "method-not-allowed"}


async def look(answer: httpx.Response) -> None:
    if answer.headers.get("content-type") == "application/problem+json" and answer.request.method != "HEAD":
        await answer.aread()
        slug = answer.json()["type"].removeprefix("/problems#")
        method, path = answer.request.method, answer.request.url.raw_path.decode().partition("?")[0]
        assert slug in announced(method, path), f"{method} {path} answers {slug}, which it does not announce"

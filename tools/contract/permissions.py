"""Endpoint -> Lambda function -> what its role may do, from the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint, Need, parse_needs
from aurora_time.pages.public import NEEDS, PUBLIC

ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "get": ("GetItem", "BatchGetItem"),
    "query": ("Query",),
    "put": ("PutItem",),
    "delete": ("DeleteItem",),
    "check": ("ConditionCheckItem",),
}
"""Of DynamoDB, for each verb of the table port; a transaction is permitted by the actions of what is in it."""
AUTHENTICATION: Final = frozenset({Need("token", "get"), Need("subject", "get")})
"""What is read for every request that needs a token, before its handler is asked."""


def functions() -> dict[str, list[Endpoint]]:
    """The endpoints of each file of api/, which is one function."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        found.setdefault(endpoint.tag, []).append(endpoint)
    return found


def needs_of(endpoints: Iterable[Endpoint]) -> frozenset[Need]:
    endpoints = list(endpoints)
    own: frozenset[Need] = frozenset().union(*(each.needs for each in endpoints))
    return own | AUTHENTICATION if any(each.scope is not None for each in endpoints) else own


def actions(needs: Iterable[Need]) -> dict[str, list[str]]:
    """For each action of DynamoDB the kinds of items that it is for."""
    found: dict[str, set[str]] = {}
    for need in needs:
        for action in ACTIONS[need.verb]:
            found.setdefault(action, set()).add(need.kind)
    order = [action for actions_ in ACTIONS.values() for action in actions_]
    return {action: sorted(found[action]) for action in order if action in found}


def _verbs(needs: Iterable[Need]) -> str:
    kinds: dict[str, list[str]] = {}
    for need in sorted(needs):
        kinds.setdefault(need.kind, []).append(need.verb)
    return "; ".join(f"{kind} {' '.join(verbs)}" for kind, verbs in kinds.items())


def _allowed(function: str, needs: Iterable[Need]) -> list[str]:
    lines = [f"## {function}", "", "| action | kinds of items |", "| --- | --- |"]
    return lines + [f"| `dynamodb:{action}` | {', '.join(kinds)} |" for action, kinds in actions(needs).items()]


def page() -> str:
    lines = [
        "# What each function may do",
        "",
        "Made by `make generate` from the endpoint declarations (`api/`, `api/needs.py`), which the guard",
        "(`http/guard.py`) holds every handler to: `tests/api/test_needs.py` fails on what is touched and not",
        "declared, and on what is declared and never touched. One file of `api/` is one Lambda function with one role.",
        "An action is allowed on the one table, and only where `dynamodb:LeadingKeys` begins with a kind of its line,",
        "as `object#*` does. A transaction is permitted by the actions of what is in it. `token` and `subject` are",
        "read for every request that needs a token, to know whose it is. The functions that no file of `api/` is",
        "(sweep, ring, feedback, users), and what all of them read beside this, stand in `aws/needs.py`. The pages",
        "for strangers declare theirs in `pages/public.py`, each beside its address, and `tests/pages/test_on_aws.py`",
        "holds them to it.",
        "",
    ]
    for tag, endpoints in functions().items():
        lines += _allowed(tag, needs_of(endpoints))
        if any(each.shape.large for each in endpoints):
            lines.append("| `s3:PutObject` | answers that are too large for a function |")
        lines += ["", "| endpoint | operation | scope | needs |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {each.method} `{each.path}` | {each.operation_id} | {each.scope or 'anybody'} | {_verbs(each.needs)} |"
            for each in endpoints
        ]
        lines.append("")
    lines += [*_allowed("pages", NEEDS), "", "| page | needs |", "| --- | --- |"]
    lines += [f"| `{each.path}` | {_verbs(parse_needs(each.needs)) or 'nothing'} |" for each in PUBLIC]
    lines.append("")
    return "\n".join(lines)

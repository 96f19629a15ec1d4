"""Endpoint -> Lambda function -> what its role may do: the statements of which the templates make the roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aurora_time.aws.functions import Arns, Function, Statement, functions, statements
from aurora_time.aws.needs import FEEDBACK, RING, SWEEP, USERS
from aurora_time.aws.pages import IN_APP, STATIC
from aurora_time.aws.rest import endpoints_for
from aurora_time.http.endpoint import Endpoint, Need, parse_needs
from aurora_time.pages.public import NEEDS, PUBLIC

SHOWN: Final = Arns(
    "the table",
    "the queue of errands",
    ("every identity of SES", "the home's configuration set"),
    "the bucket of large answers",
    "the user pool",
    sender="the home's one address",
    unheard="the queue of what was not heard",
)
"""In the place of what the templates say."""
LEADING: Final = "dynamodb:LeadingKeys"
_ASKED_BY: Final = {
    "sweep": ("EventBridge Scheduler, each minute", SWEEP),
    "ring": ("the queue of errands", RING),
    "feedback": ("SES, by SNS: bounces and complaints", FEEDBACK),
    "users": ("Cognito, the triggers of the user pool", USERS),
}
"""Who asks a function that no path leads to, and what it declares."""
_HEAD: Final = """\
# What each function may do

Made by `make generate` from `statements()` of `src/aurora_time/aws/functions.py`, of which the templates make the
policy of each function's role. So this is all that a role may do, but for writing the function's own log
(`logs:CreateLogStream`, `logs:PutLogEvents`) and, where traces are on, `xray:PutTraceSegments` and
`xray:PutTelemetryRecords`.

An action on the table is allowed only where `dynamodb:LeadingKeys` begins with one of the kinds of items of its line
and `#`, as `object#...` does, and never where a call names no key. A transaction is permitted by the actions of what is
in it. Kinds in *italics* are declared by no endpoint of the function but added around them (`aws/needs.py`): whose a
token is, whether the home is being moved, who comes for the first time. *Send* tells that something is due soon.
`tests/api/test_needs.py` fails on what is used and not declared, and on what is declared and never used.
"""


def declared(function: Function) -> frozenset[Need]:
    """What its endpoints, its pages or itself declare, without what is added around them."""
    if function.module == "rest":
        return frozenset[Need]().union(*(each.needs for each in endpoints_for(function.name)))
    return NEEDS if function.name == "pages" else _ASKED_BY[function.name][1]


def page() -> str:
    made = functions()
    lines = [
        *_HEAD.splitlines(),
        "",
        "| function | answers | actions, beside those on the table |",
        "| --- | --- | --- |",
    ]
    lines += [_summary(each) for each in made]
    for function in made:
        lines += ["", f"## {function.name}", "", *_allowed(function), *_asked(function)]
    return "\n".join([*lines, ""])


def _summary(function: Function) -> str:
    answers = " ".join(f"`{path}`" for path in function.paths) or _ASKED_BY[function.name][0]
    actions = [action for each in statements(function, SHOWN) if not _kinds(each) for action in each["Action"]]
    return f"| [{function.name}](#{function.name}) | {answers} | {_code(actions) or 'none'} |"


def _allowed(function: Function) -> Iterable[str]:
    allowed = statements(function, SHOWN)
    if not allowed:
        yield "Nothing."
        return
    added = function.needs - declared(function)
    yield "| statement | actions | on | only |"
    yield "| --- | --- | --- | --- |"
    for each in allowed:
        only = _marked(each, added) if _kinds(each) else _condition(each)
        yield f"| {each['Sid']} | {_code(each['Action'])} | {', '.join(each['Resource'])} | {only} |"


def _kinds(statement: Statement) -> list[str]:
    keys: list[str] = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get(LEADING, [])
    return [key.removesuffix("#*") for key in keys]


def _marked(statement: Statement, added: frozenset[Need]) -> str:
    verb = statement["Sid"].lower()
    return ", ".join(f"*{kind}*" if Need(kind, verb) in added else kind for kind in _kinds(statement))


def _condition(statement: Statement) -> str:
    equal: dict[str, str] = statement.get("Condition", {}).get("StringEquals", {})
    return "; ".join(f"`{key}` is {value}" for key, value in equal.items())


def _code(actions: Iterable[str]) -> str:
    return ", ".join(f"`{action}`" for action in actions)


def _asked(function: Function) -> Iterable[str]:
    yield ""
    if function.module == "rest":
        yield "| endpoint | operation | scope | needs |"
        yield "| --- | --- | --- | --- |"
        yield from map(_endpoint, endpoints_for(function.name))
    elif function.name == "pages":
        yield "| page | needs |"
        yield "| --- | --- |"
        yield from (f"| `{each.path}` | {_verbs(parse_needs(each.needs)) or 'nothing'} |" for each in PUBLIC)
        yield f"| `{STATIC}` | nothing |"
        yield from (f"| `{path}` | nothing: leads to the app |" for path in IN_APP)
    else:
        yield f"Asked by {_ASKED_BY[function.name][0]}."


def _endpoint(endpoint: Endpoint) -> str:
    needs = _verbs(endpoint.needs) or "nothing"
    scope = endpoint.scope or "anybody"
    return f"| {endpoint.method} `{endpoint.path}` | {endpoint.operation_id} | {scope} | {needs} |"


def _verbs(needs: Iterable[Need]) -> str:
    kinds: dict[str, list[str]] = {}
    for need in sorted(needs):
        kinds.setdefault(need.kind, []).append(need.verb)
    return "; ".join(f"{kind} {' '.join(verbs)}" for kind, verbs in kinds.items())

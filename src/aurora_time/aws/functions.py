"""Every function of the home on AWS, and what its role may do: all of it from the declarations, nothing by hand.

A role may touch the items of those kinds which its endpoints declare, by the verbs that they declare: DynamoDB holds
each call to it by the beginnings of the parts (LeadingKeys).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from aurora_time.api import FILES
from aurora_time.aws.needs import (
    ADMIT,
    ADMITS,
    AUTHENTICATE,
    ENDS_SIGN_INS,
    FEEDBACK,
    OPENAPI,
    RING,
    SWEEP,
    USERS,
    WRITE,
)
from aurora_time.http.endpoint import Endpoint, Need

ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "get": ("dynamodb:GetItem", "dynamodb:BatchGetItem"),
    "query": ("dynamodb:Query",),
    "put": ("dynamodb:PutItem",),
    "delete": ("dynamodb:DeleteItem",),
    "check": ("dynamodb:ConditionCheckItem",),
}
"""What a verb of the table is to IAM. A transaction asks for the actions of its changes."""
BROWSER_ONLY: Final = frozenset({"/v1/sessions", "/v1/sessions/{sessionId}"})
"""Paths that only who signed in with a browser asks: the gateway itself verifies the token before a function runs."""
_SEND: Final = ("sqs:SendMessage",)
_RECEIVE: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_LAY: Final = ("s3:PutObject",)
_MAIL: Final = ("ses:SendEmail", "ses:SendRawEmail")
_READ: Final = ("cognito-idp:ListUsers", "cognito-idp:AdminGetUser")
"""Of the pool: finds somebody by the subject, and which address they have now."""
_DESCRIBE: Final = (*_READ, "cognito-idp:AdminUpdateUserAttributes")
"""Of the pool: notes language and zone, too, in which it writes its own mails."""
_SIGN_OUT: Final = ("cognito-idp:ListUsers", "cognito-idp:AdminUserGlobalSignOut")
"""Of the pool: who signs out everywhere is renewed nowhere."""
_OF_TRIGGERS: Final = (*_READ, "cognito-idp:AdminUserGlobalSignOut")
"""Of the pool: who chose another password for a lost one is renewed nowhere, either."""
_FORGET: Final = ("cognito-idp:ListUsers", "cognito-idp:AdminDeleteUser")
"""Of the pool: nothing of who closed the account stays there."""
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arns:
    """What the functions reach. ``mail``: the identities that SES asks about, and the configuration set; ``sender`` is
    the one address that we send from. ``answers``: the objects that are answers too large for a function, empty where
    they have no place. ``pool``: who signs in. ``unheard``: where lies what a function that nobody waits for could not
    do.
    """

    table: str
    queue: str
    mail: tuple[str, ...]
    answers: str = ""
    pool: str = ""
    sender: str = ""
    unheard: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """``module`` of this package has its handler. ``paths`` are those that it answers, with all of their methods.

    ``of_pool`` is what it asks of the user pool.
    """

    name: str
    module: str
    needs: frozenset[Need]
    paths: tuple[str, ...] = ()
    sends: bool = False
    receives: bool = False
    mails: bool = False
    lays: bool = False
    of_pool: tuple[str, ...] = ()
    drops: bool = False

    @property
    def handler(self) -> str:
        return f"aurora_time.aws.{self.module}.handler"


def functions() -> list[Function]:
    """One for each file of the API, one for the pages, and those that nobody asks over HTTP."""
    from aurora_time.aws.pages import paths
    from aurora_time.aws.rest import endpoints_for
    from aurora_time.pages.public import NEEDS

    of_api = [_of_api(name, endpoints_for(name)) for name in (*FILES, OPENAPI)]
    return [
        *of_api,
        Function("pages", "pages", _with_gate(NEEDS), paths(), sends=True),
        Function("sweep", "sweep", _with_gate(SWEEP), sends=True),
        Function("ring", "ring", _with_gate(RING), sends=True, receives=True, mails=True, of_pool=_FORGET),
        Function("feedback", "feedback", _with_gate(FEEDBACK), drops=True),
        Function("users", "users", _with_gate(USERS), of_pool=_OF_TRIGGERS),
    ]


def _of_api(name: str, endpoints: Iterable[Endpoint]) -> Function:
    """A function asks whose a token is only where one is needed, and sends a hint where it makes something due."""
    declared = list(endpoints)
    needs = frozenset[Need]().union(*(each.needs for each in declared))
    if any(each.scope is not None for each in declared):
        needs |= AUTHENTICATE
    if name == ADMITS:
        needs |= ADMIT
    paths = tuple(dict.fromkeys(each.path for each in declared))
    lays = any(each.shape.large for each in declared)
    of_pool = {ADMITS: _DESCRIBE, ENDS_SIGN_INS: _SIGN_OUT}.get(name, ())
    sends = Need("due", "put") in needs
    return Function(name, "rest", _with_gate(needs), paths, sends=sends, lays=lays, of_pool=of_pool)


def _with_gate(needs: frozenset[Need]) -> frozenset[Need]:
    return needs | WRITE if any(need.verb in ("put", "delete") for need in needs) else needs


def statements(function: Function, arns: Arns) -> list[Statement]:
    """The policy of a function's role, without that of its log."""
    made = [_of_table(verb, function.needs, arns.table) for verb in ACTIONS]
    made.append(_allow("Send", _SEND, [arns.queue]) if function.sends else None)
    made.append(_allow("Receive", _RECEIVE, [arns.queue]) if function.receives else None)
    made.append(_allow("Lay", _LAY, [arns.answers]) if function.lays and arns.answers else None)
    made.append(of_pool(function, arns.pool) if function.of_pool and arns.pool else None)
    made.append(_allow("Drop", _SEND, [arns.unheard]) if function.drops else None)
    if function.mails:
        only_ours = {"StringEquals": {"ses:FromAddress": arns.sender}}
        made.append({**_allow("Mail", _MAIL, list(arns.mail)), "Condition": only_ours})
    return [each for each in made if each]


def of_pool(function: Function, pool: str) -> Statement:
    """What a function may ask of the user pool. The pool's triggers are made before it, and get this one after it."""
    return _allow("Pool", function.of_pool, [pool])


def _of_table(verb: str, needs: frozenset[Need], table: str) -> Statement | None:
    kinds = sorted(need.kind for need in needs if need.verb == verb)
    if not kinds:
        return None
    # Without the second condition a call that names no part at all would be let through.
    condition = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{kind}#*" for kind in kinds]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    return {**_allow(verb.capitalize(), ACTIONS[verb], [table]), "Condition": condition}


def _allow(sid: str, actions: Iterable[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}

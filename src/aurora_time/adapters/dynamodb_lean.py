"""DynamoDB without boto3: an Asked that loads in a few milliseconds (see aws_lean.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import msgspec

from aurora_time.adapters.aws_lean import Answer, Lean, NeverSentError, NoAnswerError, Service
from aurora_time.adapters.aws_traces import UNTRACED, Span, Traces
from aurora_time.adapters.dynamodb_items import Request
from aurora_time.adapters.dynamodb_troubles import Trouble, TroubleError, answered

_SERVICE: Final = Service("dynamodb", "DynamoDB_20120810")


class _Value(TypedDict, total=False):
    """Of the types that our attributes have. What is binary comes in base64, and msgspec makes bytes of it."""

    S: str
    N: str
    B: bytes


_Item = dict[str, _Value]


class _Reason(TypedDict, total=False):
    Code: str
    Item: _Item


class _Found(TypedDict, total=False):
    """All of an answer that anybody here reads. What was not processed is asked for once more as it is, so it must be
    what it was: keys, or puts.
    """

    Item: _Item
    Items: list[_Item]
    LastEvaluatedKey: _Item
    Responses: dict[str, list[_Item]]
    UnprocessedKeys: dict[str, Any]
    UnprocessedItems: dict[str, Any]
    CancellationReasons: list[_Reason]


_FOUND: Final = msgspec.json.Decoder(_Found)
_SAID: Final = msgspec.json.Decoder(dict[str, Any])


class MistakenError(Exception):
    """DynamoDB says that the request is wrong."""


class LeanDynamo:
    """An Asked (see dynamodb_calls.py)."""

    def __init__(self, environ: Mapping[str, str], traces: Traces = UNTRACED) -> None:
        self._lean = Lean(_SERVICE, environ)
        self._traces = traces

    def ask(self, operation: str, request: Request) -> dict[str, Any]:
        table, asked = _about(request)
        with self._traces.call("DynamoDB", operation, table_name=table) as call:
            call.items["asked"] = asked
            return self._asked(operation, request, call)

    def _asked(self, operation: str, request: Request, call: Span) -> dict[str, Any]:
        try:
            answer = self._lean.post(operation, msgspec.json.encode(request))
            call.status = answer.status
            if answer.status == 200:
                found = dict(_FOUND.decode(answer.body))
                call.items["found"] = _count(found)
                return found
            refusal = _refusal(answer)
        except NeverSentError as error:
            raise TroubleError(Trouble("unreachable", f"it cannot be reached ({error})")) from error
        except (NoAnswerError, msgspec.MsgspecError) as error:
            raise TroubleError(Trouble("lost", "its answer did not arrive")) from error
        trouble = answered(refusal, MistakenError(str(refusal.get("Error"))))
        call.is_throttled = trouble.kind == "throttled"
        raise TroubleError(trouble)

    def close(self) -> None:
        self._lean.close()


def _about(request: Request) -> tuple[str, int]:
    """The table, and for how many items is asked; a query, whose items nobody knows before, is for one."""
    if "RequestItems" in request:
        ((table, of_table),) = request["RequestItems"].items()
        return table, len(of_table["Keys"] if isinstance(of_table, dict) else of_table)
    if "TransactItems" in request:
        (first,) = request["TransactItems"][0].values()
        return first["TableName"], len(request["TransactItems"])
    return request.get("TableName", ""), 1


def _count(found: Mapping[str, Any]) -> int:
    items = [each for of_table in found.get("Responses", {}).values() for each in of_table]
    return len(items) + len(found.get("Items", ())) + ("Item" in found)


def _refusal(answer: Answer) -> dict[str, Any]:
    """As boto3 has it. An answer of something on the way, which is no JSON, is a fault of the service."""
    made: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": answer.status}}
    try:
        said = _SAID.decode(answer.body)
    except msgspec.MsgspecError:
        if answer.status < 500:
            raise
        return made
    code = str(said.get("__type", "")).rpartition("#")[2]
    error = {"Code": code, "Message": said.get("message") or said.get("Message")}
    return {**made, **_FOUND.decode(answer.body), "Error": error}

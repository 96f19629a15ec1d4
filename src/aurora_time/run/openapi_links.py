"""The links of the OpenAPI document: from an answer that names something to the operations that take its name.

They follow from the paths alone: what is made at a path, or listed there, is taken by the operations below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from aurora_time.http.endpoint import Endpoint

Json = dict[str, Any]
_JOB: Final = "jobId"


def links_of(endpoint: Endpoint, endpoints: Iterable[Endpoint], status: int) -> Json:
    """From the answer with this status, by the operationId that it leads to."""
    if status == 202:
        taking = (each for each in endpoints if each.path.endswith(f"{{{_JOB}}}"))
        named = "id" in getattr(endpoint.shape.accepted or endpoint.shape.answer, "__struct_fields__", ())
        return {each.operation_id: _link(each, {_JOB: "$response.body#/id"}) for each in taking} if named else {}
    is_listing = endpoint.method == "GET" and "items" in getattr(endpoint.shape.answer, "__struct_fields__", ())
    if status != 201 and not (status == 200 and is_listing):
        return {}
    known = {name: f"$request.path.{name}" for name in re.findall(r"{(\w+)}", endpoint.path)}
    below = re.compile(rf"{re.escape(endpoint.path)}/{{(\w+)}}(/[\w-]+)?")
    found = {}
    for each in endpoints:
        taken = below.fullmatch(each.path)
        if taken is not None:
            field = "recurrenceId" if is_listing and taken[1] == "recurrenceId" else "id"
            where = f"$response.body#/{'items/0/' if is_listing else ''}{field}"
            found[each.operation_id] = _link(each, {**known, taken[1]: where})
    return found


def _link(endpoint: Endpoint, parameters: Json) -> Json:
    return {"operationId": endpoint.operation_id, "parameters": parameters}

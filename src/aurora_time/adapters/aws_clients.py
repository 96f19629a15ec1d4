"""Clients of the services beside DynamoDB, as boto3 finds region, credentials and endpoint."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from aurora_time.adapters.aws_traces import Traces


def make_client(service: str, *, tries: int, traces: Traces) -> Any:  # noqa: ANN401  boto3 makes its clients at run time
    """More than one try only for what may safely be done twice."""
    retries = {"total_max_attempts": tries, "mode": "standard"}
    return traced(boto3.client(service, config=Config(connect_timeout=1, read_timeout=5, retries=retries)), traces)


def traced(client: Any, traces: Traces) -> Any:  # noqa: ANN401
    """The client, whose every call is told to X-Ray from now on, all of its tries as one."""
    mark = "aurora_traced"

    def begin(model: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401
        context[mark] = traces.call(str(model.service_model.service_id), model.name)

    def end(context: dict[str, Any], parsed: dict[str, Any], http_response: Any, **_: object) -> None:  # noqa: ANN401
        call, code = context[mark], str(parsed.get("Error", {}).get("Code", ""))
        call.status = http_response.status_code
        call.is_throttled = "Throttl" in code or "TooManyRequests" in code
        call.end(failed=bool(code))

    def lose(context: dict[str, Any], **_: object) -> None:
        context[mark].end(failed=True)

    client.meta.events.register("before-parameter-build", begin)
    client.meta.events.register("after-call", end)
    client.meta.events.register("after-call-error", lose)
    return client

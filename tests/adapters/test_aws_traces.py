"""What X-Ray is told of a call: how long, what became of it, and nothing of what was asked or answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.stub import Stubber

from aurora_time.adapters.aws_clients import traced
from aurora_time.adapters.aws_traces import Traces
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.adapters.dynamodb_troubles import TroubleError, UnmetError
from tests.adapters.test_aws_lean import Handler, answer, hang_up, serving
from tests.adapters.xray_daemon import PARENT, ROOT, Daemon, daemon

ITEM = {"p": {"S": "object#secret"}, "s": {"S": "o:secret"}, "b": {"B": "c2VjcmV0"}}
KEY = {name: ITEM[name] for name in ("p", "s")}


def clock(*instants: float) -> Callable[[], float]:
    left = list(instants)
    return lambda: left.pop(0)


def asked(heard: Daemon, handle: Handler, operation: str, request: dict[str, Any], *failures: type[Exception]) -> Any:
    """What is told of one call to a table that answers so."""
    with serving(handle) as service, closing(LeanDynamo(service.environ, Traces(heard.environ))) as client:
        if failures:
            with pytest.raises(failures):
                client.ask(operation, request)
        else:
            client.ask(operation, request)
    (document,) = heard.documents()
    return document


def test_a_call_is_told_with_its_times_its_table_and_how_many_items_but_not_which() -> None:
    with daemon() as heard, serving(answer(200, json.dumps({"Item": ITEM}).encode())) as service:
        traces = Traces(heard.environ, clock(1_700_000_000.25, 1_700_000_000.5), lambda: "70de5b6f19ff9a0c")
        with closing(LeanDynamo(service.environ, traces)) as client:
            client.ask("GetItem", {"TableName": "aurora", "Key": KEY})
        (document,) = heard.documents()
    assert document == {
        "type": "subsegment",
        "trace_id": ROOT,
        "parent_id": PARENT,
        "id": "70de5b6f19ff9a0c",
        "name": "DynamoDB",
        "start_time": 1_700_000_000.25,
        "end_time": 1_700_000_000.5,
        "namespace": "aws",
        "aws": {"operation": "GetItem", "table_name": "aurora"},
        "http": {"response": {"status": 200}},
        "metadata": {"items": {"asked": 1, "found": 1}},
    }


@pytest.mark.parametrize(
    ("operation", "request_", "said", "items"),
    [
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": [KEY] * 3}}}, {"Responses": {"t": [ITEM] * 2}}, (3, 2)),
        ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}] * 4}}, {}, (4, 0)),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "t", "Item": ITEM}}] * 5}, {}, (5, 0)),
        ("Query", {"TableName": "t"}, {"Items": [ITEM] * 6}, (1, 6)),
    ],
)
def test_of_every_operation_the_table_and_the_numbers_are_known(
    operation: str, request_: dict[str, Any], said: dict[str, Any], items: tuple[int, int]
) -> None:
    with daemon() as heard:
        document = asked(heard, answer(200, json.dumps(said).encode()), operation, request_)
    assert document["aws"] == {"operation": operation, "table_name": "t"}
    assert document["metadata"]["items"] == dict(zip(("asked", "found"), items, strict=True))
    assert b"secret" not in b"".join(heard.heard)
    assert re.fullmatch("[0-9a-f]{16}", document["id"])


THROTTLED = {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}
UNMET = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "Item": ITEM}


@pytest.mark.parametrize(
    ("handle", "failure", "marks", "status"),
    [
        (answer(400, json.dumps(THROTTLED).encode()), TroubleError, {"error", "throttle"}, 400),
        (answer(400, json.dumps(UNMET).encode()), UnmetError, {"error"}, 400),
        (answer(500, b"<html>"), TroubleError, {"fault"}, 500),
        (answer(200, b"<html>"), TroubleError, {"fault"}, 200),
        (hang_up, TroubleError, {"fault"}, None),
    ],
    ids=["throttled", "unmet", "a fault of its own", "no JSON", "hung up"],
)
def test_what_failed_is_marked_by_whose_fault_it_was(
    handle: Handler, failure: type[Exception], marks: set[str], status: int | None
) -> None:
    with daemon() as heard:
        document = asked(heard, handle, "PutItem", {"TableName": "t"}, failure)
    assert {name for name in ("error", "fault", "throttle") if document.get(name)} == marks
    assert document.get("http", {}).get("response", {}).get("status") == status
    assert b"secret" not in b"".join(heard.heard)


@pytest.mark.parametrize(
    "said",
    [None, "", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT};Sampled=1", f"Parent={PARENT};Sampled=1", ";;"],
)
def test_what_lambda_does_not_trace_is_told_to_nobody(said: str | None) -> None:
    with daemon() as heard:
        del heard.environ["_X_AMZN_TRACE_ID"]
        traces = Traces(heard.environ | ({} if said is None else {"_X_AMZN_TRACE_ID": said}))
        with traces.endpoint("listEvents"), traces.call("SQS", "SendMessage"), traces.remote("Cognito"):
            pass
        assert heard.documents() == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1:9", "127.0.0.1:99999", "nowhere", "127.0.0.1:", "tcp:127.0.0.1:1 udp:127.0.0.1:2", ""]
)
def test_a_daemon_that_cannot_be_reached_disturbs_nobody(address: str) -> None:
    with daemon() as heard:
        traces = Traces(heard.environ | {"AWS_XRAY_DAEMON_ADDRESS": address})
        for _ in range(3):
            with traces.endpoint("listEvents") as span:
                span.status = 200
        assert heard.documents() == []


def test_an_endpoint_is_told_at_its_beginning_too_and_what_breaks_it_is_its_fault() -> None:
    with daemon() as heard:
        traces = Traces(heard.environ)
        with pytest.raises(RuntimeError), traces.endpoint("listEvents"):
            raise RuntimeError
        begun, ended = heard.documents()
        assert (begun["in_progress"], begun.get("end_time"), begun["id"]) == (True, None, ended["id"])
        assert ended["fault"]
        assert "in_progress" not in ended
        with traces.call("SQS", "SendMessage"):
            """Of no endpoint any more."""
        assert heard.documents()[0]["parent_id"] == PARENT


def boto() -> Any:
    return boto3.client(
        "sesv2",
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}),
    )


MAIL = {"Content": {"Raw": {"Data": b"secret"}}, "Destination": {"ToAddresses": ["secret@example.org"]}}


@pytest.mark.parametrize(
    ("code", "status", "marks"),
    [
        ("MessageRejected", 400, {"error"}),
        ("ThrottlingException", 400, {"error", "throttle"}),
        ("TooManyRequestsException", 429, {"error", "throttle"}),
    ],
)
def test_calls_of_boto3_are_told_as_well(code: str, status: int, marks: set[str]) -> None:
    with daemon() as heard:
        client = traced(boto(), Traces(heard.environ))
        with Stubber(client) as answering:
            answering.add_response("send_email", {"MessageId": "1"})
            answering.add_client_error("send_email", code, "secret@example.org", status)
            client.send_email(**MAIL)
            with pytest.raises(ClientError):
                client.send_email(**MAIL)
        client.close()
        well, refused = heard.documents()
    assert (well["name"], well["namespace"], well["aws"]) == ("SESv2", "aws", {"operation": "SendEmail"})
    assert well["http"]["response"]["status"] == 200
    assert not {"error", "fault", "throttle"} & well.keys()
    assert {name for name in ("error", "fault", "throttle") if refused.get(name)} == marks
    assert b"secret" not in b"".join(heard.heard)


def test_a_call_of_boto3_that_nobody_answers_is_a_fault() -> None:
    with daemon() as heard:
        client = traced(boto(), Traces(heard.environ))
        with pytest.raises(BotoCoreError):
            client.send_email(**MAIL)
        client.close()
        (document,) = heard.documents()
    assert document["fault"]
    assert "http" not in document

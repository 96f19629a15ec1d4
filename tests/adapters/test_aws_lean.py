"""Asking AWS without boto3: signed as boto3 signs, and clear about what may have been done where no answer comes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aurora_time.adapters.aws_lean import Lean, NeverSentError, Service, is_enough
from aurora_time.adapters.dynamodb_lean import LeanDynamo, MistakenError
from aurora_time.adapters.dynamodb_troubles import TroubleError, UnmetError

DYNAMO = Service("dynamodb", "DynamoDB_20120810")
SAID = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret/key", "AWS_REGION": "eu-west-1"}
Handler = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(status: int, body: bytes, **headers: str) -> Handler:
    def handle(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return handle


class Answering:
    """Answers with ``handle``; notes what it was asked, and by how many connections."""

    def __init__(self, handle: Handler) -> None:
        self.handle, self.connections = handle, 0
        self.asked: list[tuple[dict[str, str], bytes]] = []
        service = self

        class One(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                service.connections += 1

            def log_message(self, *_: object) -> None:
                """The tests see what happens."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                service.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
                service.handle(self, body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), One)
        self.environ = SAID | {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self.server.server_port}"}


@contextmanager
def serving(handle: Handler) -> Iterator[Answering]:
    service = Answering(handle)
    threading.Thread(target=service.server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()


def ask(environ: Mapping[str, str], operation: str, request: dict[str, Any]) -> dict[str, Any]:
    with closing(LeanDynamo(environ)) as client:
        return client.ask(operation, request)


@pytest.mark.parametrize("token", ["", "a/session+token=="])
def test_a_request_is_signed_as_botocore_signs_it(token: str) -> None:
    with serving(answer(200, b"{}")) as service:
        lean = Lean(DYNAMO, service.environ | ({"AWS_SESSION_TOKEN": token} if token else {}))
        assert lean.post("GetItem", b'{"a": 1}') == (200, b"{}")
        lean.close()
    headers, body = service.asked[0]
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-target", "content-type"} <= set(signed)
    asked = AWSRequest("POST", f"http://{headers['host']}/", {name: headers[name] for name in signed}, body)
    asked.context["timestamp"] = headers["x-amz-date"]
    theirs = SigV4Auth(
        Credentials(SAID["AWS_ACCESS_KEY_ID"], SAID["AWS_SECRET_ACCESS_KEY"], token), "dynamodb", "eu-west-1"
    )
    text = theirs.string_to_sign(asked, theirs.canonical_request(asked))
    assert headers["authorization"].endswith(f"Signature={theirs.signature(text, asked)}")


def test_a_connection_is_kept_and_one_that_the_other_side_closed_meanwhile_does_no_harm() -> None:
    closed = threading.Event()

    def once(request: BaseHTTPRequestHandler, body: bytes) -> None:
        answer(200, b"{}")(request, body)
        if body == b"last":
            request.wfile.flush()
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
            closed.set()

    with serving(once) as service:
        lean = Lean(DYNAMO, service.environ)
        for body in (b"first", b"last"):
            assert lean.post("GetItem", body).status == 200
        assert service.connections == 1
        assert closed.wait(5)
        assert lean.post("GetItem", b"again").status == 200
        assert service.connections == 2
        lean.close()


def test_where_nobody_listens_nothing_was_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environ = SAID | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    with pytest.raises(NeverSentError):
        Lean(DYNAMO, environ).post("GetItem", b"{}")
    with pytest.raises(TroubleError) as caught:
        ask(environ, "GetItem", {})
    assert caught.value.trouble.kind == "unreachable"


def hang_up(request: BaseHTTPRequestHandler, _body: bytes) -> None:
    request.close_connection = True


@pytest.mark.parametrize(
    "handle",
    [
        hang_up,
        answer(200, b'{"Item": {', content_length="99", connection="close"),
        answer(200, b'{"Items": []}', x_amz_crc32=str(crc32(b"something else"))),
        answer(200, b"<html>"),
        answer(500, b"<html>a proxy has a fault</html>"),
        answer(500, b'{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"}'),
    ],
    ids=["hung up", "cut", "damaged", "no JSON", "a proxy's fault", "a fault of its own"],
)
def test_where_no_whole_answer_comes_it_may_have_been_done(handle: Handler) -> None:
    with serving(handle) as service, pytest.raises(TroubleError) as caught:
        ask(service.environ, "PutItem", {})
    assert caught.value.trouble.kind == "lost"


def test_what_is_whole_and_of_its_checksum_is_read_with_its_bytes() -> None:
    item = {"p": {"S": "a"}, "b": {"B": "AAEC/w=="}, "e": {"N": "12"}, "unknown": {"BOOL": True}}
    body = json.dumps({"Item": item, "ConsumedCapacity": {}}).encode()
    with serving(answer(200, body, x_amz_crc32=str(crc32(body)))) as service:
        found = ask(service.environ, "GetItem", {"Key": {"p": {"S": "a"}}, "Bytes": {"B": b"\x00\xff"}})
    assert found["Item"]["b"]["B"] == b"\x00\x01\x02\xff"
    assert found["Item"]["e"]["N"] == "12"
    assert json.loads(service.asked[0][1])["Bytes"] == {"B": "AP8="}


def test_a_condition_that_is_not_met_shows_what_is_there() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"w": {"S": "theirs"}}}]
    said = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "CancellationReasons": reasons}
    with serving(answer(400, json.dumps(said).encode())) as service, pytest.raises(UnmetError) as caught:
        ask(service.environ, "TransactWriteItems", {})
    assert caught.value.found == {1: {"w": {"S": "theirs"}}}


def test_a_request_that_is_wrong_is_a_mistake_of_ours_and_not_tried_again() -> None:
    said = {"__type": "com.amazon.coral.validate#ValidationException", "message": "too long"}
    with serving(answer(400, json.dumps(said).encode())) as service, pytest.raises(MistakenError, match="too long"):
        ask(service.environ, "Query", {})


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        (SAID, True),
        (SAID | {"AWS_REGION": "cn-north-1"}, False),
        (SAID | {"AWS_ACCESS_KEY_ID": ""}, False),
        ({}, False),
    ],
)
def test_without_region_or_credentials_in_the_environment_boto3_finds_them(said: dict[str, str], enough: bool) -> None:
    assert is_enough(said) == enough

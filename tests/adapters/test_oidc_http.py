"""Asking an issuer over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aurora_time.adapters.oidc_http import IssuerError, ask_issuer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/json":
                self.answer(200, b'{"authorization": "%s"}' % self.headers.get("Authorization", "").encode())
            case "/redirect":
                self.answer(302, b"", Location="/json")
            case "/long":
                self.answer(200, b'"' + b"x" * 1_000_001 + b'"')
            case "/list":
                self.answer(200, b"[]")
            case "/deep":
                self.answer(200, b"[" * 200_000)
            case "/words":
                self.answer(200, b"<html>")
            case "/gone":
                self.wfile.write(b"nonsense\r\n\r\n")
            case _:
                self.answer(404, b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b'{"form": "%s"}' % body)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_json_is_asked_for_with_a_token_or_by_a_form(url: str) -> None:
    assert ask_issuer(f"{url}/json") == {"authorization": ""}
    assert ask_issuer(f"{url}/json", token="abc") == {"authorization": "Bearer abc"}
    assert ask_issuer(f"{url}/form", form={"code": "a b"}) == {"form": "code=a+b"}


@pytest.mark.parametrize(
    ("path", "words", "status"),
    [
        ("/redirect", "answered 302", 302),
        ("/nowhere", "answered 404", 404),
        ("/long", "too long", None),
        ("/list", "no JSON object", None),
        ("/deep", "not JSON", None),
        ("/words", "not JSON", None),
        ("/gone", "cannot be reached", None),
    ],
)
def test_what_is_no_good_answer_is_told(url: str, path: str, words: str, status: int | None) -> None:
    with pytest.raises(IssuerError, match=words) as raised:
        ask_issuer(url + path)
    assert raised.value.status == status


@pytest.mark.parametrize(
    "address", ["http://issuer.example/", "file:///etc/passwd", "ftp://127.0.0.1/", "", "http://0x7f000001.example/"]
)
def test_only_https_is_asked_but_for_this_machine(address: str) -> None:
    with pytest.raises(IssuerError, match="is not https"):
        ask_issuer(address)


def test_where_nobody_listens_is_told() -> None:
    with pytest.raises(IssuerError, match="cannot be reached"):
        ask_issuer("http://127.0.0.1:1/")
    with pytest.raises(IssuerError, match="cannot be reached"):
        ask_issuer("https://localhost:1/")

"""The names of AWS on this machine: a proxy that carries https to them, and to nothing else, to the emulator.

What is deployed thus says and asks what it would in an account (``https://cognito-idp...``, the address of the API, the
address of the web app): functions, tests and browsers are told of this proxy as a machine is told of its network.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.aws.deployed.certificates import make_certificate
from tests.aws.deployed.fitting import PATIENCE

REGION = "eu-west-1"
API = f".execute-api.{REGION}.amazonaws.com"
POOL = f"cognito-idp.{REGION}.amazonaws.com"
PAGES = f".auth.{REGION}.amazoncognito.com"
OF_FILES = ("/app", "/config.json")
"""What the distribution answers from its bucket."""
_HOPS = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length", "host"})


@dataclass
class Network:
    """What each name is to the emulator at ``port``."""

    port: int
    domain: str = ""
    """The home's own name, which leads to its distribution ``front``, and to ``api`` where that would ask it: the
    emulator's CloudFront asks no name of AWS.
    """
    front: str = ""
    api: str = ""

    def find(self, name: str, path: str = "/") -> str | None:
        if name == self.domain:
            return self.front if path.startswith(OF_FILES) else self.find(self.api)
        if name.endswith(API):
            return f"{name.removesuffix(API)}.execute-api.localhost"
        return name if name == POOL or name.endswith(PAGES) else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    network: Network
    tls: ssl.SSLContext
    name: str = ""

    def log_message(self, *_: Any) -> None:
        """What happens is seen by the tests."""

    def do_CONNECT(self) -> None:
        """Answer as the host that is asked for."""
        name = self.path.partition(":")[0]
        if self.network.find(name) is None:
            return self.send_error(502)
        self.send_response(200)
        self.end_headers()
        self.name = name
        self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        self.rfile.close()
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.close_connection = False
        return None

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the server knows only the one that TLS has taken over

    def _carry(self) -> None:
        host = self.network.find(self.name, self.path)
        if host is None:  # plain http, which no name of ours is asked by
            return self.send_error(502)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOPS}
        connection = http.client.HTTPConnection("127.0.0.1", self.network.port, timeout=PATIENCE)
        try:
            connection.request(
                self.command, self.path, body or None, {**headers, "Host": host, "X-Forwarded-Proto": "https"}
            )
            answer = connection.getresponse()
            self._reply(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        return None

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method is carried."""
        if name.startswith("do_"):
            return self._carry
        raise AttributeError(name)

    def _reply(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        length = next((value for name, value in headers if name.lower() == "content-length"), "")
        if self.command != "HEAD" and status not in (204, 304):
            length = str(len(body))
        if length:
            self.send_header("content-length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has hung up."""


@dataclass(frozen=True)
class Names:
    """The running proxy, and the certificate of the authority that its hosts have theirs from."""

    network: Network
    port: int
    authority: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> Mapping[str, str]:
        """What tells a process of it."""
        return {"HTTPS_PROXY": self.url, "NO_PROXY": "127.0.0.1,localhost", "SSL_CERT_FILE": str(self.authority)}


@contextlib.contextmanager
def names_of_aws(folder: Path, emulator: int, domain: str) -> Iterator[Names]:
    """``domain`` is the home's own name."""
    authority, certificate = make_certificate(folder, (f"*{API}", POOL, f"*{PAGES}", domain))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    network = Network(emulator, domain)
    handler = type("Handler", (_Handler,), {"network": network, "tls": tls})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Names(network, int(server.server_address[1]), authority)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The API as the functions of AWS answer it, over a socket, with the configuration that the stack tells browsers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.api import ENDPOINTS
from aurora_time.api.authentication import authenticator
from aurora_time.aws.settings import CloudSettings
from aurora_time.aws.tokens import Pool
from aurora_time.aws.world import CLOCK, make_services
from aurora_time.operations.people import SCOPES
from aurora_time.run.endpoints import wire_some
from tests.aws.gateway import Gateway


def told(issuer: str, cli_client_id: str) -> dict[str, Any]:
    """As infra/stacks/told.py makes it, which a test of the stacks holds to the same names."""
    scope = " ".join(("openid", "email", "profile", *(f"aurora/{each}" for each in SCOPES)))
    flags = dict.fromkeys(("home", "outbox", "mailForm", "ownAccounts"), False)
    return {"issuer": issuer, "clientId": "web", "cliClientId": cli_client_id, "scope": scope, "api": "", **flags}


class Functions:
    """They run in a loop of their own; only ``account`` makes who is new, as its role lets it."""

    def __init__(self, issuer: str, cli_client_id: str) -> None:
        said = {"AURORA_ISSUER": issuer, "AURORA_CLIENT_ID": "web", "AURORA_CLI_CLIENT_ID": cli_client_id}
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.laid: dict[str, bytes] = {}
        settings = CloudSettings("", "http://127.0.0.1", signup="open", said=said)
        self._gateway, self._table = self.run(self._open(settings))

    async def _open(self, settings: CloudSettings) -> tuple[Gateway, SqliteTable]:
        table = SqliteTable.open(":memory:", CLOCK)
        services = make_services(settings, table)
        wired = []
        for endpoint in ENDPOINTS:
            pool = Pool(settings, services, CLOCK, admits=endpoint.tag == "account")
            wired += wire_some([endpoint], services, authenticator(services, pool, pool.find))
        return Gateway(wired, services, self), table

    async def lay(self, name: str, body: bytes, _headers: Mapping[str, str]) -> None:
        """A Shelf."""
        self.laid[f"/{name}"] = body

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What is too large lies at the same address as the API, and nobody brings a token there."""
        if request.url.path in self.laid and "authorization" not in request.headers:
            return httpx.Response(200, content=self.laid[request.url.path])
        answered: httpx.Response = self.run(self._gateway.handle_async_request(request))
        return answered

    def close(self) -> None:
        self.run(self._table.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@contextmanager
def functions_home(issuer: str, cli_client_id: str) -> Iterator[str]:
    """Its address."""
    functions = Functions(issuer, cli_client_id)
    try:
        with front(told(issuer, cli_client_id), functions.answer) as url:
            yield url
    finally:
        functions.close()


@contextmanager
def front(config: dict[str, Any], answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[str]:
    """As CloudFront and the gateway are: the configuration is a file, what nobody has is Amazon's 404."""

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path == "/config.json":
                self._send(httpx.Response(200, json=config))
            elif not self.path.startswith(("/v1/", "/answers/")):
                self._send(httpx.Response(404, json={"message": "Not Found"}))
            else:
                url = f"http://127.0.0.1{self.path}"
                self._send(answer(httpx.Request(self.command, url, headers=dict(self.headers), content=body)))

        def _send(self, answer: httpx.Response) -> None:
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name != "content-length":
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_POST(self) -> None:
            self.do_GET()

        def do_DELETE(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """What happens is seen by the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()

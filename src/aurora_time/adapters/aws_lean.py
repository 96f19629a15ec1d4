"""Asking a service of AWS that speaks JSON (protocol 1.0), signed (Signature Version 4), with nothing but the standard
library: for processes that start often, since boto3 takes longer to load than all of ours.

It blocks, so it belongs in a worker thread; several may ask at once, each on a connection of its own, which is kept.
"""

from __future__ import annotations

import hmac
import http.client
import select
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from socket import SO_KEEPALIVE, SOL_SOCKET
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from zlib import crc32

_CONNECT: Final = 1.0
_READ: Final = 3.0
"""Seconds for which one waits for a connection, and for an answer."""
_NEEDED: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
_TYPE: Final = "application/x-amz-json-1.0"


class NeverSentError(Exception):
    """The service could not be reached, so nothing was done."""


class NoAnswerError(Exception):
    """It was sent, and no answer came, or none that is whole: it may have been done."""


@dataclass(frozen=True, slots=True)
class Credentials:
    key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


class Service(NamedTuple):
    """``target`` is what stands before the name of an operation: ``DynamoDB_20120810``."""

    name: str
    target: str


class Answer(NamedTuple):
    status: int
    body: bytes


def is_enough(environ: Mapping[str, str]) -> bool:
    """Whether all that is needed stands in the environment, as in every function of Lambda but in China."""
    return all(environ.get(name) for name in _NEEDED) and not environ["AWS_REGION"].startswith("cn-")


class Lean:
    """One service, as the environment says: region, credentials, and AWS_ENDPOINT_URL where it is not AWS itself."""

    def __init__(self, service: Service, environ: Mapping[str, str], now: Callable[[], float] = time.time) -> None:
        self._service = service
        self._region = environ["AWS_REGION"]
        self._credentials = Credentials(
            environ["AWS_ACCESS_KEY_ID"], environ["AWS_SECRET_ACCESS_KEY"], environ.get("AWS_SESSION_TOKEN", "")
        )
        self._url = _endpoint(service, environ)
        self._now = now
        self._free: deque[http.client.HTTPConnection] = deque()

    def post(self, operation: str, body: bytes) -> Answer:
        """Raises NeverSentError, NoAnswerError."""
        headers = {"Content-Type": _TYPE, "X-Amz-Target": f"{self._service.target}.{operation}"}
        headers |= self._signed(headers, body)
        connection = self._connection()
        try:
            connection.request("POST", "/", body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise NoAnswerError(str(error)) from error
        if response.will_close:
            connection.close()
        else:
            self._free.append(connection)
        if int(response.headers.get("x-amz-crc32") or crc32(answer.body)) != crc32(answer.body):
            raise NoAnswerError("its answer is damaged")
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        """One that is open, if there is one: the other side may have closed it while nobody asked."""
        while self._free:
            kept = self._free.pop()
            if kept.sock is not None and not select.select([kept.sock], [], [], 0)[0]:
                return kept
            kept.close()
        return self._connected()

    def _connected(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=_CONNECT, context=_trusted()
            )
        else:
            made = http.client.HTTPConnection(host, port, timeout=_CONNECT)
        try:
            made.connect()
        except OSError as error:
            made.close()
            raise NeverSentError(str(error)) from error
        made.sock.settimeout(_READ)
        made.sock.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
        return made

    def _signed(self, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._now()))
        added = {"Host": self._url.netloc, "X-Amz-Date": at}
        if self._credentials.token:
            added["X-Amz-Security-Token"] = self._credentials.token
        scope = f"{at[:8]}/{self._region}/{self._service.name}/aws4_request"
        names, request = _canonical({**headers, **added}, body)
        text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        key = _signing_key(self._credentials.secret, scope)
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        credential = f"Credential={self._credentials.key}/{scope}"
        return {
            **added,
            "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}",
        }

    def close(self) -> None:
        while self._free:
            self._free.pop().close()


def _endpoint(service: Service, environ: Mapping[str, str]) -> SplitResult:
    own = environ.get(f"AWS_ENDPOINT_URL_{service.name.upper()}") or environ.get("AWS_ENDPOINT_URL")
    return urlsplit(own or f"https://{service.name}.{environ['AWS_REGION']}.amazonaws.com")


def _canonical(headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """The names of what is signed, and the text that is: a POST to ``/`` without a query."""
    sorted_ = sorted((name.lower(), value.strip()) for name, value in headers.items())
    names = ";".join(name for name, _ in sorted_)
    lines = "".join(f"{name}:{value}\n" for name, value in sorted_)
    return names, f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"


@cache
def _trusted() -> ssl.SSLContext:
    """Kept, since making one reads all authorities."""
    return ssl.create_default_context()


def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key

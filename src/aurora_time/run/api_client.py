"""The REST API as the command line uses it: what it asks, what is answered, and a server over HTTP."""

from __future__ import annotations

import gzip
import http.client
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from aurora_time.run.addresses import is_loopback
from aurora_time.run.control import OperatorError

T = TypeVar("T")
JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
PACKED: Final = "application/gzip"
STRANGE: Final = "The server did not answer as Aurora Time does; is the address right?"
_TIMEOUT: Final = 60.0
_LAID: Final = "/answers/"
"""Where a home on AWS lays what is too large (aws/large.py)."""
_TOKEN: Final = re.compile("[!-~]+")
_POINTER: Final = re.compile(r"^/[\w/]*: ")
_ID: Final = re.compile("[0-9A-Za-z_-]+")
Query = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Told:
        """The object that was answered. Raises OperatorError for anything else."""
        return Told(_decoded(self.body, dict[str, Any]))


class Told(dict[str, Any]):
    """An object of the server's; one that lacks what Aurora Time tells there is another server's: OperatorError."""

    def __missing__(self, name: str) -> None:
        raise OperatorError(f"{STRANGE} It does not tell `{name}`.")


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    items: list[dict[str, Any]]
    next_cursor: str | None


class NoAnswerError(OperatorError):
    """Nobody answered: what was asked may have been done or not."""


class ApiError(OperatorError):
    """The server refused; the message is what its problem document says, and how to mend it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(_sentence(answer))


class Api(Protocol):
    """Somebody's own events, tasks and reminders, wherever they are."""

    @property
    def where(self) -> str:
        """The address of the server, for people."""
        ...

    def send(self, method: str, target: str, body: bytes | None, media: str) -> Answer:
        """``target`` is path and query. Raises NoAnswerError."""
        ...

    @property
    def own_token(self) -> str:
        """The id of a token that goes with this, empty for one that stays."""
        ...

    def close(self) -> None: ...


def call(api: Api, method: str, path: str, query: Query | None = None, body: object = None) -> Answer:
    """One operation with a JSON body; ``bytes`` are a text that goes packed, since a gateway of AWS lets less than ten
    megabytes through, and of text nothing but UTF-8. Raises ApiError for a refusal.
    """
    pairs = [(name, each) for name, value in (query or {}).items() for each in _several(value)]
    target = quote(path, safe="/:@") + (f"?{urlencode(pairs)}" if pairs else "")
    answer = api.send(method, target, *_encoded(method, body))
    if not 200 <= answer.status < 300:
        raise ApiError(answer)
    return answer


def _encoded(method: str, body: object) -> tuple[bytes | None, str]:
    """A body as it is sent, and what it is."""
    if isinstance(body, bytes):
        return gzip.compress(body, mtime=0), PACKED
    media = MERGE_PATCH if method == "PATCH" else JSON
    return None if body is None else msgspec.json.encode(body), media


def by_id(listing: str, id_: str) -> str:
    """The path of one thing of a listing. Raises OperatorError for what is no id: it could lead elsewhere."""
    if not _ID.fullmatch(id_):
        raise OperatorError(f"{id_!r} is no id; list what there is to see the ids.")
    return f"{listing}/{id_}"


def pages(api: Api, path: str, query: Query, most: int = 10_000) -> Iterator[Told]:
    """The items of a listing, page after page."""
    cursor: str | None = None
    given = 0
    while given < most:
        answer = call(api, "GET", path, {**query, **({"cursor": cursor} if cursor else {})})
        page = _decoded(answer.body, _Page)
        for item in page.items[: most - given]:
            given += 1
            yield Told(item)
        if not page.next_cursor or page.next_cursor == cursor:
            return
        cursor = page.next_cursor


def _decoded(body: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.DecodeError:
        raise OperatorError(STRANGE) from None


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


class _Error(msgspec.Struct, frozen=True):
    pointer: str = ""
    detail: str = ""


class _Problem(msgspec.Struct, frozen=True):
    """What is shown of a problem document (RFC 9457)."""

    detail: str = ""
    title: str = ""
    errors: tuple[_Error, ...] = ()


def _sentence(answer: Answer) -> str:
    if answer.status < 400:
        where = answer.headers.get("location", "another address")
        return f"The server sends us on to {where}, where no token is sent; use the address of Aurora Time itself."
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except msgspec.DecodeError:
        return f"The server answered with status {answer.status}; is this the address of Aurora Time?"
    # A pointer into the body says nothing to who has typed a command.
    told = _POINTER.sub("", problem.detail, count=1) or problem.title or f"status {answer.status}"
    return " ".join([told, *(f"{each.pointer}: {each.detail}" for each in problem.errors if each.detail not in told)])


def server_url(text: str) -> str:
    """The address of a server as people type it, made whole: https, but on this machine itself. Raises OperatorError.

    Nothing else is taken, since a token goes there.
    """
    try:
        parts = urlsplit(text.strip() if "://" in text else f"//{text.strip()}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    scheme = parts.scheme or ("http" if is_loopback(host) else "https")
    extra = parts.query or parts.fragment or "@" in parts.netloc
    if scheme not in ("http", "https") or not host or extra or not text.isprintable():
        raise OperatorError(f"{text!r} is no address of a server; give one like https://time.example.org.")
    if scheme == "http" and not is_loopback(host):
        raise OperatorError(f"{text} is not https: anybody on the way could read your token. Use https://{host}.")
    bare = f"[{host}]" if ":" in host else host
    return f"{scheme}://{bare}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


def connect(url: str, timeout: float = _TIMEOUT) -> http.client.HTTPConnection:
    """A connection to the host of this address, which is a whole one."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)


class RemoteApi:
    """A server over HTTP, with a token; ``own_token`` is its id where it goes with this."""

    def __init__(self, url: str, token: str, own_token: str = "") -> None:
        """``url`` as ``server_url`` answers it. Raises OperatorError for what cannot be a token."""
        if not _TOKEN.fullmatch(token):
            raise OperatorError("The token has characters that no token has; copy it again, as it was shown.")
        self._token = token
        self._base = urlsplit(url).path
        self._connection = connect(url)
        self.where = url
        self.own_token = own_token

    def send(self, method: str, target: str, body: bytes | None, media: str) -> Answer:
        """What is too large for a function of AWS lies at another address of the same server, where no token goes."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = media
        answer = self._ask(method, self._base + target, body, headers)
        laid = answer.headers.get("location", "") if answer.status == 303 else ""
        return self._ask("GET", laid, None, {}) if laid.startswith(_LAID) else answer

    def _ask(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            self._connection.request(method, target, body, headers)
            response = self._connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            self._connection.close()
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise NoAnswerError(f"{self.where} cannot be reached: {why}.") from None

    def close(self) -> None:
        self._connection.close()

"""Where the people of a server sign in: at the server itself, or at the OpenID issuer that it names."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from aurora_time.operations.people import SCOPES
from aurora_time.run.addresses import host_of, is_loopback
from aurora_time.run.api_client import STRANGE, Answer, connect
from aurora_time.run.control import OperatorError

T = TypeVar("T")
CLIENT_ID: Final = "aurora-cli"
"""At Aurora Time's own sign-in."""
PORTS: Final = (27631, 27632, 27633)
"""Of this machine, tried in turn, where an issuer wants to know before to where it answers: below those that systems
give to whoever asks for any.
"""
CALLBACK: Final = "/callback"
CALLBACKS: Final = tuple(f"http://localhost:{port}{CALLBACK}" for port in PORTS)
"""To be registered at an issuer. Its name, for Cognito takes no address of loopback."""
_DISCOVERY: Final = "/.well-known/openid-configuration"
_OF_WHO: Final = frozenset({"openid", "email", "profile"})
_TIMEOUT: Final = 30.0


class Metadata(msgspec.Struct, frozen=True):
    """What is needed of OpenID Connect Discovery."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str = ""


class _Config(msgspec.Struct, frozen=True, rename="camel"):
    """What is needed of a home's /config.json."""

    issuer: str
    scope: str
    cli_client_id: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """An issuer as the terminal uses it. ``at`` is this machine's name and the ports, one of which hears the answer;
    0 is any that is free.
    """

    metadata: Metadata
    client_id: str = CLIENT_ID
    scope: str = " ".join(("openid", "email", *SCOPES))
    at: tuple[str, tuple[int, ...]] = ("127.0.0.1", (0,))

    def granted(self, scope: str) -> list[str]:
        """Our scopes of what was granted; an issuer that says nothing grants what was asked for (RFC 6749, 5.1)."""
        named = {_bare(each) for each in (scope or self.scope).split()}
        return [each for each in SCOPES if each in named]


def discover(server: str) -> Desk:
    """Where people of the server sign in, by what it says of itself. Raises OperatorError.

    Every address has to be its own, or it could send a browser anywhere; of another issuer, see ``_elsewhere``.
    """
    answer = ask("GET", f"{server}{_DISCOVERY}")
    if answer.status == 404:
        return _elsewhere(server)
    metadata = read(answer, Metadata)
    if metadata.issuer.rstrip("/") != server:
        raise OperatorError(f"{server} calls itself {metadata.issuer}; use that address.")
    endpoints = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.revocation_endpoint)
    if not all(each.startswith(f"{server}/") for each in endpoints):
        raise OperatorError(STRANGE)
    return Desk(metadata)


def _elsewhere(server: str) -> Desk:
    """The issuer that the server names. The browser shows whose page it is, and no scopes are asked for but ours, so
    that nobody can have a token made which is good anywhere else.
    """
    answer = ask("GET", f"{server}/config.json")
    config = read(answer, _Config) if answer.status == 200 else _Config("", "")
    if not config.issuer or not config.cli_client_id:
        raise OperatorError(
            f"{server} has no sign-in for terminals. If it is Aurora Time, make a token in its settings, and give it "
            f"to `aurora login {server} --token-stdin`."
        )
    here = is_loopback(host_of(server))
    if not _may_be_asked(config.issuer, here=here):
        raise OperatorError(STRANGE)
    metadata = read(ask("GET", f"{config.issuer.rstrip('/')}{_DISCOVERY}"), Metadata)
    endpoints = (metadata.authorization_endpoint, metadata.token_endpoint)
    more = (metadata.revocation_endpoint,) if metadata.revocation_endpoint else ()
    if metadata.issuer != config.issuer or not all(_may_be_asked(each, here=here) for each in (*endpoints, *more)):
        raise OperatorError(STRANGE)
    scope = " ".join(each for each in config.scope.split() if each in _OF_WHO or _bare(each) in SCOPES)
    return Desk(metadata, config.cli_client_id, scope, ("localhost", PORTS))


def _may_be_asked(url: str, *, here: bool) -> bool:
    """By https; on this machine only where the server is here itself."""
    host = host_of(url)
    return bool(host) and (url.startswith("https://") if not is_loopback(host) else here)


def _bare(scope: str) -> str:
    """Without what an issuer puts before our scopes, as in ``aurora/events:read``."""
    return scope.rpartition("/")[2]


def ask(method: str, url: str, form: dict[str, str] | None = None) -> Answer:
    """Raises OperatorError where nobody answers."""
    parts = urlsplit(url)
    connection = connect(url, _TIMEOUT)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    try:
        connection.request(method, parts.path, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        return Answer(response.status, {}, response.read())
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        where = f"{parts.scheme}://{parts.netloc}"
        raise OperatorError(f"{where} cannot be reached: {str(error) or type(error).__name__}.") from None
    finally:
        connection.close()


def read(answer: Answer, type_: type[T]) -> T:
    """Raises OperatorError."""
    try:
        return msgspec.json.decode(answer.body, type=type_)
    except msgspec.DecodeError:
        raise OperatorError(STRANGE) from None

"""The authorization endpoint (RFC 6749 section 4.1, RFC 7636, RFC 9207, OpenID Connect Core 1.0 section
3.1.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity.clients import Client, origin_of
from aurora_time.identity.context import OPENID_SCOPES, Provider
from aurora_time.identity.grants import Code, make_code
from aurora_time.identity.sessions import Session

PATH: Final = "/authorize"
_CHALLENGE: Final = re.compile(r"[0-9A-Za-z_-]{43}")
_DIGITS: Final = re.compile(r"[0-9]{1,10}")
_AFTER: Final = "signed_in_after"
"""Ours: set when a fresh sign-in was asked for, so that coming back from it does not ask again."""
PARAMETERS: Final = (
    *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce"),
    *("code_challenge", "code_challenge_method", "id_token_hint", "login_hint", _AFTER),
)
"""Of a request, what is asked again after its owner said yes; signing in anew has been seen to before."""
ALLOW: Final = "allow"
_PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})


class UnknownClientError(Exception):
    """Nobody is to be answered: the client or its redirect URI is not registered (RFC 6749 section
    4.1.2.1).
    """


class AuthorizationError(Exception):
    """An error to send back to the client; ``code`` is of RFC 6749 section 4.1.2.1 or OpenID Connect
    3.1.2.6.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that holds; ``max_age`` and ``after`` in seconds, ``prompt`` a set of words."""

    client: Client
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    nonce: str
    prompt: frozenset[str]
    max_age: int | None
    after: int


def client_of(provider: Provider, parameters: Mapping[str, str]) -> tuple[Client, str]:
    """Who asks, and where to answer. Raises UnknownClientError."""
    client = provider.client(parameters.get("client_id", ""))
    redirect_uri = parameters.get("redirect_uri", "")
    if client is None or not client.may_answer_at(redirect_uri):
        raise UnknownClientError
    return client, redirect_uri


def read(provider: Provider, parameters: Mapping[str, str]) -> Asked:
    """Raises UnknownClientError, AuthorizationError."""
    client, redirect_uri = client_of(provider, parameters)
    for refused in ("request", "request_uri", "registration"):
        if refused in parameters:
            raise AuthorizationError(f"{refused}_not_supported", f"{refused} is not supported")
    if parameters.get("response_type") != "code":
        raise AuthorizationError("unsupported_response_type", "response_type must be code")
    if parameters.get("response_mode", "query") != "query":
        raise AuthorizationError("invalid_request", "response_mode must be query")
    if parameters.get("code_challenge_method") != "S256":
        raise AuthorizationError("invalid_request", "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(parameters.get("code_challenge", "")):
        raise AuthorizationError("invalid_request", "code_challenge must be 43 characters of base64url")
    max_age = parameters.get("max_age")
    if max_age is not None and not _DIGITS.fullmatch(max_age):
        raise AuthorizationError("invalid_request", "max_age must be a number of seconds")
    after = parameters.get(_AFTER, "")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        challenge=parameters["code_challenge"],
        scopes=_scopes(provider, parameters.get("scope", "")),
        nonce=parameters.get("nonce", ""),
        prompt=_prompt(parameters.get("prompt", "")),
        max_age=None if max_age is None else int(max_age),
        after=int(after) if _DIGITS.fullmatch(after) else 0,
    )


def _scopes(provider: Provider, text: str) -> tuple[str, ...]:
    """Those of the asked ones that we know; others are ignored (OpenID Connect Core section 3.1.2.1)."""
    known = (*OPENID_SCOPES, *provider.scopes)
    asked = tuple(scope for scope in known if scope in text.split())
    if not asked:
        raise AuthorizationError("invalid_scope", f"ask for some of: {' '.join(known)}")
    return asked


def _prompt(text: str) -> frozenset[str]:
    words = frozenset(text.split())
    if not words <= _PROMPTS or ("none" in words and len(words) > 1):
        raise AuthorizationError("invalid_request", "prompt must be none, login, consent or select_account")
    return words


def must_sign_in(asked: Asked, session: Session | None, now: float) -> bool:
    """Whether the password has to be given (again)."""
    if session is None or session.signed_in < asked.after:
        return True
    if asked.prompt & {"login", "select_account"}:
        return True
    return asked.max_age is not None and now - session.signed_in > asked.max_age


def is_to_be_asked(asked: Asked, said: str) -> bool:
    """Whether the owner has yet to say that they mean it. Raises AuthorizationError when nobody may be asked, or no."""
    if said == ALLOW or not (asked.client.native or "consent" in asked.prompt):
        return False
    if said:
        raise AuthorizationError("access_denied", "it was not allowed")
    if "none" in asked.prompt:
        raise AuthorizationError("consent_required", "this client is asked about each time")
    return True


def after_signing_in(provider: Provider, parameters: Mapping[str, str]) -> str:
    """This request as the address to come back to: what asked for a fresh sign-in is met by coming back."""
    kept = {name: value for name, value in parameters.items() if name not in {"prompt", "max_age", _AFTER}}
    if parameters.keys() & {"prompt", "max_age"}:
        kept[_AFTER] = str(int(provider.clock.now()))
    return f"{PATH}?{urlencode(kept)}"


async def answer(provider: Provider, asked: Asked, session: Session, state: str) -> Response:
    """Send a code to the client."""
    code = Code(
        subject=session.subject,
        session_id=session.id,
        signed_in=session.signed_in,
        client_id=asked.client.client_id,
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        scopes=asked.scopes,
        nonce=asked.nonce,
        made=provider.clock.now(),
    )
    return _back(provider, asked.redirect_uri, {"code": await make_code(provider, code)}, state)


def refuse(provider: Provider, redirect_uri: str, error: AuthorizationError, state: str) -> Response:
    return _back(provider, redirect_uri, {"error": error.code, "error_description": error.description}, state)


def _back(provider: Provider, redirect_uri: str, values: dict[str, str], state: str) -> Response:
    said = {**values, **({"state": state} if state else {}), "iss": provider.issuer}
    separator = "&" if urlsplit(redirect_uri).query else "?"
    return redirect(f"{redirect_uri}{separator}{urlencode(said)}", 302)


def destination_of(provider: Provider, next_: str) -> tuple[str, ...]:
    """The origin that signing in leads to, when ``next_`` is a request of a client elsewhere: for
    ``form-action``.
    """
    split = urlsplit(next_)
    if split.path != PATH:
        return ()
    try:
        _, redirect_uri = client_of(provider, dict(parse_qsl(split.query)))
    except UnknownClientError:
        return ()
    return (origin_of(redirect_uri),)


def check_single(pairs: Sequence[tuple[str, str]]) -> None:
    """Raises AuthorizationError for a parameter that is there twice (RFC 6749 section 3.1)."""
    if len(dict(pairs)) != len(pairs):
        raise AuthorizationError("invalid_request", "a parameter is there more than once")

"""Whether a home that was just deployed answers, asked from outside as a browser would."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

_TRIES: Final = 20
_PAUSE: Final = 15.0
"""Seconds between two looks: what was deployed reaches every edge within minutes."""


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: str


Ask = Callable[[str, Mapping[str, str]], Answer]


def ask(url: str, headers: Mapping[str, str]) -> Answer:
    """Raises OSError where nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=30) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read().decode())


def signed_by_nobody() -> str:
    """A token that looks like one of the pool: who refuses it has loaded what verifies those."""
    parts = ({"alg": "RS256", "kid": "nobody"}, {"sub": "nobody", "token_use": "access"})
    texts = (*(json.dumps(each).encode() for each in parts), bytes(256))
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in texts)


def troubles(origin: str, config: str, asking: Ask = ask) -> list[str]:
    """A sentence for each thing that is not as it should be."""
    found = []
    of_nobody = {"Authorization": f"Bearer {signed_by_nobody()}"}
    for path, wanted, headers in (
        ("/healthz", 200, {}),
        ("/readyz", 200, {}),
        ("/v1/openapi.json", 200, {}),
        ("/v1/me", 401, {}),
        ("/v1/me", 401, of_nobody),
        ("/config.json", 200, {}),
        ("/app/", 200, {}),
    ):
        try:
            answer = asking(origin + path, headers)
        except OSError as error:
            found.append(f"{path}: nobody answers ({error}).")
            continue
        if answer.status != wanted:
            shown = f"{path}, with a token that nobody signed," if headers else path
            found.append(f"{shown} answers {answer.status}, not {wanted}.")
        elif path == "/config.json" and answer.body != config:
            found.append("/config.json is not what was just put there.")
        elif path == "/app/" and "content-security-policy" not in {name.lower() for name in answer.headers}:
            found.append("/app/ has no Content-Security-Policy.")
    return found


def settle(origin: str, config: str, asking: Ask = ask, pause: Callable[[float], None] = time.sleep) -> list[str]:
    """What is still not as it should be after some minutes."""
    found = troubles(origin, config, asking)
    for _ in range(_TRIES):
        if not found:
            break
        pause(_PAUSE)
        found = troubles(origin, config, asking)
    return found

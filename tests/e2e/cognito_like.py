"""An issuer in the shape of a Cognito user pool, as a process of its own; ``python -m tests.e2e.cognito_like`` with the
registered addresses prints its port.

It answers only at the addresses that were registered, letter by letter; gives no ``scope`` and no ``aud`` in its access
tokens' answer; revokes refresh tokens alone. Its sign-in page asks nothing and sends the browser back.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from aurora_time.operations.people import SCOPES

CLIENT = "4clientofthecli"
POOL = "/eu-west-1_Pool"
_KEY = RSAKey.generate_key(2048, {"kid": "one"})
_ALLOWED = {"openid", "email", "profile"} | {f"aurora/{each}" for each in SCOPES}


class Pool(BaseHTTPRequestHandler):
    callbacks: tuple[str, ...] = ()
    codes: ClassVar[dict[str, dict[str, str]]] = {}
    refresh: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        match path:
            case "/oauth2/authorize":
                self._authorize(asked)
            case "/oauth2/userInfo":
                self._json(200, {"sub": "c0ffee", "email": "an@example.org", "email_verified": "true", "name": "An"})
            case "/still-good":
                self._json(200, sorted(self.refresh))
            case _:
                self._json(*self._published(path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/oauth2/revoke":
            self.refresh.discard(form["token"])
            self._json(200, {})
        else:
            self._json(*self._redeemed(form))

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _published(self, path: str) -> tuple[int, Any]:
        if path == f"{POOL}/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userInfo", "revocation": "revoke"}
            named = {f"{name}_endpoint": f"{self.at}/oauth2/{end}" for name, end in ends.items()}
            return 200, {"issuer": f"{self.at}{POOL}", "jwks_uri": f"{self.at}{POOL}/keys", **named}
        return (200, {"keys": [_KEY.as_dict(private=False)]}) if path == f"{POOL}/keys" else (404, {})

    def _authorize(self, asked: dict[str, str]) -> None:
        """As Cognito does: an address that is not registered is never led to."""
        wrong = asked.get("redirect_uri") not in self.callbacks or asked.get("client_id") != CLIENT
        if wrong or asked.get("code_challenge_method") != "S256":
            self._json(400, {"error": "redirect_mismatch"})
            return
        if not set(asked["scope"].split()) <= _ALLOWED:
            self._back(asked, error="invalid_request", error_description="invalid_scope")
            return
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        self._back(asked, code=code)

    def _back(self, asked: dict[str, str], **said: str) -> None:
        self.send_response(302)
        self.send_header("location", f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}")
        self.send_header("content-length", "0")
        self.end_headers()

    def _redeemed(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = asked is not None and all(asked[name] == form.get(name) for name in ("redirect_uri", "client_id"))
        if asked is None or not same or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        now, refresh = int(time.time()), secrets.token_urlsafe(12)
        self.refresh.add(refresh)
        claims = {"iss": f"{self.at}{POOL}", "sub": "c0ffee", "client_id": CLIENT, "token_use": "access"}
        claims |= {"scope": asked["scope"], "iat": now, "exp": now + 600, "origin_jti": "o"}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, _KEY)
        return 200, {"access_token": token, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 600}

    def _json(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """What happens is seen by the tests."""


if __name__ == "__main__":
    Pool.callbacks = tuple(sys.argv[1:])
    assert all(urlsplit(each).scheme in ("http", "https") for each in Pool.callbacks)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pool)
    print(server.server_address[1], flush=True)
    server.serve_forever()

"""Sign in from a terminal as RFC 8252 says: a browser does it, and the answer comes back to a port of this machine."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import secrets
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from aurora_time.run.control import OperatorError
from aurora_time.run.sign_in_desk import CALLBACK, Desk, ask, read

_PATIENCE: Final = 300.0
"""Seconds in which somebody has to sign in."""
_PAGE: Final = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Aurora Time</title>
<meta name="viewport" content="width=device-width"><style>:root{{color-scheme:light dark;font:18px/1.5 system-ui}}
body{{margin:20vh auto;max-width:30rem;padding:0 1rem}}</style><h1>{title}</h1><p>{text}</p></html>"""
_SAID: Final = {
    ("en", True): ("Signed in", "Go back to the terminal; this page can be closed."),
    ("en", False): ("Not signed in", "The terminal says why; this page can be closed."),
    ("vi", True): ("Đã đăng nhập", "Hãy quay lại cửa sổ dòng lệnh; bạn có thể đóng trang này."),
    ("vi", False): ("Chưa đăng nhập", "Cửa sổ dòng lệnh cho biết lý do; bạn có thể đóng trang này."),
}


class Granted(msgspec.Struct, frozen=True):
    """An access token and what it may do (RFC 6749 section 5.1)."""

    access_token: str
    scope: str = ""
    refresh_token: str = ""


class _Refused(msgspec.Struct, frozen=True):
    """RFC 6749 section 5.2."""

    error: str
    error_description: str = ""


@dataclass(slots=True)
class _Waiting:
    """What the browser is to bring back to the question ``state``; ``came`` is set when it did and was answered."""

    state: str
    came: threading.Event
    values: dict[str, list[str]]

    def take(self, values: dict[str, list[str]]) -> bool:
        """Whether this answers our question; any page could send something here."""
        said = values.get("state", [""])[0]
        if self.values or not hmac.compare_digest(said.encode(), self.state.encode()):
            return False
        self.values = values
        return True


def sign_in(desk: Desk, tell: Callable[[str], None]) -> Granted:
    """Authorization code with PKCE (RFC 7636); ``tell`` gets the address, for who has no browser.

    Raises OperatorError.
    """
    waiting = _Waiting(secrets.token_urlsafe(24), threading.Event(), {})
    verifier = secrets.token_urlsafe(48)
    with _listening(desk, _handler(waiting)) as listening:
        redirect = f"http://{desk.at[0]}:{listening.server_address[1]}{CALLBACK}"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            link = _link(desk, redirect, verifier, waiting.state)
            tell(link)
            webbrowser.open(link)
            if not waiting.came.wait(_PATIENCE):
                raise OperatorError("Nobody signed in within five minutes; try again.")
        finally:
            listening.shutdown()
    code = _code(waiting.values)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "client_id": desk.client_id}
    answer = ask("POST", desk.metadata.token_endpoint, {**form, "code_verifier": verifier})
    if answer.status == 400:
        refused = read(answer, _Refused)
        raise OperatorError(f"The sign-in was refused: {refused.error_description or refused.error}.")
    return read(answer, Granted)


def leave(desk: Desk, granted: Granted) -> None:
    """End the sign-in that the tokens came from (RFC 7009), as far as the issuer does. Raises OperatorError."""
    if desk.metadata.revocation_endpoint:
        form = {"token": granted.refresh_token or granted.access_token, "client_id": desk.client_id}
        ask("POST", desk.metadata.revocation_endpoint, form)


def _listening(desk: Desk, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """On the first port that is free. Raises OperatorError."""
    ports = desk.at[1]
    for port in ports:
        with contextlib.suppress(OSError):
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
    taken = ", ".join(str(port) for port in ports)
    raise OperatorError(
        f"The sign-in answers to one of the ports {taken}, and all are taken: end what listens there, or give a token "
        "to `aurora login SERVER --token-stdin`."
    )


def _link(desk: Desk, redirect: str, verifier: str, state: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": desk.client_id,
        "redirect_uri": redirect,
        "scope": desk.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{desk.metadata.authorization_endpoint}?{urlencode(query)}"


def _code(values: dict[str, list[str]]) -> str:
    if "code" not in values:
        why = (values.get("error_description") or values.get("error") or ["no code"])[0]
        raise OperatorError(f"The sign-in was refused: {why}.")
    return values["code"][0]


def _handler(waiting: _Waiting) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            values = parse_qs(parts.query)
            if parts.path != CALLBACK or not waiting.take(values):
                self.send_error(404)
                return
            lang = "vi" if self.headers.get("Accept-Language", "").lower().startswith("vi") else "en"
            title, text = _SAID[lang, "code" in values]
            try:
                self._show(_PAGE.format(lang=lang, title=title, text=text).encode())
            finally:
                waiting.came.set()

        def _show(self, page: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as its base names it
            """The address holds the code; it is nobody's to read."""

    return Handler

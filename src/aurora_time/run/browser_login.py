"""Sign in from a terminal as RFC 8252 says: a browser does it, and the answer comes back to a port of this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import secrets
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from aurora_time.operations.people import SCOPES
from aurora_time.run.api_client import STRANGE, Answer, connect
from aurora_time.run.control import OperatorError

T = TypeVar("T")
CLIENT_ID: Final = "aurora-cli"
_PATIENCE: Final = 300.0
"""Seconds in which somebody has to sign in."""
_TIMEOUT: Final = 30.0
_PAGE: Final = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Aurora Time</title>
<meta name="viewport" content="width=device-width"><style>:root{{color-scheme:light dark;font:18px/1.5 system-ui}}
body{{margin:20vh auto;max-width:30rem;padding:0 1rem}}</style><h1>{title}</h1><p>{text}</p></html>"""
_SAID: Final = {
    ("en", True): ("Signed in", "Go back to the terminal; this page can be closed."),
    ("en", False): ("Not signed in", "The terminal says why; this page can be closed."),
    ("vi", True): ("Đã đăng nhập", "Hãy quay lại cửa sổ dòng lệnh; bạn có thể đóng trang này."),
    ("vi", False): ("Chưa đăng nhập", "Cửa sổ dòng lệnh cho biết lý do; bạn có thể đóng trang này."),
}


class Metadata(msgspec.Struct, frozen=True):
    """What is needed of OpenID Connect Discovery."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str


class Granted(msgspec.Struct, frozen=True):
    """An access token and what it may do (RFC 6749 section 5.1)."""

    access_token: str
    scope: str = ""

    @property
    def scopes(self) -> list[str]:
        return [scope for scope in self.scope.split() if ":" in scope]


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


def sign_in(metadata: Metadata, tell: Callable[[str], None]) -> Granted:
    """Authorization code with PKCE (RFC 7636); ``tell`` gets the address, for who has no browser.

    Raises OperatorError.
    """
    waiting = _Waiting(secrets.token_urlsafe(24), threading.Event(), {})
    verifier = secrets.token_urlsafe(48)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(waiting)) as listening:
        redirect = f"http://127.0.0.1:{listening.server_address[1]}/callback"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            link = _link(metadata, redirect, verifier, waiting.state)
            tell(link)
            webbrowser.open(link)
            if not waiting.came.wait(_PATIENCE):
                raise OperatorError("Nobody signed in within five minutes; try again.")
        finally:
            listening.shutdown()
    code = _code(waiting.values)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "client_id": CLIENT_ID}
    answer = _ask("POST", metadata.token_endpoint, {**form, "code_verifier": verifier})
    if answer.status == 400:
        refused = _read(answer, _Refused)
        raise OperatorError(f"The sign-in was refused: {refused.error_description or refused.error}.")
    return _read(answer, Granted)


def leave(metadata: Metadata, granted: Granted) -> None:
    """End the access token, and with it the sign-in that it came from (RFC 7009). Raises OperatorError."""
    form = {"token": granted.access_token, "client_id": CLIENT_ID}
    _ask("POST", metadata.revocation_endpoint, form)


def discover(server: str) -> Metadata:
    """What the server, as ``server_url`` answers it, says of itself. Raises OperatorError.

    Every address has to be its own, or it could send a browser anywhere.
    """
    answer = _ask("GET", f"{server}/.well-known/openid-configuration")
    if answer.status == 404:
        raise OperatorError(
            f"{server} has no sign-in for terminals. If it is Aurora Time, make a token in its settings, and give it "
            f"to `aurora login {server} --token-stdin`."
        )
    metadata = _read(answer, Metadata)
    if metadata.issuer.rstrip("/") != server:
        raise OperatorError(f"{server} calls itself {metadata.issuer}; use that address.")
    endpoints = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.revocation_endpoint)
    if not all(each.startswith(f"{server}/") for each in endpoints):
        raise OperatorError(STRANGE)
    return metadata


def _link(metadata: Metadata, redirect: str, verifier: str, state: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": redirect,
        "scope": " ".join(("openid", "email", *SCOPES)),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{metadata.authorization_endpoint}?{urlencode(query)}"


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
            if parts.path != "/callback" or not waiting.take(values):
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


def _ask(method: str, url: str, form: dict[str, str] | None = None) -> Answer:
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


def _read(answer: Answer, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=type_)
    except msgspec.DecodeError:
        raise OperatorError(STRANGE) from None

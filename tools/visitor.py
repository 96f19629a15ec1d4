"""What a person does in a browser, and a program after it: sign up by the forms, get tokens, call the API."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

CLIENT: Final = "aurora-cli"
SCOPES: Final = (
    "account:read",
    "account:write",
    "calendars:read",
    "calendars:write",
    "events:read",
    "events:write",
    "reminders:read",
)
CALLBACK: Final = "http://127.0.0.1:5/callback"
"""Where the CLI would listen for its code (RFC 8252 section 7.3); nobody does."""
_CODE: Final = re.compile(r"\b(\d{6,8})\b")
_RESET: Final = re.compile(r"https?://[^/\s]+(/password/reset\?token=\S+)")


class VisitError(Exception):
    """The server did not do what a visitor may expect; the message says at what."""


class _Fields(HTMLParser):
    """The names and values of a page's first form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._forms = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._forms += tag == "form"
        found = dict(attrs)
        if tag == "input" and self._forms == 1 and found.get("name"):
            self.values[str(found["name"])] = found.get("value") or ""


def form_of(page: httpx.Response) -> dict[str, str]:
    """What a browser would send of a page's first form, nothing typed in. Raises VisitError."""
    expect(page, 200)
    fields = _Fields()
    fields.feed(page.text)
    return fields.values


def expect(answer: httpx.Response, status: int) -> httpx.Response:
    """Raises VisitError for any other status."""
    if answer.status_code != status:
        where = f"{answer.request.method} {answer.request.url.path}"
        raise VisitError(f"{where} answered {answer.status_code} instead of {status}: {answer.text[:300]}")
    return answer


def mailed_code(folder: Path, email: str, seconds: float = 10) -> str:
    """The code in the newest mail to this address that the sink keeps in its folder. Raises VisitError."""
    return _mailed(folder, email, lambda mail: _CODE.search(str(mail["subject"])), seconds)


def mailed_reset(folder: Path, email: str, seconds: float = 10) -> str:
    """The path and query of the newest link to a new password that was mailed there. Raises VisitError."""
    return _mailed(folder, email, lambda mail: _RESET.search(text_of(mail)), seconds)


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail, decoded."""
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def _mailed(folder: Path, email: str, find: Callable[[EmailMessage], re.Match[str] | None], seconds: float) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in sorted(folder.glob("*.eml"), reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            found = find(mail)
            if email in str(mail["to"]) and found:
                return found[1]
        time.sleep(0.02)
    raise VisitError(f"no such mail came for {email}")


class Allowed(NamedTuple):
    """An authorization code, and the verifier that proves who asked for it (RFC 7636)."""

    code: str
    verifier: str


class Visitor:
    """One browser; close it in the end."""

    def __init__(self, url: str) -> None:
        self._browser = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def close(self) -> None:
        self._browser.close()

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps, by name."""
        return dict(self._browser.cookies)

    def get(self, path: str) -> httpx.Response:
        """Whatever is there; redirects are not followed."""
        return self._browser.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form with just these fields, as a program sends it; redirects are not followed."""
        return self._browser.post(path, data=fields)

    def submit(self, page: str, action: str = "", **typed: str) -> httpx.Response:
        """Fill in the first form of a page and send it, to the page's own path unless to ``action``."""
        return self.post(action or urlsplit(page).path, **(form_of(self.get(page)) | typed))

    def begin_sign_up(self, email: str, password: str, time_zone: str) -> str:
        """Send the form; where the page for the mailed code is."""
        typed = {"email": email, "name": "An", "password": password, "time_zone": time_zone, "locale": "en"}
        return expect(self.submit("/signup", **typed), 303).headers["location"]

    def confirm(self, page: str, code: str) -> None:
        expect(self.submit(page, code=code), 303)

    def sign_up(self, email: str, read_code: Callable[[], str], time_zone: str = "Asia/Ho_Chi_Minh") -> str:
        """The password."""
        password = secrets.token_urlsafe(16)
        page = self.begin_sign_up(email, password, time_zone)
        self.confirm(page, read_code())
        return password

    def ask(self, challenge: str, **changed: str) -> httpx.Response:
        """Send the CLI's authorization request, its parameters ``changed``; an empty one is left out. Say yes to it."""
        asked = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "scope": " ".join(["openid", *SCOPES]),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **changed,
        }
        return self.allow(f"/authorize?{urlencode({name: value for name, value in asked.items() if value})}")

    def allow(self, path: str) -> httpx.Response:
        """Follow an authorization request, and say yes where it is asked whether it is meant."""
        asked = self.get(path)
        if asked.status_code != 200:
            return asked
        return self.post("/authorize/allow", **form_of(asked), answer="allow")

    def authorize(self, *more_scopes: str) -> Allowed:
        """A code for the CLI, with all scopes of the API and these. Raises VisitError."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        scope = " ".join(["openid", *more_scopes, *SCOPES])
        answer = expect(self.ask(challenge, scope=scope, state=state), 302)
        said = parse_qs(urlsplit(answer.headers["location"]).query)
        if said.get("state") != [state] or "code" not in said:
            raise VisitError(f"the authorization was not given: {answer.headers['location']}")
        return Allowed(said["code"][0], verifier)

    def redeem(self, allowed: Allowed) -> httpx.Response:
        """What the token endpoint answers to this code and verifier."""
        return self.post(
            "/token",
            grant_type="authorization_code",
            code=allowed.code,
            redirect_uri=CALLBACK,
            client_id=CLIENT,
            code_verifier=allowed.verifier,
        )

    def refresh(self, token: str) -> httpx.Response:
        """What the token endpoint answers to this refresh token."""
        return self.post("/token", grant_type="refresh_token", refresh_token=token, client_id=CLIENT)

    def access_token(self) -> str:
        """An access token by authorization code with PKCE (RFC 7636), as the CLI would ask for it."""
        token: str = expect(self.redeem(self.authorize()), 200).json()["access_token"]
        return token


class Api:
    """The REST API with one token; close it in the end."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        answer: dict[str, Any] = expect(self._client.get(path, params=query), 200).json()
        return answer

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What was made. Raises VisitError unless it was."""
        made: dict[str, Any] = expect(self._client.post(path, json=body), 201).json()
        return made

    def every(self, path: str, **query: str) -> list[Any]:
        """All items of a list, page by page."""
        page = self.get(path, **query)
        items = list(page["items"])
        while page["nextCursor"]:
            page = self.get(path, **query, cursor=page["nextCursor"])
            items += page["items"]
        return items

    def token(self, name: str) -> str:
        """The secret of a new API token that may do all."""
        secret: str = self.post("/v1/tokens", {"name": name, "scopes": list(SCOPES)})["secret"]
        return secret


def newcomer(url: str, mails: Path, email: str) -> str:
    """Sign somebody up over HTTP, with the code from the sink's folder; an API token of theirs."""
    visitor = Visitor(url)
    try:
        visitor.sign_up(email, lambda: mailed_code(mails, email))
        api = Api(url, visitor.access_token())
        try:
            return api.token("script")
        finally:
            api.close()
    finally:
        visitor.close()

"""Run in the emulator before it starts: its pages have those by which somebody signs up, of which it has none.

As at Cognito's: what the pool requires is asked for, its address and a password; then the mailed code; then the app is
entered as by a sign-in. A trigger's refusal is read on the page.
"""

from __future__ import annotations

import asyncio
import html
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ministack import app
from ministack.services import cognito

Words = dict[str, str]
Answer = tuple[int, Words, bytes]
_ASKED = tuple(cognito._extract_oauth_form_params({}))
"""What the app asks for, by name, in the order in which the page of the sign-in takes it."""
_usual_login, _usual_get, _usual_post = (
    cognito._login_page_html,
    app._handle_cognito_get_request,
    app._handle_cognito_body_request,
)


def _login(*asked: str, **more: str) -> str:
    page: str = _usual_login(*asked, **more)
    way = html.escape(urlencode(dict(zip(_ASKED, asked, strict=False))))
    return page.replace("</form>", f'</form><p><a href="/signup?{way}">Create an account</a></p>')


def _page(title: str, action: str, kept: Words, fields: str, refused: str = "") -> Answer:
    """``kept`` comes back with what is filled in."""
    said = f'<p role="alert">{html.escape(refused)}</p>' if refused else ""
    hidden = "".join(f'<input type="hidden" name="{name}" value="{html.escape(kept[name])}">' for name in kept)
    form = f'<form method="POST" action="{action}">{hidden}{fields}<button type="submit">{title}</button></form>'
    page: str = cognito._page_shell(title, title, said + form)
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


def _sign_up_page(asked: Words, refused: str = "") -> Answer:
    fields = (
        '<label for="email">Email</label><input type="text" id="email" name="email" required>'
        '<label for="password">Password</label><input type="password" id="password" name="password" required>'
    )
    return _page("Sign up", "/signup", asked, fields, refused)


def _code_page(asked: Words, email: str, refused: str = "") -> Answer:
    fields = '<label for="code">Code</label><input type="text" id="code" name="code" required>'
    return _page("Confirm account", "/confirm", {**asked, "email": email}, fields, refused)


def _sign_up(form: Words) -> Answer:
    asked, email = cognito._extract_oauth_form_params(form), form["email"]
    cognito._find_pool_by_client_id(asked["client_id"])  # and whose account is meant from now on
    said = {"ClientId": asked["client_id"], "Username": email, "Password": form["password"]}
    status, _, body = cognito._sign_up(said | {"UserAttributes": [{"Name": "email", "Value": email}]})
    return _code_page(asked, email) if status == 200 else _sign_up_page(asked, json.loads(body)["message"])


def _confirm(form: Words) -> Answer:
    asked, email = cognito._extract_oauth_form_params(form), form["email"]
    pool_id, pool, _ = cognito._find_pool_by_client_id(asked["client_id"])
    said = {"ClientId": asked["client_id"], "Username": email, "ConfirmationCode": form["code"]}
    status, _, body = cognito._confirm_sign_up(said)
    if status != 200:
        return _code_page(asked, email, json.loads(body)["message"])
    user, _ = cognito._resolve_user(pool, email)
    of_code = ("redirect_uri", "scope", "nonce", "code_challenge", "code_challenge_method", "state")
    taken = {name: asked[name] for name in of_code}
    back: Answer = cognito._issue_auth_code_redirect(asked["client_id"], pool_id, username=user["Username"], **taken)
    return back


async def _get(method: str, path: str, headers: Words, query: dict[str, list[str]]) -> Any:
    if (method, path) == ("GET", "/signup"):
        return _sign_up_page({name: query.get(name, [""])[0] for name in _ASKED})
    return await _usual_get(method, path, headers, query)


async def _post(method: str, path: str, headers: Words, body: bytes, query: dict[str, list[str]]) -> Any:
    act = {"/signup": _sign_up, "/confirm": _confirm}.get(path)
    if method != "POST" or act is None:
        return await _usual_post(method, path, headers, body, query)
    return await asyncio.to_thread(act, dict(parse_qsl(body.decode(), keep_blank_values=True)))


cognito._login_page_html = _login
app._handle_cognito_get_request, app._handle_cognito_body_request = _get, _post

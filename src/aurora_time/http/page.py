"""HTML pages made by the server: the template environment, strict answers, the static files, and posted
forms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

MAX_FORM: Final = 64 * 1024
"""Bytes of a posted form."""
_MAX_FIELDS: Final = 200
_FOLDER: Final = Path(__file__).parent
_YEAR: Final = 365 * 86_400
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Of the static files; not the machine's table, which differs from one to the next."""

LANGUAGE_COOKIE: Final = "aurora_language"
"""The language that somebody chose in this browser: the app, too, writes it, for the pages before and beside it."""

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every page and redirect. ``same-origin``, not ``no-referrer``: with that, browsers post forms with a
null Origin.
"""


class FormError(Exception):
    """A posted form cannot be read; ``status`` says how the answer should begin (400, 413 or 415)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _StaticFile(NamedTuple):
    content: bytes
    media_type: str


def remember_language(response: Response, language: str, *, secure: bool) -> None:
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, secure=secure, samesite="lax")


# --- pages --------------------------------------------------------------------------------------------------
@cache
def environment(*folders: Path) -> Environment:
    """Templates of these folders and ours (``base.html``): escaped, and an unknown name is an error.

    ``static(name)`` gives the address of a static file. Asked again, it is the same one, with what is compiled.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, _FOLDER / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static_url
    return made


def page(
    templates: Environment,
    name: str,
    context: Mapping[str, object],
    status: int = 200,
    form_action: tuple[str, ...] = (),
) -> HTMLResponse:
    """A page nobody stores, frames or scripts from elsewhere.

    ``form_action``: further origins a form of this page may lead to, since browsers hold the redirects that
    follow a posted form to this policy too.
    """
    destinations = " ".join(("'self'", *form_action))
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
        f"form-action {destinations}; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return HTMLResponse(templates.get_template(name).render(context), status, headers)


def redirect(url: str, status: int = 303) -> RedirectResponse:
    return RedirectResponse(url, status, HEADERS)


# --- static files -------------------------------------------------------------------------------------------
@cache
def _names() -> dict[str, str]:
    """The name with the hash of the content in it, of each static file."""
    files = sorted((_FOLDER / "static").iterdir())
    return {
        file.name: f"{file.stem}.{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}{file.suffix}" for file in files
    }


@cache
def _files() -> dict[str, _StaticFile]:
    """The static files by the name they are served under."""
    return {
        served: _StaticFile((_FOLDER / "static" / name).read_bytes(), _MEDIA_TYPES[Path(name).suffix])
        for name, served in _names().items()
    }


def static_url(name: str) -> str:
    """Where a file of ``http/static`` is served; raises KeyError for one that is not there."""
    return f"/static/{_names()[name]}"


def static_route() -> Route:
    """``/static/{name}``: a name holds its content's hash, so browsers keep what they have for ever."""
    return Route("/static/{name}", _serve_static, name="static")


async def _serve_static(request: Request) -> Response:
    found = _files().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.", 404, HEADERS)
    headers = {**HEADERS, "Cache-Control": f"public, max-age={_YEAR}, immutable"}
    return Response(found.content, headers=headers, media_type=found.media_type)


# --- forms --------------------------------------------------------------------------------------------------
async def read_fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a posted form, in order. Raises FormError."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise FormError(415, "send a form as application/x-www-form-urlencoded")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise FormError(413, f"a form has at most {MAX_FORM} bytes")
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise FormError(400, "the form is not well encoded") from error


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that has each field once. Raises FormError."""
    fields = await read_fields(request)
    form = dict(fields)
    if len(form) != len(fields):
        raise FormError(400, "a field is there more than once")
    return form


def same_origin(request: Request, origin: str) -> bool:
    """Whether a browser's request comes from a page of ours, as far as its headers tell.

    One without any of these headers passes: it is no browser of today, and the form's token still decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    sent = request.headers.get("origin")
    if sent is None:
        return True
    return sent == origin or urlsplit(sent).netloc == request.headers.get("host")

"""The built web app as files under ``/app/``: hashed ones kept for ever, the page itself asked for each time.

They lie beside their compressed forms, so nothing is compressed here. An address that is no file is one of the app's
own, and answered by its page; a hashed file that is not there is one of another version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from aurora_time.http.page import HEADERS, redirect

AT: Final = "/app/"
FOLDER: Final = Path(__file__).resolve().parent.parent / "web"
"""Where ``tools/web_app.py`` and the wheel put it."""
_INDEX: Final = "index.html"
_ASSETS: Final = "assets/"
_FOREVER: Final = "public, max-age=31536000, immutable"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class Config(TypedDict):
    """What the app is told at ``/config.json``, in any home: ``web/src/config.ts`` says what each means.

    ``cliClientId`` is for `aurora login`: its client at the issuer, empty where it has none.
    """

    issuer: str
    clientId: str
    cliClientId: str
    scope: str
    api: str
    home: bool
    outbox: bool
    mailForm: bool
    ownAccounts: bool


def policy(*origins: str) -> str:
    """The Content-Security-Policy of the app; beside its own origin it speaks with these alone, to sign in."""
    spoken_with = " ".join(("'self'", *origins))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {spoken_with}; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def caching(name: str) -> str:
    """The Cache-Control of a file by its name below ``/app/``: a hashed one never changes."""
    return _FOREVER if name.startswith(_ASSETS) else "no-cache"


@dataclass(frozen=True, slots=True)
class WebAppFiles:
    """The files of a build in ``folder``; ``issuer`` is the origin at which the app signs in."""

    folder: Path
    issuer: str

    @property
    def is_there(self) -> bool:
        return (self.folder / _INDEX).is_file()

    def routes(self) -> list[Route]:
        return [Route("/app", self._to_app), Route(f"{AT}{{path:path}}", self._serve, name="app")]

    async def _to_app(self, _: Request) -> Response:
        return redirect(AT, 308)

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["path"]
        found = self.folder / name
        if name.startswith(_ASSETS) and not found.is_file():
            return PlainTextResponse("This is of another version.", 404, HEADERS)
        # A path with dots leads nowhere: what is served is only what lies in the folder.
        served = found if ".." not in name and found.suffix in MEDIA_TYPES and found.is_file() else self.folder / _INDEX
        name = served.relative_to(self.folder).as_posix()
        headers = {**HEADERS, "Vary": "Accept-Encoding", "Cache-Control": caching(name)}
        if served.name == _INDEX:
            headers["Content-Security-Policy"] = policy(self.issuer)
        return FileResponse(*_chosen(served, request, headers), media_type=MEDIA_TYPES[served.suffix])


def _chosen(file: Path, request: Request, headers: Mapping[str, str]) -> tuple[Path, int, dict[str, str]]:
    """The smallest form that the browser takes, 200, and its headers."""
    accepted = {word.split(";")[0].strip() for word in request.headers.get("accept-encoding", "").split(",")}
    for encoding, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if encoding in accepted and packed.is_file():
            return packed, 200, {**headers, "Content-Encoding": encoding}
    return file, 200, dict(headers)

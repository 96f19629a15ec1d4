"""The web app of a home: its files, what it must know of the home, and how it signs in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aurora_time.domain.moment import print_instant
from aurora_time.http.page import HEADERS
from aurora_time.http.web_app import AT, FOLDER, Config, WebAppFiles
from aurora_time.identity.clients import Client, origin_of
from aurora_time.operations.people import SCOPES
from aurora_time.pages.at_home import is_at_home
from aurora_time.pages.context import FailedMail
from aurora_time.run.settings import Settings
from aurora_time.run.sign_in_desk import CLIENT_ID as CLI_CLIENT_ID

CLIENT_ID: Final = "aurora-web"


def has_web_app(folder: Path = FOLDER) -> bool:
    """Whether the app was built: the plain pages do without it."""
    return WebAppFiles(folder, "").is_there


def web_client(public_url: str) -> Client:
    """The app as the embedded provider knows it."""
    return Client(CLIENT_ID, (f"{public_url}{AT}",), (f"{public_url}/",), name="Aurora Time")


def web_app_routes(
    settings: Settings, public_url: str, folder: Path = FOLDER, failed: Callable[[], FailedMail | None] = lambda: None
) -> list[Route]:
    """Where the app was not built, only what the home says of itself: the plain pages do without it.

    ``failed``: the last mail, if it did not go out.
    """
    issuer = settings.issuer.url if settings.issuer else public_url
    files = WebAppFiles(folder, origin_of(issuer))
    config: Config = {
        "issuer": issuer,
        "clientId": CLIENT_ID,
        "cliClientId": settings.issuer.cli_client_id if settings.issuer else CLI_CLIENT_ID,
        "scope": " ".join(("openid", "email", "profile", "offline_access", *SCOPES)),
        "api": "",
        "home": True,
        "ownAccounts": settings.issuer is None,
        "outbox": False,
        "mailForm": False,
    }

    async def answer(request: Request) -> Response:
        """What only the owner of this machine may open is told only on this machine."""
        here = is_at_home(request, public_url)
        mail = {"outbox": here and settings.has_outbox, "mailForm": here and settings.has_mail_form}
        last = failed() if here else None
        if last is not None:
            told = {"mailFailed": {"at": print_instant(int(last.at)), "reason": last.reason}}
            return JSONResponse({**config, **mail, **told}, headers=HEADERS)
        return JSONResponse({**config, **mail}, headers=HEADERS)

    return [Route("/config.json", answer), *(files.routes() if files.is_there else ())]

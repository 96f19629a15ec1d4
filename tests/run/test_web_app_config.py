"""What the web app is told of its home before anybody is signed in, and where the plain pages lead back to it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.adapters.oidc import IssuerSettings
from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.pages.context import FailedMail
from aurora_time.run.settings import Settings
from aurora_time.run.web_app import web_app_routes

URL = "http://127.0.0.1:8765"
SMTP = SmtpSettings("mail.example.org", 465, "tls", "Aurora <aurora@example.org>")


async def config(folder: Path, settings: Settings, headers: dict[str, str] | None = None) -> dict[str, Any]:
    (folder / "index.html").write_text("<!doctype html>")
    app = Starlette(routes=web_app_routes(settings, URL, folder))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        answer = await client.get("/config.json", headers=headers)
        return dict(answer.json())


@pytest.mark.anyio
async def test_the_app_knows_which_settings_a_home_has(tmp_path: Path) -> None:
    bare = Settings(tmp_path)
    told = await config(tmp_path, bare)
    assert (told["ownAccounts"], told["outbox"], told["mailForm"]) == (True, True, True)
    saved = dataclasses.replace(bare, smtp=SMTP, smtp_is_saved=True)
    told = await config(tmp_path, saved)
    assert (told["outbox"], told["mailForm"]) == (False, True)
    told = await config(tmp_path, dataclasses.replace(bare, smtp=SMTP))
    assert (told["outbox"], told["mailForm"]) == (False, False)


@pytest.mark.anyio
async def test_what_only_the_owner_of_the_machine_may_open_is_told_to_nobody_else(tmp_path: Path) -> None:
    told = await config(tmp_path, Settings(tmp_path), {"X-Forwarded-For": "192.0.2.1"})
    assert (told["outbox"], told["mailForm"]) == (False, False)


@pytest.mark.anyio
@pytest.mark.parametrize(("headers", "is_told"), [({}, True), ({"X-Forwarded-For": "192.0.2.1"}, False)])
async def test_why_the_last_mail_failed_is_told_on_this_machine_only(
    tmp_path: Path, headers: dict[str, str], is_told: bool
) -> None:
    app = Starlette(routes=web_app_routes(Settings(tmp_path), URL, tmp_path, lambda: FailedMail(1_795_312_200, "no")))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        told = (await client.get("/config.json", headers=headers)).json()
    assert told.get("mailFailed") == ({"at": "2026-11-22T01:50:00Z", "reason": "no"} if is_told else None)


@pytest.mark.anyio
async def test_with_another_issuer_password_and_address_are_not_ours(tmp_path: Path) -> None:
    issuer = IssuerSettings("https://id.example.org", "aurora-web")
    told = await config(tmp_path, dataclasses.replace(Settings(tmp_path), issuer=issuer))
    assert (told["issuer"], told["ownAccounts"]) == ("https://id.example.org", False)
    assert told["cliClientId"] == "", "`aurora login` says so, and takes a token"
    issuer = dataclasses.replace(issuer, cli_client_id="terminals")
    told = await config(tmp_path, dataclasses.replace(Settings(tmp_path), issuer=issuer))
    assert told["cliClientId"] == "terminals"
    assert issuer.accepted == {"aurora-web", "terminals"}

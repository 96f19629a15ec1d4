"""A home that people reach by https tells their browsers to come by nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.run.server import application
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds, SystemClock

STRICT = "strict-transport-security"


async def answers(settings: Settings, url: str) -> list[httpx.Response]:
    home = make_home(settings, url, SystemClock(), RandomIds())
    try:
        transport = httpx.ASGITransport(application(home))
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            return [await client.get(path) for path in ("/", "/login", "/v1/me", "/healthz", "/jwks", "/nothing")]
    finally:
        await home.close()


@pytest.mark.parametrize(("url", "said"), [("https://time.example.org", True), ("http://127.0.0.1:8765", False)])
def test_every_answer_says_so_where_there_is_https_and_none_elsewhere(tmp_path: Path, url: str, said: bool) -> None:
    smtp = SmtpSettings("127.0.0.1", 1, "none", "Aurora <aurora@example.org>")
    settings = Settings(tmp_path, public_url=url, smtp=smtp, signup="invite")
    for answer in asyncio.run(answers(settings, url)):
        assert (answer.headers.get(STRICT) == "max-age=31536000") is said, answer.url

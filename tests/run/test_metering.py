"""Who may read the metrics of a home, and what they tell of its table and its mails."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.ports import Mail, Put
from aurora_time.run.settings import Settings, read_settings
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds, SystemClock
from aurora_time.store import keys

SMTP = SmtpSettings("127.0.0.1", 9, "none", "aurora@example.org")
PUBLIC = {"public_url": "https://time.example.org", "smtp": SMTP, "signup": "open"}


def lines(settings: Settings) -> str:
    async def story() -> str:
        home = make_home(settings, "http://127.0.0.1:8765", SystemClock(), RandomIds())
        try:
            await home.table.write(Put(keys.canary(), b"x", "v"))
            if home.settings.smtp is None:
                await home.services.mailer.send(Mail("a@example.org", "Hello", "", "", "<1@home.test>"))
            return "\n".join(home.services.meter.lines())
        finally:
            await home.close()

    return asyncio.run(story())


def test_a_home_tells_of_its_table_and_its_mails(tmp_path):
    told = lines(Settings(tmp_path / "data"))
    assert "aurora_table_writes_total 1" in told
    assert "aurora_table_groups_total 1" in told
    assert "aurora_table_conflicts_total 0" in told
    assert 'aurora_mails_total{outcome="sent"} 1' in told


@pytest.mark.parametrize(
    ("settings", "header", "may"),
    [
        ({}, "", True),
        ({"metrics_token": "s3cret"}, "", False),
        ({"metrics_token": "s3cret"}, "Bearer s3cret", True),
        (PUBLIC, "", False),
        (PUBLIC, "Bearer ", False),
        ({**PUBLIC, "metrics_token": "s3cret"}, "", False),
        ({**PUBLIC, "metrics_token": "s3cret"}, "Bearer s3cret", True),
    ],
)
def test_only_this_machine_or_who_has_the_token_reads_them(tmp_path, settings, header, may):
    async def story() -> bool:
        home = make_home(Settings(tmp_path / "data", **settings), "http://h", SystemClock(), RandomIds())
        try:
            return home.services.meter.admits(header)
        finally:
            await home.close()

    assert asyncio.run(story()) is may


def test_the_token_is_read_from_the_environment(tmp_path):
    environ = {"AURORA_DATA": str(tmp_path), "AURORA_METRICS_TOKEN": "s3cret"}
    assert read_settings(environ).metrics_token == "s3cret"
    assert read_settings({"AURORA_DATA": str(tmp_path), "AURORA_METRICS_TOKEN": ""}).metrics_token is None

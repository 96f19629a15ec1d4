"""What a server that is asked to stop does with what it has in hand, and when it stops by itself."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.run.server import _check_password
from aurora_time.run.settings import Settings, SettingsError
from tests.adapters.smtp_servers import Sink, plain
from tests.run.aurora_process import aurora, mail_server, running

REFUSED = "mail.example.org:587 refused the user name or password: 535 5.7.8 no"


class Slow(Sink):
    """Says when a mail has begun, and takes it when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.may = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.begun.set()
        await asyncio.to_thread(self.may.wait, 20)
        return await super().handle_DATA(server, session, envelope)


def rings_in(seconds: int) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(minutes=1, seconds=seconds)
    return {
        "summary": "Tea",
        "start": {"dateTime": start.isoformat(timespec="seconds")},
        "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 1}]},
    }


def test_a_reminder_in_hand_is_finished_and_written_down(tmp_path: Path) -> None:
    sink = Slow()
    with mail_server(plain(sink)) as port:
        mailing = {
            "AURORA_SMTP_URL": f"smtp://127.0.0.1:{port}?security=none",
            "AURORA_MAIL_FROM": "Aurora <a@example.org>",
        }
        secret = aurora("user", "add", "sam@example.org", "--token", "--data", tmp_path).stdout.strip()
        bearer = {"Authorization": f"Bearer {secret}"}
        with running(tmp_path, **mailing) as server:
            assert server.ask("POST", "/v1/events", rings_in(2), **bearer).status == 201
            assert sink.begun.wait(20)
            server.process.terminate()
            sink.may.set()
            server.process.communicate(timeout=20)
            assert server.process.returncode == 0
        with running(tmp_path, **mailing) as server:
            ledger = server.ask("GET", "/v1/reminders", **bearer).json["items"]
    assert [entry["status"] for entry in ledger] == ["sent"]
    assert len(sink.mails) == 1


def home(settings: Settings, problem: str | None) -> Any:
    async def check() -> str | None:
        return problem

    return SimpleNamespace(settings=settings, mailer=SimpleNamespace(check=check))


@pytest.mark.parametrize(
    ("problem", "saved"),
    [(None, False), ("nothing listens at mail.example.org:587 (connection refused)", False), (REFUSED, True)],
    ids=["all is well", "out of reach", "the settings form must stay within reach"],
)
def test_it_goes_on(problem: str | None, saved: bool, tmp_path: Path) -> None:
    stopped: list[bool] = []
    settings = Settings(tmp_path, smtp_is_saved=saved)
    asyncio.run(_check_password(home(settings, problem), lambda: stopped.append(True)))
    assert stopped == []


def test_a_refused_password_stops_it(tmp_path: Path) -> None:
    stopped: list[bool] = []
    with pytest.raises(SettingsError, match=r"^AURORA_SMTP_URL: mail\.example\.org:587 refused"):
        asyncio.run(_check_password(home(Settings(tmp_path), REFUSED), lambda: stopped.append(True)))
    assert stopped == [True]


def test_without_a_mail_server_there_is_nothing_to_check(tmp_path: Path) -> None:
    outbox = SimpleNamespace(settings=Settings(tmp_path), mailer=OutboxMailer(tmp_path, "a@localhost", None))  # type: ignore[arg-type]
    asyncio.run(_check_password(outbox, lambda: None))  # type: ignore[arg-type]

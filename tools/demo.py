"""``make demo``: the first ring. Over real HTTP and a real SMTP server, from sign-up to the mail of a reminder."""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console

from tools.running import HomeProcess, Mailed, NotReadyError, SinkProcess, running
from tools.visitor import Api, VisitError, Visitor, mailed_code

ZONE: Final = "Asia/Ho_Chi_Minh"
EMAIL: Final = "an@example.org"
_LEAD_MINUTES: Final = 10
_SECONDS_TO_RING: Final = 4
_PATIENCE: Final = 15.0
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Teller:
    """Says what happens, one step a line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._number = 0

    def step(self, done: str, detail: str = "") -> None:
        self._number += 1
        self._console.print(f"  [bold cyan]{self._number}[/]  {done}", highlight=False)
        if detail:
            self._console.print(f"     [dim]{detail}[/]", highlight=False, soft_wrap=True)

    def say(self, text: str = "") -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


def sign_up(home: HomeProcess, sink: SinkProcess, teller: Teller) -> str:
    """An access token of a person who just signed up."""
    visitor = Visitor(home.url)
    try:
        page = visitor.begin_sign_up(EMAIL, secrets.token_urlsafe(16), ZONE)
        teller.step("Signed up with an e-mail and a password", f"POST {home.url}/signup")
        code = mailed_code(sink.folder, EMAIL)
        visitor.confirm(page, code)
        teller.step("Confirmed by the code that was mailed", f"code {code}")
        token = visitor.access_token()
        teller.step("Got an access token by authorization code and PKCE", "client aurora-cli")
        return token
    finally:
        visitor.close()


def make_event(api: Api, teller: Teller) -> tuple[dict[str, Any], int]:
    """A weekly event whose first reminder is due in some seconds; the event, and when that is."""
    due = int(time.time()) + _SECONDS_TO_RING
    start = datetime.fromtimestamp(due, ZoneInfo(ZONE)) + timedelta(minutes=_LEAD_MINUTES)
    event = api.post(
        "/v1/events",
        {
            "summary": "Weekly review",
            "start": {"dateTime": f"{start:%Y-%m-%dT%H:%M:%S}", "timeZone": ZONE},
            "recurrence": [f"RRULE:FREQ=WEEKLY;BYDAY={_DAYS[start.weekday()]}"],
            "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": _LEAD_MINUTES}]},
        },
    )
    when = f"{event['recurrence'][0]} from {event['start']['dateTime']} {ZONE}, reminder {_LEAD_MINUTES} minutes before"
    teller.step("Made a weekly event", when)
    return event, due


def wait_for_reminder(sink: SinkProcess, due: int) -> tuple[Mailed, EmailMessage]:
    """The mail that came after the code's. Raises VisitError."""
    while time.time() < due + _PATIENCE:
        mails = sink.mails()
        if len(mails) > 1:
            paths = sorted(sink.folder.glob("*.eml"))
            return mails[1], message_from_bytes(paths[1].read_bytes(), policy=policy.default)
        time.sleep(0.01)
    raise VisitError(f"no reminder came within {_PATIENCE:g} s of its due time")


def ledger_of(api: Api, event: dict[str, Any]) -> dict[str, Any]:
    """What the ledger says of the event's reminder that was sent. Raises VisitError."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for each in api.every("/v1/reminders", status="sent"):
            if each["eventId"] == event["id"]:
                return dict(each)
        time.sleep(0.02)
    raise VisitError("the ledger does not say that the reminder was sent")


def show(home: HomeProcess, sink: SinkProcess, teller: Teller) -> None:
    teller.step("Started Aurora Time and a mail server", f"{home.url}, smtp://127.0.0.1:{sink.port}")
    api = Api(home.url, sign_up(home, sink, teller))
    try:
        event, due = make_event(api, teller)
        at = datetime.fromtimestamp(due, UTC)
        teller.step(f"Waiting for the reminder, due at {at:%H:%M:%S} UTC")
        mailed, mail = wait_for_reminder(sink, due)
        if mailed.time < due:
            raise VisitError(f"the reminder came {due - mailed.time:.3f} s early")
        teller.step("The mail arrived", f"“{mail['subject']}” to {mail['to']}")
        entry = ledger_of(api, event)
        if mailed.message_id.strip("<>").partition("@")[0] != entry["id"].rpartition(".")[2]:
            raise VisitError("the mail's Message-ID is not that of the reminder in the ledger")
        teller.step("The ledger has it", f"status {entry['status']}, sent at {entry['sentAt']}")
        teller.say()
        teller.say(f"  [bold green]It rang {1000 * (mailed.time - due):.0f} ms after it was due.[/]")
    finally:
        api.close()


@contextmanager
def on_a_fresh_home() -> Iterator[tuple[HomeProcess, SinkProcess]]:
    with tempfile.TemporaryDirectory(prefix="aurora-demo-") as folder, running(Path(folder) / "data") as both:
        yield both


def main() -> int:
    """0 if the reminder rang as it must."""
    teller = Teller(Console())
    teller.say("\n  [bold]Aurora Time: the first ring[/]\n")
    try:
        with on_a_fresh_home() as (home, sink):
            show(home, sink, teller)
    except (VisitError, NotReadyError) as error:
        Console(stderr=True).print(f"\n  [bold red]It failed:[/] {error}", highlight=False, soft_wrap=True)
        return 1
    teller.say()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``aurora restore``: a backup put back, refused whole or done whole, and no reminder rings twice by it."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aurora_time.adapters.backup import backup, daily_backup
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import DiskFullError, InUseError
from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations import calendar_links
from aurora_time.operations.calendars import create_calendar
from aurora_time.operations.errors import NotFoundError
from aurora_time.operations.events import create_event
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.people import NewPerson, ensure_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.representation import CalendarInput, EventInput
from aurora_time.operations.restored import NOT_SENT
from aurora_time.operations.ringing import attend
from aurora_time.operations.sweeping import find_due, release_leases
from aurora_time.ports import StorageError
from aurora_time.run import cli, restoring
from aurora_time.run.restoring import restore_copy
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import Home
from aurora_time.run.world import RandomIds
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import EMBEDDED, Subject
from tests.run.aurora_process import aurora, one_sentence, running

DAILY = {
    "summary": "Tea",
    "start": {"dateTime": "2026-11-23T09:00:00Z"},
    "recurrence": ["RRULE:FREQ=DAILY"],
    "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 10}]},
}
WEEK = Window(parse_instant("2026-11-22T00:00:00Z"), parse_instant("2026-11-25T00:00:00Z"))


async def ann(home: Home) -> str:
    return await ensure_person(home.services, EMBEDDED, "ann", NewPerson("ann@example.org", "Ann", "UTC", "en"))


async def make_event(home: Home) -> None:
    await create_event(home.services, await ann(home), msgspec.convert(DAILY, EventInput))


async def sweep(home: Home) -> list[tuple[str, str | None]]:
    """Start, do what is due, and say how the reminders of these days stand."""
    await release_leases(home.services)
    while found := await find_due(home.services, 100):
        for item in found:
            await attend(home.services, item, composer(home.public_url))
    shown = await list_reminders(home.services, await ann(home), WEEK, None)
    return [(entry.status, entry.error) for entry, _ in shown]


def at(clock: Any, time: str) -> None:
    clock.time = float(parse_instant(time))


def mails(data: Path) -> int:
    return len(list((data / "outbox").glob("*.eml")))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copied(data: Path, clock: Any) -> Path:
    made = daily_backup(Settings(data).database, Settings(data).backups, clock.time)
    assert made is not None
    return made


@pytest.fixture
def copy(tmp_path: Path, clock: Any, in_home: Any) -> Path:
    """A copy of a home in which a daily event has yet to ring for the first time, on 2026-11-23 at 08:50."""
    at(clock, "2026-11-22T12:00:00Z")
    in_home(make_event)
    return copied(tmp_path, clock)


def test_what_rang_since_the_copy_is_not_sent_again(tmp_path: Path, clock: Any, in_home: Any, copy: Path) -> None:
    at(clock, "2026-11-23T08:50:00Z")
    assert in_home(sweep) == [("sent", None), ("planned", None)]
    assert mails(tmp_path) == 1
    at(clock, "2026-11-23T08:55:00Z")
    done = restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    assert in_home(sweep) == [("suppressed", NOT_SENT), ("planned", None)]
    assert mails(tmp_path) == 1
    at(clock, "2026-11-24T08:50:00Z")
    assert in_home(sweep) == [("suppressed", NOT_SENT), ("sent", None)]
    assert mails(tmp_path) == 2
    assert done.text.splitlines()[1:] == [
        "What was there is kept as aurora.sqlite.before-restore.",
        "Reminders due until 2026-11-23 08:55 UTC that were open in the copy are shown as not sent; later ones ring.",
        "Everybody has to sign in again.",
        "Now start Aurora Time, and run `aurora doctor`.",
    ]


def test_due_since_the_copy_and_never_sent_is_shown_as_suppressed(
    tmp_path: Path, clock: Any, in_home: Any, copy: Path
) -> None:
    at(clock, "2026-11-23T08:55:00Z")
    restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    assert in_home(sweep)[0] == ("suppressed", NOT_SENT)
    assert mails(tmp_path) == 0


def test_another_issuers_tokens_from_before_the_restore_are_no_longer_good(
    tmp_path: Path, clock: Any, in_home: Any, copy: Path
) -> None:
    """Its owner may have signed out everywhere since the copy was made, which the copy does not know."""
    at(clock, "2026-11-23T08:55:00Z")
    restore_copy(Settings(tmp_path), copy, clock, RandomIds())

    async def mark(home: Home) -> int:
        (item,) = await home.table.get(keys.subject(EMBEDDED, "ann"))
        assert item is not None
        return decode(item.body, Subject).not_before

    assert in_home(mark) == clock.time + 1


def test_a_secret_link_that_was_ended_since_the_copy_stays_so(tmp_path: Path, clock: Any, in_home: Any) -> None:
    async def make(home: Home) -> tuple[str, list[str]]:
        owner = await ann(home)
        made = [await create_calendar(home.services, owner, CalendarInput(name=name)) for name in ("kept", "ended")]
        links = [await calendar_links.renew_link(home.services, owner, calendar.id) for calendar, _ in made]
        return made[1][0].id, [str(each.secret_url).rsplit("/", 1)[1] for each in links]

    async def end(home: Home) -> None:
        await calendar_links.remove_link(home.services, await ann(home), ended)

    async def good(home: Home) -> list[str]:
        found = []
        for name in names:
            with suppress(NotFoundError):
                found.append((await calendar_links.find_published(home.services, name)).calendar.name)
        return found

    ended, names = in_home(make)
    copy = copied(tmp_path, clock)
    in_home(end)
    restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    assert in_home(good) == ["kept"]
    restore_copy(Settings(tmp_path), copy, clock, RandomIds(), end_tokens=True)
    assert in_home(good) == []


def test_data_that_cannot_be_read_tells_of_no_token_that_was_ended(
    tmp_path: Path, clock: Any, in_home: Any, copy: Path
) -> None:
    (tmp_path / "aurora.sqlite").write_bytes(b"not a database at all" * 999)
    (tmp_path / "aurora.sqlite-wal").unlink(missing_ok=True)
    done = restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    assert (done.ended.tokens, done.ended.tokens_left) == (0, 0)
    assert in_home(sweep)


def test_what_was_there_can_be_put_back(tmp_path: Path, clock: Any, in_home: Any, copy: Path) -> None:
    at(clock, "2026-11-23T08:50:00Z")
    in_home(sweep)
    restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    restore_copy(Settings(tmp_path), tmp_path / "aurora.sqlite.before-restore", clock, RandomIds())
    assert in_home(sweep) == [("sent", None), ("planned", None)]


def test_a_new_machine_starts_from_a_copy(tmp_path: Path, clock: Any, copy: Path) -> None:
    data = tmp_path / "new" / "home"
    done = restore_copy(Settings(data), copy, clock, RandomIds())
    assert done.before is None
    assert "kept" not in done.text
    assert sorted(path.name for path in data.iterdir()) == ["aurora.sqlite", "aurora.sqlite.lock"]
    if sys.platform != "win32":
        assert data.stat().st_mode & 0o777 == 0o700


def test_nothing_changes_when_the_copy_is_not_sound(tmp_path: Path, clock: Any, copy: Path) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    before = content(tmp_path)
    for file, words in ((copy, "is damaged or is no backup; nothing was changed"), (Path("none.db"), "no such file")):
        with pytest.raises(StorageError, match=words):
            restore_copy(Settings(tmp_path), file, clock, RandomIds())
        assert words in one_sentence(aurora("restore", file, "--data", tmp_path))
    assert content(tmp_path) == before


def test_nothing_changes_when_there_is_no_room(
    tmp_path: Path, clock: Any, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        backup(source, target)
        raise DiskFullError(target)

    monkeypatch.setattr(restoring, "backup", full)
    before = content(tmp_path)
    with pytest.raises(DiskFullError):
        restore_copy(Settings(tmp_path), copy, clock, RandomIds())
    assert content(tmp_path) == before
    assert not list(tmp_path.glob("restoring-*"))


def test_nothing_changes_while_another_process_has_the_data(tmp_path: Path, clock: Any, copy: Path) -> None:
    async def scenario() -> None:
        table = SqliteTable.open(Settings(tmp_path).database, clock)
        before = content(tmp_path)
        with pytest.raises(InUseError):
            await asyncio.to_thread(restore_copy, Settings(tmp_path), copy, clock, RandomIds())
        assert content(tmp_path) == before
        await table.close()

    asyncio.run(scenario())


def test_the_command_restores_a_daily_copy_by_its_name(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["aurora", "restore", copy.name, "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{tmp_path} is as in {copy} again (written 20")
    assert len(said) == 5
    assert (tmp_path / "aurora.sqlite.before-restore").exists()


def test_a_running_server_is_named_and_goes_on(tmp_path: Path, clock: Any) -> None:
    made = aurora("user", "add", "sam@example.org", "--token", "--data", tmp_path)
    copy = copied(tmp_path, clock)
    with running(tmp_path) as server:
        said = one_sentence(aurora("restore", copy, "--data", tmp_path))
        assert "is in use by Aurora Time at http://127.0.0.1:" in said
        assert "stop that one first" in said
        bearer = {"Authorization": f"Bearer {made.stdout.strip()}"}
        assert server.ask("GET", "/v1/events", **bearer).status == 200
    assert not list(tmp_path.glob("*restor*"))

"""A closed account leaves no byte in the files of a home: all of them are read through, in use and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.sqlite import SCRUB_EVERY
from aurora_time.identity import accounts, email_change, sessions
from aurora_time.identity.context import hashed
from aurora_time.identity.credentials import Attempt
from aurora_time.identity.provider import Account
from aurora_time.operations import erasing
from aurora_time.operations.calendar_links import renew_link
from aurora_time.operations.calendars import create_calendar, delete_calendar
from aurora_time.operations.closing import close_account
from aurora_time.operations.events import create_event, delete_event
from aurora_time.operations.people import create_token, find_person_id, read_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.representation import CalendarInput, DateOrTime, EventInput
from aurora_time.operations.ringing import attend
from aurora_time.operations.sweeping import find_due
from aurora_time.operations.task_resources import TaskInput
from aurora_time.operations.tasks import create_task
from aurora_time.run.wiring import Home
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED
from tests.run.conftest import Clock

PASSWORD = "violet tram kettle"


async def make(home: Home, name: str) -> str:
    """An account by all that leaves traces; the person's id."""
    provider = home.provider
    account = Account(f"subject-of-{name}", f"{name}@example.org", name.capitalize(), "UTC", "en")
    await accounts.create(provider, account, PASSWORD)
    attempt = Attempt(account.email, PASSWORD, "192.0.2.0/24", "a browser")
    assert await email_change.begin(provider, attempt, f"{name}.new@example.org")
    _, put = sessions.native_session(provider, account.subject, "cli", provider.clock.now())
    await home.table.write(put, provider.put(keys.device(account.subject, hashed("x")), 1.0, None))
    person_id = await find_person_id(home.services, EMBEDDED, account.subject)
    assert person_id is not None
    await create_token(home.services, person_id, f"Script of {name}", ("events:read",), None)
    return person_id


async def fill(home: Home, person_id: str, name: str, count: int) -> None:
    for number in range(count):
        start = DateOrTime(date=f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}")
        text = f"{name} " * (number % 40 + 1)
        body = EventInput(summary=f"Visit {name} {number}", start=start, description=text)
        written = await create_event(home.services, person_id, body)
        if number % 7 == 0:
            await delete_event(home.services, person_id, written.event.id)


async def first_calendar(home: Home, person_id: str) -> str:
    return (await read_person(home.services, person_id))[0].first_calendar


async def attend_all(home: Home) -> None:
    while due := await find_due(home.services, 100):
        for item in due:
            await attend(home.services, item, composer(home.public_url))
    await home.table.remove_expired()  # which the server does each minute


def found(folder: Path, *traces: str) -> set[tuple[str, str]]:
    """(file, trace) for whatever is in the database, what lies beside it, and the mails that stay here."""
    files = [path for path in folder.iterdir() if path.name.startswith("aurora.sqlite")]
    files += (folder / "outbox").glob("*")
    return {(path.name, trace) for path in files for trace in traces if trace.encode() in path.read_bytes()}


def test_no_byte_of_a_closed_account_is_left(in_home: Any, tmp_path: Path, clock: Clock) -> None:
    async def scenario(home: Home) -> None:
        gone, stays = await make(home, "zwetschge"), await make(home, "quitte")
        calendar, _ = await create_calendar(home.services, gone, CalendarInput(name="Zwetschgenkalender"))
        link = await renew_link(home.services, gone, await first_calendar(home, gone))
        whole = (await create_task(home.services, gone, TaskInput(summary="zwetschge", calendar_id=calendar.id))).task
        await create_task(home.services, gone, TaskInput(summary="zwetschge", parent_id=whole.id))
        await delete_calendar(home.services, gone, calendar.id)
        for _ in range(6):  # interleaved, so that pages are shared, split and merged
            await fill(home, gone, "zwetschge", 40)
            await fill(home, stays, "quitte", 40)
        await attend_all(home)
        traces = ("wetschge", gone, "subject-of-zwetschge", str(link.secret_url).rsplit("/", 1)[1].removesuffix(".ics"))
        assert {trace for _, trace in found(tmp_path, *traces)} == set(traces)
        await close_account(home.services, gone)
        await attend_all(home)
        clock.time += erasing.PAUSES[erasing.AT_LAST]
        await attend_all(home)
        assert found(tmp_path, *traces) == set()
        assert found(tmp_path, "quitte", stays), "what is others' is there"

    in_home(scenario)
    assert found(tmp_path, "wetschge") == set(), "nor when the server has stopped"


def test_two_accounts_closed_within_an_hour_are_both_gone(in_home: Any, tmp_path: Path, clock: Clock) -> None:
    async def scenario(home: Home) -> None:
        first, second = await make(home, "zwetschge"), await make(home, "mirabelle")
        for person_id in (first, second):
            await close_account(home.services, person_id)
            await attend_all(home)
            clock.time += erasing.PAUSES[erasing.AT_LAST]
            await attend_all(home)
        assert found(tmp_path, first) == set()
        assert found(tmp_path, second), "the file is not written anew for everybody at once"
        for _ in range(int(SCRUB_EVERY / erasing.PAUSES[erasing.SCRUB])):
            clock.time += erasing.PAUSES[erasing.SCRUB]
            await attend_all(home)
        assert found(tmp_path, second, "irabelle") == set()

    in_home(scenario)


def test_a_server_that_dies_half_way_goes_on(in_home: Any, tmp_path: Path, clock: Clock) -> None:
    closed: list[str] = []

    async def before(home: Home) -> None:
        closed.append(await make(home, "zwetschge"))
        await fill(home, closed[0], "zwetschge", 300)
        await close_account(home.services, closed[0])
        (item,) = [each for each in await find_due(home.services, 100) if "#j:" in each.key.sort]
        await attend(home.services, item, composer(home.public_url))

    async def after(home: Home) -> None:
        for _ in range(3):
            await attend_all(home)
            clock.time += erasing.PAUSES[erasing.AT_LAST]
        assert found(tmp_path, "wetschge", *closed) == set()

    in_home(before)
    in_home(after)


@pytest.mark.parametrize("name", ["aurora.sqlite", "aurora.sqlite-wal"])
def test_the_search_finds_what_is_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"... wetschge ...")
    assert found(tmp_path, "wetschge") == {(name, "wetschge")}

"""Moving a home of 100,000 events, with rules, ledger and change feed: to another file, to a table of the emulated
AWS, killed half way, and back. How fast the emulator is says nothing of DynamoDB; that all of it arrives does."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import msgspec

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import DAY
from aurora_time.domain.reminder_rules import Match, ReminderRule
from aurora_time.operations.people import update_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.representation import EventInput, ReminderOverride, Reminders
from aurora_time.operations.ringing import attend
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import find_due
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.moves import Mark
from benchmarks.filling import create_all, event, newcomer, services_of
from benchmarks.measure import Figure
from tests import emulated

PART = "Moving"
EVENTS: Final = 100_000
_PEOPLE = 200
_RUNG = 500
_TABLE = "dynamodb:aurora"
_START = 1_893_456_000
"""2030-01-01T00:00:00Z, when the first events ring; nothing expires while this runs."""

# The emulator sorts and copies its whole table for each page of a scan, so that reading all of it takes hours. It is
# given only the parts in which the page lies.
NARROW = """
import bisect
import ministack.services.dynamodb as dynamodb
whole = dynamodb._scan
order = {}

def scan(data):
    table = dynamodb._tables.get(data["TableName"])
    if table is None:
        return whole(data)
    items = table["items"]
    known = order.get("parts")
    if known is None or len(known) != len(items):
        known = order["parts"] = sorted(items)
    start = data.get("ExclusiveStartKey", {}).get("p", {}).get("S", "")
    some, count = {}, 0
    for part in known[bisect.bisect_left(known, start):]:
        some[part] = items[part]
        count += len(items[part]) if part != start else 0  # how much of that one is still to come, nobody knows
        if count > int(data["Limit"]):
            break
    table["items"] = some
    try:
        return whole(data)
    finally:
        table["items"] = items

dynamodb._scan = scan
"""


# --- what is moved ----------------------------------------------------------------------------------------------------
def fill(data: Path, count: int) -> None:
    """People with a rule each and their events, of which some have rung."""

    async def go() -> None:
        async with services_of(data, _START - DAY) as services:
            owners = [await _ruled(services, f"person{number}") for number in range(_PEOPLE)]
            await create_all(services, islice(_events(owners), count))
        async with services_of(data, _START) as services:
            await _ring(services)

    asyncio.run(go())


async def _ruled(services: Services, name: str) -> str:
    owner, _ = await newcomer(services, name)
    rule = ReminderRule("rule", "Before all", Match(), (Alarm("email", minutes_before=30),))
    await update_person(services, owner, lambda person, _: msgspec.structs.replace(person, rules=(rule,)))
    return owner


def _events(owners: list[str]) -> Iterator[tuple[str, EventInput]]:
    number = 0
    while True:
        ring = Reminders(False, (ReminderOverride(minutes_before=0),))
        wall = _START if number < _RUNG else _START + 3600 * (number // _PEOPLE)
        yield owners[number % _PEOPLE], event(f"Event {number}", wall, ring)
        number += 1


async def _ring(services: Services) -> None:
    compose = composer("http://127.0.0.1:8820")
    while found := await find_due(services, 200):
        for item in found:
            await attend(services, item, compose)


def content(file: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(
            "SELECT part, sort, body, version, expires FROM items WHERE part != ? ORDER BY part, sort",
            (keys.moving().part,),
        ).fetchall()
    finally:
        connection.close()


# --- the moves --------------------------------------------------------------------------------------------------------
def _command(source: str, target: str) -> list[str]:
    words = ["move", "--from", source, "--to", target, "--create-table", "--stopped", "--json"]
    return [sys.executable, "-m", "aurora_time", *words]


def _move(source: str, target: str, environ: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(_command(source, target), env=environ, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = msgspec.json.decode(done.stdout)
    return told


def _killed_half_way(source: str, aws: emulated.EmulatedAws, environ: Mapping[str, str]) -> int:
    """SIGKILL when half of it is in the table; how much that was."""
    client, address = aws.client(), keys.moving()
    where = {"p": {"S": address.part}, "s": {"S": address.sort}}
    with subprocess.Popen(_command(source, _TABLE), env=environ, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(0.5)
            try:
                item = client.get_item(TableName=_TABLE.removeprefix("dynamodb:"), Key=where).get("Item")
            except client.exceptions.ResourceNotFoundException:
                continue
            copy = decode(item["b"]["B"], Mark).copy if item else None
            if copy is not None and 2 * copy.done.items >= copy.total.items:
                process.kill()
                return copy.done.items
    raise AssertionError("the move ended before half of it was seen")


def _figures(way: str, told: dict[str, Any]) -> list[Figure]:
    copied = told["copied"]
    return [
        Figure(PART, f"{way}: seconds in all, of {copied['items']:,} items", told["seconds"], "s"),
        Figure(PART, f"{way}: copied", copied["items"] / copied["seconds"], "items/s", more_is_better=True),
    ]


def run(count: int = EVENTS) -> list[Figure]:
    """Raises AssertionError where what came back is not what went."""
    with TemporaryDirectory() as name, patch.object(emulated, "PROGRAM", NARROW + emulated.PROGRAM):
        folder = Path(name)
        fill(folder / "old", count)
        before = content(folder / "old" / "aurora.sqlite")
        shutil.copytree(folder / "old", folder / "same")
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AURORA_")}
        figures = _figures("file to file", _move(f"sqlite:{folder}/same", f"sqlite:{folder}/new", environ))
        assert content(folder / "new" / "aurora.sqlite") == before, "file to file"
        (folder / "aws").mkdir()
        with emulated.emulated_aws(folder / "aws") as aws:
            environ |= aws.environ
            half = _killed_half_way(f"sqlite:{folder}/old", aws, environ)
            there = _move(f"sqlite:{folder}/old", _TABLE, environ)
            assert half <= len(before) - there["copied"]["items"], "it went on where it was killed"
            back = _move(_TABLE, f"sqlite:{folder}/back", environ)
        assert content(folder / "back" / "aurora.sqlite") == before, "there and back"
    figures += _figures("the rest to a table of the emulated AWS", there)
    return [*figures, *_figures("and back", back), Figure(PART, "killed after", half, "items")]

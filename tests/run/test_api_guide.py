"""docs/api-guide.md, run as it is written: every block in one shell, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from tests.run.aurora_process import ROOT, environment, running

GUIDE = (ROOT / "docs" / "api-guide.md").read_text()
TASKS = re.findall(r"^## (\d+)\. (.+?)\n(.*?)(?=^## )", GUIDE, re.MULTILINE | re.DOTALL)
MARK = "--- task"


def blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def script() -> str:
    parts = [f"echo '{MARK} {number}'\n" + "".join(blocks(text)) for number, _, text in TASKS]
    return "set -euo pipefail\n" + "".join(parts)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each task printed, by its number."""
    folder = tmp_path_factory.mktemp("guide")
    assert shutil.which("curl"), "the guide needs curl"
    assert shutil.which("jq"), "the guide needs jq"
    command = folder / "aurora"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aurora_time "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    with running(folder / "data") as server:
        own = environment(
            AURORA=server.url, AURORA_DATA=str(folder / "data"), PATH=os.pathsep.join([str(folder), os.environ["PATH"]])
        )
        done = subprocess.run(
            ["bash", "-c", script()], env=own, cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(re.findall(rf"{MARK} (\d+)\n(.*?)(?={MARK}|\Z)", done.stdout, re.DOTALL))


def test_every_task_is_there_and_has_its_commands(told: dict[str, str]) -> None:
    assert [int(number) for number, _, _ in TASKS] == list(range(1, 12))
    assert all("curl" in text or "api " in text for _, _, text in TASKS)
    assert sorted(told, key=int) == [number for number, _, _ in TASKS]
    assert len(re.findall(r"^```", GUIDE, re.MULTILINE)) == 2 * sum(len(blocks(text)) for _, _, text in TASKS)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1", r"Personal\n"),
        ("2", r""),
        ("3", r"2030-01-07T09:00:00 Weekly review\n"),
        ("4", r"Review with Sam\n"),
        ("5", r"\d+\n"),
        ("6", r"Lunch with Sam\n"),
        ("7", r"event Weekly review\nevent Review with Sam\n"),
        ("8", r"\{.*\}\nPersonal\n"),
        ("9", r"[\w-]{22}\n"),
        ("10", r"(waiting|running|done)\ncalendar [\w-]{22} until \S+\nrestore-calendar\n"),
        ("11", r"422\n/start: `start` is needed here\.\n"),
    ],
)
def test_a_task_tells_what_the_page_says(told: dict[str, str], number: str, expected: str) -> None:
    assert re.fullmatch(expected, told[number], re.DOTALL), told[number]


@pytest.mark.parametrize("number", ["1", "3", "4", "6", "7", "11"])
def test_what_the_page_says_that_is_printed_is_printed(told: dict[str, str], number: str) -> None:
    text = next(text for each, _, text in TASKS if each == number)
    prose = re.sub(r"^```sh\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).replace("\n", " ")
    assert all(f"`{line}`" in prose for line in told[number].splitlines()), prose

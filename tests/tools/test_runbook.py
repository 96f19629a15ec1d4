"""The runbook can be followed: in the order in which it stands, by commands that there are, or in the console."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from tools.deploy.wishes import read_wishes

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
OF_THE_CLI = {"s3", "configure", "sso"}
"""Commands of `aws` that are no operation of a service."""
GLOBAL = {"--region", "--query", "--output", "--cli-binary-format"}


def tables() -> list[list[str]]:
    found = re.findall(r"(?:^\|.*\n)+", f"{RUNBOOK}\n", re.MULTILINE)
    return [each.splitlines() for each in found]


def cells(line: str) -> list[str]:
    return [each.strip() for each in line[1:-1].split(" | ")]


def test_what_comes_before_stands_before() -> None:
    """Preparing the account reads deploy.toml; a deployment needs both."""
    order = ["put-account-details", "Write `deploy.toml`", 'account = "', "ARGS=--bootstrap", "make deploy ENV=dev   "]
    places = [RUNBOOK.index(each) for each in order]
    assert places == sorted(places)
    numbers = [int(each) for each in re.findall(r"^(?:\| )?(\d+)\. ", RUNBOOK.partition("## Deploy")[0], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_where_the_command_aurora_is_is_said_before_it_is_used() -> None:
    assert "`.venv/bin/aurora`" in RUNBOOK
    uses = re.search(r"`aurora (?:aws|move|restore)|^aurora aws", RUNBOOK, re.MULTILINE)
    assert uses
    assert RUNBOOK.index("`.venv/bin/aurora`") < uses.start()


def test_the_deploy_toml_that_it_shows_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", RUNBOOK, re.DOTALL)
    assert tomllib.loads(shown)
    (tmp_path / "deploy.toml").write_text(shown, encoding="utf-8")
    for env in ("dev", "prod"):
        assert read_wishes(tmp_path / "deploy.toml", env)["account"]


def test_whoever_uses_the_console_is_told_something_on_every_line() -> None:
    beside = [each for each in tables() if "console" in cells(each[0])[-1]]
    assert len(beside) >= 6
    empty = [line for table in beside for line in table[2:] if not all(cells(line)) or len(cells(line)) != 3]
    assert empty == []


@pytest.mark.parametrize(
    "what", ["invite somebody", "second step", "à la carte", "4. mark it", "5. use it", "1. take what people have"]
)
def test_what_only_a_command_did_has_a_word_for_the_console_too(what: str) -> None:
    (line,) = [line for table in tables() for line in table if what in cells(line)[0]]
    assert cells(line)[-1]


def commands() -> list[str]:
    """Each by itself, those within others, too."""
    spans = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", RUNBOOK, flags=re.DOTALL))
    pieces = [piece for span in spans for piece in re.split(r"\$\(|; |\)", " ".join(span.split()))]
    return [
        found[0] for piece in pieces if (found := re.search(r"(?<!aurora )\baws [a-z][\w-]* [a-z][\w-]*( .*)?$", piece))
    ]


@pytest.mark.parametrize("command", commands())
def test_every_command_of_aws_is_one_that_there_is(command: str) -> None:
    service, operation = command.split()[1:3]
    if service in OF_THE_CLI or operation == "wait":
        return
    model = botocore.session.get_session().get_service_model(service)
    by_name = {xform_name(each, "-"): each for each in model.operation_names}
    assert operation in by_name, command
    taken = model.operation_model(by_name[operation]).input_shape
    known = {f"--{xform_name(each, '-')}" for each in taken.members} if taken else set()
    options = {re.sub(r"^--no-", "--", each) for each in re.findall(r"(?<= )--[a-z][a-z-]+", command)}
    assert options <= known | GLOBAL, command

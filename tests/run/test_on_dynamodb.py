"""A home on DynamoDB: what it says when it cannot start, what doctor, backup and restore say, and that it serves."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.dynamodb_table import create_table, facts_of, protect
from aurora_time.operations.restored import restored_at
from aurora_time.ports import Mail, Put, StorageError
from aurora_time.run.checks import Check
from aurora_time.run.doctor import Wanted, examine
from aurora_time.run.restoring import restore_home
from aurora_time.run.server import take_up
from aurora_time.run.settings import Settings, SettingsError, read_settings
from aurora_time.run.tables import open_table
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds, SystemClock
from aurora_time.store import keys
from aurora_time.store.reminders import State, arm
from tests.run.aurora_process import aurora, one_sentence, running

pytestmark = pytest.mark.aws


@pytest.fixture
def on_aws(aws: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process finds the emulated AWS, and no other."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AURORA_TABLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in aws.environ.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    return aws


def settings(tmp_path: Path, name: str, **more: Any) -> Settings:
    return Settings(tmp_path / "data", table=name, **more)


def why_not(tmp_path: Path, name: str = "aurora") -> str:
    """The sentence with which a home on this table does not start."""
    with pytest.raises((StorageError, SettingsError)) as caught:
        open_table(settings(tmp_path, name), SystemClock())
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


# --- what is in the way -------------------------------------------------------------------------------------
def test_a_table_that_is_not_there_is_made_only_when_asked_for(on_aws: Any, tmp_path: Path) -> None:
    name = on_aws.table_name()
    assert "--create-table" in why_not(tmp_path, name)
    made = open_table(settings(tmp_path, name, creates_table=True), SystemClock())
    asyncio.run(made.close())
    facts = facts_of(name)
    assert facts is not None
    assert (facts.region, facts.removes_expired, facts.recovers) == ("eu-west-1", True, True)
    asyncio.run(open_table(settings(tmp_path, name), SystemClock()).close())


def test_making_a_table_that_somebody_else_makes_is_no_error(on_aws: Any) -> None:
    name = on_aws.table_name()
    for _ in range(2):
        create_table(on_aws.client(), name)


def test_a_table_of_another_program_is_left_alone(on_aws: Any, tmp_path: Path) -> None:
    name = on_aws.table_name()
    on_aws.client().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert "not one of Aurora Time" in why_not(tmp_path, name)


def test_without_a_region_or_credentials_or_aws_it_is_said_what_is_missing(
    on_aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    assert "127.0.0.1:1" in why_not(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "nonsense")
    assert "nonsense" in why_not(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", on_aws.url)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "credentials" in why_not(tmp_path)
    monkeypatch.delenv("AWS_REGION")
    assert "AWS_REGION" in why_not(tmp_path)


def test_without_boto3_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "aurora_time.adapters.dynamodb_table")
    assert "pip install 'aurora-time[aws]'" in why_not(tmp_path)


def test_a_home_of_one_machine_does_not_import_boto3() -> None:
    program = (
        "import sys, aurora_time.run.server, aurora_time.run.doctor; print({'boto3', 'botocore'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    "text", ["aurora", "sqlite:x", "dynamodb:", "dynamodb:a b c", "dynamodb:ab", "dynamodb:" + "x" * 256]
)
def test_a_place_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="dynamodb:aurora-time"):
        read_settings({"HOME": "/nowhere", "AURORA_TABLE": text})
    assert read_settings({"HOME": "/nowhere", "AURORA_TABLE": text}, table="dynamodb:mine").table == "mine"


# --- doctor, backups, metrics -------------------------------------------------------------------------------
def found(data: Path, name: str) -> dict[str, Check]:
    wanted = Wanted({"HOME": str(data)}, 0, data, None, f"dynamodb:{name}")
    return {check.name: check for check in asyncio.run(examine(wanted, SystemClock(), RandomIds()))}


def test_doctor_tells_of_the_table_its_expiry_and_its_recovery(on_aws: Any, tmp_path: Path) -> None:
    name = on_aws.table_name()
    assert found(tmp_path, name)["Database"].status == "attention"
    create_table(on_aws.client(), name)
    bare = found(tmp_path, name)
    assert [bare[check].status for check in ("Database", "Expiry", "Backups")] == ["ok", "attention", "attention"]
    protect(on_aws.client(), name)
    whole = found(tmp_path, name)
    assert (whole["Database"].status, whole["Backups"].status) == ("ok", "ok")
    assert "Expiry" not in whole
    assert name in whole["Database"].detail
    assert whole["Reminders"].status == "ok"


def test_doctor_says_what_is_in_the_way_of_the_table(
    on_aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert "AWS_REGION" in found(tmp_path, "aurora")["Database"].detail
    assert "dynamodb:aurora-time" in found(tmp_path, "?")["Database"].detail


def test_backup_and_restore_of_a_file_say_that_dynamodb_has_its_own(tmp_path: Path) -> None:
    environ = {"AURORA_TABLE": "dynamodb:aurora", "AURORA_DATA": str(tmp_path)}
    for words in (["backup"], ["restore", "aurora-2026-11-20.db"]):
        assert "point-in-time recovery" in one_sentence(aurora(*words, **environ))
    assert "Name the copy" in one_sentence(aurora("restore", AURORA_DATA=str(tmp_path)))


def test_a_table_that_dynamodb_restored_is_marked_so_that_nothing_rings_twice(on_aws: Any, tmp_path: Path) -> None:
    name = on_aws.table_name()
    create_table(on_aws.client(), name)
    clock = SystemClock()
    done = restore_home(settings(tmp_path, name), None, clock, RandomIds())
    assert name in done.text
    assert done.facts == {"table": name, "restoredAt": done.at}

    async def marked() -> int | None:
        table = open_table(settings(tmp_path, name), clock)
        try:
            return restored_at((await table.get(keys.restored()))[0])
        finally:
            await table.close()

    assert asyncio.run(marked()) == done.at


def test_the_metrics_tell_what_was_tried_again(on_aws: Any, tmp_path: Path) -> None:
    name = on_aws.table_name()
    create_table(on_aws.client(), name)

    async def story() -> str:
        home = make_home(settings(tmp_path, name), "http://127.0.0.1:8765", SystemClock(), RandomIds())
        try:
            await home.table.write(Put(keys.canary(), b"x", "v"))
            await home.services.mailer.send(Mail("a@example.org", "Hello", "", "", "<1@home.test>"))
            assert await home.services.scrub()
            return "\n".join(home.services.meter.lines())
        finally:
            await home.close()

    told = asyncio.run(story())
    assert "aurora_table_writes_total 1" in told
    assert "aurora_table_throttled_total 0" in told
    assert "aurora_table_groups_total" not in told


# --- serving ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_shared", [False, True])
def test_a_server_that_starts_leaves_alone_what_another_server_of_its_table_is_sending(
    on_aws: Any, tmp_path: Path, is_shared: bool
) -> None:
    name = on_aws.table_name() if is_shared else None
    settings_ = Settings(tmp_path / "data", table=name, creates_table=True)

    async def version_after_start() -> str:
        home = make_home(settings_, "http://127.0.0.1:8765", SystemClock(), RandomIds())
        try:
            leased = State(0, int(home.services.clock.now()) + 100, 1, True)
            await home.table.write(*arm("ann", "event", leased, None, "being sent"))
            await take_up(home)
            (armed,) = await home.table.get(keys.armed("ann", "event"))
            assert armed is not None
            return armed.version
        finally:
            await home.close()

    assert (asyncio.run(version_after_start()) == "being sent") is is_shared


def test_one_command_makes_the_table_and_serves_from_it(on_aws: Any, tmp_path: Path) -> None:
    place = f"dynamodb:{on_aws.table_name()}"
    with running(tmp_path / "one", "--table", place, "--create-table", **on_aws.environ) as server:
        assert "the DynamoDB table" in server.greeting
        added = aurora(
            "user", "add", "ann@example.org", "--token", AURORA_TABLE=place, AURORA_DATA=str(tmp_path / "cli")
        )
        token = {"Authorization": f"Bearer {added.stdout.strip()}"}
        body = {"summary": "Review", "start": {"dateTime": "2027-03-01T09:00:00", "timeZone": "UTC"}}
        assert server.ask("POST", "/v1/events", body, **token).status == 201
        assert server.stop()[0] == 0
    with running(tmp_path / "two", "--table", place, **on_aws.environ) as server:
        listed = server.ask("GET", "/v1/events?from=2027-03-01&to=2027-03-02", **token)
        assert [each["summary"] for each in listed.json["items"]] == ["Review"]
        assert server.ask("GET", "/healthz").status == 200
    assert not list(tmp_path.rglob("*.sqlite"))

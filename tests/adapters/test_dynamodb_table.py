"""Making a table as AWS lets one be made: it is there before all of it can be set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aurora_time.adapters import dynamodb_boto
from aurora_time.adapters.dynamodb_table import make_client, protect
from aurora_time.api.account import BACKUPS_KEPT
from aurora_time.ports import COPIES_KEPT, StorageError


def says(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Anything")


class Client:
    """Raises what it was told to, in turn; ``asked`` are the operations. ``expiry`` is what it has for TTL."""

    def __init__(self, expiry: str = "DISABLED", **troubles: list[Exception]) -> None:
        self.troubles, self.asked = troubles, list[str]()
        self.expiry = {"TimeToLiveStatus": expiry, "AttributeName": "e"}

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        if self.troubles.get(name):
            raise self.troubles[name].pop(0)

    def update_time_to_live(self, **_: Any) -> None:
        self._ask("ttl")

    def update_continuous_backups(self, **told: Any) -> None:
        self._ask("backups")
        self.recovery = told["PointInTimeRecoverySpecification"]

    def describe_time_to_live(self, **_: Any) -> dict[str, Any]:
        return {"TimeToLiveDescription": self.expiry}


def test_a_new_table_whose_backups_are_still_being_enabled_is_waited_for():
    client, waits = Client(backups=[says("ContinuousBackupsUnavailableException")] * 3), list[float]()
    protect(client, "t", waits.append)
    assert client.asked == ["ttl", *["backups"] * 4]
    assert len(waits) == 3


def test_no_copy_of_a_table_that_we_make_outlives_what_who_closes_an_account_is_told():
    client = Client()
    protect(client, "t", lambda _: None)
    assert client.recovery == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": COPIES_KEPT}
    assert (COPIES_KEPT + 1) * 86_400 <= BACKUPS_KEPT


def test_backups_that_never_come_are_said_in_a_sentence():
    client = Client(backups=[says("ContinuousBackupsUnavailableException")] * 1_000)
    with pytest.raises(StorageError, match="cannot be used"):
        protect(client, "t", lambda _: None)


@pytest.mark.parametrize("expiry", ["ENABLED", "ENABLING"])
def test_a_table_that_another_server_has_just_set_up_is_used(expiry: str):
    client = Client(expiry, ttl=[says("ValidationException")])
    protect(client, "t", lambda _: None)
    assert client.asked == ["ttl", "backups"]


def test_an_expiry_that_cannot_be_set_is_said():
    with pytest.raises(StorageError, match="cannot be used"):
        protect(Client(ttl=[says("ValidationException")]), "t", lambda _: None)


def test_what_stands_for_aws_may_know_no_backups():
    client = Client(backups=[says("UnknownOperationException")])
    protect(client, "t", lambda _: None)
    assert client.asked == ["ttl", "backups"]


def test_the_operator_guide_names_every_right_that_a_role_needs():
    guide = (Path(__file__).parents[2] / "docs" / "operator-guide.md").read_text(encoding="utf-8")
    rights = guide[guide.index("The role needs") : guide.index("**Several servers**")]
    parts_of_a_transaction = {"PutItem", "DeleteItem", "ConditionCheckItem"}
    wanted = (dynamodb_boto._METHODS.keys() - {"TransactWriteItems"}) | parts_of_a_transaction
    assert {right for right in wanted if f"`{right}`" not in rights} == set()


def test_a_profile_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StorageError, match="nobody"):
        make_client()

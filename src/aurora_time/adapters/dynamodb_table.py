"""The table itself: the client that reaches it, what is in the way of using it, and how it is made."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_boto import CAUGHT
from aurora_time.adapters.dynamodb_calls import THREADS, Pace
from aurora_time.ports import COPIES_KEPT, Clock, StorageError

_CONFIG: Final = Config(
    connect_timeout=1.0,
    read_timeout=3.0,
    max_pool_connections=THREADS,
    retries={"total_max_attempts": 1},  # trying again is dynamodb_calls' matter: it knows what is safe
    tcp_keepalive=True,
)
_BACKUPS_WITHIN: Final = 60
"""Seconds, more or less, for which one waits for a new table to be ready for backups."""
_KEYS: Final = [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}]
_TYPES: Final = [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "S"}]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What an operator wants to know. ``recovers``: whether point-in-time recovery is on."""

    region: str
    status: str
    removes_expired: bool
    recovers: bool


def make_client(environ: Mapping[str, str] = os.environ) -> Any:  # noqa: ANN401  boto3 makes its clients at run time
    """As boto3 finds its region, credentials and endpoint (AWS_ENDPOINT_URL_DYNAMODB). Raises StorageError."""
    try:
        session = boto3.session.Session()
        return session.client("dynamodb", region_name=session.region_name or environ.get("AWS_REGION"), config=_CONFIG)
    except NoRegionError:
        raise StorageError("DynamoDB needs a region: set AWS_REGION, such as eu-west-1.") from None
    except (BotoCoreError, ValueError) as error:
        raise StorageError(f"DynamoDB cannot be used with these AWS settings: {error}.") from None


def open_table(name: str, clock: Clock, *, create: bool = False, pace: Pace | None = None) -> DynamoTable:
    """The table of this name, made first if it is not there and ``create`` says so. Raises StorageError."""
    client = make_client()
    with contextlib.ExitStack() as failing:
        failing.callback(client.close)
        _find(client, name, create=create)
        failing.pop_all()
    return DynamoTable(client, name, clock, pace)


def _find(client: Any, name: str, *, create: bool) -> None:  # noqa: ANN401
    """That there is a table of ours which can be used. Raises StorageError."""
    found = describe(client, name)
    if found is None:
        if not create:
            raise StorageError(
                f"There is no DynamoDB table {name!r} in {client.meta.region_name}: "
                "start once with --create-table to make it, or name another."
            )
        create_table(client, name)
        protect(client, name)
        found = describe(client, name) or {}
    if found.get("KeySchema") != _KEYS:
        raise StorageError(f"The DynamoDB table {name!r} is not one of Aurora Time; choose another.")
    if found.get("TableStatus") not in ("ACTIVE", "UPDATING"):
        raise StorageError(f"The DynamoDB table {name!r} is not ready ({found.get('TableStatus')}); try again soon.")


def describe(client: Any, name: str) -> Mapping[str, Any] | None:  # noqa: ANN401
    """What DynamoDB says of a table, None if there is none. Raises StorageError."""
    try:
        found: Mapping[str, Any] = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    except CAUGHT as error:
        raise _explained(name, error) from error
    return found


def facts_of(name: str) -> TableFacts | None:
    """How a table is set up, None if there is none. Raises StorageError."""
    client = make_client()
    with contextlib.closing(client):
        found = describe(client, name)
        if found is None:
            return None
        try:
            removes = _removes_expired(client, name)
            backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        except CAUGHT as error:
            raise _explained(name, error) from error
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return TableFacts(client.meta.region_name, str(found.get("TableStatus")), removes, recovery == "ENABLED")


def create_table(client: Any, name: str) -> None:  # noqa: ANN401
    """An empty table, paid for by use; waits for it, also when somebody else makes it. Raises StorageError."""
    try:
        with contextlib.suppress(client.exceptions.ResourceInUseException):
            client.create_table(
                TableName=name, KeySchema=_KEYS, AttributeDefinitions=_TYPES, BillingMode="PAY_PER_REQUEST"
            )
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except CAUGHT as error:
        raise _explained(name, error) from error


def protect(client: Any, name: str, sleep: Callable[[float], None] = time.sleep) -> None:  # noqa: ANN401
    """Let DynamoDB remove what has expired, and keep for some days what was. Raises StorageError.

    What stands for AWS on one's own machine may know no point-in-time recovery; then there is none.
    """
    try:
        _let_expire(client, name)
        _keep_backups(client, name, sleep)
    except CAUGHT as error:
        if _code(error) != "UnknownOperationException":
            raise _explained(name, error) from error


def _let_expire(client: Any, name: str) -> None:  # noqa: ANN401
    try:
        client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "e"})
    except ClientError as error:  # it refuses what is so already, as another server that started may have seen to
        if _code(error) != "ValidationException" or not _removes_expired(client, name):
            raise


def _keep_backups(client: Any, name: str, sleep: Callable[[float], None]) -> None:  # noqa: ANN401
    """Backups of a table that was just made cannot be set up until some seconds after it can be used."""
    left = _BACKUPS_WITHIN
    while True:
        try:
            recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": COPIES_KEPT}
            client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
        except ClientError as error:
            left -= 1
            if _code(error) != "ContinuousBackupsUnavailableException" or not left:
                raise
            sleep(1.0)
        else:
            return


def _removes_expired(client: Any, name: str) -> bool:  # noqa: ANN401
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return expiry.get("AttributeName") == "e" and expiry.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")


def _code(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""


def _explained(name: str, error: Exception) -> StorageError:
    return StorageError(f"The DynamoDB table {name!r} cannot be used: {error}.")

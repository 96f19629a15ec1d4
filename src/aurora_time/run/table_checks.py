"""What ``aurora doctor`` finds out about a home's table in DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_time.ports import StorageError
from aurora_time.run.checks import Check
from aurora_time.run.settings import SettingsError
from aurora_time.run.tables import without_boto3

if TYPE_CHECKING:
    from aurora_time.adapters.dynamodb_table import TableFacts


def check_dynamodb(name: str) -> list[Check]:
    """Whether it can be used, and whether it forgets what has expired and keeps what was."""
    try:
        facts = _facts(name)
    except (StorageError, SettingsError) as error:
        return [Check("Database", "wrong", str(error).rstrip("."), "See the operator guide, A home on DynamoDB.")]
    if facts is None:
        return [
            Check("Database", "attention", f"there is no DynamoDB table {name!r}", "`aurora serve --create-table`.")
        ]
    checks = [Check("Database", "ok", f"DynamoDB table {name!r} in {facts.region}, {facts.status.lower()}")]
    if not facts.removes_expired:
        mend = "Set the table's TTL attribute to `e`; until then it only grows."
        checks.append(Check("Expiry", "attention", "DynamoDB does not remove what has expired", mend))
    if facts.recovers:
        checks.append(Check("Backups", "ok", "DynamoDB's point-in-time recovery is on"))
    else:
        mend = "Turn on point-in-time recovery for the table; Aurora Time makes no backups of DynamoDB."
        checks.append(Check("Backups", "attention", "none: point-in-time recovery is off", mend))
    return checks


def _facts(name: str) -> TableFacts | None:
    try:
        from aurora_time.adapters.dynamodb_table import facts_of
    except ModuleNotFoundError as error:
        raise without_boto3(error) from None
    return facts_of(name)

"""Where a home keeps its data: a file of this machine, or a table in DynamoDB."""

from __future__ import annotations

from typing import Protocol

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import Clock, Copied, Table
from aurora_time.run.settings import Settings, SettingsError
from aurora_time.run.world import uptime

NEEDS_BOTO3 = (
    "A home on AWS, or with a table in DynamoDB, needs the package boto3: `pip install 'aurora-time[aws]'`, "
    "or in a checkout `python3 tools/aurora.py setup --aws`."
)


class HomeTable(Table, Copied, Protocol):
    """A table with what a home needs to look after it."""

    @property
    def stats(self) -> object:
        """Counts since it was opened, by name."""
        ...

    async def scrub(self) -> bool:
        """Let no byte be left of what was deleted; False if that was not possible now."""
        ...

    async def close(self) -> None:
        """Finish what was handed over; closing twice is no error."""
        ...


def open_table(settings: Settings, clock: Clock, *, read_only: bool = False) -> HomeTable:
    """The table of a home. Raises StorageError, SettingsError.

    ``read_only`` makes nothing; a file that somebody else has open for writing can be read like this.
    """
    if settings.table is None:
        return SqliteTable.open(settings.database, clock, read_only=read_only)
    try:
        # Only who uses it has boto3, and pays the third of a second that importing it takes.
        from aurora_time.adapters.dynamodb_calls import Pace
        from aurora_time.adapters.dynamodb_table import open_table as open_dynamodb
    except ModuleNotFoundError as error:
        raise without_boto3(error) from None
    create = settings.creates_table and not read_only
    return open_dynamodb(settings.table, clock, create=create, pace=Pace(monotonic=uptime))


def without_boto3(error: ModuleNotFoundError) -> Exception:
    """What to raise where importing the DynamoDB adapter fails: the sentence that mends it, if boto3 is what lacks."""
    return SettingsError(NEEDS_BOTO3) if error.name in ("boto3", "botocore") else error

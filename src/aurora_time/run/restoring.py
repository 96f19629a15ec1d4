"""``aurora restore``: a backup takes the place of the data, and what was sent since it was made is not sent again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from aurora_time.adapters.backup import backup, restore, verify
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import NotADatabaseError, OwnerLock, explained
from aurora_time.operations.moving import MovingError, mark_in
from aurora_time.operations.restored import put_restored
from aurora_time.ports import Clock, Ids, StorageError, UnavailableError
from aurora_time.run.restored_sign_ins import Ended, Known, end_sign_ins, known_of
from aurora_time.run.settings import Settings, SettingsError
from aurora_time.run.tables import HomeTable, open_table

NO_COPIES: Final = (
    "The data is in DynamoDB, which keeps its own copies: its point-in-time recovery restores any second of the last "
    "7 days into a new table (operator guide, A home on DynamoDB)."
)


@dataclass(frozen=True, slots=True)
class Done:
    """A restore. ``written`` and ``at`` are instants: when the copy was last written, and when it was restored.

    ``before`` is the file that keeps what was there, None if nothing was.
    """

    source: Path
    data: Path
    before: Path | None
    written: int
    at: int
    ended: Ended

    @property
    def text(self) -> str:
        """What the operator reads."""
        lines = [f"{self.data} is as in {self.source} again (written {_minute(self.written)})."]
        if self.before is not None:
            lines.append(f"What was there is kept as {self.before.name}.")
        lines += [*_of_reminders("were open in the copy", self.at), *_of_sign_ins(self.ended)]
        lines.append("Now start Aurora Time, and run `aurora doctor`.")
        return "\n".join(lines)

    @property
    def told(self) -> dict[str, object]:
        """What a program reads."""
        return {
            "source": str(self.source),
            "data": str(self.data),
            "before": str(self.before) if self.before else None,
            "restoredAt": self.at,
            **self.ended.told,
        }


@dataclass(frozen=True, slots=True)
class Marked:
    """A table that DynamoDB restored, marked at an instant."""

    table: str
    at: int
    ended: Ended

    @property
    def text(self) -> str:
        lines = [f"The DynamoDB table {self.table!r} is marked as restored."]
        return "\n".join([*lines, *_of_reminders("are open in it", self.at), *_of_sign_ins(self.ended)])

    @property
    def told(self) -> dict[str, object]:
        return {"table": self.table, "restoredAt": self.at, **self.ended.told}


def _of_reminders(which: str, at: int) -> Sequence[str]:
    return [f"Reminders due until {_minute(at)} that {which} are shown as not sent; later ones ring."]


def _of_sign_ins(ended: Ended) -> Sequence[str]:
    lines = ["Everybody has to sign in again."]
    if ended.tokens:
        lines.append(f"API tokens that the copy had and that are good no more: {ended.tokens}.")
    if ended.tokens_left:
        lines.append(
            f"API tokens that are good, as in the copy: {ended.tokens_left}. Each person ends theirs in the settings; "
            "`aurora restore --end-tokens` ends all."
        )
    return lines


def restore_home(
    settings: Settings, file: Path | None, clock: Clock, ids: Ids, end_tokens: bool | None = None
) -> Done | Marked:
    """As ``restore_copy``; a table in DynamoDB was restored by DynamoDB, and is marked. Raises SettingsError, too."""
    if settings.table is None:
        if file is None:
            raise SettingsError("Name the copy: `aurora restore FILE`.")
        return restore_copy(settings, file, clock, ids, end_tokens)
    if file is not None:
        raise SettingsError(NO_COPIES)
    at = int(clock.now())
    ended = asyncio.run(_mark(open_table(settings, clock), at, ids, None, end_tokens))
    return Marked(settings.table, at, ended)


def restore_copy(settings: Settings, file: Path, clock: Clock, ids: Ids, end_tokens: bool | None = None) -> Done:
    """Put ``file`` in the place of the data; a bare name is also looked for among the daily backups.

    ``end_tokens``: all API tokens or none; None for those that were ended since, as far as the data tells.

    The copy is marked before it is put in place: there is no moment at which a crash leaves it without the mark.
    Nothing changes unless the copy is sound. Raises StorageError, InUseError if a server runs, UnavailableError, and
    MovingError where the data has moved away.
    """
    source, target = _find(settings, file), settings.database
    _check(source)
    asyncio.run(_refuse_if_left(target, clock))
    with explained(settings.data):
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with explained(target):
        OwnerLock(target).close()  # whoever serves has it: say so before a copy is made
        written, had = int(source.stat().st_mtime), target.exists()
    at = int(clock.now())
    with explained(settings.data), TemporaryDirectory(prefix="restoring-", dir=settings.data) as folder:
        marked = Path(folder) / target.name
        backup(source, marked)
        known = asyncio.run(known_of(target, clock))
        ended = asyncio.run(_mark(SqliteTable.open(marked, clock), at, ids, known, end_tokens))
        restore(marked, target)
    before = target.with_name(f"{target.name}.before-restore") if had else None
    return Done(source, settings.data, before, written, at, ended)


def _find(settings: Settings, file: Path) -> Path:
    among = settings.backups / file
    return among if file.name == str(file) and not file.exists() and among.exists() else file


def _check(source: Path) -> None:
    try:
        verify(source)
    except NotADatabaseError:
        raise StorageError(f"{source} is damaged or is no backup; nothing was changed, try another copy.") from None


async def _refuse_if_left(target: Path, clock: Clock) -> None:
    """A copy from before a move would ring beside the home that it moved to. Raises MovingError."""
    with contextlib.suppress(StorageError, UnavailableError):  # what cannot be read is there to be replaced
        table = SqliteTable.open(target, clock, read_only=True)
        try:
            mark = await mark_in(table)
        finally:
            await table.close()
        if mark is not None and mark.state == "left":
            raise MovingError(
                f"{mark.sentence} A backup restored here would ring beside it; to have it anyway, put {target} aside."
            )


async def _mark(table: HomeTable, at: int, ids: Ids, known: Known | None, end_tokens: bool | None) -> Ended:
    try:
        await table.write(put_restored(at, ids.new()))
        return await end_sign_ins(table, at, ids, known, end_tokens)
    finally:
        await table.close()


def _minute(instant: int) -> str:
    return f"{dt.datetime.fromtimestamp(instant, dt.UTC):%Y-%m-%d %H:%M} UTC"

"""``aurora move`` that sends itself a signal once it has written so often, for test_move.py.

``move_child.py SIGNAL WRITES move --from ...``
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations import copying
from aurora_time.ports import Change
from aurora_time.run import cli

number, last = getattr(signal, sys.argv[1]), int(sys.argv[2])
done, write = count(1), SqliteTable.write


async def write_and_die(table: SqliteTable, *changes: Change) -> None:
    await write(table, *changes)
    if next(done) == last:
        os.kill(os.getpid(), number)


SqliteTable.write = write_and_die  # type: ignore[method-assign]
copying.PAGE = 20  # type: ignore[misc]
sys.argv = ["aurora", *sys.argv[3:]]
cli.main()

"""``aurora move`` that sends itself a signal once it has written so often, for the tests of moving.

``move_child.py SIGNAL WRITES move --from ...``
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations import copying
from aurora_time.run import cli

number, last = getattr(signal, sys.argv[1]), int(sys.argv[2])
done = count(1)


def mortal(write: Callable[..., Any]) -> Callable[..., Any]:
    async def write_and_die(*what: Any) -> None:
        await write(*what)
        if next(done) == last:
            os.kill(os.getpid(), number)

    return write_and_die


for engine in (SqliteTable, DynamoTable):
    for verb in ("write", "fill"):
        setattr(engine, verb, mortal(getattr(engine, verb)))
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
copying.PAGE = 20  # type: ignore[misc]
sys.argv = ["aurora", *sys.argv[3:]]
cli.main()

"""Reminders into a local mail server: how late in normal load, and how fast in a burst."""

from __future__ import annotations

import smtplib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_time.store.codec import decode
from aurora_time.store.reminders import Entry
from benchmarks.filling import fill_reminders
from benchmarks.measure import Figure, median, percentile
from tools.running import HomeProcess, Mailed, SinkProcess

PART = "Reminders into a local mail server"
SPREAD, SPREAD_SECONDS = 20_000, 60
BURST, BURST_AT = 5_000, 70
_PEOPLE = 200
_PATIENCE = 90
CROWD, _CROWD_PATIENCE = 100_000, 600
_CONNECTIONS = 4
_PLAIN_MAILS = 4_000
_MESSAGE = (
    "Subject: Weekly review\r\nMessage-ID: <bench@127.0.0.1>\r\n\r\n" + "A line of the mail.\r\n" * 250
).encode()


def ceiling(sink: SinkProcess) -> float:
    """Mails a second that the sink takes from smtplib alone, on as many connections as the server has."""

    def send(count: int) -> None:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.ehlo()
            for _ in range(count):
                client.mail("aurora@example.org")
                client.rcpt("an@example.org")
                client.data(_MESSAGE)

    threads = [threading.Thread(target=send, args=(_PLAIN_MAILS // _CONNECTIONS,)) for _ in range(_CONNECTIONS)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return _PLAIN_MAILS / (time.perf_counter() - began)


def due_by_message_id(database: Path) -> dict[str, int]:
    """From the ledger: when each mailed reminder was due."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT body FROM items WHERE part >= 'ledger#' AND part < 'ledger$'").fetchall()
    finally:
        connection.close()
    entries = [decode(body, Entry) for (body,) in rows]
    return {entry.message_id: entry.instant for entry in entries if entry.status == "sent"}


def wait_for(sink: SinkProcess, count: int, until: float) -> list[Mailed]:
    """All mails, as soon as there are so many. Raises TimeoutError."""
    while len(mails := sink.mails()) < count:
        if time.time() > until:
            raise TimeoutError(f"{len(mails)} of {count} reminders came")
        time.sleep(0.5)
    return mails


def ring_all(folder: Path, offsets: list[int], patience: float) -> tuple[list[tuple[float, int]], float]:
    """For each reminder when it came and when it was due, and the server's peak memory in bytes.

    ``patience``: seconds after the last is due in which all must have come.
    """
    zero, _ = fill_reminders(folder / "data", offsets, _PEOPLE)
    sink = SinkProcess(folder / "mails", keep=False)
    home = HomeProcess(folder / "data", sink.port)
    try:
        home.start()
        if time.time() > zero:
            raise TimeoutError("the filling took longer than was foreseen; try again on a quieter machine")
        mails = wait_for(sink, len(offsets), zero + max(offsets) + patience)
        memory = home.peak_memory()
    finally:
        home.stop()
        sink.stop()
    due = due_by_message_id(home.database)
    return [(mail.time, due[mail.message_id]) for mail in mails], memory


def smtplib_alone(folder: Path) -> float:
    plain = SinkProcess(folder / "plain", keep=False)
    try:
        return ceiling(plain)
    finally:
        plain.stop()


def minute() -> list[Figure]:
    """What PRODUCT.md promises of 100,000 in a minute: within it, or as fast as the mail server takes them."""
    with TemporaryDirectory(prefix="aurora-bench-") as folder:
        alone = smtplib_alone(Path(folder))
        offsets = [number * SPREAD_SECONDS // CROWD for number in range(CROWD)]
        came, memory = ring_all(Path(folder), offsets, _CROWD_PATIENCE)
    took = max(at for at, _ in came) - min(due for _, due in came)
    peer, what = f"smtplib alone, {_CONNECTIONS} connections", f"{CROWD:,} due in one minute"
    return [
        Figure(PART, f"{what}, delivered", CROWD / took, "/s", 1667, True, peer, alone),
        Figure(PART, f"{what}, the last after", took, "s", 60),
        Figure(PART, f"{what}, earliest", min(at - due for at, due in came) * 1e3, "ms", 0, True),
        Figure(PART, f"{what}, peak memory of the server", memory / 1e6, "MB"),
    ]


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="aurora-bench-") as folder:
        alone = smtplib_alone(Path(folder))
        offsets = [number * SPREAD_SECONDS // SPREAD for number in range(SPREAD)] + [BURST_AT] * BURST
        came, memory = ring_all(Path(folder), offsets, _PATIENCE)
    last = max(due for _, due in came)
    spread = [(at - due) * 1e3 for at, due in came if due < last]
    burst = [at - due for at, due in came if due == last]
    peer = f"smtplib alone, {_CONNECTIONS} connections"
    normal = f"{SPREAD:,} in a minute"
    figure: Callable[..., Figure] = lambda *words: Figure(PART, *words)  # noqa: E731  every line has the same part
    return [
        figure(f"{normal}, lateness p50", median(spread), "ms"),
        figure(f"{normal}, lateness p99", percentile(spread, 99), "ms", 1000),
        figure(f"{normal}, earliest", min(spread), "ms", 0, True),
        figure(f"{BURST:,} at one instant", BURST / max(burst), "/s", 1667, True, peer, alone),
        figure(f"{BURST:,} at one instant, the last after", max(burst), "s"),
        figure("peak memory of the server", memory / 1e6, "MB"),
    ]

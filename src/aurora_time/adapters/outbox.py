"""Mail into a folder, for a home without a mail server: one ``.eml`` file each, the newest 500 kept."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final

from aurora_time.adapters.mime import to_message
from aurora_time.ports import Clock, Mail, MailUnavailableError

KEPT: Final = 500
_ID: Final = re.compile(r"[0-9]{16}-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A mail in the outbox. ``id`` sorts by time; ``date`` is in seconds since the epoch."""

    id: str
    to: str
    subject: str
    date: float
    text: str
    html: str
    message_id: str


class OutboxMailer:
    """A Mailer that keeps mails where their owner can read them. The folder is made when first needed."""

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="outbox")

    async def send(self, mail: Mail) -> None:
        """Returns when the mail is safely on disk. Raises MailRefusedError, MailUnavailableError."""
        now = self._clock.now()
        message = to_message(mail, self._sender, now)
        try:
            await asyncio.get_running_loop().run_in_executor(self._worker, self._store, message, now)
        except (OSError, RuntimeError) as error:
            raise MailUnavailableError(f"the outbox {self._folder} cannot be written: {error}") from error

    async def messages(self, limit: int = 50) -> list[OutboxMessage]:
        """The newest first."""
        return await asyncio.to_thread(self._newest, limit)

    async def read(self, message_id: str) -> OutboxMessage | None:
        """The mail of this ``OutboxMessage.id``, None if there is none or the text is no such id."""
        return await asyncio.to_thread(self._read, message_id)

    async def delete(self, message_id: str) -> None:
        """Nothing happens where there is none. Raises OSError."""
        if _ID.fullmatch(message_id):
            await asyncio.to_thread((self._folder / f"{message_id}.eml").unlink, missing_ok=True)

    async def close(self) -> None:
        """Let mails under way finish; sends after it raise MailUnavailableError."""
        await asyncio.to_thread(self._worker.shutdown)

    def _store(self, message: bytes, now: float) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        final = self._free_path(message, now)
        partial = final.with_suffix(".part")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor made for its mode 0600
            file.write(message)
            file.flush()
            os.fsync(handle)
        partial.replace(final)
        _sync_folder(self._folder)
        self._prune()

    def _free_path(self, message: bytes, now: float) -> Path:
        """A name made from time and content; the same mail at the same microsecond still gets its own."""
        salt = 0
        while True:
            digest = hashlib.sha256(salt.to_bytes(4) + message).hexdigest()[:16]
            path = self._folder / f"{int(now * 1e6):016}-{digest}.eml"
            if not path.exists():
                return path
            salt += 1

    def _ids(self) -> list[str]:
        """The newest first; files that are not ours are not seen."""
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - names are wanted
        except FileNotFoundError:
            return []
        ids = (name.removesuffix(".eml") for name in names if name.endswith(".eml"))
        return sorted((name for name in ids if _ID.fullmatch(name)), reverse=True)

    def _prune(self) -> None:
        for name in self._ids()[KEPT:]:
            (self._folder / f"{name}.eml").unlink(missing_ok=True)

    def _newest(self, limit: int) -> list[OutboxMessage]:
        found = (self._read(name) for name in self._ids()[:limit])
        return [message for message in found if message is not None]

    def _read(self, name: str) -> OutboxMessage | None:
        if _ID.fullmatch(name) is None:
            return None
        try:
            content = (self._folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return _parsed(name, content)


def _parsed(name: str, content: bytes) -> OutboxMessage:
    message = message_from_bytes(content, _class=EmailMessage, policy=default)
    return OutboxMessage(
        id=name,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=int(name[:16]) / 1e6,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        message_id=str(message.get("Message-ID", "")),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Everything the product asks of the world, on one page.

The store is a table with three verbs; the engine never looks inside a body. Versions are made by the caller, so
they can become ETags. Reads see every write that was acknowledged before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

MAX_CHANGES: Final = 100
MAX_BODY: Final = 380_000
MAX_WRITE_BYTES: Final = 4_000_000
MAX_PART: Final = 1024
MAX_SORT: Final = 512
MAX_VERSION: Final = 256


class Key(NamedTuple):
    """An item's address. Within a part, items are ordered by the UTF-8 bytes of their sort."""

    part: str
    sort: str


class Item(NamedTuple):
    """One stored thing. ``expires`` is in seconds since the epoch; from that second on the item is not there."""

    key: Key
    body: bytes
    version: str
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Sorts from ``low`` (included) to ``high`` (excluded) of one part; with ``reverse``, the highest first."""

    part: str
    low: str = ""
    high: str = "\U0010ffff"
    limit: int | None = None
    reverse: bool = False


ABSENT: Final = ""
"""As a condition: the item must not be there. A version is never empty."""


@dataclass(frozen=True, slots=True)
class Put:
    """Store an item. ``expect`` is the version it must replace, ABSENT, or None for whatever is there."""

    key: Key
    body: bytes
    version: str
    expect: str | None = None
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove an item; without a condition, one that is not there is no error."""

    key: Key
    expect: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Change nothing, but let the whole write fail unless the item has this version (or is ABSENT)."""

    key: Key
    expect: str


Change = Put | Delete | Check


class ConflictError(Exception):
    """A condition of a write was not met: nothing of the write was done. Read again and decide anew."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"a condition on {key.part} / {key.sort} was not met")
        self.key = key


class UnavailableError(Exception):
    """The world cannot do this now (throttled, disk full, locked); nothing was done. Try again later."""

    def __init__(self, reason: str, retry_after: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class UncertainError(UnavailableError):
    """As UnavailableError, but answers were lost on the way: the write was done whole or not at all, and nobody here
    knows which. Read again before it is tried again."""


class StorageError(Exception):
    """The data cannot be opened; the message is one sentence for the operator."""


class TableLimitError(ValueError):
    """A write is larger than the strictest engine takes; this is a mistake of the caller, never of a user."""


COPIES_KEPT: Final = 7
"""Days for which there are copies of what a table held: by point-in-time recovery of DynamoDB, or a file a day."""


class Table(Protocol):
    async def get(self, *keys: Key) -> list[Item | None]:
        """The items in the order of the keys, None where there is none."""
        ...

    async def query(self, *ranges: Range) -> list[list[Item]]:
        """The items of each range, run together."""
        ...

    async def write(self, *changes: Change) -> None:
        """All or nothing, durable when it returns. Raises ConflictError, UnavailableError, TableLimitError."""
        ...


class Copied(Protocol):
    """What a move to another engine asks of a table, beside its three verbs."""

    async def scan(self, after: Key | None, limit: int) -> tuple[list[Item], Key | None]:
        """All items that have not expired, in the engine's own steady order, a page at a time.

        The second value is where the next page goes on (None: that was all). A page may hold fewer than ``limit``.
        """
        ...

    async def fill(self, items: list[Item]) -> None:
        """Store them whatever is there, in any order and not all or nothing; durable when it returns.

        Any number of items; doing it again changes nothing. Raises UnavailableError.
        """
        ...


def check_limits(changes: tuple[Change, ...]) -> None:
    """Hold a write to the limits of the stricter engine, whichever runs. Raises TableLimitError."""
    if not 0 < len(changes) <= MAX_CHANGES:
        raise TableLimitError(f"a write has 1 to {MAX_CHANGES} changes, not {len(changes)}")
    if len({change.key for change in changes}) != len(changes):
        raise TableLimitError("a write names each key once")
    total = 0
    for change in changes:
        part, sort = len(change.key.part.encode()), len(change.key.sort.encode())
        size = len(change.body) if isinstance(change, Put) else 0
        if not 0 < part <= MAX_PART or not 0 < sort <= MAX_SORT or size > MAX_BODY:
            raise TableLimitError(f"an item of {change.key} is too large ({part}, {sort}, {size} bytes)")
        if isinstance(change, Put) and not 0 < len(change.version.encode()) <= MAX_VERSION:
            raise TableLimitError(f"a version has 1 to {MAX_VERSION} bytes")
        total += part + sort + size
    if total > MAX_WRITE_BYTES:
        raise TableLimitError(f"a write holds at most {MAX_WRITE_BYTES} bytes, not {total}")


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z, with a fraction."""
        ...


class Ids(Protocol):
    """Where fresh identifiers come from; injected, so that tests can name them."""

    def new(self) -> str:
        """A new opaque identifier: 22 characters of ``[0-9A-Za-z_-]``, the first no hyphen.

        Ids made later need not sort later.
        """
        ...

    def secret(self) -> str:
        """160 random bits as text that is safe in a URL; only from a cryptographic source."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, ready to send. ``headers`` come after the usual ones (List-Unsubscribe, ...).
    An answer goes to ``reply_to``, if that is set and can stand in the head of any mail, else to the sender.

    ``tags`` are no part of it: a mail service says them again with what it tells of the mail later.
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: tuple[tuple[str, str], ...] = ()
    to_name: str = ""
    attachments: tuple[Attachment, ...] = field(default=())
    tags: tuple[tuple[str, str], ...] = ()
    reply_to: str = ""
    reply_to_name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A calendar part of a mail: ``content_type`` as ``text/calendar; method=REQUEST; charset=utf-8``."""

    content_type: str
    content: bytes
    filename: str


class MailRefusedError(Exception):
    """The mail server says this message can never be delivered (5xx to it); do not try again."""


class RecipientRefusedError(MailRefusedError):
    """It is the address that the mail server refuses: there is no such mailbox, or it takes no mail."""


class MailUnavailableError(Exception):
    """The mail could not be handed over now (no connection, 4xx, wrong password); try again later."""


class MailThrottledError(MailUnavailableError):
    """The mail service takes so many in a second, and had no room just then: nothing is wrong with it, or the mail."""


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Hand over; returns when the mail server has taken responsibility (its 250) or the outbox has it durably.

        Raises MailRefusedError or MailUnavailableError (MailThrottledError where only too many came at once).
        """
        ...


MAX_DELAY: Final = 900
"""Seconds for which a queue may hold a message back."""


class Message(NamedTuple):
    """An errand for whoever reads the queue, who gets it after ``delay`` whole seconds."""

    body: str
    delay: int = 0


class Queue(Protocol):
    async def send(self, *messages: Message) -> list[Message]:
        """Hand over; answers what was not taken. What was is handed out at least once, in any order, never early."""
        ...


class Shelf(Protocol):
    """Where answers lie that are larger than a carrier takes; somebody else clears it away within a day or two."""

    async def lay(self, name: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Whoever asks for ``name`` from now on gets this. Raises UnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified access token says: whose it is, for which client, and what it may do."""

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]
    expires: int
    session_id: str = ""
    email: str = ""


class Accounts(Protocol):
    """Where people sign in, as far as it keeps something of them that is not in the table."""

    async def forget(self, subject: str, /) -> None:
        """Delete what it keeps; one who is not there is no error. Raises UnavailableError."""
        ...

    async def describe(self, subject: str, locale: str, time_zone: str, /) -> None:
        """In which language to write to somebody, and where they are. Raises UnavailableError."""
        ...

    async def address(self, subject: str, /) -> str:
        """The verified address of somebody now, empty where there is none, or none to be asked. Raises
        UnavailableError.
        """
        ...

    async def sign_out(self, subject: str, /) -> None:
        """No device of somebody gets another token without signing in anew. Raises UnavailableError."""
        ...


class TokenVerifier(Protocol):
    async def verify(self, token: str) -> Claims | None:
        """The claims of a valid access token of the configured issuer, None for anything else."""
        ...

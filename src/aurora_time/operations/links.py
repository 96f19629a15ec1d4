"""Signed links in mails: who holds one may do the one thing that it says, without signing in, until it is past.

A token is a msgpack array of the link's fields and its HMAC-SHA256 (RFC 2104), in base64url. The fields are random ids
and names of actions, so nobody learns from it whose it is or what it is about. One that is forged, past, or signed by
another home is no link at all: nothing tells these apart.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, ConflictError, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

Action = Literal["10m", "1h", "9am", "done", "stop", "stop-agenda"]
"""Snooze by ten minutes, by an hour, until nine tomorrow; be done with it; end reminder mails, or agenda mails."""
KEPT: Final = 30 * 86_400
"""Seconds for which the links about one reminder are good."""
STOP_KEPT: Final = 400 * 86_400
"""Seconds for which a mail can be unsubscribed from: mails are kept for long."""
_MAC: Final = 32
_LONGEST: Final = 600
_PURPOSE: Final = b"aurora-time link 1\0"
"""Before what is signed, so that a signature made for anything else is none of a link."""


class Link(msgspec.Struct, frozen=True, array_like=True):
    """``expires`` is an instant; ``subject`` the id of the reminder, or, to stop, of the rule by which it rang."""

    owner: str
    action: Action
    expires: int
    subject: str = ""


class _Secret(msgspec.Struct, frozen=True, array_like=True):
    secret: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads tokens; ``secret`` is this home's."""

    secret: bytes

    def token(self, link: Link) -> str:
        payload = msgspec.msgpack.encode(link)
        return urlsafe_b64encode(payload + self._mac(payload)).rstrip(b"=").decode()

    def read(self, token: str, now: int) -> Link | None:
        """What a token says; None unless it is one of ours and not past."""
        if len(token) > _LONGEST or not token.isascii():
            return None
        try:
            signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        payload, mac = signed[:-_MAC], signed[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(payload)):
            return None
        try:
            link = msgspec.msgpack.decode(payload, type=Link)
        except msgspec.ValidationError:
            return None  # a newer version of the program knows more actions
        # Base64 can be written in several ways: only what we wrote is ours.
        return link if link.expires > now and self.token(link) == token else None

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self.secret, _PURPOSE + payload, hashlib.sha256)


async def home_signer(services: Services) -> Signer:
    """With the secret of this home, which is made when it is first asked for."""
    while True:
        (item,) = await services.table.get(keys.link_secret())
        if item is not None:
            return Signer(decode(item.body, _Secret).secret.encode())
        made = encode(_Secret(services.ids.secret()))
        try:
            await services.table.write(Put(keys.link_secret(), made, services.ids.new(), ABSENT))
        except ConflictError:
            continue  # another process made one just now

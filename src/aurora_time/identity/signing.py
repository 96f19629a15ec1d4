"""The RS256 keys, kept in the table, and the access tokens they sign (RFC 9068)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from aurora_time.ports import ABSENT, Claims, Clock, ConflictError, Delete, Ids, Item, Put, Range, Table
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

ALGORITHM: Final = "RS256"
KEY_BITS: Final = 2048
LEEWAY: Final = 5
"""Seconds by which the clocks of issuer and verifier may differ."""
ACCESS_TYPE: Final = "at+jwt"
ID_TYPE: Final = "JWT"
_MAX_TOKEN: Final = 8192
ROTATE_AFTER: Final = 90 * 86_400
PUBLISHED: Final = 3_600
"""Seconds for which others may keep the JWKS."""
REREAD_AFTER: Final = 60
"""Seconds; another server of the same data may have made a key."""
TOKENS_LAST: Final = 900
"""Seconds after which no token is good any more (they are issued for 600), with a margin for clocks."""


class StoredKey(msgspec.Struct, frozen=True):
    """``made`` and ``signs_from`` in epoch seconds; 0 for a key from before they were noted."""

    pem: bytes
    made: float = 0.0
    signs_from: float = 0.0


class _UnknownKeyError(JoseError):
    """A token names a key that is not known here, or is over."""


@dataclass(frozen=True, slots=True)
class _Key:
    number: int
    rsa: RSAKey
    made: float
    signs_from: float


@cache
def _read_key(pem: bytes) -> RSAKey:
    """Remembered, since checking a private key takes 50 ms."""
    key = RSAKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


class SigningKeys:
    """The keys of one table; the first start makes one, and after ``ROTATE_AFTER`` seconds the next one.

    They are read again each minute, and at once where a token names one that is not known here.

    A new key is published for as long as others may keep the old JWKS, and only then signs. The one before it verifies
    until its last token is over; then it is forgotten, here and in the table.
    """

    def __init__(self, table: Table, ids: Ids, clock: Clock) -> None:
        self._table = table
        self._ids = ids
        self._clock = clock
        self._keys: list[_Key] = []
        self._read_at = 0.0
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Read the keys, and make the first one if there is none. Call it at the start, so that nobody
        waits.
        """
        if self._keys and 0 <= self._clock.now() - self._read_at < REREAD_AFTER:
            return
        async with self._lock:
            await self._read()
            if not self._keys:
                await self._make(1, self._clock.now())
                await self._read()

    async def _read(self) -> None:
        self._read_at = self._clock.now()
        (items,) = await self._table.query(Range(keys.signing_key(0).part))
        self._keys = [await self._noted(item) for item in items]

    async def _noted(self, item: Item) -> _Key:
        """A key of which it was not noted when it was made counts as made now."""
        stored, now = decode(item.body, StoredKey), self._clock.now()
        if not stored.made:
            stored = msgspec.structs.replace(stored, made=now)
            with suppress(ConflictError):  # another process noted it
                await self._table.write(Put(item.key, encode(stored), self._ids.new(), item.version))
        return _Key(int(item.key.sort), _read_key(stored.pem), stored.made, stored.signs_from)

    async def _make(self, number: int, signs_from: float) -> None:
        made = await asyncio.to_thread(RSAKey.generate_key, KEY_BITS)
        body = encode(StoredKey(made.as_pem(private=True), self._clock.now(), signs_from))
        with suppress(ConflictError):  # another process was first: its key is ours too
            await self._table.write(Put(keys.signing_key(number), body, self._ids.new(), ABSENT))

    async def rotate(self, *, at_once: bool = False) -> float:
        """Make the next key; when it begins to sign, in epoch seconds. ``at_once`` it does so now."""
        await self.load()
        async with self._lock:
            return await self._next(0 if at_once else PUBLISHED)

    async def _next(self, published: int) -> float:
        signs_from = self._clock.now() + published
        await self._make(self._keys[-1].number + 1, signs_from)
        await self._read()
        return signs_from

    def _is_over(self, key: _Key) -> bool:
        """Whether another key has signed for so long that no token of this one is good any more."""
        kept_from = self._clock.now() - TOKENS_LAST
        return any(other.number > key.number and other.signs_from <= kept_from for other in self._keys)

    async def _signer(self) -> RSAKey:
        await self.load()
        now = self._clock.now()
        if now - self._keys[-1].made >= ROTATE_AFTER or self._is_over(self._keys[0]):
            await self._tend(now)
        return next((key.rsa for key in reversed(self._keys) if key.signs_from <= now), self._keys[0].rsa)

    async def _tend(self, now: float) -> None:
        """Make the next key when it is time, and forget those that are over."""
        async with self._lock:
            if now - self._keys[-1].made >= ROTATE_AFTER:
                await self._next(PUBLISHED)
            over = [key for key in self._keys if self._is_over(key)]
            if over:
                await self._table.write(*(Delete(keys.signing_key(key.number)) for key in over))
                self._keys = [key for key in self._keys if key not in over]

    async def sign(self, typ: str, claims: Mapping[str, Any]) -> str:
        signer = await self._signer()
        header = {"alg": ALGORITHM, "typ": typ, "kid": signer.kid}
        return jwt.encode(header, dict(claims), signer, [ALGORITHM])

    async def public(self) -> list[dict[str, Any]]:
        """The keys of the JWKS (RFC 7517), without their private parts."""
        await self.load()
        return [dict(key.rsa.as_dict(private=False)) for key in self._keys if not self._is_over(key)]

    async def claims(self, token: str, typ: str) -> dict[str, Any] | None:
        """What a token of ours says; its times and audience are still to be checked. None for anything
        else.
        """
        await self.load()
        if len(token) > _MAX_TOKEN:
            return None
        try:
            read = jwt.decode(token, self._key_of, [ALGORITHM])
        except _UnknownKeyError:
            return await self._claims_of_newer(token, typ)
        except (JoseError, ValueError):
            return None
        if str(read.header.get("typ", "")).lower() != typ.lower():
            return None
        return read.claims

    async def _claims_of_newer(self, token: str, typ: str) -> dict[str, Any] | None:
        """As ``claims``, when a second has passed since the keys were read: whoever makes up keys reads no oftener."""
        if 0 <= self._clock.now() - self._read_at < 1:
            return None
        async with self._lock:
            await self._read()
        return await self.claims(token, typ)

    def _key_of(self, token: Any) -> RSAKey:  # noqa: ANN401 - joserfc's GuestProtocol, which it does not export
        kid = token.headers().get("kid")
        key = next((key for key in self._keys if key.rsa.kid == kid), None)
        if key is None or self._is_over(key):
            raise _UnknownKeyError("unknown key")
        return key.rsa


class LocalVerifier:
    """Verifies our own access tokens (ports.TokenVerifier), and that their sign-in still lives."""

    def __init__(self, signing_keys: SigningKeys, table: Table, clock: Clock, issuer: str) -> None:
        self._keys = signing_keys
        self._table = table
        self._clock = clock
        self._issuer = issuer

    async def verify(self, token: str) -> Claims | None:
        said = await self._keys.claims(token, ACCESS_TYPE)
        if said is None:
            return None
        try:
            access = msgspec.convert(said, AccessClaims)
        except msgspec.ValidationError:
            return None
        now = self._clock.now()
        if access.iss != self._issuer or access.aud != f"{self._issuer}/v1":
            return None
        if access.exp + LEEWAY <= now or access.iat - LEEWAY > now:
            return None
        lives = await self._table.get(keys.session(access.sub, access.sid), keys.grant(access.sub, access.grant))
        if None in lives:
            return None
        return Claims(
            issuer=access.iss,
            subject=access.sub,
            client_id=access.client_id,
            scopes=frozenset(access.scope.split()),
            expires=access.exp,
            session_id=access.sid,
        )


class AccessClaims(msgspec.Struct, frozen=True):
    """An access token. ``sid`` is the sign-in it hangs on, ``grant`` (ours) the code exchange it came
    from.
    """

    iss: str
    sub: str
    aud: str
    client_id: str
    scope: str
    sid: str
    grant: str
    jti: str
    iat: int
    exp: int

"""The RS256 keys, kept in the table, and the access tokens they sign (RFC 9068)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from aurora_time.ports import ABSENT, Claims, Clock, ConflictError, Ids, Put, Range, Table
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

ALGORITHM: Final = "RS256"
KEY_BITS: Final = 2048
LEEWAY: Final = 5
"""Seconds by which the clocks of issuer and verifier may differ."""
ACCESS_TYPE: Final = "at+jwt"
ID_TYPE: Final = "JWT"
_MAX_TOKEN: Final = 8192


class StoredKey(msgspec.Struct, frozen=True):
    pem: bytes


@cache
def _read_key(pem: bytes) -> RSAKey:
    """Remembered, since checking a private key takes 50 ms."""
    key = RSAKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


class SigningKeys:
    """The keys of one table, read once; the first start makes one."""

    def __init__(self, table: Table, ids: Ids) -> None:
        self._table = table
        self._ids = ids
        self._keys: dict[str, RSAKey] = {}
        self._newest: RSAKey | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Read the keys, and make the first one if there is none. Call it at the start, so that nobody
        waits.
        """
        async with self._lock:
            if self._newest is None:
                await self._read()
            if self._newest is None:
                await self._make()
                await self._read()

    async def _read(self) -> None:
        (items,) = await self._table.query(Range(keys.signing_key(0).part))
        for item in items:
            key = _read_key(decode(item.body, StoredKey).pem)
            self._keys[str(key.kid)] = self._newest = key

    async def _make(self) -> None:
        made = await asyncio.to_thread(RSAKey.generate_key, KEY_BITS)
        body = encode(StoredKey(made.as_pem(private=True)))
        try:
            await self._table.write(Put(keys.signing_key(1), body, self._ids.new(), ABSENT))
        except ConflictError:  # another process was first: its key is ours too
            return

    async def sign(self, typ: str, claims: Mapping[str, Any]) -> str:
        await self.load()
        assert self._newest is not None
        header = {"alg": ALGORITHM, "typ": typ, "kid": self._newest.kid}
        return jwt.encode(header, dict(claims), self._newest, [ALGORITHM])

    async def public(self) -> list[dict[str, Any]]:
        """The keys of the JWKS (RFC 7517), without their private parts."""
        await self.load()
        return [dict(key.as_dict(private=False)) for key in self._keys.values()]

    async def claims(self, token: str, typ: str) -> dict[str, Any] | None:
        """What a token of ours says; its times and audience are still to be checked. None for anything
        else.
        """
        await self.load()
        if len(token) > _MAX_TOKEN:
            return None
        try:
            read = jwt.decode(token, self._key_of, [ALGORITHM])
        except (JoseError, ValueError):
            return None
        if str(read.header.get("typ", "")).lower() != typ.lower():
            return None
        return read.claims

    def _key_of(self, token: Any) -> RSAKey:  # noqa: ANN401 - joserfc's GuestProtocol, which it does not export
        key = self._keys.get(str(token.headers().get("kid")))
        if key is None:
            raise JoseError("unknown key")
        return key


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

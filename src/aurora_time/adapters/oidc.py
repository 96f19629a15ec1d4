"""Any OpenID issuer: what it publishes (OpenID Connect Discovery 1.0, RFC 7517), and the tokens it signs.

Access tokens are taken as RFC 9068 has them, and as Amazon Cognito does: ``client_id`` for the audience, ``token_use``,
scopes with a prefix. Every claim is checked before anything is believed (RFC 8725).
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from aurora_time.adapters.oidc_http import Ask, IssuerError, ask_issuer, is_loopback
from aurora_time.ports import Claims, Clock, UnavailableError

_LOG = structlog.get_logger("issuer")
ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY: Final = 30
"""Seconds by which the issuer's clock may differ from ours."""
KEYS_KEPT: Final = 3_600
"""Seconds after which the keys are read anew, so that one the issuer withdrew is good no more."""
KEYS_ANEW: Final = 30
"""Seconds between two readings for a key we do not know: anybody can make up its name."""
KEYS_STALE: Final = 86_400
"""Seconds for which known keys are good while the issuer cannot be reached."""
_MAX_TOKEN: Final = 16_384
_FOREVER: Final = 1e11
"""Seconds since the epoch: the year 5138."""
_ACCESS_TYPES: Final = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
_Key = RSAKey | ECKey


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """``url`` as the issuer writes it in its tokens. ``audiences``: what an access token must be for, one of these.

    ``scope_prefix`` is what the issuer puts before our scopes, as in ``aurora/events:read``. ``cli_client_id``: the
    public client of `aurora login`, if there is one.
    """

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    audiences: frozenset[str] = frozenset()
    scope_prefix: str = "aurora/"
    cli_client_id: str = ""

    @property
    def accepted(self) -> frozenset[str]:
        return self.audiences or frozenset({self.client_id, self.cli_client_id or self.client_id})


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom an issuer says somebody is. ``email`` is empty unless the issuer has verified it."""

    subject: str
    email: str
    name: str = ""
    time_zone: str = ""
    locale: str = ""


class OidcIssuer:
    """One issuer; what it publishes is read when it is first needed. A TokenVerifier."""

    def __init__(self, settings: IssuerSettings, clock: Clock, ask: Ask = ask_issuer) -> None:
        self.settings = settings
        self._clock = clock
        self._ask = ask
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, _Key] = {}
        self._read = self._tried = self._sought = float("-inf")
        self._lock = asyncio.Lock()

    # --- what it publishes ----------------------------------------------------------------------------------
    async def metadata(self) -> Mapping[str, Any]:
        """Raises UnavailableError when the issuer cannot be reached, or is not the one we expect."""
        if not self._metadata:
            found = await self._get(f"{self.settings.url.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.settings.url:
                raise _unavailable(f"it calls itself {found.get('issuer')!r}")
            self._metadata = found
        return self._metadata

    async def endpoint(self, name: str) -> str:
        """The address of ``token_endpoint`` and the like. Raises UnavailableError for one that it has not, or not so
        that we would go there: https, and of this machine only where the issuer is here itself.
        """
        found = (await self.metadata()).get(name)
        where = urlsplit(found) if isinstance(found, str) else urlsplit("")
        own, here = is_loopback(urlsplit(self.settings.url).hostname or ""), is_loopback(where.hostname or "")
        if (
            not isinstance(found, str)
            or not where.hostname
            or (here and not own)
            or not (here or where.scheme == "https")
        ):
            raise _unavailable(f"its {name} is {found!r}")
        return found

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            return await asyncio.to_thread(self._ask, url)
        except IssuerError as error:
            raise _unavailable(str(error)) from None

    async def _key(self, kid: str) -> _Key | None:
        """The key of this name; read anew when they are old or it is not known. Raises UnavailableError."""
        now = self._clock.now()
        if kid in self._keys and now - self._read < KEYS_KEPT:
            return self._keys[kid]
        async with self._lock:
            if now - self._read >= KEYS_KEPT:
                if now - self._tried >= KEYS_ANEW:
                    self._tried = now
                    await self._read_keys(now)
            elif kid not in self._keys and now - self._sought >= KEYS_ANEW:
                self._sought = now
                await self._read_keys(now)
        if now - self._read >= KEYS_STALE:
            raise _unavailable("its keys cannot be read")
        return self._keys.get(kid)

    async def _read_keys(self, now: float) -> None:
        try:
            found = await self._get(await self.endpoint("jwks_uri"))
        except UnavailableError as error:
            _LOG.warning("the issuer's keys cannot be read", issuer=self.settings.url, reason=error.reason)
            return
        keys = found.get("keys")
        self._keys, self._read = dict(_usable(keys if isinstance(keys, list) else [])), now

    # --- tokens ---------------------------------------------------------------------------------------------
    async def _signed(self, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Header and claims of a token that the issuer signed and that is good now. Raises UnavailableError."""
        header = _part(token, 0) if len(token) <= _MAX_TOKEN and token.count(".") == 2 else None
        if header is None or header.get("alg") not in ALGORITHMS:
            return None
        key = await self._key(str(header.get("kid", "")))
        if key is None:
            return None
        try:
            claims = jwt.decode(token, key, list(ALGORITHMS)).claims
        except (JoseError, ValueError):
            return None
        return (header, claims) if self._holds(claims) else None

    def _holds(self, claims: Mapping[str, Any]) -> bool:
        now, times = self._clock.now(), [_seconds(claims.get(name)) for name in ("exp", "iat")]
        expires, issued, begins = *times, _seconds(claims.get("nbf", 0))
        if expires is None or issued is None or begins is None or not isinstance(claims.get("sub"), str):
            return False
        in_time = issued - LEEWAY <= now < expires + LEEWAY and begins - LEEWAY <= now
        return claims.get("iss") == self.settings.url and bool(claims["sub"]) and in_time

    async def verify(self, token: str) -> Claims | None:
        """The claims of an access token for us. Raises UnavailableError when that cannot be told now."""
        signed = await self._signed(token)
        if signed is None:
            return None
        header, said = signed
        if str(header.get("typ", "")).lower() not in _ACCESS_TYPES or said.get("token_use", "access") != "access":
            return None
        client = str(said.get("client_id", said.get("azp", "")))
        if not self.settings.accepted & set(_words(said["aud"]) if "aud" in said else [client]):
            return None
        scopes = _words(said.get("scope", said.get("scp", "")))
        if not scopes or "nonce" in said:  # that is an ID token, which says who somebody is and opens nothing
            return None
        return Claims(
            issuer=self.settings.url,
            subject=said["sub"],
            client_id=client,
            scopes=frozenset(scope.removeprefix(self.settings.scope_prefix) for scope in scopes),
            expires=int(said["exp"]),
            session_id=str(said.get("sid", said.get("origin_jti", ""))),
            email=_verified(said),
        )

    @staticmethod
    def issued(token: str) -> float:
        """When a token that was verified was issued, in epoch seconds."""
        return float((_part(token, 1) or {}).get("iat", 0))

    @staticmethod
    def signed_in(token: str) -> float:
        """When somebody showed who they are for a verified token, in epoch seconds; renewing it changes nothing."""
        said = _part(token, 1) or {}
        return float(said.get("auth_time", said.get("iat", 0)))

    async def userinfo(self, token: str, subject: str) -> Profile:
        """Who is behind a verified access token (OpenID Connect Core 5.3). Raises UnavailableError."""
        nobody = Profile(subject, "")
        if "userinfo_endpoint" not in await self.metadata():
            return nobody
        url = await self.endpoint("userinfo_endpoint")
        try:
            said = await asyncio.to_thread(self._ask, url, token=token)
        except IssuerError as error:
            if error.status is not None and error.status < 500:  # the token does not allow us to ask
                return nobody
            raise _unavailable(str(error)) from None
        return _profile(said) if said.get("sub") == subject else nobody

    async def redeem(self, fields: Mapping[str, str], nonce: str) -> Profile | None:
        """Who signed in, by the code in ``fields`` (OpenID Connect Core 3.1.3); None for a code or an ID token that is
        not good. Raises UnavailableError.
        """
        url, sent = await self.endpoint("token_endpoint"), {**fields, "client_id": self.settings.client_id}
        if self.settings.client_secret:
            sent["client_secret"] = self.settings.client_secret
        try:
            answer = await asyncio.to_thread(self._ask, url, form=sent)
        except IssuerError as error:
            if error.status is not None and error.status < 500:
                _LOG.warning("the issuer refused a sign-in", issuer=self.settings.url, reason=str(error))
                return None
            raise _unavailable(str(error)) from None
        signed = await self._signed(str(answer.get("id_token", "")))
        if signed is None or not self._is_for_us(signed[1], nonce):
            return None
        profile = _profile(signed[1])
        return profile if profile.email else await self.userinfo(str(answer.get("access_token", "")), profile.subject)

    def _is_for_us(self, claims: Mapping[str, Any], nonce: str) -> bool:
        """Section 3.1.3.7: the audience, the party it was made for, and our own nonce."""
        audience, party = _words(claims.get("aud", "")), claims.get("azp", self.settings.client_id)
        ours = self.settings.client_id in audience and party == self.settings.client_id
        return ours and claims.get("nonce") == nonce and claims.get("token_use", "id") == "id"


def _unavailable(reason: str) -> UnavailableError:
    return UnavailableError(f"the sign-in service cannot be asked: {reason}", 5)


def _part(token: str, index: int) -> dict[str, Any] | None:
    """A part of a JWT, unverified."""
    text = token.split(".")[index]
    try:
        read = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _seconds(value: object) -> float | None:
    """A NumericDate (RFC 7519 section 2) that can be one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _FOREVER else None


def _words(value: object) -> list[str]:
    """A list of strings, or one string with spaces between."""
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return value.split() if isinstance(value, str) else []


def _usable(keys: Iterable[object]) -> Iterable[tuple[str, _Key]]:
    """The keys that may sign, by their name; what we cannot read is no key."""
    for key in keys:
        if not isinstance(key, dict) or key.get("use", "sig") != "sig":
            continue
        readable = {str(name): value for name, value in key.items()}
        try:
            if key.get("kty") == "RSA":
                yield str(key.get("kid", "")), RSAKey.import_key(readable)
            elif key.get("kty") == "EC":
                yield str(key.get("kid", "")), ECKey.import_key(readable)
        except (JoseError, ValueError, TypeError, KeyError):  # KeyError: a curve that nobody here knows
            continue


def _verified(said: Mapping[str, Any]) -> str:
    """The address, if the issuer has verified it; Cognito says so in a string."""
    is_verified = said.get("email_verified") in (True, "true")
    return said["email"] if is_verified and isinstance(said.get("email"), str) else ""


def _profile(said: Mapping[str, Any]) -> Profile:
    texts = (said.get(name) for name in ("name", "zoneinfo", "locale"))
    return Profile(said["sub"], _verified(said), *(text if isinstance(text, str) else "" for text in texts))

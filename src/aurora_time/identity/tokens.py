"""The token, revocation and userinfo endpoints (RFC 6749, 7009, 9068; OpenID Connect Core 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aurora_time.http.page import HEADERS, FormError, read_form
from aurora_time.identity import accounts, grants
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.clients import Client
from aurora_time.identity.context import Provider
from aurora_time.identity.grants import Grant, Issued
from aurora_time.identity.signing import ACCESS_TYPE, ID_TYPE, LocalVerifier
from aurora_time.store import keys

ACCESS_SECONDS: Final = 600
_VERIFIER: Final = re.compile(r"[0-9A-Za-z._~-]{43,128}")


class TokenError(Exception):
    """An answer of RFC 6749 section 5.2."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


def _json(content: Mapping[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, {**HEADERS, "Pragma": "no-cache"})


def _refusal(error: TokenError) -> JSONResponse:
    return _json({"error": error.code, "error_description": error.description}, error.status)


def verifier(provider: Provider) -> LocalVerifier:
    """Verifies access tokens of this provider."""
    return LocalVerifier(provider.keys, provider.table, provider.clock, provider.issuer)


# --- /token -------------------------------------------------------------------------------------------------
async def token(provider: Provider, request: Request) -> Response:
    try:
        form = await read_form(request)
        client = _client(provider, form)
        match form.get("grant_type"):
            case "authorization_code":
                issued = await _by_code(provider, form, client)
                scopes = issued.grant.scopes
            case "refresh_token":
                issued = await _by_refresh_token(provider, form, client)
                scopes = _narrowed(issued.grant, form.get("scope"))
            case _:
                raise TokenError("unsupported_grant_type", "use authorization_code or refresh_token")
        return _json(await _tokens(provider, issued, scopes))
    except FormError as error:
        return _refusal(TokenError("invalid_request", str(error), error.status))
    except TokenError as error:
        return _refusal(error)


def _client(provider: Provider, form: Mapping[str, str]) -> Client:
    client = provider.client(form.get("client_id", ""))
    if client is None:
        raise TokenError("invalid_client", "client_id is not registered", 401)
    return client


async def _by_code(provider: Provider, form: Mapping[str, str], client: Client) -> Issued:
    refused = TokenError("invalid_grant", "the code is not good (any more), or not for this client and verifier")
    secret, proof = form.get("code", ""), form.get("code_verifier", "")
    if not secret or not _VERIFIER.fullmatch(proof):
        raise TokenError("invalid_request", "code and code_verifier (43 to 128 characters) are needed")
    found = await grants.find_code(provider, secret)
    if found is None:
        raise refused
    code = found[0]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.encode()).digest()).decode().rstrip("=")
    if (
        code.client_id != client.client_id
        or code.redirect_uri != form.get("redirect_uri")
        or not hmac.compare_digest(code.challenge, challenge)
    ):
        raise refused
    issued = await grants.exchange(provider, secret, found, client)
    if issued is None:
        raise refused
    return issued


async def _by_refresh_token(provider: Provider, form: Mapping[str, str], client: Client) -> Issued:
    text = form.get("refresh_token", "")
    found = await grants.find_grant(provider, text, client.client_id)
    if found is not None:
        _narrowed(found[0], form.get("scope"))  # refused before the token is used up
    issued = await grants.refresh(provider, text, client.client_id)
    if issued is None:
        raise TokenError("invalid_grant", "the refresh token is not good (any more); sign in again")
    return issued


def _narrowed(grant: Grant, asked: str | None) -> tuple[str, ...]:
    """The scopes of the new access token: what is asked for, out of what was granted."""
    if asked is None:
        return grant.scopes
    words = asked.split()
    if not words or not set(words) <= set(grant.scopes):
        raise TokenError("invalid_scope", "a refresh can only ask for scopes that were granted")
    return tuple(scope for scope in grant.scopes if scope in words)


async def _tokens(provider: Provider, issued: Issued, scopes: tuple[str, ...]) -> dict[str, Any]:
    grant = issued.grant
    now = int(provider.clock.now())
    common = {"iss": provider.issuer, "sub": grant.subject, "iat": now, "exp": now + ACCESS_SECONDS}
    access = {
        **common,
        "aud": provider.audience,
        "client_id": grant.client_id,
        "scope": " ".join(scopes),
        "sid": grant.session_id,
        "grant": grant.id,
        "jti": provider.ids.new(),
    }
    answer: dict[str, Any] = {
        "access_token": await provider.keys.sign(ACCESS_TYPE, access),
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(scopes),
    }
    if issued.refresh_token:
        answer["refresh_token"] = issued.refresh_token
    if "openid" in scopes:
        answer["id_token"] = await _id_token(provider, grant, common, scopes)
    return answer


async def _id_token(provider: Provider, grant: Grant, common: Mapping[str, Any], scopes: tuple[str, ...]) -> str:
    found = await accounts.load(provider, grant.subject)
    claims = {
        **common,
        "aud": grant.client_id,
        "azp": grant.client_id,
        "sid": grant.session_id,
        "auth_time": int(grant.signed_in),
        **({"nonce": grant.nonce} if grant.nonce else {}),
        **(_about(found[0], frozenset(scopes)) if found else {}),
    }
    return await provider.keys.sign(ID_TYPE, claims)


def _about(stored: StoredAccount, scopes: frozenset[str]) -> dict[str, Any]:
    """The claims of OpenID Connect Core section 5.4."""
    account = stored.account
    said: dict[str, Any] = {}
    if "email" in scopes:
        said |= {"email": account.email, "email_verified": True}
    if "profile" in scopes:
        said |= {"name": account.name, "zoneinfo": account.time_zone, "locale": account.locale}
    return said


# --- /revoke ------------------------------------------------------------------------------------------------
async def revoke(provider: Provider, request: Request) -> Response:
    """Ends the grant of a token; the answer does not tell whether there was one (RFC 7009 section 2.2)."""
    try:
        form = await read_form(request)
        client = _client(provider, form)
        if "token" not in form:
            raise TokenError("invalid_request", "token is needed")
    except FormError as error:
        return _refusal(TokenError("invalid_request", str(error), error.status))
    except TokenError as error:
        return _refusal(error)
    grant = await _grant_of(provider, form["token"], client.client_id)
    if grant is not None:
        await grants.revoke(provider, grant)
    return Response(status_code=200, headers=HEADERS)


async def _grant_of(provider: Provider, text: str, client_id: str) -> Grant | None:
    found = await grants.find_grant(provider, text, client_id)
    if found is not None:
        return found[0]
    said = await provider.keys.claims(text, ACCESS_TYPE)
    if said is None or said.get("client_id") != client_id:
        return None
    loaded = await provider.load(keys.grant(str(said["sub"]), str(said["grant"])), Grant)
    return None if loaded is None else loaded[0]


# --- /userinfo ----------------------------------------------------------------------------------------------
async def userinfo(provider: Provider, request: Request) -> Response:
    """OpenID Connect Core section 5.3; errors as RFC 6750 section 3."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    claims = await verifier(provider).verify(text.strip()) if scheme.lower() == "bearer" else None
    if claims is None:
        return _bearer_refusal(401, 'error="invalid_token"' if text else "")
    if "openid" not in claims.scopes:
        return _bearer_refusal(403, 'error="insufficient_scope", scope="openid"')
    found = await accounts.load(provider, claims.subject)
    if found is None:
        return _bearer_refusal(401, 'error="invalid_token"')
    return _json({"sub": claims.subject, **_about(found[0], claims.scopes)})


def _bearer_refusal(status: int, error: str) -> Response:
    challenge = ", ".join(part for part in ('Bearer realm="aurora"', error) if part)
    return Response(status_code=status, headers={**HEADERS, "WWW-Authenticate": challenge})

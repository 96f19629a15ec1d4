"""What clients find out by themselves (OpenID Connect Discovery 1.0, RFC 8414) and the public keys (RFC
7517).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aurora_time.identity.context import OPENID_SCOPES, Provider
from aurora_time.identity.signing import ALGORITHM

_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


def metadata(provider: Provider) -> dict[str, Any]:
    at = provider.issuer
    return {
        "issuer": at,
        "authorization_endpoint": f"{at}/authorize",
        "token_endpoint": f"{at}/token",
        "revocation_endpoint": f"{at}/revoke",
        "userinfo_endpoint": f"{at}/userinfo",
        "end_session_endpoint": f"{at}/end-session",
        "jwks_uri": f"{at}/jwks",
        "scopes_supported": [*OPENID_SCOPES, *provider.scopes],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": [
            *("iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "sid"),
            *("email", "email_verified", "name", "zoneinfo", "locale"),
        ],
        "ui_locales_supported": ["en", "vi"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
    }


async def configuration(provider: Provider, _: Request) -> Response:
    return JSONResponse(metadata(provider), headers=_HEADERS)


async def jwks(provider: Provider, _: Request) -> Response:
    return JSONResponse({"keys": await provider.keys.public()}, headers=_HEADERS)

"""Whose a bearer token is: an access token of the configured issuer, or an API token of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aurora_time.http.dispatch import Authenticate
from aurora_time.http.endpoint import Caller
from aurora_time.http.problem import NOT_TAKEN, Problem
from aurora_time.operations.people import TOKEN_PREFIX, find_person_id, find_token
from aurora_time.operations.services import Services
from aurora_time.ports import Claims, TokenVerifier

Find = Callable[[str, Claims], Awaitable[str | None]]
"""From a verified access token and its claims to the person's id, None for one who has no business here. It may raise
what ``not_taken`` makes.
"""


def not_taken(why: str) -> Problem:
    """A token is good, and the home does not take whose it is: ``why`` is for that person, not for their client."""
    return Problem(NOT_TAKEN, why, headers={"www-authenticate": 'Bearer realm="Aurora Time", error="invalid_token"'})


def authenticator(services: Services, verifier: TokenVerifier, find: Find | None = None) -> Authenticate:
    """A function from a bearer token to its caller, None for one that is not good (now).

    ``find`` is asked in the place of the subject's item, where more is to be known of another issuer's token.
    """

    async def authenticate(token: str) -> Caller | None:
        if token.startswith(TOKEN_PREFIX):
            known = await find_token(services, token)
            return Caller(known.person_id, frozenset(known.scopes), token_id=known.id) if known else None
        claims = await verifier.verify(token)
        if claims is None:
            return None
        if find is None:
            person_id = await find_person_id(services, services.issuer, claims.subject)
        else:
            person_id = await find(token, claims)
        return Caller(person_id, claims.scopes, session_id=claims.session_id) if person_id else None

    return authenticate

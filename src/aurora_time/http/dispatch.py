"""From a raw request to a reply, the same for every carrier (ASGI, Lambda)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aurora_time.http.endpoint import Caller, Endpoint, Need, Reply, Request
from aurora_time.http.idempotency import Asked, Once, mark, read_key
from aurora_time.http.merge_patch import bad_parameter, convert_query, decode_json, unknown
from aurora_time.http.packing import packed
from aurora_time.http.problem import (
    FORBIDDEN_SCOPE,
    MEDIA_TYPE,
    TOO_LARGE,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA,
    Problem,
    not_found,
)
from aurora_time.http.rate_limit import RateLimit
from aurora_time.http.unpacking import media_type, unpacked

MAX_ID_LENGTH: Final = 128
_NOBODY: Final = Caller("", frozenset())


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request as a carrier hands it over: header names in lower case, the query already split.

    ``refused`` is what the carrier could not read of it, which is told once it is known who asks.
    """

    parameters: Mapping[str, str]
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    id: str
    refused: Problem | None = None


Authenticate = Callable[[str], Awaitable[Caller | None]]
Translate = Callable[[Exception], Problem | None]


@dataclass(frozen=True, slots=True)
class Wired:
    """An endpoint with the services it may use, and what it needs to answer.

    Without ``once`` Idempotency-Key is not honoured, without ``limit`` anybody may ask as often as he likes.
    """

    endpoint: Endpoint
    services: Any
    authenticate: Authenticate
    translate: Translate
    typed_errors: tuple[type[Exception], ...]
    used: set[Need] = field(default_factory=set)
    once: Once | None = None
    limit: RateLimit | None = None

    @property
    def policy(self) -> Mapping[str, str]:
        """What every answer tells of the limit, whoever asks."""
        return {} if self.limit is None else self.limit.policy


def problem_reply(problem: Problem, request_id: str) -> Reply:
    headers = {"cache-control": "no-store", **problem.headers}
    return Reply(problem.kind.status, problem.document(request_id), headers, MEDIA_TYPE)


def telling(reply: Reply, fields: Mapping[str, str]) -> Reply:
    """The reply with these fields, where it has none of their names."""
    if not fields:
        return reply
    return Reply(reply.status, reply.body, {**fields, **reply.headers}, reply.media_type)


async def answer(wired: Wired, raw: RawRequest) -> Reply:
    """The reply to a request; every typed error becomes a problem document, nothing else is caught here."""
    limit = wired.limit
    told = wired.policy
    try:
        caller = await _caller(wired, raw)
        counted = _counted(wired.endpoint, raw, caller)
        if limit is not None and counted:
            told = limit.take(counted)
        _check_scopes(wired.endpoint, caller)
        if raw.refused is not None:
            raise raw.refused
        reply = await _handle(wired, raw, caller)
    except Problem as problem:
        reply = problem_reply(problem, raw.id)
    except wired.typed_errors as error:
        problem_ = wired.translate(error)
        if problem_ is None:
            raise
        reply = problem_reply(problem_, raw.id)
    return await packed(telling(reply, told), raw.headers.get("accept-encoding", ""))


async def _handle(wired: Wired, raw: RawRequest, caller: Caller) -> Reply:
    endpoint = wired.endpoint
    if endpoint.shape.body is not None:
        raw = replace(raw, body=await unpacked(endpoint.shape, raw.headers, raw.body))
    request = _decode(endpoint, raw, caller)
    key = raw.headers.get("idempotency-key") if wired.once is not None and endpoint.takes_key else None
    if wired.once is None or key is None:
        return await endpoint.handler(wired.services, request)
    words = (endpoint.operation_id, *raw.parameters.values(), raw.headers.get("content-type", ""))
    own = mark(*words, query=raw.query, body=raw.body)
    asked = Asked(caller.person_id, read_key(key), own, not endpoint.shape.has_secret)
    return await wired.once(wired.services, asked, lambda services: endpoint.handler(services, request))


def _counted(endpoint: Endpoint, raw: RawRequest, caller: Caller) -> str:
    """Whose requests are counted: the caller's, or those at one address of somebody who needs no more than that."""
    return next(iter(raw.parameters.values()), "")[:MAX_ID_LENGTH] if endpoint.is_secret else caller.person_id


async def _caller(wired: Wired, raw: RawRequest) -> Caller:
    if wired.endpoint.scope is None:
        return _NOBODY
    scheme, _, token = raw.headers.get("authorization", "").partition(" ")
    caller = await wired.authenticate(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    if caller is None:
        challenge = 'Bearer realm="Aurora Time"' + (', error="invalid_token"' if token else "")
        detail = "Send `Authorization: Bearer <token>` with a token that is valid now; sign in, or make an API token."
        raise Problem(UNAUTHORIZED, detail, headers={"www-authenticate": challenge})
    return caller


def _check_scopes(endpoint: Endpoint, caller: Caller) -> None:
    """Raises Problem 403, which names the scope that is missing."""
    missing = [scope for scope in endpoint.scopes if scope not in caller.scopes]
    if missing:
        challenge = f'Bearer realm="Aurora Time", error="insufficient_scope", scope="{endpoint.scope}"'
        detail = f"This needs the scope `{missing[0]}`, which your token does not have. Use, or make, one that has it."
        raise Problem(FORBIDDEN_SCOPE, detail, headers={"www-authenticate": challenge})


def _decode(endpoint: Endpoint, raw: RawRequest, caller: Caller) -> Request:
    if any(len(value) > MAX_ID_LENGTH for value in raw.parameters.values()):
        raise not_found()
    query = _query(endpoint, raw.query)
    body: Any = None
    if endpoint.shape.body is not None:
        _check_body(endpoint, raw)
        type_ = dict[str, Any] if endpoint.has_read_only else endpoint.shape.body
        body = raw.body if endpoint.shape.media else decode_json(raw.body, type_)
    return Request(raw.parameters, query, body, raw.headers, caller)


def _query(endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Any:  # noqa: ANN401  of the declared type
    if endpoint.shape.query is None:
        if pairs:
            name = pairs[0][0]
            raise bad_parameter(name, unknown(name))
        return None
    values: dict[str, str | list[str]] = {}
    for name, value in pairs:
        held = values.get(name)
        if held is None:
            values[name] = value
        else:
            values[name] = [*held, value] if isinstance(held, list) else [held, value]
    return convert_query(values, endpoint.shape.query)


def _check_body(endpoint: Endpoint, raw: RawRequest) -> None:
    if len(raw.body) > endpoint.shape.max_body:
        raise Problem(TOO_LARGE, f"A body has at most {endpoint.shape.max_body:,} bytes here. Send less at once.")
    if media_type(raw.headers) not in endpoint.media:
        told = f"Send the body as {' or '.join(endpoint.media)}."
        raise Problem(UNSUPPORTED_MEDIA, told, headers={"accept": endpoint.media[0]})

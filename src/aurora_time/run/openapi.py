"""The OpenAPI 3.1 document, made from the endpoint declarations and nothing else.

``python -m aurora_time.run.openapi`` prints it; docs/generated/openapi.json is that, and the server serves the same.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import msgspec

from aurora_time import __version__
from aurora_time.api import ENDPOINTS
from aurora_time.http import problem
from aurora_time.http.conditional import etag, is_not_modified
from aurora_time.http.endpoint import JSON, MERGE_PATCH, Endpoint, Reply, Request, Shape, endpoint
from aurora_time.http.problem import ProblemDocument, ProblemKind
from aurora_time.run.examples import EXAMPLES

Json = dict[str, Any]
_REF: Final = "#/components/schemas/{name}"
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "Change it only if this is still its ETag.",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "Answer 304 if this is still its ETag.",
    "schema": {"type": "string"},
}


def problems_of(endpoint: Endpoint) -> list[ProblemKind]:
    """Every problem that an operation may answer: those it declares, and those that its shape implies."""
    kinds = {problem.MALFORMED, problem.INTERNAL, *endpoint.shape.problems}
    if endpoint.scope is not None:
        kinds |= {problem.UNAUTHORIZED, problem.FORBIDDEN_SCOPE, problem.UNAVAILABLE}
        kinds |= {problem.NOT_FOUND}  # the account may be gone while its token still lives
    if endpoint.shape.body is not None:
        kinds |= {problem.UNSUPPORTED_MEDIA, problem.TOO_LARGE, problem.INVALID}
    if endpoint.method in ("PATCH", "DELETE"):
        kinds |= {problem.CONFLICT}
    return sorted(kinds, key=lambda kind: kind.status)


def _components(endpoints: Iterable[Endpoint]) -> tuple[dict[Any, Json], Json]:
    types: list[Any] = [ProblemDocument]
    for each in endpoints:
        types += [
            type_
            for type_ in (each.shape.body, each.shape.query, each.shape.answer)
            if type_ is not None and type_ not in types
        ]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    return dict(zip(types, schemas, strict=True)), components


def _parameters(endpoint: Endpoint, components: Json) -> list[Json]:
    names = re.findall(r"{(\w+)}", endpoint.path)
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "maxLength": 128}} for name in names
    ]
    if endpoint.shape.query is not None:
        schema = components[endpoint.shape.query.__name__]
        required = schema.get("required", ())
        for name, value in schema["properties"].items():
            found.append({"name": name, "in": "query", "required": name in required, "schema": _given(value)})
    if endpoint.method in ("PUT", "PATCH", "DELETE"):
        found.append({**_IF_MATCH, "required": problem.PRECONDITION_REQUIRED in endpoint.shape.problems})
    if endpoint.shape.conditional:
        found.append(_IF_NONE_MATCH)
    return found


def _given(schema: Json) -> Json:
    """What a query parameter may be where it is given: null only says that it may be left out."""
    shown = {key: value for key, value in schema.items() if key != "default" or value is not None}
    if "anyOf" not in shown:
        return shown
    shown["anyOf"] = [each for each in shown["anyOf"] if each != {"type": "null"}]
    if len(shown["anyOf"]) == 1:
        shown |= shown.pop("anyOf")[0]
    return shown


def _merge_patch_schema(schema: Json, components: Json) -> Json:
    """The body of a merge patch: the fields of the resource, none of them required, each may be null."""
    name = schema["$ref"].rsplit("/", 1)[1]
    whole = components[name]
    patch = f"{name.removesuffix('Input')}Patch"
    components.setdefault(
        patch,
        {
            "title": patch,
            "type": "object",
            "description": "A JSON merge patch (RFC 7396). Read-only fields may be sent back unchanged.",
            "properties": {name: _or_null(value) for name, value in whole["properties"].items()},
            "additionalProperties": True,
        },
    )
    return {"$ref": _REF.format(name=patch)}


def _or_null(schema: Json) -> Json:
    """A field of a merge patch, where null takes it away."""
    shown = {key: value for key, value in schema.items() if key != "default"}
    null = {"type": "null"}
    return shown if null in shown.get("anyOf", ()) else {"anyOf": [shown, null]}


def _operation(endpoint: Endpoint, schemas: dict[Any, Json], components: Json) -> Json:
    summary, _, rest = (inspect.getdoc(endpoint.handler) or "").partition(". ")
    operation: Json = {
        "operationId": endpoint.operation_id,
        "tags": [endpoint.tag],
        "summary": summary.rstrip("."),
        "parameters": _parameters(endpoint, components),
        "responses": _responses(endpoint, schemas),
    }
    if rest:
        operation["description"] = rest
    if endpoint.scope is None:
        operation["security"] = []
    else:
        operation["security"] = [{"bearer": []}, {"openIdConnect": [endpoint.scope]}]
    if endpoint.shape.body is not None:
        operation["requestBody"] = _request_body(endpoint, schemas[endpoint.shape.body], components)
    return operation


def _request_body(endpoint: Endpoint, schema: Json, components: Json) -> Json:
    shown = _merge_patch_schema(schema, components) if endpoint.is_merge_patch else schema
    content: Json = {"schema": shown}
    example = EXAMPLES.get(endpoint.operation_id)
    if example is not None:
        content["example"] = example
    media = (MERGE_PATCH, JSON) if endpoint.is_merge_patch else (JSON,)
    return {"required": True, "content": dict.fromkeys(media, content)}


def _responses(endpoint: Endpoint, schemas: dict[Any, Json]) -> Json:
    headers: Json = {"Request-Id": {"schema": {"type": "string"}, "description": "Names this request in our log."}}
    if endpoint.shape.conditional or endpoint.method in ("PUT", "PATCH", "POST"):
        headers["ETag"] = {"schema": {"type": "string"}, "description": "The version; send it as If-Match."}
    success: Json = {"description": "Done." if endpoint.shape.status == 204 else "The answer.", "headers": headers}
    if endpoint.shape.answer is not None:
        success["content"] = {endpoint.shape.media_type: {"schema": schemas[endpoint.shape.answer]}}
    responses: Json = {str(endpoint.shape.status): success}
    if endpoint.shape.conditional:
        responses["304"] = {"description": "It is still the version you have."}
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in problems_of(endpoint):
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in by_status.items():
        responses[str(status)] = {
            "description": "; ".join(f"{kind.title} (`{kind.slug}`)" for kind in kinds) + ".",
            "content": {problem.MEDIA_TYPE: {"schema": schemas[ProblemDocument]}},
        }
    return responses


def document(endpoints: Iterable[Endpoint] = ENDPOINTS) -> Json:
    """The whole document, as JSON values."""
    declared = [*endpoints, get_openapi]
    schemas, components = _components(declared)
    paths: dict[str, Json] = {}
    for each in declared:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas, components)
    scopes = sorted({each.scope for each in declared if each.scope is not None})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aurora Time",
            "version": __version__,
            "summary": "Events, and reminders that really arrive.",
            "description": f"Get a token by signing in, or make an API token. Scopes: {', '.join(scopes)}.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "openIdConnect": {
                    "type": "openIdConnect",
                    "openIdConnectUrl": "/.well-known/openid-configuration",
                },
            },
        },
    }


@cache
def _served() -> tuple[bytes, str]:
    """The document and its version, made once: it does not change while the program runs."""
    body = msgspec.json.encode(document())
    return body, hashlib.sha256(body).hexdigest()[:22]


@endpoint(
    "GET",
    "/v1/openapi.json",
    needs=(),
    scope=None,
    shape=Shape(answer=dict[str, Any], conditional=True),
)
async def get_openapi(_services: object, request: Request) -> Reply:
    """Read this document."""
    body, version = _served()
    headers = {"etag": etag(version), "cache-control": "public, max-age=3600"}
    if is_not_modified(request.headers.get("if-none-match"), version):
        return Reply(304, headers=headers)
    return Reply(200, body, headers)


def main() -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document()), indent=2).decode() + "\n")


if __name__ == "__main__":
    main()

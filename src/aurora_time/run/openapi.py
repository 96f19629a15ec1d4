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
from types import UnionType
from typing import Any, Final, get_args

import msgspec

from aurora_time import __version__
from aurora_time.api import ENDPOINTS
from aurora_time.http import problem
from aurora_time.http.conditional import etag, is_not_modified
from aurora_time.http.endpoint import GZIP, JSON, MERGE_PATCH, Endpoint, Need, Reply, Request, Shape, endpoint
from aurora_time.http.problem import ProblemDocument, ProblemKind
from aurora_time.run.examples import EXAMPLES
from aurora_time.run.openapi_fields import FIELDS, problem_fields, request_fields, success_fields
from aurora_time.run.openapi_links import links_of

Json = dict[str, Any]
_REF: Final = "#/components/schemas/{name}"


def problems_of(endpoint: Endpoint) -> list[ProblemKind]:
    """Every problem that an operation may answer: those it declares, and those that its shape implies."""
    kinds = {problem.MALFORMED, problem.INTERNAL, *endpoint.shape.problems}
    if endpoint.scope is not None:
        kinds |= {problem.UNAUTHORIZED, problem.FORBIDDEN_SCOPE, problem.UNAVAILABLE, problem.TOO_MANY}
    if endpoint.shape.body is not None:
        kinds |= {problem.UNSUPPORTED_MEDIA, problem.TOO_LARGE, problem.INVALID}
    if Need("person", "get") in endpoint.needs:
        kinds |= {problem.NOT_FOUND}  # the account may be gone while its token still lives
    if endpoint.takes_key:
        kinds |= {problem.KEY_IN_USE, problem.KEY_REUSED}
    if endpoint.takes_key and endpoint.shape.has_secret:
        kinds |= {problem.ANSWER_NOT_KEPT}
    return sorted(kinds, key=lambda kind: (kind.status, kind.slug))


def _components(endpoints: Iterable[Endpoint]) -> tuple[dict[Any, Json], Json]:
    types: list[Any] = [ProblemDocument]
    for each in endpoints:
        types += [
            type_
            for type_ in (each.shape.body, each.shape.query, *_answers(each.shape))
            if type_ is not None and type_ not in types
        ]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    return dict(zip(types, schemas, strict=True)), components


def _answers(shape: Shape) -> list[Any]:
    answers = get_args(shape.answer) if isinstance(shape.answer, UnionType) else (shape.answer,)
    return [*answers, shape.accepted, *(type_ for _, type_ in shape.others)]


def _either(type_: Any, schemas: dict[Any, Json]) -> Json:  # noqa: ANN401  any declared type
    """The schema of an answer that is of one type, or of one of several."""
    if not isinstance(type_, UnionType):
        return schemas[type_]
    return {"anyOf": [schemas[each] for each in get_args(type_)]}


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
    return found + request_fields(endpoint)


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
    summary, *more = re.split(r"\.\s+", inspect.getdoc(endpoint.handler) or "", maxsplit=1)
    operation: Json = {
        "operationId": endpoint.operation_id,
        "tags": [endpoint.tag],
        "summary": " ".join(summary.split()).rstrip("."),
        "parameters": _parameters(endpoint, components),
        "responses": _responses(endpoint, schemas),
    }
    if more:
        operation["description"] = more[0]
    if endpoint.scope is None:
        operation["security"] = []
    else:
        operation["security"] = [{"bearer": [*endpoint.scopes]}, {"openIdConnect": [*endpoint.scopes]}]
    if endpoint.shape.body is not None:
        operation["requestBody"] = _request_body(endpoint, schemas[endpoint.shape.body], components)
    return operation


def _request_body(endpoint: Endpoint, schema: Json, components: Json) -> Json:
    shown = _merge_patch_schema(schema, components) if endpoint.is_merge_patch else schema
    content: Json = {"schema": shown}
    example = EXAMPLES.get(endpoint.operation_id)
    if example is not None:
        content["example"] = example
    media = endpoint.shape.media or ((MERGE_PATCH, JSON) if endpoint.is_merge_patch else (JSON,))
    taken: Json = dict.fromkeys(media, content)
    if endpoint.shape.packs:
        taken[GZIP] = {"schema": {"type": "string", "contentMediaType": GZIP, "description": "The same, gzipped."}}
    return {"required": True, "content": taken}


def _responses(endpoint: Endpoint, schemas: dict[Any, Json]) -> Json:
    headers = success_fields(endpoint)
    if endpoint.shape.undo:
        headers["Undo-Token"] = {"schema": {"type": "string"}, "description": "POST it to /v1/undo within ten minutes."}
    success: Json = {"description": "Done." if endpoint.shape.status == 204 else "The answer.", "headers": headers}
    if endpoint.shape.answer is not None:
        types = ((endpoint.shape.media_type, endpoint.shape.answer), *endpoint.shape.others)
        success["content"] = {media: {"schema": _either(type_, schemas)} for media, type_ in types}
    responses: Json = {str(endpoint.shape.status): success}
    if endpoint.shape.accepted is not None:
        content = {JSON: {"schema": schemas[endpoint.shape.accepted]}}
        responses["202"] = {"description": "Begun: the job that does it.", "headers": headers, "content": content}
    if endpoint.shape.conditional:
        responses["304"] = {"description": "It is still the version you have.", "headers": headers}
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in problems_of(endpoint):
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in by_status.items():
        responses[str(status)] = {
            "description": "; ".join(f"{kind.title} (`{kind.slug}`)" for kind in kinds) + ".",
            "headers": problem_fields(endpoint, status),
            "content": {problem.MEDIA_TYPE: {"schema": schemas[ProblemDocument]}},
        }
    return responses


def document(endpoints: Iterable[Endpoint] = ENDPOINTS) -> Json:
    """The whole document, as JSON values."""
    declared = [*endpoints, get_openapi]
    schemas, components = _components(declared)
    paths: dict[str, Json] = {}
    for each in declared:
        operation = paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas, components)
        for status, response in operation["responses"].items():
            if links := links_of(each, declared, int(status)):
                response["links"] = links
    scopes = sorted({scope for each in declared for scope in each.scopes})
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
            "headers": FIELDS,
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

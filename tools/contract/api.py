"""The API's contract as a page: every endpoint, its types and its errors, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aurora_time.run.openapi import document

Json = dict[str, Any]
PROBLEM: Final = "application/problem+json"


def page() -> str:
    made = document()
    parts = (_head(made), _endpoints(made), _problems(made), _schemas(made))
    return "\n".join(line for part in parts for line in (*part, ""))


def _head(made: Json) -> Iterable[str]:
    yield f"# The API, version {made['info']['version']}"
    yield ""
    yield "Made by `make generate` from the OpenAPI document ([openapi.json](openapi.json)), and so from the endpoints'"
    yield "declarations: `tests/api/test_promises.py` plays them. [The guide](../api-guide.md) explains them."
    yield ""
    yield "A request bears `Authorization: Bearer` and a token with the scope. *Body* and *answer* name types, below."
    yield "Every error is one of the problems below, as `application/problem+json`."


def _operations(made: Json) -> Iterable[tuple[str, str, Json]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _endpoints(made: Json) -> Iterable[str]:
    by_tag: dict[str, list[tuple[str, str, Json]]] = {}
    for method, path, operation in _operations(made):
        by_tag.setdefault(operation["tags"][0], []).append((method, path, operation))
    for tag, operations in by_tag.items():
        yield f"## {tag}"
        yield ""
        yield "| endpoint | what it does | scope | query | body | answer | problems |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        yield from (_endpoint(*each) for each in operations)
        yield ""


def _endpoint(method: str, path: str, operation: Json) -> str:
    scopes = operation["security"][0]["bearer"] if operation["security"] else ["anybody"]
    query = [each["name"] for each in operation["parameters"] if each.get("in") == "query"]
    body = _content(operation.get("requestBody", {}))
    problems = " ".join(sorted(_slugs(operation)))
    cells = (
        f"{method} `{path}`",
        operation["summary"],
        " ".join(scopes),
        " ".join(query),
        body,
        "; ".join(_answers(operation)),
        problems,
    )
    return f"| {' | '.join(cells)} |"


def _content(holder: Json) -> str:
    names = dict.fromkeys(_type(content.get("schema", {})) for content in holder.get("content", {}).values())
    return " or ".join(name for name in names if name)


def _answers(operation: Json) -> Iterable[str]:
    for status, response in operation["responses"].items():
        if PROBLEM not in response.get("content", {}):
            yield f"{status} {_content(response)}".strip()


def _slugs(operation: Json) -> set[str]:
    found: set[str] = set()
    for status, response in operation["responses"].items():
        if PROBLEM in response.get("content", {}):
            found |= {f"{status}:{slug}" for slug in response["description"].split("`")[1::2]}
    return found


def _type(schema: Json) -> str:
    """A type in a word or two."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[many])))
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _problems(made: Json) -> Iterable[str]:
    yield "## Problems"
    yield ""
    yield "| status | type | title |"
    yield "| --- | --- | --- |"
    found: dict[tuple[str, str], str] = {}
    for _, _, operation in _operations(made):
        for status, response in operation["responses"].items():
            if PROBLEM in response.get("content", {}):
                pieces = response["description"].split("`")
                titles = (piece.strip("; ()") for piece in pieces[0::2])
                found |= {(status, slug): title for slug, title in zip(pieces[1::2], titles, strict=False)}
    yield from (f"| {status} | `{slug}` | {title.lstrip('). ;')} |" for (status, slug), title in sorted(found.items()))


def _schemas(made: Json) -> Iterable[str]:
    yield "## Types"
    for name, schema in made["components"]["schemas"].items():
        yield ""
        yield f"### {name}"
        yield ""
        if schema.get("description"):
            yield " ".join(schema["description"].split())
            yield ""
        if "properties" not in schema:
            yield _type(schema)
            continue
        required = schema.get("required", ())
        yield "| field | type | |"
        yield "| --- | --- | --- |"
        for field, value in schema["properties"].items():
            yield f"| `{field}` | {_type(value)} | {_note(field, value, required)} |"


def _note(field: str, value: Json, required: Iterable[str]) -> str:
    bounds = {"maxLength": "at most {} characters", "maxItems": "at most {}", "minimum": "from {}", "maximum": "to {}"}
    words = ["required"] if field in required else []
    words += [text.format(f"{value[key]:,}") for key, text in bounds.items() if key in value]
    return ", ".join(words)

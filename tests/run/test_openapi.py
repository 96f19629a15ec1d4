"""The OpenAPI document: valid, whole, served, and true."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import GZIP, Endpoint
from aurora_time.run.examples import EXAMPLES
from aurora_time.run.openapi import document, get_openapi, problems_of
from tests.api.scenarios import STORIES
from tests.api.test_tenancy import theirs
from tests.api.world import World, day

DECLARED = (*ENDPOINTS, get_openapi)
DOCUMENT = document()


def operation(endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]
    return found


def schema_at(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that finds what the document's schemas refer to."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def named(endpoint: Endpoint) -> str:
    return endpoint.operation_id


def test_it_is_an_openapi_31_document() -> None:
    errors = list(Draft202012Validator(OPENAPI_31).iter_errors(json.loads(json.dumps(DOCUMENT))))
    assert errors == []


def test_its_schemas_are_schemas_and_all_references_lead_somewhere() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)))
    assert references <= set(DOCUMENT["components"]["schemas"])


def test_every_pattern_means_the_same_in_ecmascript() -> None:
    """Only what both dialects read alike, and nothing that lets a final new line through."""
    for pattern in re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(DOCUMENT)):
        text = json.loads(f'"{pattern}"')
        assert not re.search(r"\\[dwAZz]|\(\?P", text), text
        assert re.search(text, "x\n") is None or "[^" in text, text


def test_all_operations_are_there_once() -> None:
    ids = [value["operationId"] for path in DOCUMENT["paths"].values() for value in path.values()]
    assert sorted(ids) == sorted(each.operation_id for each in DECLARED)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("endpoint", DECLARED, ids=named)
def test_an_operation_says_what_it_does_and_what_can_go_wrong(endpoint: Endpoint) -> None:
    told = operation(endpoint)
    assert 3 < len(told["summary"]) < 130
    assert not told["summary"].endswith(".")
    assert {str(kind.status) for kind in problems_of(endpoint)} <= set(told["responses"])
    assert str(endpoint.shape.status) in told["responses"]
    assert ("304" in told["responses"]) is endpoint.shape.conditional
    names = {each["name"] for each in told["parameters"] if each["in"] == "path"}
    assert names == set(re.findall(r"{(\w+)}", endpoint.path))
    assert told["security"] if endpoint.scope else told["security"] == []
    if endpoint.method == "PUT":
        assert [each["required"] for each in told["parameters"] if each["name"] == "If-Match"] == [True]


@pytest.mark.parametrize("endpoint", [each for each in ENDPOINTS if each.shape.body], ids=named)
def test_an_example_is_what_its_type_says(endpoint: Endpoint) -> None:
    example = EXAMPLES[endpoint.operation_id]
    for name, media in operation(endpoint)["requestBody"]["content"].items():
        if name == GZIP:
            continue  # the same in bytes, which no document shows
        assert media["example"] == example
        assert list(schema_at(media["schema"]).iter_errors(example)) == []
    if not endpoint.is_merge_patch:
        msgspec.convert(example, endpoint.shape.body)


def test_examples_belong_to_operations() -> None:
    assert set(EXAMPLES) == {each.operation_id for each in ENDPOINTS if each.shape.body}


@pytest.mark.parametrize("endpoint", [each for each in ENDPOINTS if each.shape.body], ids=named)
def test_an_example_works_when_it_is_sent(endpoint: Endpoint) -> None:
    async def story() -> None:
        async with World() as world:
            ids = await theirs(world)
            path = re.sub(r"{(\w+)}", lambda match: ids[match[1]], endpoint.path)
            headers = {"content_type": endpoint.shape.media[0]} if endpoint.shape.media else {}
            example = EXAMPLES[endpoint.operation_id]
            if endpoint.operation_id == "undo":  # nobody's token can stand in a document
                gone = await world.ann.ask("DELETE", f"/v1/events/{ids['eventId']}")
                example = {"token": gone.headers["undo-token"]}
            sent = await world.ann.ask(endpoint.method, path, example, if_match="*", **headers)
            assert sent.status_code == endpoint.shape.status, sent.text

    asyncio.run(story())


@pytest.mark.parametrize("name", STORIES)
def test_answers_are_what_the_document_says(name: str) -> None:
    """Every answer of every story of the API tests, against the schema of its status."""
    checked = 0

    async def check(response: httpx.Response) -> None:
        nonlocal checked
        path, method = response.request.url.path, response.request.method.lower()
        found = [each for each in DOCUMENT["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)]
        template = min(found, key=lambda each: each.count("{"))
        told = DOCUMENT["paths"][template][method]["responses"][str(response.status_code)]
        body = await response.aread()
        if "content" in told:
            kind = response.headers["content-type"].partition(";")[0]
            said = json.loads(body) if kind.endswith("json") else body.decode()
            content = {media.partition(";")[0]: each for media, each in told["content"].items()}
            errors = list(schema_at(content[kind]["schema"]).iter_errors(said))
            assert errors == []
        else:
            assert body == b""
        checked += 1

    async def story() -> None:
        async with World() as world:
            for client in (world.ann.http, world.http):
                client.event_hooks = {"response": [check]}
            await STORIES[name](world)

    asyncio.run(story())
    assert checked


def test_it_is_served_and_kept() -> None:
    async def story() -> None:
        async with World() as world:
            served = await world.http.get("/v1/openapi.json")
            assert served.json() == json.loads(json.dumps(DOCUMENT))
            assert served.headers["cache-control"] == "public, max-age=3600"
            again = await world.http.get("/v1/openapi.json", headers={"if-none-match": served.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["cache-control"] == "public, max-age=3600"

    asyncio.run(story())


def test_a_merge_patch_may_take_any_field_away() -> None:
    patch = schema_at({"$ref": "#/components/schemas/EventPatch"})
    assert patch.is_valid({"location": None, "start": {"date": "2026-11-23"}, "id": "sent-back"})
    assert not patch.is_valid({"status": "PERHAPS"})
    create = schema_at({"$ref": "#/components/schemas/EventInput"})
    assert create.is_valid({"summary": "x", "start": day("2026-11-23")})
    assert not create.is_valid({"summary": "x"})
    assert not create.is_valid({"summary": "x", "start": day("2026-11-23"), "colour": "red"})

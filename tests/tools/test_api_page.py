"""The contract for people, docs/generated/api.md, holds all that the contract for programs beside it holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

GENERATED = Path(__file__).parents[2] / "docs" / "generated"
PAGE = (GENERATED / "api.md").read_text(encoding="utf-8")
OPENAPI = json.loads((GENERATED / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, dict[str, Any]] = OPENAPI["components"]["schemas"]
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
]
PROBLEM = "application/problem+json"


def types_in(value: object) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(value)))


def links_in(cell: str) -> set[str]:
    return set(re.findall(r"\[(\w+)\]", cell))


def bodies(holder: dict[str, Any]) -> set[str]:
    return types_in([content.get("schema") for content in holder.get("content", {}).values()])


def problems(operation: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Status, code and title of each."""
    return {
        (status, code, title.removesuffix("."))
        for status, response in operation["responses"].items()
        if PROBLEM in response.get("content", {})
        for title, code in re.findall(r"([^`;]+?) \(`([a-z-]+)`\)[;.] ?", response["description"])
    }


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{each[0]} {each[1]}" for each in OPERATIONS]
)
def test_every_operation_stands_there_with_all_that_it_takes_and_answers(method, path, operation):
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {method} `{path}` |")]
    _, summary, scopes, query, body, answers, refusals = [cell.strip() for cell in line[1:-1].split("|")]
    assert summary == operation["summary"]
    assert scopes.split() == (operation["security"][0]["bearer"] if operation["security"] else ["anybody"])
    assert query.split() == [each["name"] for each in operation["parameters"] if each.get("in") == "query"]
    assert links_in(body) == bodies(operation.get("requestBody", {}))
    assert set(refusals.split()) == {f"{status}:{code}" for status, code, _ in problems(operation)}
    assert {each.split()[0]: links_in(each) for each in answers.split("; ")} == {
        status: bodies(response)
        for status, response in operation["responses"].items()
        if PROBLEM not in response.get("content", {})
    }


def test_every_error_code_stands_there_with_its_status_and_title():
    codes = {code for *_, operation in OPERATIONS for _, code, _ in problems(operation)}
    assert {"not-found", "invalid", "sync-token-expired"} <= codes
    rows = re.findall(r"^\| (\d+) \| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert set(rows) == {each for *_, operation in OPERATIONS for each in problems(operation)}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_stands_there_with_its_fields(name):
    schema = SCHEMAS[name]
    found = re.search(rf"^### {name}\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.*) \|$", found[1], re.MULTILINE)
    assert [field for field, *_ in rows] == list(schema.get("properties", {}))
    assert {field for field, _, note in rows if note.startswith("required")} == set(schema.get("required", ()))
    assert all(links_in(type_) == types_in(schema["properties"][field]) for field, type_, _ in rows)
    if "properties" not in schema:
        assert links_in(found[1]) == types_in(schema)

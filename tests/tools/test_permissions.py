"""The page of what each function may do says what the templates put into the roles, of every function."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.aws.functions import Function, functions, statements
from tools.contract.permissions import LEADING, SHOWN, page

PAGE = page()
Row = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Actions, what they are allowed on, leading keys."""


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"{name} is not on the page"
    return found[1]


def rows(name: str) -> list[list[str]]:
    """The cells of the first table of a function: what it may do."""
    found = re.search(r"\| statement .*?(?=\n\n|\Z)", section(name), re.DOTALL)
    lines = found[0].splitlines()[2:] if found else []
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def said(cells: list[str]) -> Row:
    _, actions, on, only = cells
    kinds = () if "`" in only else tuple(f"{kind.strip('*')}#*" for kind in only.split(", ") if kind)
    return tuple(re.findall(r"`([^`]+)`", actions)), tuple(on.split(", ")), kinds


def put_into_the_role(statement: dict[str, Any]) -> Row:
    keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get(LEADING, ())
    return tuple(statement["Action"]), tuple(statement["Resource"]), tuple(keys)


@pytest.mark.parametrize("function", functions(), ids=lambda each: each.name)
def test_what_the_page_says_of_a_function_is_its_roles_policy(function: Function) -> None:
    assert [said(cells) for cells in rows(function.name)] == list(map(put_into_the_role, statements(function, SHOWN)))


def test_every_function_stands_on_the_page_and_no_other() -> None:
    assert re.findall(r"^## (\w+)$", PAGE, re.MULTILINE) == [each.name for each in functions()]


def test_every_endpoint_stands_with_the_function_that_answers_it() -> None:
    for endpoint in ENDPOINTS:
        assert f"| {endpoint.method} `{endpoint.path}` | {endpoint.operation_id} |" in section(endpoint.tag)
    for function in functions():
        for path in function.paths:
            assert f"`{path}` |" in section(function.name)
            assert f"`{path}`" in PAGE.partition("\n## ")[0]


def test_what_is_added_around_the_endpoints_is_told_apart_from_what_they_declare() -> None:
    (read,) = [cells[3] for cells in rows("free_busy") if cells[0] == "Get"]
    assert read == "object, person, *subject*, *token*"
    (read,) = [cells[3] for cells in rows("users") if cells[0] == "Get"]
    assert "*moving*" in read
    assert "*person*" not in read


def test_mails_are_said_to_go_from_one_address() -> None:
    (mail,) = [cells for cells in rows("ring") if cells[0] == "Mail"]
    assert mail[3] == f"`ses:FromAddress` is {SHOWN.sender}"

"""Merge patches (RFC 7396), and how what cannot be read is told."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest

from aurora_time.http.merge_patch import convert, convert_query, decode_json, merge_patch, strip_read_only
from aurora_time.http.problem import Problem

RFC_7396_APPENDIX_A: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


class Inner(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    some_number: Annotated[int, msgspec.Meta(ge=1)] = 1


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    inner: list[Inner] = []


class Query(msgspec.Struct, forbid_unknown_fields=True):
    limit: int = 5
    words: str | list[str] | None = None


def refused(call: Any, *arguments: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*arguments)
    return caught.value


@pytest.mark.parametrize(("target", "patch", "result"), RFC_7396_APPENDIX_A)
def test_the_examples_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    before = msgspec.json.encode(target)
    assert merge_patch(target, patch) == result
    assert msgspec.json.encode(target) == before, "the target itself is not touched"


def test_a_patch_that_nobody_nested_by_hand() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = {"x": deep}
    problem = refused(merge_patch, {}, deep)
    assert problem.kind.status == 400
    while isinstance(deep, dict):  # taken apart by hand: Python itself might not bear it
        deep = deep.pop("x")


def test_read_only_fields_go_when_they_are_unchanged() -> None:
    current = {"id": "a", "name": "b"}
    assert strip_read_only({"id": "a", "name": "c"}, current, frozenset({"id"})) == {"name": "c"}
    assert strip_read_only({"name": "c"}, current, frozenset({"id"})) == {"name": "c"}
    problem = refused(strip_read_only, {"id": "z"}, current, frozenset({"id"}))
    assert [each.pointer for each in problem.errors] == ["/id"]


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        (b'{"name": 5}', "/name", "Give a text here."),
        (b"{}", "/name", "`name` is needed here."),
        (
            b'{"name": "x", "inner": [{}, {"someNumber": 0}]}',
            "/inner/1/someNumber",
            "Give a whole number of at least 1.",
        ),
        (b'{"name": "x", "inner": [{"a.b/c~d": 0}]}', "/inner/0/a.b~1c~0d", "`a.b/c~d` is not known here."),
        (b'{"name": "x", "`": 0}', "/`", "`\x60` is not known here."),
        (b"[]", "", "Give an object here."),
    ],
)
def test_a_problem_points(body: bytes, pointer: str, detail: str) -> None:
    problem = refused(decode_json, body, Body)
    assert problem.kind.status == 422
    assert problem.errors[0].pointer == pointer
    assert problem.errors[0].detail.startswith(detail)
    assert problem.detail.startswith(pointer or "The body")
    assert refused(convert, msgspec.json.decode(body), Body).errors == problem.errors


def test_a_problem_does_not_repeat_a_page_of_input() -> None:
    problem = refused(convert, {"x" * 10_000: 1}, Body)
    assert len(problem.detail) < 500
    assert problem.errors[0].pointer == "/" + "x" * 10_000


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\ud800"', b"[" * 100_000, b'{"name":' * 100_000])
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    assert refused(decode_json, body, Any).kind.status == 400


def test_a_query() -> None:
    assert convert_query({"limit": "7", "words": ["a", "b"]}, Query) == Query(7, ["a", "b"])
    for query, pointer in (({"limit": "x"}, "?limit"), ({"limit": ["1", "2"]}, "?limit"), ({"a/b~": "1"}, "?a/b~")):
        problem = refused(convert_query, query, Query)
        assert (problem.kind.status, problem.errors[0].pointer) == (400, pointer)


def test_a_parameter_that_is_given_twice_or_not_known_is_told_so() -> None:
    assert refused(convert_query, {"limit": ["1", "2"]}, Query).detail == "Parameter limit: Give this once."
    assert refused(convert_query, {"limit": "x"}, Query).detail == "Parameter limit: Give a whole number here."
    problem = refused(convert_query, {"lmit": "1"}, Query)
    assert problem.detail == "Parameter `lmit` is not known here. Leave it out, or correct its name."


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"{", "ends too early"), (b'"\xff"', "UTF-8"), (b"[" * 100_000, "too deeply"), (b"{]", "(byte 1)")],
)
def test_what_is_not_json_is_told_why(body: bytes, words: str) -> None:
    assert words in refused(decode_json, body, Any).detail

"""If-Match and If-None-Match (RFC 9110 section 13)."""

from __future__ import annotations

import pytest

from aurora_time.http.conditional import check_if_match, etag, is_not_modified
from aurora_time.http.problem import Problem


@pytest.mark.parametrize("header", [None, '"v1"', "*", '"v0", "v1"', ' "v1" ,', '"v0","v1"'])
def test_a_match(header: str | None) -> None:
    check_if_match(header, "v1")


@pytest.mark.parametrize("header", ["", '"v0"', 'W/"v1"', "v1", '"V1"', ","])
def test_no_match(header: str) -> None:
    with pytest.raises(Problem) as caught:
        check_if_match(header, "v1")
    assert caught.value.kind.status == 412


def test_needed() -> None:
    with pytest.raises(Problem) as caught:
        check_if_match(None, "v1", required=True)
    assert caught.value.kind.status == 428
    check_if_match(etag("v1"), "v1", required=True)


@pytest.mark.parametrize(
    ("header", "same"), [(None, False), ('"v1"', True), ('W/"v1"', True), ("*", True), ('"v0"', False), ("", False)]
)
def test_not_modified(header: str | None, same: bool) -> None:
    assert is_not_modified(header, "v1") is same

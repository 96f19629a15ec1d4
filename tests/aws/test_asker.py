"""Whose requests are counted together: no header that somebody sends along makes another of them."""

from __future__ import annotations

import pytest

from aurora_time.aws.asgi import asker


@pytest.mark.parametrize(
    ("forwarded", "who"),
    [
        ("203.0.113.7, 198.51.100.1", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 198.51.100.1", "203.0.113.7"),
        ("6.6.6.6, 6.6.6.7,203.0.113.7 ,198.51.100.1", "203.0.113.7"),
        ("2001:db8::7, 198.51.100.1", "2001:db8::7"),
    ],
)
def test_who_asks_is_whom_cloudfront_saw(forwarded: str, who: str) -> None:
    assert asker({"x-forwarded-for": forwarded}, "198.51.100.1") == who


@pytest.mark.parametrize("headers", [{}, {"x-forwarded-for": ""}, {"x-forwarded-for": "192.0.2.9"}])
def test_without_cloudfront_it_is_whom_the_gateway_saw(headers: dict[str, str]) -> None:
    assert asker(headers, "192.0.2.9") == "192.0.2.9"

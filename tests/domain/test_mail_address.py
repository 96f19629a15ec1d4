"""Which spellings of an address are the same one."""

from __future__ import annotations

import pytest

from aurora_time.adapters.mime import to_address
from aurora_time.domain.mail_address import one_spelling


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("An@Example.ORG", "an@example.org"),
        ("an@bücher.example", "an@xn--bcher-kva.example"),
        ("AN@BÜCHER.example", "an@XN--bcher-kva.Example"),
        ("an@bu\u0308cher.example", "an@xn--bcher-kva.example"),
        ("an@sách.example.vn", "an@xn--sch-ela.example.vn"),
    ],
)
def test_what_goes_over_the_wire_is_the_same_address_as_what_was_written(written: str, told: str):
    assert one_spelling(written) == one_spelling(told) == one_spelling(one_spelling(written))
    assert one_spelling(to_address(written)) == one_spelling(told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("an@bücher.example", "an@bucher.example"),
        ("an@straße.example", "an@strasse.example"),
        ("an@bücher.example", "anh@bücher.example"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str):
    """By one standard ``straße`` is ``strasse``, by the other it is somebody else's."""
    assert one_spelling(one) != one_spelling(other)


@pytest.mark.parametrize("text", ["", "an", f"an@{'ü' * 70}.example", "an@.é"])
def test_what_is_no_address_stays_what_it_is(text: str):
    assert one_spelling(text) == text

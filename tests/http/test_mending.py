"""A refused value is told what to write instead, whatever pattern or choice it broke."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.problem import Problem

Hour = Annotated[str, Meta(pattern="^[0-2][0-9]$", description="An hour, like `09`.")]


class Slot(msgspec.Struct, forbid_unknown_fields=True):
    hour: Hour | None = None


class Plan(msgspec.Struct, forbid_unknown_fields=True):
    slots: Annotated[tuple[Slot, ...], Meta(max_length=2)] = ()
    day: Literal["MO", "TU"] = "MO"
    tags: Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)] | None = None
    odd: Annotated[str, Meta(pattern="^x$")] = "x"
    weeks: Annotated[int, Meta(ge=1)] | None = None
    is_open: bool = True


@pytest.mark.parametrize(
    ("value", "pointer", "detail"),
    [
        ({"slots": [{"hour": "nine"}]}, "/slots/0/hour", "Give an hour, like `09`."),
        ({"slots": [{}, {}, {}]}, "/slots", "Give at most 2 items."),
        ({"day": "WE"}, "/day", "'WE' is not known here. Choose one of: MO, TU."),
        ({"tags": []}, "/tags", "Give at least 1 item."),
        ({"tags": [""]}, "/tags/0", "Give at least 1 character."),
        ({"odd": "y"}, "/odd", "Give what is documented for this field."),
        ({"odd": 1}, "/odd", "Give a text here."),
        ({"slots": [{"hour": 9}]}, "/slots/0/hour", "Give a text here."),
        ({"slots": {}}, "/slots", "Give a list here."),
        ({"weeks": 0}, "/weeks", "Give a whole number of at least 1."),
        ({"weeks": 2.5}, "/weeks", "Give a whole number here."),
        ({"weeks": True}, "/weeks", "Give a whole number here."),
        ({"is_open": "yes"}, "/is_open", "Give `true` or `false` here."),
        ({"": 1}, "/", "`` is not known here. Leave it out, or correct its name."),
        ({"misspelt": 1}, "/misspelt", "`misspelt` is not known here. Leave it out, or correct its name."),
    ],
)
def test_a_refused_value_is_told_what_to_write(value, pointer, detail):
    with pytest.raises(Problem) as refused:
        convert(value, Plan)
    (error,) = refused.value.errors
    assert error.pointer.replace("/0", "") == pointer.replace("/0", "")
    assert error.detail == detail


def test_a_misspelt_name_with_null_is_refused_too():
    with pytest.raises(Problem) as refused:
        apply_patch({"name": "Ann"}, {"nmae": None}, frozenset())
    assert refused.value.errors[0].pointer == "/nmae"

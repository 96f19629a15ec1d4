"""What to write instead: the words for a value that a declared type refuses.

msgspec says what it expected in the words of Python, a pattern to the letter; a person wants the field's own
description, the choices, or to know that a whole number is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

Schema = dict[str, Any]

_LENGTH: Final = re.compile(r"Expected `(\w+)` of length (>=|<=) (\d+)")
_BOUND: Final = re.compile(r"Expected `(\w+)` (>=|<=) (\S+)")
_TYPE: Final = re.compile(r"Expected `([^`]+)`, got")
_ENUM: Final = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_COUNTED: Final = {"str": "character", "array": "item", "object": "field"}
_NAMED: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "array": "a list",
    "object": "an object",
}
_LONGEST: Final = 100


@lru_cache(maxsize=200)
def _schemas(type_: Any) -> tuple[Schema, dict[str, Schema]]:  # noqa: ANN401  any declared type
    (schema,), components = msgspec.json.schema_components([type_], ref_template="{name}")
    return schema, components


def mend(message: str, type_: Any, steps: Sequence[str]) -> str:  # noqa: ANN401  any declared type
    """The sentence about the value at ``steps`` of a ``type_`` that msgspec refused with ``message``."""
    if found := _LENGTH.match(message):
        name, bound, count = found.groups()
        return f"Give {_bounded(bound, count)} {_COUNTED.get(name, 'item')}{'' if count == '1' else 's'}."
    if found := _BOUND.match(message):
        name, bound, count = found.groups()
        return f"Give {_NAMED.get(name, name)} of {_bounded(bound, count)}."
    if found := _TYPE.match(message):
        kinds = [_NAMED[each] for each in found[1].split(" | ") if each in _NAMED]
        return f"Give {' or '.join(kinds)} here." if kinds else "Leave this out."
    if "matching regex" in message:
        described = [each["description"] for each in _at(type_, steps) if {"pattern", "description"} <= each.keys()]
        wanted = described[0] if described else "What is documented for this field."
        return f"Give {wanted[0].lower()}{wanted[1:]}"
    if found := _ENUM.match(message):
        choices = [str(choice) for each in _at(type_, steps) for choice in each.get("enum", ())]
        return f"{shown(found[1])} is not known here. Choose one of: {', '.join(choices)}."
    return f"{message.rstrip('.')}."


def _bounded(bound: str, count: str) -> str:
    return f"at {'least' if bound == '>=' else 'most'} {count}"


def shown(text: str) -> str:
    """What a client wrote, as it may stand in a sentence."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _at(type_: Any, steps: Sequence[str]) -> list[Schema]:  # noqa: ANN401  any declared type
    """The schemas that a value at this place may have."""
    schema, components = _schemas(type_)
    found = _choices(schema, components)
    for step in steps:
        inside = (_inside(each, step) for each in found)
        found = [choice for each in inside if each is not None for choice in _choices(each, components)]
    return found


def _inside(schema: Schema, step: str) -> Schema | None:
    if schema.get("type") == "array":
        items = schema.get("items")
        return items if isinstance(items, dict) else None
    found = schema.get("properties", {}).get(step)
    return found if isinstance(found, dict) else None


def _choices(schema: Schema, components: dict[str, Schema]) -> list[Schema]:
    """A schema without its references and alternatives."""
    if "$ref" in schema:
        return _choices(components[schema["$ref"]], components)
    if "anyOf" in schema:
        return [choice for each in schema["anyOf"] for choice in _choices(each, components)]
    return [schema]

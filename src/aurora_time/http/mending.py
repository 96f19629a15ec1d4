"""What to write instead: the words for a value that a declared type refuses.

msgspec says what it expected, a pattern to the letter; a person wants the field's own description, or the choices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

Schema = dict[str, Any]

_LENGTH: Final = re.compile(r"Expected `(\w+)` of length (>=|<=) (\d+)")
_COUNTED: Final = {"str": "characters", "array": "items", "object": "fields"}


@lru_cache(maxsize=200)
def _schemas(type_: Any) -> tuple[Schema, dict[str, Schema]]:  # noqa: ANN401  any declared type
    (schema,), components = msgspec.json.schema_components([type_], ref_template="{name}")
    return schema, components


def mend(message: str, type_: Any, steps: Sequence[str]) -> str:  # noqa: ANN401  any declared type
    """The sentence about the value at ``steps`` of a ``type_`` that msgspec refused with ``message``."""
    length = _LENGTH.match(message)
    if length:
        name, bound, count = length.groups()
        return f"Give at {'least' if bound == '>=' else 'most'} {count} {_COUNTED.get(name, 'items')}."
    if "matching regex" in message:
        described = [found["description"] for found in _at(type_, steps) if {"pattern", "description"} <= found.keys()]
        return described[0] if described else "This is not written as it must be."
    if message.startswith("Invalid enum value"):
        choices = [str(choice) for found in _at(type_, steps) for choice in found.get("enum", ())]
        return f"{message}. Choose one of: {', '.join(choices)}." if choices else f"{message}."
    return f"{message.rstrip('.')}."


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

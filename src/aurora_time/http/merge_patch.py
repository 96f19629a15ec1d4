"""JSON merge patch (RFC 7396), and how a body becomes a typed value with errors that point."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec

from aurora_time.http.mending import mend, shown
from aurora_time.http.problem import INVALID, MALFORMED, Pointer, Problem, invalid

T = TypeVar("T")
Json = Any

_AT: Final = re.compile(r" - at `(?:key in )?\$?(.*)`$")
_TOO_DEEP: Final = "The body is nested too deeply. Send objects within objects as they are documented."
_STEP: Final = re.compile(r"\[(\d+|\.\.\.)\]|\.([^.\[]+)")
_FIELD: Final = re.compile(r"(unknown|required) field `(.*)`$", re.DOTALL)


def merge_patch(target: Json, patch: Json) -> Json:
    """RFC 7396 section 2, to the letter. Raises Problem 400 for a patch that is nested too deeply to be one."""
    try:
        return _merged(target, patch)
    except RecursionError:
        raise Problem(MALFORMED, _TOO_DEEP) from None


def _merged(target: Json, patch: Json) -> Json:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def strip_read_only(merged: dict[str, Json], current: dict[str, Json], names: frozenset[str]) -> dict[str, Json]:
    """Without the read-only fields; each must be unchanged (a client may send back what it read)."""
    for name in names:
        if name in merged and merged[name] != current.get(name):
            raise invalid(f"/{name}", f"`{name}` is set by the server. Leave it out, or send it back unchanged.")
    return {name: value for name, value in merged.items() if name not in names}


def apply_patch(current: dict[str, Json], patch: dict[str, Json], read_only: frozenset[str]) -> dict[str, Json]:
    """What a resource is to become, without its read-only fields. Raises Problem 422, also for unknown names."""
    for name in patch:
        if name not in current:  # with null it would vanish in the merge, and a misspelt name with it
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            raise invalid(pointer, unknown(name))
    return strip_read_only(merge_patch(current, patch), current, read_only)


def _problem(error: msgspec.ValidationError, type_: Any) -> Problem:  # noqa: ANN401  any declared type
    text = str(error)
    at = _AT.search(text)
    message = text[: at.start()] if at else text
    path = at.group(1) if at else ""
    steps = [index or name for index, name in _STEP.findall(path)]
    pointer = "".join(f"/{step}" for step in steps if step != "...")
    field = _FIELD.search(message)
    detail = mend(message, type_, steps)
    if field:
        kind, name = field.groups()
        pointer = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        detail = unknown(name) if kind == "unknown" else f"`{shown(name)}` is needed here."
    return Problem(INVALID, f"{shown(pointer) or 'The body'}: {detail}", (Pointer(pointer, detail),))


def unknown(name: str) -> str:
    """What to do about a field or a parameter of this name."""
    return f"`{shown(name)}` is not known here. Leave it out, or correct its name."


def decode_json(body: bytes, type_: type[T]) -> T:
    """Raises Problem 400 for what is not JSON, 422 with a pointer for JSON of another shape."""
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as error:
        raise _problem(error, type_) from None
    except UnicodeDecodeError:
        raise Problem(MALFORMED, "The body is not JSON: it is not written in UTF-8.") from None
    except RecursionError:
        raise Problem(MALFORMED, _TOO_DEEP) from None
    except msgspec.DecodeError as error:
        why = "it ends too early" if "truncated" in str(error) else str(error).removeprefix("JSON is malformed: ")
        raise Problem(MALFORMED, f"The body is not JSON: {why}.") from None


def convert(value: Json, type_: type[T]) -> T:
    """A value of JSON's types as ``type_``. Raises Problem 422 with a pointer."""
    try:
        return msgspec.convert(value, type=type_)
    except msgspec.ValidationError as error:
        raise _problem(error, type_) from None


def convert_query(values: dict[str, str | list[str]], type_: type[T]) -> T:
    """Query parameters as ``type_``. Raises Problem 400 that names the parameter."""
    try:
        return msgspec.convert(values, type=type_, strict=False)
    except msgspec.ValidationError as error:
        inner = _problem(error, type_)
        name = inner.errors[0].pointer[1:].split("/")[0].replace("~1", "/").replace("~0", "~")
        detail = inner.errors[0].detail
        if str(error).startswith("Expected") and "got `array`" in str(error):
            detail = "Give this once."
        raise bad_parameter(name, detail) from None


def bad_parameter(name: str, detail: str) -> Problem:
    """A 400 about one parameter of the query."""
    words = detail if detail == unknown(name) else f"{shown(name)}: {detail}"
    return Problem(MALFORMED, f"Parameter {words}", (Pointer(f"?{name}", detail),))

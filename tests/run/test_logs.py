"""The log: its two forms, its levels, and what never gets into it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from aurora_time.run.logs import configure_logs, hush_uvicorn


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn")
    before = (root.handlers[:], root.level, uvicorn.level)
    yield
    structlog.reset_defaults()
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    uvicorn.setLevel(before[2])


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_programs_read_one_object_a_line() -> None:
    out = io.StringIO()
    configure_logs("info", out)
    structlog.get_logger("x").info("backup made", file="aurora-2026-11-22.db", size=3)
    structlog.get_logger("x").debug("too fine")
    logging.getLogger("some.library").warning("odd: %s", 5)
    made, odd = lines(out)
    assert made.pop("timestamp").endswith("Z")
    assert made == {"event": "backup made", "file": "aurora-2026-11-22.db", "size": 3, "level": "info"}
    assert (odd["event"], odd["level"]) == ("odd: 5", "warning")


def test_people_read_a_line_of_words() -> None:
    out = Terminal()
    configure_logs("debug", out)
    structlog.get_logger("x").debug("backup made", file="f")
    assert "backup made" in out.getvalue()
    assert not out.getvalue().startswith("{")


def test_no_secret_and_no_address_gets_in() -> None:
    out = io.StringIO()
    configure_logs("info", out)
    structlog.get_logger("x").warning(
        "reminder not sent", error="550 <sam@example.org> unknown", password="p", header="Bearer aur_abcdef", n=1
    )
    try:
        raise ValueError("kim@example.org has eyJhbGciOi.eyJzdWIi.c2ln")
    except ValueError:
        structlog.get_logger("x").exception("request failed")
    first, second = lines(out)
    assert first["error"] == "550 <<address>> unknown"
    assert first["password"] == "..."
    assert first["header"] == "..."
    assert "ValueError: <address> has ..." in second["exception"]
    assert "kim" not in out.getvalue()


def test_of_uvicorn_only_errors_are_heard_and_none_while_stopping() -> None:
    out = io.StringIO()
    configure_logs("debug", out)
    logger = logging.getLogger("uvicorn.error")
    logger.warning("narrated")
    logger.error("broken")
    hush_uvicorn()
    logger.error("cut off")
    assert [line["event"] for line in lines(out)] == ["broken"]

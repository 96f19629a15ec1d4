"""``make demo`` works, says what it does, and fails loudly."""

from __future__ import annotations

import re

import pytest

from tools import demo
from tools.visitor import VisitError


def test_the_demo_shows_the_first_ring(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main() == 0
    said = capsys.readouterr().out
    for step in ("Confirmed by the code", "RRULE:FREQ=WEEKLY", "Asia/Ho_Chi_Minh", "The mail arrived", "status sent"):
        assert step in said
    lateness = re.search(r"It rang (-?\d+) ms after it was due", said)
    assert lateness is not None
    assert int(lateness[1]) >= 0


def test_the_demo_fails_where_the_product_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> str:
        raise VisitError("POST /signup answered 500 instead of 303")

    monkeypatch.setattr(demo, "sign_up", refused)
    assert demo.main() == 1
    assert "answered 500" in capsys.readouterr().err

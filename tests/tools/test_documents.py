"""What the design documents name is there: tests, files and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.contract import api, permissions
from tools.diagram.__main__ import ARROWS, BOXES
from tools.diagram.drawing import BOX_HEIGHT, BOX_WIDTH, HEIGHT, WIDTH

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))


def named_tests(text: str) -> list[str]:
    """Paths of tests; one without a folder is in that of the one before it."""
    found: list[str] = []
    for name in re.findall(r"`((?:tests/)?[\w/]*test_\w+\.py)`", text):
        found.append(name if "/" in name else f"{found[-1].rsplit('/', 1)[0]}/{name}")
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_and_file_that_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [name for name in named_tests(text) if not (ROOT / name).exists()]
    missing += [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


def test_a_test_without_a_folder_is_beside_the_one_before():
    assert named_tests("`tests/a/test_b.py`, `test_c.py`; `tests/d/test_e.py`") == [
        "tests/a/test_b.py", "tests/a/test_c.py", "tests/d/test_e.py",
    ]  # fmt: skip


def test_a_function_may_do_what_its_endpoints_declare_and_know_whose_a_request_is():
    functions = permissions.functions()
    allowed = permissions.actions(permissions.needs_of(functions["free_busy"]))
    assert allowed["Query"] == ["calendar", "time"]
    assert {"token", "subject", "person"} <= set(allowed["GetItem"])
    assert "PutItem" not in allowed
    assert "token" not in permissions.actions(permissions.needs_of(functions["system"])).get("GetItem", [])


def test_every_endpoint_and_every_problem_stands_in_the_contract():
    text = api.page()
    for endpoint in permissions.functions()["events"]:
        assert f"| {endpoint.method} `{endpoint.path}` |" in text
    assert "| 404 | `not-found` | There is nothing here |" in text
    assert "### EventInput" in text


def test_the_boxes_of_the_picture_lie_apart_and_within_it():
    for number, box in enumerate(BOXES):
        assert box.left + BOX_WIDTH <= WIDTH
        assert box.top + BOX_HEIGHT <= HEIGHT
        for other in BOXES[:number]:
            assert abs(box.left - other.left) >= BOX_WIDTH or abs(box.top - other.top) >= BOX_HEIGHT, (box, other)
    assert {name for arrow in ARROWS for name in (arrow.start, arrow.end)} <= {box.name for box in BOXES}

"""What the design documents name is there: tests, files and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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

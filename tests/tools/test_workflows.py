"""The workflows run what is pinned, keep no key, and reach production last."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.environment import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DEPLOY, HOME = (ROOT / ".github" / "workflows" / f"{name}.yml" for name in ("deploy", "home"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda each: each.name)
def test_every_action_is_pinned_to_a_commit_and_what_is_said_elsewhere_is_never_code(file: Path) -> None:
    text = file.read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(each.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)
    assert not re.search(r"run: .*\$\{\{", text)
    assert "secrets." not in text
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_checks_come_before_dev_and_dev_before_prod() -> None:
    _, _, text = DEPLOY.read_text().partition("jobs:\n")
    jobs = dict(re.findall(r"^  (\w+):\n(.*?)(?=^  \w+:\n|\Z)", text, re.DOTALL | re.MULTILINE))
    assert list(jobs) == ["checks", "dev", "prod"]
    assert "make test-aws" in jobs["checks"]
    assert ".ci/run" in jobs["checks"]
    assert "needs: checks" in jobs["dev"]
    assert "needs: dev" in jobs["prod"]
    assert "id-token" not in jobs["checks"]


def test_a_role_is_taken_only_in_the_environment_that_may_be_guarded_by_a_reviewer() -> None:
    text = HOME.read_text()
    assert "environment: ${{ inputs.env }}" in text
    assert text.index("role-to-assume") < text.index("make deploy")

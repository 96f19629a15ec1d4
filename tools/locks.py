"""The lock files: pinned and hashed from pyproject.toml by uv, and checked offline to be in step with it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tools.environment import KINDS, LOCKS, Environment, Kind, SetupError, say

OLDEST: Final = "3.11"
HEADER: Final = "# Made by `make lock` from pyproject.toml; do not edit. Inputs: sha256 {digest}\n"
PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
MORE: Final[dict[Kind, list[str]]] = {
    "run": [],
    "aws": ["--extra", "aws", "--constraints", LOCKS["run"]],
    "dev": ["--extra", "aws", "--group", "dev", "--constraints", LOCKS["aws"]],
    "infra": ["--group", "infra", "--constraints", LOCKS["run"]],
}
"""What uv resolves for each lock beyond what the product needs anywhere."""
ALL: Final[tuple[Kind, ...]] = (*KINDS, "infra")
HOST: Final = re.compile(r"\w+://|--index-url|--find-links|--extra-index-url")


def inputs(root: Path, kind: Kind) -> list[str]:
    """The requirements as pyproject.toml states them, for one lock."""
    with (root / "pyproject.toml").open("rb") as file:
        project: dict[str, Any] = tomllib.load(file)
    stated = [f"python{project['project']['requires-python']}", *project["project"]["dependencies"]]
    if kind in ("aws", "dev"):
        stated += project["project"]["optional-dependencies"]["aws"]
    return stated + (project["dependency-groups"][kind] if kind in ("dev", "infra") else [])


def digest(root: Path, kind: Kind) -> str:
    """The inputs of a lock by content; their order and the rest of pyproject.toml do not matter."""
    return hashlib.sha256(json.dumps(sorted(inputs(root, kind))).encode()).hexdigest()


def pins(text: str) -> set[tuple[str, str]]:
    """Each (package, version) that a lock names."""
    return {(match[1].lower(), match[2]) for match in PINNED.finditer(text)}


def problems(root: Path) -> list[str]:
    """What is wrong with the locks, a sentence each; needs no network."""
    found, texts = [], {}
    for kind in ALL:
        path = LOCKS[kind]
        text = texts[kind] = (root / path).read_text(encoding="utf-8")
        if not text.startswith(HEADER.format(digest=digest(root, kind))):
            found.append(f"{path} is not made from pyproject.toml as it stands; run `make lock`.")
        if HOST.search(text):
            found.append(f"{path} names a registry host; pip's own setting decides that.")
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
        found += [f"{path}: no hash for {b.split()[0]}." for b in blocks if "==" in b and "--hash=" not in b]
    for less, more in (*pairwise(KINDS), ("run", "infra")):
        found += [
            f"{name} {version} is in {less}.txt and not in {more}.txt; run `make lock`."
            for name, version in sorted(pins(texts[less]) - pins(texts[more]))
        ]
    return found


def write(environment: Environment, arguments: list[str]) -> None:
    """Resolve anew by uv; ``--upgrade`` also lifts versions that still fit. Raises SetupError."""
    for kind in ALL:
        say(f"Locking {LOCKS[kind]} ...")
        output = environment.lock(kind)
        command = [str(environment.script("uv")), "pip", "compile", "pyproject.toml", *MORE[kind], "--universal",
                   "--python-version", OLDEST, "--generate-hashes", "--no-header", "--quiet",
                   "--output-file", LOCKS[kind], *arguments]  # fmt: skip
        if subprocess.run(command, cwd=environment.root, check=False).returncode:
            raise SetupError("uv could not resolve the dependencies; its words stand above.")
        text = output.read_text(encoding="utf-8")
        output.write_text(HEADER.format(digest=digest(environment.root, kind)) + text, encoding="utf-8")

"""The virtual environment in ``.venv``: made once from the hashed locks, then left alone and used offline.

Only the standard library is used here. The package itself is not installed but pointed at: a ``.pth`` file
names ``src`` and a small script starts it, so nothing is built and no build tool need be fetched.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = {
    "run": "requirements/run.txt",
    "aws": "requirements/aws.txt",
    "dev": "requirements/dev.txt",
    "infra": "requirements/infra.txt",
}
"""What one machine needs; that and what a home on AWS needs; that and what tests and checks need. By itself, for an
environment of its own: what one machine needs, and what makes and checks the templates of AWS."""
WINDOWS: Final = os.name == "nt"
UNREACHED: Final = (
    "ConnectionError",
    "ConnectTimeout",
    "Max retries exceeded",
    "NewConnectionError",
    "ProxyError",
    "ReadTimeout",
    "SSLError",
    "Name or service not known",
    "name resolution",
)

Kind = Literal["run", "aws", "dev", "infra"]
KINDS: Final[tuple[Kind, ...]] = ("run", "aws", "dev")
"""Each of these locks holds the ones before it."""


class SetupError(Exception):
    """What stands in the way, in one sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of the checkout at ``root``, or another one that it has at ``place``."""

    root: Path = ROOT
    place: str = ".venv"

    @property
    def folder(self) -> Path:
        return self.root / self.place

    @property
    def stamp(self) -> Path:
        return self.folder / "aurora-stamp.json"

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if WINDOWS else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if WINDOWS else "python")

    def script(self, name: str) -> Path:
        """A console script that a package brought, such as ``lint-imports``."""
        return self.scripts / (f"{name}.exe" if WINDOWS else name)

    def lock(self, kind: Kind) -> Path:
        return self.root / LOCKS[kind]

    def maker(self) -> str:
        """Who made it and where: with another Python, or after the checkout moved, it must be made anew."""
        return f"{sys.implementation.cache_tag} {platform.machine()} {self.root}"

    def digest(self, kind: Kind) -> str:
        """The lock by content. Raises SetupError when it is not there."""
        try:
            return hashlib.sha256(self.lock(kind).read_bytes()).hexdigest()
        except FileNotFoundError:
            raise SetupError(f"{LOCKS[kind]} is missing; `git checkout {LOCKS[kind]}` brings it back.") from None

    def read_stamp(self) -> dict[str, str]:
        """What was installed, ``{}`` when nothing usable is there."""
        if not self.python.exists():
            return {}
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) and stamp.get("maker") == self.maker() else {}

    def is_ready(self, kind: Kind) -> bool:
        """Whether the lock of this kind is installed as it stands now."""
        return self.read_stamp().get(kind) == self.digest(kind)

    def ensure(self, kind: Kind) -> None:
        """Make or mend the environment when it is not ready; otherwise touch nothing. Raises SetupError."""
        if self.is_ready(kind):
            return
        try:
            self._make(kind)
        except PermissionError as error:
            raise SetupError(
                f"{error.filename or self.folder} cannot be written; take a checkout of your own, or: "
                f'sudo chown -R "$USER" {shlex.quote(str(self.root))}'
            ) from None
        except OSError as error:
            raise SetupError(f"{self.folder} could not be made: {error.strerror or error}.") from None

    def _make(self, kind: Kind) -> None:
        if not self.read_stamp():
            self._create()
        # It now counts as made, with nothing in it: after a failed install, only that is tried again.
        self._write_stamp(())
        self._install(kind)
        self._point_at_source()
        # A lock holds those before it at the same versions, so having installed it is having them all.
        self._write_stamp(KINDS[: KINDS.index(kind) + 1] if kind in KINDS else (kind,))

    def _write_stamp(self, kinds: tuple[Kind, ...]) -> None:
        done = {"maker": self.maker()}
        for kind in kinds:
            done[kind] = self.digest(kind)
        self.stamp.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")

    def _create(self) -> None:
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            raise SetupError("This Python lacks venv or ensurepip; on Debian and Ubuntu: sudo apt install python3-venv")
        if not os.access(self.root, os.W_OK):
            raise PermissionError(13, "Permission denied", str(self.root))
        say(f"Making .venv with Python {platform.python_version()} ...")
        # From inside a virtual environment, perhaps this very one, the Python that it was made from is taken.
        base = getattr(sys, "_base_executable", sys.executable)
        made = _run([base, "-m", "venv", "--clear", str(self.folder)])
        if "Permission denied" in made.stdout + made.stderr:
            raise PermissionError(13, "Permission denied", str(self.folder))
        if made.returncode:
            raise SetupError(
                f"Python could not make a virtual environment ({_last_line(made)}); on Debian and Ubuntu, "
                "sudo apt install python3-venv usually mends it."
            )

    def _install(self, kind: Kind) -> None:
        what = "and its tests need (once, about a minute)" if kind == "dev" else "needs (once, about 20 s)"
        say(f"Installing what Aurora Time {what} ...")
        done = _run(pip_command(self.python, self.lock(kind)))
        if done.returncode:
            raise SetupError(explain_pip(done.stdout + done.stderr))

    def _point_at_source(self) -> None:
        """Let this environment's Python import ``aurora_time`` and put ``aurora`` beside it."""
        base = {"base": str(self.folder), "platbase": str(self.folder)}
        packages = Path(sysconfig.get_path("purelib", "venv", vars=base))
        (packages / "aurora_time.pth").write_text(f"{self.root / 'src'}\n", encoding="utf-8")
        if WINDOWS:
            (self.scripts / "aurora.cmd").write_text('@"%~dp0python.exe" -m aurora_time %*\n', encoding="utf-8")
            return
        script = self.scripts / "aurora"
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(self.python))} -m aurora_time "$@"\n', encoding="utf-8")
        script.chmod(0o755)


def pip_command(python: Path, lock: Path) -> list[str]:
    """Only what the lock names, by its hashes, and only wheels: nothing unpinned is fetched to build one."""
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--retries", "2"]
    strict = ["--require-hashes", "--only-binary", ":all:"]
    return [str(python), "-m", "pip", "install", *options, *strict, "-r", str(lock)]


def explain_pip(output: str) -> str:
    """pip's words as one sentence with the mend."""
    if "DO NOT MATCH THE HASHES" in output:
        return "A package is not the one that was locked (its hash differs), and was not installed; try again."
    if "No space left" in output:
        return "The disk is full: free some 200 MB and try again."
    if any(sign in output for sign in UNREACHED):
        return (
            "The package registry cannot be reached, and the first run needs it (later runs do not): "
            "connect, or set pip's proxy or mirror (pip config), and try again."
        )
    errors = [line.removeprefix("ERROR: ").strip() for line in output.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1] if errors else "it gave no reason"
    if reason.startswith("No matching distribution found for "):
        system = f"{platform.system()} on {platform.machine()} with Python {platform.python_version()}"
        return f"{reason.split()[-1]} has no ready-made build for {system}; try another (PYTHON=python3.13)."
    return f"pip could not install what is locked ({reason}); remove .venv and try again."


def say(line: str) -> None:
    print(line, flush=True)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1].strip() if lines else f"exit status {done.returncode}"

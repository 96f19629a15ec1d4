"""The budgets that keep functions and files small; `make check` measures them and prints each figure.

A function's length is its lines from ``def`` to its end, without decorators, docstring and blank lines;
comments and the functions inside it count. Its parameters are all it names (``*args`` and ``**options`` too)
but the first of a method; in tests they are fixtures and not counted. A file's length is all its lines.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TREES: Final = ("src", "tools", "benchmarks", "tests", "infra")
CARRIERS: Final = ("run/asgi.py", "aws/carrier.py", "run/reminder_loop.py")
"""Where ``except Exception`` may stand: a carrier must outlive whatever it carries."""
MAX_P95_LINES: Final = 30
MAX_LINES: Final = 50
MAX_PARAMETERS: Final = 5
MAX_FILE_LINES: Final = 400
PROMISES: Final = re.compile(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'})\b")
TOO_BROAD: Final = frozenset({"Exception", "BaseException"})
NOT_OURS: Final = frozenset({"node_modules", "cdk.out"})
"""Folders in which CDK's command line and what it writes lie."""
SUFFIXES: Final = frozenset({".py", ".html", ".css", ".js"})

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Function:
    """One function's measures and where it stands."""

    place: str
    name: str
    lines: int
    parameters: int


@dataclass(slots=True)
class Measures:
    """All that was measured, and each place where a budget is broken."""

    functions: list[Function] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    broad: int = 0
    promises: int = 0


def measure(root: Path) -> Measures:
    """Measure every file of the project under ``root``."""
    measures = Measures()
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and NOT_OURS.isdisjoint(path.parts):
                measure_file(measures, path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    judge(measures)
    return measures


def measure_file(measures: Measures, place: str, text: str) -> None:
    lines = text.splitlines()
    measures.files[place] = len(lines)
    for number, line in enumerate(lines, start=1):
        if PROMISES.search(line):
            measures.promises += 1
            measures.broken.append(f"{place}:{number}: file an issue rather than leave a note")
    if not place.endswith(".py"):
        return
    try:
        tree = ast.parse(text, place)
    except SyntaxError as error:
        measures.broken.append(f"{place}:{error.lineno}: {error.msg}")
        return
    measures.functions += functions(tree, place, lines)
    if place.endswith(CARRIERS):
        return
    for number in broad_catches(tree):
        measures.broad += 1
        measures.broken.append(f"{place}:{number}: catches everything; name the errors that are meant")


def functions(tree: ast.Module, place: str, lines: list[str]) -> Iterator[Function]:
    """Every function of a file, nested ones too."""
    methods = {id(node) for owner in ast.walk(tree) if isinstance(owner, ast.ClassDef) for node in owner.body}
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            named = parameters(node, id(node) in methods)
            yield Function(f"{place}:{node.lineno}", node.name, length(node, lines), named)


def length(node: FunctionNode, lines: list[str]) -> int:
    """Lines from ``def`` to the end, without docstring and blank lines."""
    counted = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        counted -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return sum(1 for number in counted if lines[number - 1].strip())


def parameters(node: FunctionNode, in_class: bool) -> int:
    """How many it names, without the ``self`` or ``cls`` of a method."""
    given = node.args
    stars = [star for star in (given.vararg, given.kwarg) if star]
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *stars]
    is_static = any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in node.decorator_list)
    return len(named) - (in_class and not is_static)


def broad_catches(tree: ast.Module) -> Iterator[int]:
    """The lines of a bare except, of ``except Exception`` and of ``suppress(Exception)``."""
    for node in ast.walk(tree):
        match node:
            case ast.ExceptHandler(type=caught):
                found = caught is None or is_broad(caught)
            case ast.Call(func=called, args=given):
                found = name_of(called) == "suppress" and any(map(is_broad, given))
            case _:
                continue
        if found:
            yield node.lineno


def is_broad(node: ast.expr) -> bool:
    caught = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(name_of(one) in TOO_BROAD for one in caught)


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name, "" for anything else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def judge(measures: Measures) -> None:
    """Hold functions and files to their budgets."""
    broken = measures.broken
    for one in measures.functions:
        if one.lines > MAX_LINES:
            broken.append(f"{one.place}: {one.name} has {one.lines} lines, at most {MAX_LINES}")
        if one.parameters > MAX_PARAMETERS and not is_test(one):
            broken.append(f"{one.place}: {one.name} has {one.parameters} parameters, at most {MAX_PARAMETERS}")
    if p95([one.lines for one in measures.functions]) > MAX_P95_LINES:
        long = [f"{one.place} {one.name}" for one in measures.functions if one.lines > MAX_P95_LINES]
        broken.append(f"more than 5 % of the functions exceed {MAX_P95_LINES} lines: {', '.join(long)}")
    for place, lines in measures.files.items():
        if lines > MAX_FILE_LINES:
            broken.append(f"{place}: {lines} lines, at most {MAX_FILE_LINES}; split it by meaning")


def is_test(function: Function) -> bool:
    return function.place.startswith("tests/")


def p95(numbers: list[int]) -> int:
    """The smallest number that 95 % of them do not exceed."""
    return sorted(numbers)[-(-len(numbers) * 95 // 100) - 1] if numbers else 0


def report(measures: Measures) -> list[str]:
    """A line for each figure against its budget."""
    lines = [one.lines for one in measures.functions]
    named = max((one.parameters for one in measures.functions if not is_test(one)), default=0)
    most = max(measures.functions, key=lambda one: one.lines, default=Function("-", "-", 0, 0))
    place, longest = max(measures.files.items(), key=lambda item: item[1], default=("-", 0))
    of_functions = f"p95 {p95(lines)} of {MAX_P95_LINES}, most {most.lines} of {MAX_LINES} ({most.name})"
    return [
        f"function lines  {of_functions}, {len(lines)} functions",
        f"parameters      most {named} of {MAX_PARAMETERS}",
        f"file lines      most {longest} of {MAX_FILE_LINES} ({place}), {len(measures.files)} files",
        f"broad excepts   {measures.broad} of 0 outside the carriers",
        f"notes for later {measures.promises} of 0",
    ]


def main() -> int:
    measures = measure(Path(__file__).resolve().parent.parent)
    print("\n".join(report(measures)))
    print("\n".join(measures.broken), end="\n" if measures.broken else "")
    return 1 if measures.broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make check`: what must hold before a commit, a line each, two checks at a time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tools import budgets, generated, locks
from tools.environment import Environment


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a check passed, and what it has to say."""

    passed: bool
    words: str


Check = Callable[[], Verdict]


def check(environment: Environment) -> int:
    """Run every check; the exit status."""
    passed = True
    # The longest is begun first, so that the others run beside it.
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(_timed, one) for name, one in checks(environment).items()}
        for name, result in running.items():
            verdict, seconds = result.result()
            print(f"{'ok  ' if verdict.passed else 'FAIL'} {name:16} {seconds:5.1f} s", flush=True)
            if verdict.words:
                print("     " + verdict.words.replace("\n", "\n     "), flush=True)
            passed = passed and verdict.passed
    return 0 if passed else 1


def checks(environment: Environment) -> dict[str, Check]:
    """Every check by the name it is shown with."""
    python = str(environment.python)
    command = partial(_command, environment)
    return {
        "types": partial(command, [python, "-m", "mypy", "--strict"]),
        "style": partial(command, [python, "-m", "ruff", "check", "--quiet", "--output-format", "concise"]),
        "format": partial(
            command, [python, "-m", "ruff", "format", "--check", "--quiet", "--output-format", "concise"]
        ),
        "layers": partial(command, [str(environment.script("lint-imports"))]),
        "budgets": partial(_budgets, environment),
        "generated files": partial(_generated, environment),
        "locks": partial(_locks, environment),
    }


def _timed(one: Check) -> tuple[Verdict, float]:
    start = time.monotonic()
    return one(), time.monotonic() - start


def _command(environment: Environment, command: list[str]) -> Verdict:
    done = subprocess.run(command, cwd=environment.root, capture_output=True, text=True, check=False)
    return Verdict(done.returncode == 0, (done.stdout + done.stderr).strip() if done.returncode else "")


def _budgets(environment: Environment) -> Verdict:
    measures = budgets.measure(environment.root)
    return Verdict(not measures.broken, "\n".join([*budgets.report(measures), *measures.broken]))


def _generated(environment: Environment) -> Verdict:
    try:
        found = generated.differences(environment)
    except subprocess.CalledProcessError as error:
        return Verdict(passed=False, words=str(error))
    return Verdict(not found, "\n".join(found))


def _locks(environment: Environment) -> Verdict:
    found = locks.problems(environment.root)
    return Verdict(not found, "\n".join(found))

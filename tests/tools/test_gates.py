"""The other gates: coverage floors, generated files, and no skipped test on CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import floors, generated
from tools.environment import Environment


def report(**files: tuple[int, int, int, int]) -> dict[str, Any]:
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return {
        "files": {
            f"src/aurora_time/{name.replace('__', '/')}.py": {"summary": dict(zip(names, counts, strict=True))}
            for name, counts in files.items()
        }
    }


def test_coverage_is_summed_by_package_and_held_to_the_floors() -> None:
    packages = floors.by_package(
        report(domain__a=(90, 90, 10, 10), domain__b=(10, 5, 10, 9), ports=(10, 0, 0, 0), run__a=(90, 90, 0, 0))
    )
    assert packages["domain"].percents() == (95.0, 95.0)
    lines, held = floors.judge(packages)
    assert held
    assert lines[-1].split() == ["overall", "92.5", "95.0", "90.0"]


@pytest.mark.parametrize("low", [(100, 94, 10, 10), (100, 100, 100, 94)])
def test_a_package_below_its_floor_by_lines_or_by_branches_fails(low: tuple[int, int, int, int]) -> None:
    lines, held = floors.judge(floors.by_package(report(store__a=low, run__a=(1000, 1000, 1000, 1000))))
    assert not held
    assert [line.split()[0] for line in lines if line.endswith("below the floor")] == ["store"]


@pytest.fixture
def printing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A checkout whose module ``greeting`` prints two lines, with this Python as its own."""
    (tmp_path / "src").mkdir()
    (tmp_path / "greeting.py").write_text("print('hello')\nprint('world')")
    shutil.copy(tmp_path / "greeting.py", tmp_path / "src")
    monkeypatch.setattr(generated, "FILES", (generated.Generated("greeting", "docs/greeting.txt"),))
    monkeypatch.setattr(Environment, "python", Path(sys.executable))
    return Environment(tmp_path)


def test_a_generated_file_that_is_missing_or_stale_is_shown_as_a_diff_until_written(
    printing: Environment,
) -> None:
    assert "+hello\n+world" in generated.differences(printing)[0]
    assert generated.write(printing) == ["docs/greeting.txt"]
    assert generated.differences(printing) == []
    assert generated.write(printing) == []
    (printing.root / "docs/greeting.txt").write_text("hello\nthere\n")
    assert "-there\n+world" in generated.differences(printing)[0]


def test_a_generator_that_is_not_written_yet_is_passed_over(printing: Environment) -> None:
    (printing.root / "src/greeting.py").unlink()
    assert generated.differences(printing) == []


def run_pytest(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).resolve().parents[1] / "conftest.py", folder)
    (folder / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_page(n): pytest.skip('needs Chromium: sudo apt install chromium')\n"
        "@pytest.mark.xfail(strict=True)\n"
        "def test_known(): assert False\n"
        "def test_fine(effort): assert effort == 1\n"
    )
    outside = {name: value for name, value in os.environ.items() if name not in ("CI", "EFFORT")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    return subprocess.run(command, env={**outside, **settings}, cwd=folder, capture_output=True, text=True, check=False)


def test_a_skip_is_said_once_with_its_mend_on_a_users_machine(tmp_path: Path) -> None:
    ended = run_pytest(tmp_path)
    assert ended.returncode == 0
    assert "skipped 2: needs Chromium: sudo apt install chromium\n" in ended.stdout
    assert "1 passed, 2 skipped, 1 xfailed" in ended.stdout


def test_a_skip_on_ci_is_a_failure(tmp_path: Path) -> None:
    ended = run_pytest(tmp_path, CI="true")
    assert ended.returncode == 1
    assert "skipped, which CI does not allow: needs Chromium" in ended.stdout
    assert "2 failed, 1 passed, 1 xfailed" in ended.stdout

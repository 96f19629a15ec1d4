"""The package of the functions: what Lambda's machines can load, whoever makes it."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import lambda_package
from tools.environment import Environment, SetupError
from tools.lambda_package import MOST_BYTES, build, glibc_of, hold_to_size, runtime


def library(*asks: str) -> bytes:
    """As the names of versions stand in a shared library."""
    return b"\x7fELF" + b"".join(b"\0" + each.encode() for each in ("libc.so.6", *asks)) + b"\0rest"


@pytest.mark.parametrize(
    ("python", "of_lambda"),
    [((3, 11), "python3.12"), ((3, 12), "python3.12"), ((3, 13), "python3.13"), ((3, 14), "python3.14")],
)
def test_the_functions_run_on_a_system_that_can_load_them_whatever_python_deploys(
    python: tuple[int, int], of_lambda: str
) -> None:
    assert runtime(python) == of_lambda


def test_the_newest_glibc_that_a_library_asks_for_is_read_from_it() -> None:
    assert glibc_of(library("GLIBC_2.17", "GLIBC_2.28", "GLIBC_2.3.4")) == (2, 28)
    assert glibc_of(b"of another kind") == (0, 0)


class Fetching:
    """The registry's wheels for Lambda, with one compiled file in them; ``words`` are what was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, python: tuple[int, int], asks: str) -> None:
        self.words: list[str] = []
        self.asks = asks
        monkeypatch.setattr(lambda_package, "_THIS", python)
        monkeypatch.setattr(lambda_package, "runtime", lambda: runtime(python))
        monkeypatch.setattr(subprocess, "run", self)

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        self.words = command
        target = Path(command[command.index("--target") + 1])
        (target / "botocore" / "data").mkdir(parents=True)
        (target / "botocore" / "one.py").write_text("")
        (target / "_rust.abi3.so").write_bytes(library("GLIBC_2.17", self.asks))
        return subprocess.CompletedProcess(command, 0)


def test_an_old_python_fetches_for_lambdas_and_says_what_it_costs(monkeypatch, tmp_path: Path, capsys) -> None:
    fetching = Fetching(monkeypatch, (3, 11), "GLIBC_2.28")
    made = build(Environment(), tmp_path / "lambda", here=False)
    assert fetching.words[fetching.words.index("--python-version") + 1] == "3.12"
    assert not list(made.rglob("*.pyc")), "Lambda's Python would not read them"
    assert "PYTHON=python3.12" in capsys.readouterr().out


def test_a_new_one_ships_what_it_compiled(monkeypatch, tmp_path: Path, capsys) -> None:
    fetching = Fetching(monkeypatch, (3, 13), "GLIBC_2.28")
    made = build(Environment(), tmp_path / "lambda", here=False)
    assert fetching.words[fetching.words.index("--python-version") + 1] == "3.13"
    assert list((made / "botocore").rglob("*.pyc"))
    assert capsys.readouterr().out == ""


def test_what_lambdas_machines_could_not_load_is_not_deployed(monkeypatch, tmp_path: Path) -> None:
    Fetching(monkeypatch, (3, 13), "GLIBC_2.35")
    with pytest.raises(SetupError, match=r"_rust\.abi3\.so needs glibc 2\.35"):
        build(Environment(), tmp_path / "lambda", here=False)


@pytest.mark.parametrize("here", [False, True])
def test_a_package_that_is_too_large_is_not_deployed_whoever_makes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: bool
) -> None:
    """Bytes by chance, since zipping makes nothing less of them."""

    def bring(target: Path) -> None:
        (target / "botocore" / "data").mkdir(parents=True)
        (target / "botocore" / "large").write_bytes(random.Random(1).randbytes(MOST_BYTES))

    monkeypatch.setattr(lambda_package, "_copy_installed", bring)
    monkeypatch.setattr(lambda_package, "_fetch", lambda _environment, target: bring(target))
    with pytest.raises(SetupError, match=r"MB zipped, and 15 MB are the most.* botocore \(15\.0 MB\)"):
        build(Environment(), tmp_path / "lambda", here=here)


def test_a_package_may_be_as_large_as_it_may(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "lambda"
    folder.mkdir()
    (folder / "one.py").write_text("")
    size = hold_to_size(folder)
    monkeypatch.setattr(lambda_package, "MOST_BYTES", size)
    assert hold_to_size(folder) == size
    monkeypatch.setattr(lambda_package, "MOST_BYTES", size - 1)
    with pytest.raises(SetupError):
        hold_to_size(folder)

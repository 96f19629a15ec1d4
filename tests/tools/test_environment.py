"""When .venv is left alone, mended or made anew, and what a person is told when it cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import commands, environment
from tools.environment import Environment, Kind, SetupError

CHECKOUT = Path(__file__).resolve().parents[2]


class Counted(Environment):
    """An environment that fetches nothing: it notes what it would have done."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        object.__setattr__(self, "done", [])

    done: list[str]

    def _create(self) -> None:
        self.done.append("create")
        self.scripts.mkdir(parents=True, exist_ok=True)
        self.python.touch()

    def _install(self, kind: Kind) -> None:
        self.done.append(kind)

    def _point_at_source(self) -> None:
        pass


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.txt").write_text("a==1")
    (tmp_path / "requirements/aws.txt").write_text("a==1\nc==1")
    (tmp_path / "requirements/dev.txt").write_text("a==1\nb==1\nc==1")
    return tmp_path


def done(checkout: Path, kind: Kind = "run") -> list[str]:
    one = Counted(checkout)
    one.ensure(kind)
    return one.done


def test_it_is_made_once_and_then_left_alone(checkout: Path) -> None:
    assert done(checkout) == ["create", "run"]
    assert done(checkout) == []


def test_what_a_home_on_aws_needs_is_added_when_it_is_asked_for_and_then_kept(checkout: Path) -> None:
    assert done(checkout) == ["create", "run"]
    assert done(checkout, "aws") == ["aws"]
    assert done(checkout, "run") == []


def test_what_tests_need_holds_what_running_needs(checkout: Path) -> None:
    assert done(checkout, "dev") == ["create", "dev"]
    assert done(checkout, "run") == []


def test_tests_after_running_only_add_to_it(checkout: Path) -> None:
    done(checkout)
    assert done(checkout, "dev") == ["dev"]


def test_a_changed_lock_is_installed_into_what_is_there(checkout: Path) -> None:
    done(checkout)
    (checkout / "requirements/run.txt").write_text("a==2")
    assert done(checkout) == ["run"]


def test_without_its_python_it_is_made_anew(checkout: Path) -> None:
    done(checkout)
    Counted(checkout).python.unlink()
    assert done(checkout) == ["create", "run"]


@pytest.mark.parametrize("stamp", ["", "not json", "[]", '{"maker": "cpython-27 i386 /elsewhere"}'])
def test_one_that_another_python_or_place_made_is_made_anew(checkout: Path, stamp: str) -> None:
    done(checkout)
    Counted(checkout).stamp.write_text(stamp)
    assert done(checkout) == ["create", "run"]


def test_a_failed_install_is_tried_again_without_making_it_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Counted, _kind: Kind) -> None:
        raise SetupError("no registry")

    with monkeypatch.context() as patch:
        patch.setattr(Counted, "_install", fail)
        with pytest.raises(SetupError, match="no registry"):
            done(checkout)
    assert done(checkout) == ["run"]


def test_a_missing_lock_says_how_to_get_it_back(checkout: Path) -> None:
    (checkout / "requirements/run.txt").unlink()
    with pytest.raises(SetupError, match=r"git checkout requirements/run\.txt"):
        done(checkout)


def test_a_folder_that_cannot_be_written_says_how_to_mend_it(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SetupError, match=r"cannot be written; .* sudo chown"):
        Environment(checkout).ensure("run")


def test_a_python_without_ensurepip_says_what_to_install(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else 1)
    with pytest.raises(SetupError, match="apt install python3-venv"):
        Environment(checkout).ensure("run")


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            "WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution found",
            "cannot be reached",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "its hash differs"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: No matching distribution found for uvloop==1", "uvloop==1 has no ready-made build for"),
        ("ERROR: Could not install: a riddle", r"\(Could not install: a riddle\)"),
        ("", "it gave no reason"),
    ],
)
def test_pips_words_become_one_sentence_with_the_mend(output: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        raise SetupError(environment.explain_pip(output))


def test_only_hashed_wheels_from_pips_own_registry_are_installed() -> None:
    command = environment.pip_command(Path("python"), Path("lock.txt"))
    assert {"--require-hashes", "--only-binary", "--no-deps"} < set(command)
    assert not {"--index-url", "--find-links", "--extra-index-url"} & set(command)


def test_the_script_beside_the_environments_python_starts_the_package(checkout: Path) -> None:
    (checkout / "src/aurora_time").mkdir(parents=True)
    (checkout / "src/aurora_time/__main__.py").write_text("import sys; print('started', *sys.argv[1:])")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")], check=True)
    one = Environment(checkout)
    one._point_at_source()
    script = one.scripts / ("aurora.cmd" if environment.WINDOWS else "aurora")
    shown = subprocess.run([str(script), "serve", "a b"], capture_output=True, text=True, check=True, cwd="/").stdout
    assert shown == "started serve a b\n"


def test_an_unknown_command_shows_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["fly"]) == 2
    assert "There is no command 'fly'" in (shown := capsys.readouterr().err)
    assert all(f"  {name} " in shown or f"{name}," in shown for name in ("run", "test", "check", "soak", "lock"))


def test_an_old_python_is_told_what_is_needed_in_one_sentence() -> None:
    pretend = "import sys, runpy; sys.version_info = (3, 9, 1); runpy.run_path(sys.argv[1], run_name='__main__')"
    command = [sys.executable, "-c", pretend, str(CHECKOUT / "tools/aurora.py")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Aurora Time needs Python 3.11 or newer, and this is 3.9;")
    assert ended.stderr.count("\n") == 1


def test_the_stamp_names_what_is_installed(checkout: Path) -> None:
    done(checkout)
    stamp = json.loads((checkout / ".venv/aurora-stamp.json").read_text())
    assert set(stamp) == {"maker", "run"}

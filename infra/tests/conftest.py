"""All stacks of both environments, synthesized once; nothing here asks the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from infra.app import make_app

Synthesize = Callable[[Mapping[str, str]], Path]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    (folder / "nothing.py").write_text("")
    return folder


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory, package: Path) -> Path:
    """With nothing said."""
    out = tmp_path_factory.mktemp("templates")
    make_app(package, str(out)).synth()
    return out


@pytest.fixture(scope="session")
def chosen(tmp_path_factory: pytest.TempPathFactory, package: Path) -> Path:
    """The production of somebody who chose all that can be chosen."""
    out = tmp_path_factory.mktemp("chosen")
    said = {
        "domain": "time.example.net",
        "cognitoPlan": "LITE",
        "signup": "open",
        "googleClientId": "1234.apps.googleusercontent.com",
        "googleSecret": "aurora-google",
        "hosting": "amplify",
        "deliveredBy": "example/aurora-time",
    }
    make_app(package, str(out), ("prod",), said).synth()
    return out

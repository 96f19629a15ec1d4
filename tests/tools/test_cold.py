"""Cold starts are measured of every function that is deployed, and of *ring* with a mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_time.aws.functions import functions
from benchmarks import cold
from benchmarks.measure import Figure, missed
from tools.environment import Environment
from tools.lambda_package import build


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(Environment(), tmp_path_factory.mktemp("package") / "lambda", here=True)


def test_every_function_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lambda.zip").write_bytes(b"")
    monkeypatch.setattr(cold, "build", lambda *_, **__: tmp_path / "lambda")
    monkeypatch.setattr(cold, "measure", lambda *words: Figure("cold", words[-1].name, 1, "ms CPU"))
    monkeypatch.setattr(cold, "fill", lambda *_: {})
    assert [each.what for each in cold.run()][1:] == [each.name for each in functions()]


def test_there_is_something_to_ask_of_every_function(tmp_path: Path) -> None:
    items = cold.fill(tmp_path, "http://127.0.0.1:1")
    assert cold.events("token", items).keys() == {each.name for each in functions()}


def test_the_first_errand_of_ring_is_measured_to_its_mail(tmp_path: Path, package: Path) -> None:
    (ring,) = [each for each in functions() if each.mails]
    with cold.stub() as asked:
        figure = cold.measure(package, asked, cold.fill(tmp_path, asked.url), ring)
        assert asked.mails == 1
    assert figure.what == "ring: start to first mail"


def test_a_function_that_takes_longer_than_it_may_is_named_at_the_end() -> None:
    figures = [
        Figure("cold", "events: start to first answer", 300, "ms CPU", 500),
        Figure("cold", "ring: start to first mail", 612, "ms CPU", 500),
        Figure("serving", "creates", 900, "a second", 1_500, more_is_better=True),
        Figure("serving", "no goal", 1, "s"),
    ]
    assert missed(figures) == [
        "over the goal of 500 ms CPU: cold, ring: start to first mail: 612 ms CPU",
        "below the goal of 1,500 a second: serving, creates: 900 a second",
    ]

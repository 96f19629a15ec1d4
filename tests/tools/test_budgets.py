"""The budgets notice what they forbid, and measure as CONTRIBUTING.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import budgets


def broken(tmp_path: Path, place: str, text: str) -> list[str]:
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return budgets.measure(tmp_path).broken


def function(lines: int, signature: str = "def long():") -> str:
    return signature + "\n" + "    x = 1\n" * (lines - 1)


def test_a_function_of_fifty_lines_passes_beside_short_ones_and_one_of_fifty_one_does_not(
    tmp_path: Path,
) -> None:
    short = "".join(f"def short{n}(): ...\n" for n in range(30))
    assert broken(tmp_path, "src/a.py", function(50) + short) == []
    assert broken(tmp_path, "src/a.py", function(51) + short) == ["src/a.py:1: long has 51 lines, at most 50"]


def test_the_stacks_are_measured_but_not_what_their_tools_bring(tmp_path: Path) -> None:
    assert broken(tmp_path, "infra/stacks/a.py", "x = 1\n" * 401) != []
    (tmp_path / "infra/stacks/a.py").unlink()
    assert broken(tmp_path, "infra/node_modules/a/b.js", "x = 1\n" * 401) == []


def test_decorators_docstring_and_blank_lines_do_not_count_but_comments_do(tmp_path: Path) -> None:
    text = '@mark\n@mark(1)\ndef f(\n    a,\n):\n    """One.\n\n    Two.\n    """\n\n    # why\n    return a\n'
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text(text)
    assert [one.lines for one in budgets.measure(tmp_path).functions] == [5]


def test_more_than_one_in_twenty_functions_over_thirty_lines_is_too_many(tmp_path: Path) -> None:
    short = "".join(f"def short{n}(): ...\n" for n in range(19))
    assert broken(tmp_path, "src/a.py", short + function(31)) == []
    found = broken(tmp_path, "src/a.py", short + function(31) + function(31, "def other():"))
    assert len(found) == 1
    assert "more than 5 % of the functions exceed 30 lines: src/a.py:20 long, src/a.py:51 other" in found[0]


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("def f(a, b, /, c, *, d, e): ...", 5),
        ("def f(a, b, c, d, *rest, **options): ...", 6),
        ("async def f(a, b, c, d, e, f): ...", 6),
        ("class A:\n    def f(self, a, b, c, d, e): ...", 5),
        ("class A:\n    @staticmethod\n    def f(a, b, c, d, e, f): ...", 6),
    ],
)
def test_five_parameters_pass_and_six_do_not(tmp_path: Path, signature: str, count: int) -> None:
    found = broken(tmp_path, "src/a.py", signature + "\n")
    assert len(found) == (count > 5)
    assert all(f"has {count} parameters, at most 5" in line for line in found)


def test_a_test_may_ask_for_many_fixtures(tmp_path: Path) -> None:
    assert broken(tmp_path, "tests/test_a.py", "def test_a(a, b, c, d, e, f, g): ...\n") == []


@pytest.mark.parametrize(
    "clause",
    ["except Exception:", "except BaseException as error:", "except (ValueError, Exception):", "except:"],
)
def test_catching_everything_is_for_the_carriers(tmp_path: Path, clause: str) -> None:
    text = f"try:\n    x()\n{clause}\n    pass\n"
    assert broken(tmp_path, "src/aurora_time/run/asgi.py", text) == []
    assert broken(tmp_path, "src/aurora_time/api/events.py", text) == [
        "src/aurora_time/api/events.py:3: catches everything; name the errors that are meant"
    ]


def test_suppressing_everything_is_noticed_too(tmp_path: Path) -> None:
    assert len(broken(tmp_path, "src/a.py", "with contextlib.suppress(Exception):\n    x()\n")) == 1
    assert broken(tmp_path, "src/a.py", "with suppress(KeyError):\n    x()\ntry:\n    x()\nexcept OSError: ...\n") == []


def test_notes_for_later_are_noticed_in_every_kind_of_file_but_a_vtodo_is_none(tmp_path: Path) -> None:
    assert len(broken(tmp_path, "src/page.html", "<!-- " + "TO" + "DO: later -->\n")) == 1
    assert len(broken(tmp_path, "tools/a.py", "# FIX" + "ME\n")) == 2
    assert len(broken(tmp_path, "tools/a.py", "kind = 'VTODO'  # todo lists\n")) == 1  # only the page's


def test_a_file_of_more_than_four_hundred_lines_is_too_long(tmp_path: Path) -> None:
    assert broken(tmp_path, "benchmarks/a.py", "x = 1\n" * 400) == []
    assert broken(tmp_path, "benchmarks/a.py", "x = 1\n" * 401) == [
        "benchmarks/a.py: 401 lines, at most 400; split it by meaning"
    ]


def test_a_file_that_is_not_python_is_named(tmp_path: Path) -> None:
    assert broken(tmp_path, "src/a.py", "def (:\n") == ["src/a.py:1: invalid syntax"]


def test_the_report_states_each_figure_against_its_budget(tmp_path: Path) -> None:
    broken(tmp_path, "src/a.py", function(12, "def f(a, b):"))
    report = "\n".join(budgets.report(budgets.measure(tmp_path)))
    assert "p95 12 of 30, most 12 of 50 (f), 1 functions" in report
    assert "most 2 of 5" in report
    assert "most 12 of 400 (src/a.py), 1 files" in report

"""Every reason that an import gives is known to the web app, which tells it in the language of its reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aurora_time.domain.zones import zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.import_plan import Reader, read_plan
from tests.api.transfer_texts import calendar, event

TOP: Final = Path(__file__).parents[2]
REASONS: Final = TOP / "web/src/sections/import/reasons.ts"
READER: Final = Reader("calendar", 1_790_000_000, zone("Asia/Ho_Chi_Minh"), "an@example.org")


def known() -> re.Pattern[str]:
    """What the app can say otherwise: the names of its catalogue, whose gaps stand for what is quoted."""
    names = re.findall(r"""^  (?:'([^']+)'|"([^"]+)"): '""", REASONS.read_text(encoding="utf-8"), re.MULTILINE)
    patterns = (re.escape(one or other).replace(r"\{\}", ".+") for one, other in names)
    return re.compile("|".join(patterns), re.DOTALL)


def reasons() -> Iterator[str]:
    for text in sorted((TOP / "tests/ics").rglob("*.ics")):
        try:
            yield from (note.why for note in read_plan(text.read_bytes(), READER).notes)
        except InvalidError as error:
            yield str(error)


def test_no_reason_is_told_in_a_language_that_its_reader_has_not_chosen() -> None:
    told = set(reasons())
    assert len(told) > 60, "the texts that are read say all there is to say"
    assert {each for each in told if not known().fullmatch(each)} == set()


def test_what_is_too_large_is_told_its_true_size() -> None:
    """Notes that are too long to be shown are kept whole beside what is shown of them, and both count."""
    notes = f"DESCRIPTION:{'x' * 250_000}"
    plan = read_plan(calendar(*event("one", "x", 0, "20261124T090000Z", notes)).encode(), READER)
    (why,) = [note.why for note in plan.notes if note.severity == "error"]
    assert re.match(r"It takes 350,\d{3} bytes as it is kept here, and at most 350,000 are; ", why)
    assert "100,000 characters, what is shown counts again" in why
    assert known().fullmatch(why)

"""Every reason that an import gives is known to the web app, which tells it in the language of its reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aurora_time.domain.zones import zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.import_plan import Reader, read_plan

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

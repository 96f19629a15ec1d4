"""How to meet each problem that a handler itself declares, by operation and problem: see test_promises.py."""

from __future__ import annotations

from typing import Final

from tests.api.declared_scenarios import Scenario
from tests.api.refused_object_scenarios import OBJECT_REFUSALS
from tests.api.refused_other_scenarios import OTHER_REFUSALS

REFUSALS: Final[dict[tuple[str, str], Scenario]] = {**OBJECT_REFUSALS, **OTHER_REFUSALS}

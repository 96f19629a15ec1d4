"""Figures for CloudWatch, written to the log in its embedded metric format; nothing in them names a person."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Final, Literal

from aurora_time.ports import Clock

NAMESPACE: Final = "AURORA_METRICS"
"""What the environment calls where the figures go, so that two homes in one account stay apart."""
Unit = Literal["Seconds", "Count"]
Metric = Literal["OldestOverdue", "Lateness", "HandedOver", "RemindersFailed", "ErrandsFailed", "RemindersCameBack"]
UNITS: Final[dict[Metric, Unit]] = {
    "OldestOverdue": "Seconds",
    "Lateness": "Seconds",
    "HandedOver": "Count",
    "RemindersFailed": "Count",
    "ErrandsFailed": "Count",
    "RemindersCameBack": "Count",
}
WELL: Final[dict[Metric, int]] = {"OldestOverdue": 120, "ErrandsFailed": 1}
"""Above which somebody is woken (infra/stacks/ops.py): seconds, for three minutes; within an hour, as one address
that nothing reaches is no matter of the operator's."""


def emit(clock: Clock, values: dict[Metric, float | Sequence[float]]) -> None:
    """One line. A list is as many values of its metric, at most a hundred."""
    shown = {name: value for name, value in values.items() if value != []}
    if not shown:
        return
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in shown]
    about = {
        "Timestamp": int(clock.now() * 1000),
        "CloudWatchMetrics": [
            {"Namespace": os.environ.get(NAMESPACE, "AuroraTime"), "Dimensions": [[]], "Metrics": metrics}
        ],
    }
    print(json.dumps({"_aws": about, **shown}), file=sys.stdout, flush=True)

"""The meter of a home: who may read it, and what it shows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from aurora_time.operations.meter import Labels, Meter, single
from aurora_time.run.settings import Settings
from aurora_time.run.tables import HomeTable

_COUNTS = {
    "writes": "Writes that were acknowledged.",
    "groups": "Commits that they were gathered into.",
    "conflicts": "Writes that were refused, since a condition was not met.",
    "failures": "Writes that could not be done.",
    "expired": "Items removed when they had expired.",
    "throttled": "Calls that were told to come more slowly.",
    "retries": "Calls that were tried again.",
}


def make_meter(settings: Settings, table: HomeTable) -> Meter:
    """With a token, who bears it reads; without one, whoever is on this machine, if nobody else gets here."""
    meter = Meter(settings.metrics_token or (None if settings.is_local else ""))
    for name, help_ in _COUNTS.items():
        if hasattr(table.stats, name):
            meter.watch(f"aurora_table_{name}_total", "counter", help_, partial(_stat, table, name))
    return meter


def _stat(table: HomeTable, name: str) -> Mapping[Labels, float]:
    return single(getattr(table.stats, name))

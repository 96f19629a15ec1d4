"""What is counted, as a scraper reads it."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aurora_time.operations.meter import Histogram, Meter, single


def read(meter: Meter) -> dict[str, list[tuple[dict[str, str], float]]]:
    """The samples, as Prometheus's own parser understands them."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families("\n".join(meter.lines()) + "\n"):
        assert family.documentation
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_requests_are_counted_by_operation_and_status():
    meter = Meter()
    created = meter.operation("createEvent")
    for status, seconds in ((201, 0.002), (201, 0.003), (422, 0.0001), (500, 30.0)):
        created.note(status, seconds)
    assert meter.operation("createEvent") is created
    meter.operation("getMe")
    samples = read(meter)
    assert samples["aurora_requests_total"] == [
        ({"operation": "createEvent", "status": "201"}, 2),
        ({"operation": "createEvent", "status": "422"}, 1),
        ({"operation": "createEvent", "status": "500"}, 1),
    ]
    buckets = {labels["le"]: value for labels, value in samples["aurora_request_seconds_bucket"]}
    assert (buckets["0.0005"], buckets["0.0025"], buckets["0.005"], buckets["5"]) == (1, 2, 3, 3)
    assert buckets["+Inf"] == 4 == samples["aurora_request_seconds_count"][0][1]
    assert samples["aurora_request_seconds_sum"][0][1] == pytest.approx(30.0051)


def test_reminders_are_counted_by_what_became_of_them_and_how_late_they_were():
    meter = Meter()
    meter.reminder("sent", 0.3)
    meter.reminder("sent", -0.1)
    meter.reminder("failed")
    samples = read(meter)
    assert samples["aurora_reminders_total"] == [({"status": "sent"}, 2), ({"status": "failed"}, 1)]
    assert samples["aurora_reminder_lateness_seconds_count"] == [({}, 2)]
    assert samples["aurora_reminder_lateness_seconds_sum"] == [({}, 0.3)]


def test_what_is_watched_is_read_when_somebody_looks():
    meter, writes = Meter(), [1]
    meter.watch("aurora_table_writes_total", "counter", "Writes.", lambda: single(writes[0]))
    writes[0] = 7
    assert read(meter)["aurora_table_writes_total"] == [({}, 7)]


def test_an_upper_end_belongs_to_its_bucket():
    histogram = Histogram((1.0, 2.0))
    for seconds in (1.0, 1.5, 2.0, 2.5):
        histogram.note(seconds)
    assert histogram.counts == [1, 2, 1]


@pytest.mark.parametrize(
    ("secret", "authorization", "may"),
    [
        (None, "", True),
        ("", "", False),
        ("", "Bearer ", False),
        ("s3cret", "", False),
        ("s3cret", "Bearer s3cret", True),
        ("s3cret", "Bearer s3cre", False),
        ("s3cret", "bearer s3cret", False),
        ("s3cret", "Bearer é", False),
    ],
)
def test_who_may_read(secret, authorization, may):
    assert Meter(secret).admits(authorization) is may

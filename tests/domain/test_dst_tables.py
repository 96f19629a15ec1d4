"""What the clock does where it is put forward or back, a table for each zone (RFC 5545 3.3.5)."""

from __future__ import annotations

import pytest

from aurora_time.domain.moment import parse_instant, parse_wall, print_instant, print_wall
from aurora_time.domain.zones import zone

# The wall as written, its instant, and what the clock shows at that instant.
TABLES = {
    "Europe/Berlin": [
        ("before the gap", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"),
        ("gap, first second", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
        ("gap", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "2026-03-29T03:30:00"),
        ("after the gap", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
        ("before the overlap", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z", "2026-10-25T01:59:59"),
        ("overlap", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00"),
        ("overlap, last second", "2026-10-25T02:59:59", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"),
        ("after the overlap", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00"),
        ("far ahead, summer", "2199-07-01T12:00:00", "2199-07-01T10:00:00Z", "2199-07-01T12:00:00"),
        ("double summer time", "1947-06-01T12:00:00", "1947-06-01T09:00:00Z", "1947-06-01T12:00:00"),
    ],
    "America/New_York": [
        ("before the gap", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"),
        ("gap", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z", "2026-03-08T03:30:00"),
        ("after the gap", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"),
        ("before the overlap", "2026-11-01T00:59:59", "2026-11-01T04:59:59Z", "2026-11-01T00:59:59"),
        ("overlap", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", "2026-11-01T01:30:00"),
        ("after the overlap", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z", "2026-11-01T02:00:00"),
        ("before 2007: April", "2006-04-02T02:30:00", "2006-04-02T07:30:00Z", "2006-04-02T03:30:00"),
        ("before 2007: March", "2006-03-12T02:30:00", "2006-03-12T07:30:00Z", "2006-03-12T02:30:00"),
    ],
    "Australia/Lord_Howe": [
        ("before the gap", "2026-10-04T01:59:59", "2026-10-03T15:29:59Z", "2026-10-04T01:59:59"),
        ("gap of half an hour", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z", "2026-10-04T02:45:00"),
        ("after the gap", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z", "2026-10-04T02:30:00"),
        ("before the overlap", "2026-04-05T01:29:59", "2026-04-04T14:29:59Z", "2026-04-05T01:29:59"),
        ("overlap of half an hour", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", "2026-04-05T01:45:00"),
        ("after the overlap", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z", "2026-04-05T02:00:00"),
    ],
    "Asia/Ho_Chi_Minh": [
        ("no gap in spring", "2026-03-29T02:30:00", "2026-03-28T19:30:00Z", "2026-03-29T02:30:00"),
        ("no overlap in autumn", "2026-10-25T02:30:00", "2026-10-24T19:30:00Z", "2026-10-25T02:30:00"),
        ("midnight", "2026-11-23T00:00:00", "2026-11-22T17:00:00Z", "2026-11-23T00:00:00"),
        ("until 1975", "1975-06-12T23:59:59", "1975-06-12T15:59:59Z", "1975-06-12T23:59:59"),
    ],
    "Africa/Casablanca": [
        ("before Ramadan", "2025-02-23T01:59:59", "2025-02-23T00:59:59Z", "2025-02-23T01:59:59"),
        ("overlap: back for Ramadan", "2025-02-23T02:30:00", "2025-02-23T01:30:00Z", "2025-02-23T02:30:00"),
        ("in Ramadan", "2025-03-10T12:00:00", "2025-03-10T12:00:00Z", "2025-03-10T12:00:00"),
        ("gap: forward after Ramadan", "2025-04-06T02:30:00", "2025-04-06T02:30:00Z", "2025-04-06T03:30:00"),
        ("after Ramadan", "2025-04-06T03:00:00", "2025-04-06T02:00:00Z", "2025-04-06T03:00:00"),
        ("the rest of the year", "2025-12-01T12:00:00", "2025-12-01T11:00:00Z", "2025-12-01T12:00:00"),
    ],
    "America/Sao_Paulo": [
        ("before the gap", "2018-11-03T23:59:59", "2018-11-04T02:59:59Z", "2018-11-03T23:59:59"),
        ("gap at midnight", "2018-11-04T00:00:00", "2018-11-04T03:00:00Z", "2018-11-04T01:00:00"),
        ("gap", "2018-11-04T00:30:00", "2018-11-04T03:30:00Z", "2018-11-04T01:30:00"),
        ("after the gap", "2018-11-04T01:00:00", "2018-11-04T03:00:00Z", "2018-11-04T01:00:00"),
        ("overlap before midnight", "2019-02-16T23:30:00", "2019-02-17T01:30:00Z", "2019-02-16T23:30:00"),
        ("after the overlap", "2019-02-17T00:00:00", "2019-02-17T03:00:00Z", "2019-02-17T00:00:00"),
        ("abolished in 2019", "2019-11-03T00:30:00", "2019-11-03T03:30:00Z", "2019-11-03T00:30:00"),
        ("summers since", "2026-01-15T12:00:00", "2026-01-15T15:00:00Z", "2026-01-15T12:00:00"),
    ],
}
ROWS = [pytest.param(name, *row[1:], id=f"{name}: {row[0]} {row[1]}") for name, rows in TABLES.items() for row in rows]


@pytest.mark.parametrize(("name", "wall", "instant", "shown"), ROWS)
def test_clock(name, wall, instant, shown):
    assert print_instant(zone(name).instant(parse_wall(wall))) == instant
    assert print_wall(zone(name).wall(parse_instant(instant))) == shown


@pytest.mark.parametrize(
    ("name", "first", "second", "shown"),
    [
        ("Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00"),
        ("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T01:30:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-05T01:45:00"),
        ("Africa/Casablanca", "2025-02-23T01:30:00Z", "2025-02-23T02:30:00Z", "2025-02-23T02:30:00"),
        ("America/Sao_Paulo", "2019-02-17T01:30:00Z", "2019-02-17T02:30:00Z", "2019-02-16T23:30:00"),
    ],
)
def test_an_overlap_shows_a_time_twice_and_means_the_first(name, first, second, shown):
    assert [print_wall(zone(name).wall(parse_instant(text))) for text in (first, second)] == [shown, shown]
    assert print_instant(zone(name).instant(parse_wall(shown))) == first

"""What is put into DynamoDB is within its limits, by AWS's own rules for sizes."""

from __future__ import annotations

from aurora_time.adapters.dynamodb_items import attributes_of, item_from, new_write_id, query_request, write_request
from aurora_time.ports import (
    MAX_BODY,
    MAX_CHANGES,
    MAX_PART,
    MAX_SORT,
    MAX_VERSION,
    MAX_WRITE_BYTES,
    Item,
    Key,
    Put,
    Range,
)
from tools.capacity.rules import stored_size

LARGEST = Put(Key("é" * (MAX_PART // 2), "é" * (MAX_SORT // 2)), bytes(MAX_BODY), "v" * MAX_VERSION, None, 2**53)


def test_the_largest_item_is_within_400_kb_and_its_keys_within_theirs() -> None:
    assert stored_size(attributes_of(LARGEST, new_write_id())) < 400 * 1024
    assert MAX_PART <= 2048
    assert MAX_SORT <= 1024


def test_the_largest_write_is_within_4_mb_and_100_changes() -> None:
    beside = stored_size(attributes_of(Put(Key("", ""), b"", "v" * MAX_VERSION, None, 2**53), new_write_id()))
    assert MAX_WRITE_BYTES + MAX_CHANGES * beside < 4 * 1024 * 1024
    assert MAX_CHANGES <= 100


def test_a_token_is_one_that_dynamodb_takes_and_never_the_same() -> None:
    tokens = {new_write_id() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(1 <= len(token) <= 36 for token in tokens)


def test_what_is_put_is_read_again() -> None:
    put = Put(Key("part", "sort"), b"\x00\xff", "v", "x", 1_800_000_000)
    assert item_from(attributes_of(put, "w")) == Item(put.key, put.body, "v", 1_800_000_000)


def test_attributes_beside_the_body_are_few_bytes() -> None:
    """They are paid for with each item: 22 for the version, 16 for the write id, one for each name."""
    assert stored_size(attributes_of(Put(Key("p", "s"), b"", "v" * 22), new_write_id())) == 45


def test_a_range_is_one_condition_on_the_sort() -> None:
    """DynamoDB takes no more than one; `s < :high` where there is no lower bound, since a key is never empty."""
    between = query_request("t", Range("p", "a", "b"))
    below = query_request("t", Range("p", "", "b"))
    assert between is not None
    assert between["KeyConditionExpression"] == "p = :p AND s BETWEEN :low AND :high"
    assert below is not None
    assert below["KeyConditionExpression"] == "p = :p AND s < :high"
    assert ":low" not in below["ExpressionAttributeValues"]


def test_expiry_is_compared_with_the_second_that_has_begun() -> None:
    _, request = write_request("t", (Put(Key("p", "s"), b"", "v", "w"),), 1_800_000_000.9, "id")
    assert request["ExpressionAttributeValues"][":now"] == {"N": "1800000000"}

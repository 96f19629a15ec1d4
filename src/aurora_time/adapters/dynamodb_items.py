"""How changes and items look on the wire to DynamoDB: plain values in, plain values out.

An item's attributes have names of one letter, since names are paid for like all else: ``p`` part, ``s`` sort, ``b``
body, ``v`` version, ``w`` the id of the write that put it, ``e`` when it expires (the table's TTL attribute).
"""

from __future__ import annotations

import math
import secrets
from typing import Any, Final

from aurora_time.ports import ABSENT, MAX_PART, MAX_SORT, Change, Delete, Item, Key, Put, Range

Attributes = dict[str, Any]
"""An item as DynamoDB's JSON has it: ``{"p": {"S": "..."}, ...}``."""
Request = dict[str, Any]

_IS_ABSENT: Final = "attribute_not_exists(p) OR e <= :now"
_HAS_VERSION: Final = "v = :version AND (attribute_not_exists(e) OR e > :now)"
_LONGEST: Final = 1024
"""Bytes of UTF-8 that DynamoDB takes for a sort, be it a bound."""


# --- items --------------------------------------------------------------------------------------------------
def key_of(key: Key) -> Attributes:
    return {"p": {"S": key.part}, "s": {"S": key.sort}}


def key_from(attributes: Attributes) -> Key:
    return Key(attributes["p"]["S"], attributes["s"]["S"])


def attributes_of(put: Put, write_id: str) -> Attributes:
    made = {**key_of(put.key), "b": {"B": put.body}, "v": {"S": put.version}, "w": {"S": write_id}}
    if put.expires is not None:
        made["e"] = {"N": str(put.expires)}
    return made


def new_write_id() -> str:
    """96 random bits: no two writes within the ten minutes in which DynamoDB knows a token have the same."""
    return secrets.token_urlsafe(12)


def item_from(attributes: Attributes) -> Item:
    expires = int(attributes["e"]["N"]) if "e" in attributes else None
    return Item(key_from(attributes), bytes(attributes["b"]["B"]), attributes["v"]["S"], expires)


def is_alive(item: Item, now: float) -> bool:
    return item.expires is None or item.expires > now


def can_be(key: Key) -> bool:
    """Whether there can be such an item; DynamoDB answers what cannot with an error, not with nothing."""
    return 0 < len(key.part.encode()) <= MAX_PART and 0 < len(key.sort.encode()) <= MAX_SORT


# --- writes -------------------------------------------------------------------------------------------------
def write_request(table: str, changes: tuple[Change, ...], now: float, write_id: str) -> tuple[str, Request]:
    """The operation that does these changes, and its parameters.

    One put upon a version goes by itself, at half the price: versions never come back, so it cannot be done twice. All
    else is a transaction, whose token makes repeating it harmless: done once more it could undo what others did since.
    """
    if len(changes) == 1 and isinstance(changes[0], Put) and changes[0].expect not in (None, ABSENT):
        return "PutItem", _action(table, changes[0], now, write_id)[1]
    actions = [dict([_action(table, change, now, write_id)]) for change in changes]
    return "TransactWriteItems", {"TransactItems": actions, "ClientRequestToken": write_id}


def _action(table: str, change: Change, now: float, write_id: str) -> tuple[str, Request]:
    where = {"TableName": table, **_condition(change.expect, now)}
    if isinstance(change, Put):
        return "Put", {**where, "Item": attributes_of(change, write_id)}
    return ("Delete" if isinstance(change, Delete) else "ConditionCheck"), {**where, "Key": key_of(change.key)}


def _condition(expect: str | None, now: float) -> Request:
    if expect is None:
        return {}
    # Instants of expiry are whole, so nothing lies between one and the second that has begun.
    values = {":now": {"N": str(math.floor(now))}}
    if expect != ABSENT:
        values[":version"] = {"S": expect}
    return {
        "ConditionExpression": _IS_ABSENT if expect == ABSENT else _HAS_VERSION,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def keys_of(changes: tuple[Change, ...]) -> set[Key]:
    return {change.key for change in changes}


# --- reads --------------------------------------------------------------------------------------------------
def query_request(table: str, range_: Range) -> Request | None:
    """The parameters of a query for at least the items of ``range_``; None if there can be none.

    DynamoDB takes one condition on the sort, and its BETWEEN includes the upper bound: ``in_range`` leaves that out.
    """
    part = range_.part.encode()
    is_empty = range_.low.encode() >= range_.high.encode() or (range_.limit is not None and range_.limit <= 0)
    if is_empty or not 0 < len(part) <= MAX_PART:
        return None
    low, high = _cut(range_.low), _cut(range_.high)
    values = {":p": {"S": range_.part}, ":high": {"S": high}}
    if low:
        values[":low"] = {"S": low}
    return {
        "TableName": table,
        "KeyConditionExpression": f"p = :p AND {'s BETWEEN :low AND :high' if low else 's < :high'}",
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not range_.reverse,
        "ConsistentRead": True,
    }


def in_range(item: Item, range_: Range) -> bool:
    return range_.low.encode() <= item.key.sort.encode() < range_.high.encode()


def _cut(bound: str) -> str:
    """A bound that DynamoDB takes. What is cut off is beyond the longest sort, so the same items lie on each side."""
    encoded = bound.encode()
    return bound if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode(errors="ignore")

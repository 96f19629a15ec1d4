"""Strong ETags and If-Match (RFC 9110 section 13)."""

from __future__ import annotations

from aurora_time.http.problem import PRECONDITION_FAILED, PRECONDITION_REQUIRED, Problem

_CHANGED = "It was changed since you read it. Read it again, apply your change to what is there now, and send its ETag."
_NEEDED = "PUT replaces the whole thing: send If-Match with the ETag of the version you read."


def etag(version: str) -> str:
    return f'"{version}"'


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",") if tag.strip()]


def check_if_match(header: str | None, version: str, *, required: bool = False) -> None:
    """Hold If-Match against the version there is. A weak tag never matches. Raises Problem 412 or 428."""
    if header is None:
        if required:
            raise Problem(PRECONDITION_REQUIRED, _NEEDED)
        return
    tags = _tags(header)
    if "*" not in tags and etag(version) not in tags:
        raise Problem(PRECONDITION_FAILED, _CHANGED)


def is_not_modified(if_none_match: str | None, version: str) -> bool:
    """Whether a GET may be answered 304. Here a weak tag does match (RFC 9110 section 13.1.2)."""
    if if_none_match is None:
        return False
    tags = [tag.removeprefix("W/") for tag in _tags(if_none_match)]
    return "*" in tags or etag(version) in tags

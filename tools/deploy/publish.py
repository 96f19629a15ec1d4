"""The web app's files into their bucket: hashed ones first, so that no page ever names what is not there yet.

Nothing is deleted: who has an older page open still finds its files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from aurora_time.http.web_app import AT, MEDIA_TYPES, caching

CONFIG: Final = "config.json"


def publish(s3: Any, bucket: str, site: Path, config: str) -> int:  # noqa: ANN401  boto3 makes its clients at run time
    """Put what tools/site.py laid out, and the app's configuration; how many files were sent."""
    names = sorted(each.relative_to(site).as_posix() for each in site.rglob("*") if each.is_file())
    hashed = [name for name in names if caching(_below(name)) != "no-cache"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {each["Key"] for page in pages for each in page.get("Contents", ())}
    new = [name for name in hashed if name not in there]
    others = [name for name in names if name not in hashed]
    for name in (*new, *others):
        _put(s3, bucket, name, (site / name).read_bytes())
    _put(s3, bucket, CONFIG, config.encode())
    return len(new) + len(others) + 1


def _below(name: str) -> str:
    return f"/{name}".removeprefix(AT)


def _put(s3: Any, bucket: str, name: str, body: bytes) -> None:  # noqa: ANN401  see above
    kind = "application/json" if name == CONFIG else MEDIA_TYPES[Path(name).suffix]
    s3.put_object(Bucket=bucket, Key=name, Body=body, ContentType=kind, CacheControl=caching(_below(name)))

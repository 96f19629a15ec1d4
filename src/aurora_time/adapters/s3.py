"""The Shelf port on S3: a bucket whose objects are deleted by its own rule."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aurora_time.ports import UnavailableError

_NAMES: Final = {
    "content-type": "ContentType",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
}
"""What an object says of itself when it is fetched."""


class S3Shelf:
    """``client`` is boto3's, which tries again by itself: the same is laid at the same place."""

    def __init__(self, client: Any, bucket: str) -> None:  # noqa: ANN401  boto3 makes its clients at run time
        self._client = client
        self._bucket = bucket

    async def lay(self, name: str, body: bytes, headers: Mapping[str, str]) -> None:
        told = {_NAMES[each]: value for each, value in headers.items() if each in _NAMES}
        wanted = {"Bucket": self._bucket, "Key": name, "Body": body, "CacheControl": "private, no-store", **told}
        try:
            await asyncio.to_thread(self._client.put_object, **wanted)
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(f"what is asked for cannot be laid ready: {error}", 5) from None

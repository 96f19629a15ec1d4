"""The Queue port on SQS: ten messages a call, the calls in worker threads."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aurora_time.ports import Message

_BATCH: Final = 10
"""Messages that SQS takes in one call."""
_AT_ONCE: Final = 8


class SqsQueue:
    """``client`` is boto3's, which tries again by itself: a message that comes twice does no harm."""

    def __init__(self, client: Any, url: str) -> None:  # noqa: ANN401  boto3 makes its clients at run time
        self._client = client
        self._url = url
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def send(self, *messages: Message) -> list[Message]:
        batches = (messages[n : n + _BATCH] for n in range(0, len(messages), _BATCH))
        refused = await asyncio.gather(*(self._send(batch) for batch in batches))
        return [message for some in refused for message in some]

    async def _send(self, batch: tuple[Message, ...]) -> list[Message]:
        sent = [
            {"Id": str(number), "MessageBody": message.body, "DelaySeconds": message.delay}
            for number, message in enumerate(batch)
        ]
        async with self._free:
            try:
                answer = await asyncio.to_thread(self._client.send_message_batch, QueueUrl=self._url, Entries=sent)
            except (BotoCoreError, ClientError):
                return list(batch)
        return [batch[int(each["Id"])] for each in answer.get("Failed", ())]

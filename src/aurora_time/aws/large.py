"""Answers that are larger than a function may give: laid into a bucket, and whoever asked is led there.

Lambda takes six million bytes of an answer, as it is written in JSON. An export may be more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.http.dispatch import problem_reply
from aurora_time.http.endpoint import Reply
from aurora_time.http.problem import TOO_LARGE, UNAVAILABLE, Problem
from aurora_time.ports import Clock, Ids, Shelf, UnavailableError

MOST: Final = 4_300_000
"""Bytes of a body, which Base64 makes a third more of."""
AT: Final = "answers/"
"""Where CloudFront looks into the bucket."""
GOOD: Final = 300
"""Seconds for which an address is good: CloudFront holds it to the instant that stands in it (paths.js)."""
_SMALLER: Final = (
    f"This answer has more than {MOST:,} bytes, which this home cannot send. Ask for it packed (`Accept-Encoding: "
    "gzip`), or for one calendar at a time (`calendarId`)."
)


@dataclass(frozen=True, slots=True)
class Fitting:
    """``shelf`` is None where a function never answers so much, or the home has no place for it."""

    shelf: Shelf | None
    clock: Clock
    ids: Ids

    async def __call__(self, reply: Reply, request_id: str) -> Reply:
        """The reply, or what leads to it: by an address that nobody can guess."""
        if len(reply.body) <= MOST:
            return reply
        if self.shelf is None:
            return problem_reply(Problem(TOO_LARGE, _SMALLER), request_id)
        name = f"{AT}{int(self.clock.now()) + GOOD}-{self.ids.secret()}"
        try:
            await self.shelf.lay(name, reply.body, {**reply.headers, "content-type": reply.media_type})
        except UnavailableError as error:
            again = {"retry-after": str(error.retry_after)}
            detail = "The answer could not be laid ready. Try again in a few seconds."
            return problem_reply(Problem(UNAVAILABLE, detail, headers=again), request_id)
        kept = {name: value for name, value in reply.headers.items() if name.startswith(("ratelimit", "x-robots"))}
        return Reply(303, headers={**kept, "location": f"/{name}", "cache-control": "no-store"})

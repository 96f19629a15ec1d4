"""What every carrier does around ``answer``: knows the methods of a path, reads a query, completes the head."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from aurora_time.http.dispatch import Wired, problem_reply, telling
from aurora_time.http.endpoint import Reply
from aurora_time.http.problem import INTERNAL, MALFORMED, METHOD_NOT_ALLOWED, Problem, not_found

MAX_PARAMETERS: Final = 100
_SECURITY: Final = (
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)


class Path:
    """The endpoints of one path, by method."""

    def __init__(self, wired: Mapping[str, Wired]) -> None:
        self.wired = wired
        self.policy = next(iter(wired.values())).policy
        self._allow = ", ".join(sorted({*wired, "OPTIONS", *(["HEAD"] if "GET" in wired else [])}))

    def find(self, method: str) -> Wired | None:
        """HEAD is answered as GET is, and its body left out."""
        return self.wired.get("GET" if method == "HEAD" else method)

    def other_method(self, method: str, request_id: str) -> Reply:
        """What is answered where ``find`` finds nothing."""
        if method == "OPTIONS":
            return Reply(204, headers={"allow": self._allow})
        problem = Problem(METHOD_NOT_ALLOWED, f"Use one of {self._allow} here.", headers={"allow": self._allow})
        return problem_reply(problem, request_id)

    def completed(self, reply: Reply) -> Reply:
        """With what is told of the limit, also where nobody asked yet who it is."""
        return reply if "ratelimit-policy" in reply.headers else telling(reply, self.policy)


def by_path(wired: Iterable[Wired]) -> dict[str, Path]:
    """In the order of the declarations."""
    methods: dict[str, dict[str, Wired]] = {}
    for each in wired:
        methods.setdefault(each.endpoint.path, {})[each.endpoint.method] = each
    return {path: Path(those) for path, those in methods.items()}


def nowhere(request_id: str, policy: Mapping[str, str]) -> Reply:
    """What no endpoint has: a 404 like that of an id which is not there."""
    return telling(problem_reply(not_found(), request_id), policy)


def broken(wired: Wired, request_id: str) -> Reply:
    """What is told of a mistake of ours: nothing of its inside."""
    detail = "This is our mistake, not yours. Who runs this server finds it in the log by the id of this request."
    return telling(problem_reply(Problem(INTERNAL, detail), request_id), wired.policy)


def read_query(text: str) -> list[tuple[str, str]]:
    """Raises Problem 400 when there is too much of it."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise Problem(MALFORMED, f"A query has at most {MAX_PARAMETERS} parameters.") from None


def head_of(reply: Reply, request_id: str) -> Iterable[tuple[str, str]]:
    """All fields of an answer but Content-Length."""
    yield from reply.headers.items()
    yield from _SECURITY[1:] if "cache-control" in reply.headers else _SECURITY
    yield "request-id", request_id
    if reply.body:
        yield "content-type", reply.media_type


NewId = Callable[[], str]

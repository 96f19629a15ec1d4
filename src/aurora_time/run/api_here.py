"""The REST API on the data of this machine while no server has it open: the same program, in this process."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from aurora_time.operations import jobs
from aurora_time.operations.errors import NotFoundError
from aurora_time.operations.moving import refuse_if_moved
from aurora_time.operations.people import SCOPES, create_token, delete_token
from aurora_time.ports import Range
from aurora_time.run.api_client import Answer
from aurora_time.run.control import OperatorError
from aurora_time.run.settings import DEFAULT_URL, Settings
from aurora_time.run.wiring import Home, home_routes, make_home
from aurora_time.run.world import RandomIds, SystemClock
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.people import Pointer

_TOKEN_LIFE: Final = 3600


class HereApi:
    """The data of this machine while no server has it open: the same API, in this process."""

    def __init__(self, settings: Settings, email: str) -> None:
        """Raises InUseError, StorageError, MovingError, and OperatorError when nobody here has this address."""
        self._runner = asyncio.Runner()
        self.where = settings.place
        with contextlib.ExitStack() as failing:
            failing.callback(self._runner.close)
            home = make_home(settings, settings.public_url or DEFAULT_URL, SystemClock(), RandomIds())
            failing.callback(lambda: self._runner.run(home.close()))
            self._runner.run(refuse_if_moved(home.table))
            self._owner, self.own_token, self._token = self._runner.run(short_token(home, email))
            failing.pop_all()
        self._home = home
        self._app = Starlette(routes=home_routes(home))

    def send(self, method: str, target: str, body: bytes | None, media: str) -> Answer:
        answer = self._runner.run(_in_process(self._app, method, target, (body, media, self._token)))
        self._runner.run(self._work())
        return answer

    def close(self) -> None:
        with contextlib.ExitStack() as ending:
            ending.callback(self._runner.close)
            ending.callback(lambda: self._runner.run(self._home.close()))
            ending.enter_context(contextlib.suppress(NotFoundError))  # it, or its owner, is gone already
            self._runner.run(delete_token(self._home.services, self._owner, self.own_token))

    async def _work(self) -> None:
        """What a server's loop would do for a request that began a job; reminders, and others' jobs, wait for one."""
        services, owner = self._home.services, self._owner
        (items,) = await services.table.query(Range(keys.job(owner, "").part))
        for job in (decode(item.body, Job) for item in items):
            if job.finished is None and job.due <= services.now:
                await jobs.run_page(services, owner, job.id, job.due_key)


async def short_token(home: Home, email: str) -> tuple[str, str, str]:
    """A token of somebody for an hour: (person's id, token's id, secret). Raises OperatorError."""
    (item,) = await home.services.table.get(keys.email(email))
    if item is None:
        raise OperatorError(f"Nobody here has the address {email}; `aurora user add {email}` makes an account.")
    owner = decode(item.body, Pointer).id
    token, _, secret = await create_token(
        home.services, owner, "aurora on this machine", SCOPES, home.services.now + _TOKEN_LIFE
    )
    return owner, token.id, secret


async def _in_process(app: ASGIApp, method: str, target: str, sent: tuple[bytes | None, str, str]) -> Answer:
    body, media, token = sent
    path, _, query = target.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {token}".encode()), (b"accept", b"*/*")]
    headers += [(b"content-type", media.encode())] if body is not None else []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], found, b"".join(each.get("body", b"") for each in said[1:]))

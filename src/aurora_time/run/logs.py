"""The log, on stderr: readable on a terminal, one JSON object a line elsewhere; no secrets, no addresses of people."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

if TYPE_CHECKING:
    from aurora_time.run.settings import LogLevel

_LEVELS: Final[Mapping[LogLevel, int]] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_SECRET_NAMES: Final = frozenset(("password", "token", "secret", "code", "authorization", "cookie"))
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
_SECRET: Final = re.compile(r"\baur_[0-9A-Za-z_-]+|\bBearer +\S+|\beyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_.-]+")


def configure_logs(level: LogLevel, stream: TextIO | None = None) -> None:
    """From now on, structlog and the standard library's logging write to ``stream`` (stderr) in one form."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    if out.isatty():
        shared.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        shared.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(out),
    )
    _configure_standard_library(shared, out)


def _configure_standard_library(processors: list[Processor], out: TextIO) -> None:
    """What libraries log: their warnings; of uvicorn, which narrates, only errors."""
    *shared, renderer = processors
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)


def hush_uvicorn() -> None:
    """While stopping: a request that was cut off is no error that anybody could mend."""
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put ``...`` for what is secret and ``<address>`` for e-mail addresses, wherever they were written."""
    return {name: "..." if name in _SECRET_NAMES else _redacted(value) for name, value in event.items()}


def _redacted(value: object) -> object:
    if not isinstance(value, str):
        return value
    return _SECRET.sub("...", _ADDRESS.sub("<address>", value))

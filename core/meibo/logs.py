"""Structured logs: one JSON object a line, of an allow-list of fields. What is not on the list is not written."""

from __future__ import annotations

import asyncio
import atexit
import logging
import sys
from contextlib import suppress
from typing import Any

import orjson

from meibo import clock

FIELDS = frozenset(
    {
        "address", "attempt", "count", "duration_ms", "exception", "frames", "incident", "method", "operation", "path",
        "port", "profession", "refusal", "status", "store", "surface",
    }
)  # fmt: skip
"""What a line may carry beside its time, level, logger and event."""


LATER = 0.05
"""Seconds that lines are gathered."""


class Lines:
    """Lines that come for every request: gathered for a moment, written together, and at the end in any case.

    Python's own logging takes longer over a line than a request over its sign-in.
    """

    def __init__(self, logger: str) -> None:
        """`logger` is what the lines say that they come from; its level decides whether there are any."""
        self.logger = logging.getLogger(logger)
        self._gathered: list[bytes] = []
        atexit.register(self.flush)

    def add(self, event: str, **told: Any) -> None:
        """Write a line at level info; what it tells is on the list of allowed fields."""
        if not self.logger.isEnabledFor(logging.INFO):
            return
        about = {"at": clock.now(), "level": "info", "logger": self.logger.name, "event": event}
        if not self._gathered:
            asyncio.get_running_loop().call_later(LATER, self.flush)
        self._gathered.append(orjson.dumps(about | told, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        """Write what was gathered to standard error; a stream that is gone is no request's fault."""
        written, self._gathered = b"".join(self._gathered), []
        with suppress(OSError, ValueError):
            sys.stderr.write(written.decode())
            sys.stderr.flush()


class AllowListFormatter(logging.Formatter):
    """Writes the event and the allowed extras. Arguments of foreign messages are left out: they may be values."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        ours = record.name.partition(".")[0] in ("meibo", "meibo_graphql")
        line: dict[str, Any] = {
            "at": clock.now().isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if ours else str(record.msg)[:200],
        }
        told = record.__dict__
        line |= {name: told[name] for name in FIELDS & told.keys()}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return orjson.dumps(line, default=str).decode()


def configure_logs(level: int = logging.INFO) -> None:
    """Let every logger of the process write through the allow-list, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowListFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in (
        "alembic",
        "sqlalchemy",
        "aiosqlite",
        "asyncio",
        "faker",
        "httpcore",
        "httpx",
        "uvicorn.access",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)

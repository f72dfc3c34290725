"""Structured logs: one JSON object a line, of an allow-list of fields. What is not on the list is not written."""

from __future__ import annotations

import logging
import sys
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

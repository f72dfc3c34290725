"""Logs: what is not on the list is not written."""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import pytest

from meibo.logs import FIELDS, AllowListFormatter


def line(name: str, message: str, *args: object, error: bool = False, **extra: object) -> dict[str, Any]:
    try:
        raise ValueError("機密4711")
    except ValueError:
        trace = sys.exc_info() if error else None
    record = logging.getLogger(name).makeRecord(name, logging.INFO, "f", 1, message, args, trace, extra=extra)
    written = AllowListFormatter().format(record)
    assert "\n" not in written
    told: dict[str, Any] = orjson.loads(written)
    assert set(told) <= FIELDS | {"at", "level", "logger", "event"}
    return told


def test_allowed_extras_are_written() -> None:
    told = line("meibo.http", "answered", status=200, duration_ms=1.5)
    assert {n: told[n] for n in ("level", "logger", "event", "status", "duration_ms")} == {
        "level": "info",
        "logger": "meibo.http",
        "event": "answered",
        "status": 200,
        "duration_ms": 1.5,
    }


@pytest.mark.parametrize("name", ["meibo.http", "uvicorn.error", "sqlalchemy.engine"])
def test_other_extras_are_not(name: str) -> None:
    assert "機密4711" not in repr(line(name, "event", family_name="機密4711", number="機密4711"))


def test_arguments_of_foreign_messages_are_not() -> None:
    assert line("sqlalchemy.engine", "parameters %r", "機密4711")["event"] == "parameters %r"
    assert line("meibo.importing", "read %d rows", 3)["event"] == "read 3 rows"


def test_an_exception_is_its_type() -> None:
    told = line("meibo.http", "failed", error=True)
    assert told["exception"] == "ValueError"
    assert "機密4711" not in repr(told)


def test_a_long_foreign_message_is_cut() -> None:
    assert len(line("other", "x" * 500)["event"]) == 200

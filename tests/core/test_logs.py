"""Logs: what is not on the list is not written."""

from __future__ import annotations

import asyncio
import errno
import io
import logging
import subprocess
import sys
from typing import Any

import orjson
import pytest

from meibo.logs import FIELDS, LATER, AllowListFormatter, Lines


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


async def test_lines_are_written_together_a_moment_later(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "meibo.http")
    lines = Lines("meibo.http")
    lines.add("request", status=200)
    lines.add("request", status=404)
    assert capsys.readouterr().err == ""
    await asyncio.sleep(3 * LATER)
    told = [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(t["level"], t["logger"], t["event"], t["status"]) for t in told] == [
        ("info", "meibo.http", "request", 200),
        ("info", "meibo.http", "request", 404),
    ]


def test_no_line_is_lost_at_the_end() -> None:
    program = """
import asyncio
from meibo.logs import Lines, configure_logs
async def main():
    configure_logs()
    Lines("meibo.http").add("request", status=200)
asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert orjson.loads(ended.stderr)["status"] == 200


async def test_a_stream_that_is_gone_is_no_fault(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "meibo.http")
    lines = Lines("meibo.http")
    lines.add("request")

    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(sys, "stderr", Full())
    lines.flush()


async def test_a_level_decides_whether_there_are_lines(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.WARNING, "meibo.http")
    lines = Lines("meibo.http")
    lines.add("request", status=200)
    lines.flush()
    assert capsys.readouterr().err == ""

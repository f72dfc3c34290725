"""Forked programs are like any others to whoever runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.forking import forked
from tests.forking.processes import exit_code, printed

pytestmark = pytest.mark.slow


def main() -> None:
    """What the program of these tests does."""
    what, *words = sys.argv[1:]
    if what == "tell":
        print(json.dumps([words, os.getcwd(), dict(os.environ), sys.stdin.read()]))
    elif what == "import":
        print(import_module(words[0]).__file__)
    elif what == "wait":
        print("waits", flush=True)
        time.sleep(60)
    elif what == "die":
        os.kill(os.getpid(), int(words[0]))
    elif what == "raise":
        raise LookupError("no such thing")
    else:
        sys.exit(int(words[0]) if what == "code" else " ".join(words))


def run(*words: str, given: str = "", **more: object) -> subprocess.CompletedProcess[str]:
    """The program, run to its end."""
    return subprocess.run([forked(__name__), *words], input=given, capture_output=True, text=True, **more)  # type: ignore[call-overload, no-any-return]


def test_words_folder_environment_and_input_are_those_given(tmp_path: Path) -> None:
    environment = {"MEIBO_DATA": "var", "LC_ALL": "C.UTF-8"}
    done = run("tell", "見本", given="sent", cwd=tmp_path, env=environment)
    assert json.loads(done.stdout) == [["見本"], str(tmp_path), environment, "sent"]
    assert (done.returncode, done.stderr) == (0, "")


def test_packages_are_found_where_the_environment_says(tmp_path: Path) -> None:
    (tmp_path / "stranger.py").write_text("", "utf-8")
    done = run("import", "stranger", env={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'stranger.py'}\n")
    assert run("import", "stranger").returncode == 1


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("code", "0"), 0, ""),
        (("code", "3"), 3, ""),
        (("say", "Not", "today."), 1, "Not today.\n"),
        (("die", str(int(signal.SIGKILL))), -signal.SIGKILL, ""),
        (("die", str(int(signal.SIGTERM))), -signal.SIGTERM, ""),
    ],
)
def test_it_ends_as_the_program_ends(words: tuple[str, ...], code: int, error: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", error)


def test_what_it_raises_is_shown() -> None:
    done = run("raise")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "LookupError: no such thing")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(signal.SIGTERM, -signal.SIGTERM, id="passed on"),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, id="killed with whoever asked"),
    ],
)
def test_signals_reach_it(sent: signal.Signals, code: int) -> None:
    with subprocess.Popen([forked(__name__), "wait"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.send_signal(sent)
        assert process.stdout.read() == ""  # Nobody holds it open any more.
    assert process.returncode == code


async def test_drills_ask_without_a_program_s_file() -> None:
    assert await exit_code(__name__, None, "code", 3) == 3
    assert await exit_code(__name__, None, "die", int(signal.SIGKILL)) == -signal.SIGKILL
    assert printed(__name__, "die", str(int(signal.SIGKILL))) is None
    told = printed(__name__, "tell", "this")
    assert told is not None
    assert json.loads(told)[::3] == [["this"], ""]

"""Asks for a program. A program's file does so too, and ends as the program ends; it starts without site-packages,
which would take most of the time that is saved."""

from __future__ import annotations

import marshal
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

PASSED_ON = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def ask(
    address: str, module: str, words: Sequence[str], environment: Mapping[str, str], files: Sequence[int]
) -> socket.socket:
    """Have `main` of a module run in a process of its own, in this folder, with these files for standard input, output
    and errors. Into the socket go numbers of signals, a byte each; out of it comes the exit code, or the number of
    the signal that it died of, negative. It is killed if the socket is closed before."""
    asking = socket.socket(socket.AF_UNIX)
    asking.connect(address)
    told = marshal.dumps((module, list(words), os.getcwd(), dict(environment)))
    socket.send_fds(asking, [len(told).to_bytes(4, "big")], files)
    asking.sendall(told)
    return asking


def run(address: str, module: str) -> None:
    """Be the program to whoever has started this process."""
    asking = ask(address, module, sys.argv, os.environ, (0, 1, 2))

    def pass_on(number: int, _frame: Any) -> None:
        asking.send(bytes([number]))

    for each in PASSED_ON:
        signal.signal(each, pass_on)
    end(int(asking.recv(8)))


def end(code: int) -> None:
    """End with that code, or by that signal."""
    if code < 0:
        for each in PASSED_ON:
            signal.signal(each, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)

"""Forks for whoever asks on a socket, until its standard input ends: `FILE-DESCRIPTOR` of the listening socket.

What a start costs is imports. They are made here once: those of everything of ours, and of each module asked for.
"""

from __future__ import annotations

import atexit
import gc
import marshal
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from select import select
from typing import NoReturn

import meibo
import meibo_graphql
import meibo_sandbox
from meibo.host import load_host

Main = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Program:
    """What somebody wants to run: as whom, and with which open files for standard input, output and errors."""

    module: str
    words: list[str]
    folder: str
    environment: dict[str, str]
    files: list[int]

    @classmethod
    def read(cls, asking: socket.socket) -> Program:
        """The one that is asked for."""
        size, files, _flags, _address = socket.recv_fds(asking, 4, 3)
        whole = asking.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
        module, words, folder, environment = marshal.loads(whole)  # noqa: S302
        return cls(module, words, folder, environment, files)

    @property
    def main(self) -> Main:
        """Its function; the module is imported unless it has been."""
        found: Main = import_module(self.module).main
        return found

    def put_on(self) -> None:
        """Let this process be its process."""
        for standard, given in enumerate(self.files):
            os.dup2(given, standard)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        sys.argv[:] = self.words
        sys.path[:0] = filter(None, self.environment.get("PYTHONPATH", "").split(os.pathsep))

    def close(self) -> None:
        """Leave its files to others."""
        for each in self.files:
            os.close(each)


def warm_up() -> None:
    """Import all that is ours, and leave it to itself: no look for cycles copies its pages."""
    for package in (meibo, meibo_graphql, meibo_sandbox):
        for each in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(each.name)
    load_host()
    gc.freeze()


def serve(listening: socket.socket) -> Main:
    """Fork for each that asks. Returns in the forked process alone: with what it is to do."""
    while listening.fileno() in first_heard(listening.fileno(), sys.stdin.fileno()):
        asking, _ = listening.accept()
        with asking:
            program = Program.read(asking)
            main = program.main
            if not os.fork():
                listening.close()
                ended, running = os.pipe()
                if child := os.fork():
                    os.close(running)
                    program.close()
                    keep(child, asking, ended)
                program.put_on()
                return main
            program.close()
        bury()
    sys.exit()


def keep(child: int, asking: socket.socket, ended: int) -> NoReturn:
    """Pass signals on to the child, and tell how it ended; it dies with whoever asked for it."""
    while ended not in first_heard(asking.fileno(), ended):
        if number := asking.recv(1):
            os.kill(child, number[0])
        else:
            os.kill(child, signal.SIGKILL)
            os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asking.send(str(code).encode())
    os._exit(0)


def first_heard(*files: int) -> list[int]:
    """Those of open files that have something to say, or have ended, once any has."""
    return select(files, [], [])[0]


def bury() -> None:
    """Wait for those who keep no program any more."""
    with suppress(ChildProcessError):  # There is none at all.
        while any(os.waitpid(-1, os.WNOHANG)):
            pass


def main() -> None:
    """Be the server; then, in each forked process, the program."""
    warm_up()
    be(serve(socket.socket(fileno=int(sys.argv[1]))))


def be(main: Main) -> NoReturn:
    """Run a program, and end with its exit code; what was imported is not taken down, which would take longer."""
    try:
        main()
        code = None
    except SystemExit as stop:
        code = stop.code
    if isinstance(code, str):
        print(code, file=sys.stderr)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for each in (sys.stdout, sys.stderr):
        each.flush()
    os._exit(code if isinstance(code, int) else code is not None)

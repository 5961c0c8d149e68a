"""A real PostgreSQL of the tests' own, started from the server programs installed here."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, Self

import psycopg
import pytest

from tests.support.parts import missing

INSTALLED: Final = Path("/usr/lib/postgresql")
USER: Final = "postgres"
SETTINGS: Final = ("fsync=off", "listen_addresses=", "max_connections=50", "shared_buffers=32MB")
_REMEDY: Final = "apt-get install postgresql"


class Postgres:
    """A server that listens on a socket in a folder of its own; no port, no network."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Make its data in `folder`; it does not run yet."""
        self._programs = programs
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        arguments = ("--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8")
        with self._log() as log:
            self._run("initdb", *arguments, f"--pgdata={folder / 'data'}", log=log).wait()

    def start(self) -> Self:
        """Start it and return when it answers."""
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        place = ("-D", str(self._folder / "data"), "-k", str(self._folder))
        with self._log() as log:
            self._process = self._run("postgres", *place, *settings, log=log)
        self._await_answer()
        return self

    def stop(self) -> None:
        """End it at once, every connection with it, as a crash would; its data stays."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        """Of the server while it runs; its children do the work."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    @property
    def socket(self) -> Path:
        """The folder of its socket: what clients take as host."""
        return self._folder

    def new_database(self) -> str:
        """The URL of a database with nothing in it."""
        name = _a_name()
        self._do(f'CREATE DATABASE "{name}"')
        return self._url(name)

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """The URL of a copy of this database, in which nobody is; gone behind the block."""
        name, original = _a_name(), url.partition("?")[0].rpartition("/")[2]
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        try:
            yield self._url(name)
        finally:
            self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self._folder}"

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str, log: IO[bytes]) -> subprocess.Popen[bytes]:
        user, group = _not_root()
        return subprocess.Popen(
            [str(self._programs / program), *arguments],
            stdout=log,
            stderr=log,
            user=user,
            group=group,
            extra_groups=None if user is None else (),
        )

    def _log(self) -> IO[bytes]:
        return (self._folder / "log").open("ab")

    def _conninfo(self, database: str) -> str:
        return f"host={self._folder} user={USER} dbname={database} connect_timeout=2"

    def _await_answer(self) -> None:
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder), "-t", "1"]
        for _ in range(300):
            if self._process is None or self._process.poll() is not None:
                break
            if subprocess.run(ready, check=False).returncode == 0:
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        pytest.fail((self._folder / "log").read_text("utf-8", "replace"), pytrace=False)


@contextmanager
def started() -> Iterator[Postgres]:
    """A running server; the test is skipped when its programs are not installed."""
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        missing("PostgreSQL", _REMEDY)
    # Not below pytest's folder: that is closed to every user but the one who runs the tests.
    folder = Path(tempfile.mkdtemp(prefix="kurze-wege-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        server = Postgres(found[-1].parent, folder).start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _a_name() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


def _not_root() -> tuple[int | None, int | None]:
    """As whom to start a server program: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None, None
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        missing("PostgreSQL's user", _REMEDY)
    return user.pw_uid, user.pw_gid

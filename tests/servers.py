"""Private servers for tests: mosquitto and PostgreSQL on free ports or sockets of their own, gone with their owner."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

PATIENCE_S = 20.0
_PR_SET_PDEATHSIG = 1
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")  # not on an ordinary user's PATH


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(condition: Callable[[], object], what: str = "it", within_s: float = PATIENCE_S) -> None:
    """Wait until `condition()` is true; AssertionError when that does not happen in time."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s:g} s"
        pause.wait(0.01)


def listens(port: int) -> bool:
    """Whether somebody takes connections on a port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """To be run in a child: the kernel ends it when a killed test process cannot do so any more."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(_PR_SET_PDEATHSIG, how)


class Mosquitto:
    """A broker process; it can be ended and started again on the same port. `settings` are lines of mosquitto.conf."""

    def __init__(self, folder: Path, settings: str = "allow_anonymous true\npersistence false\n") -> None:
        self.port = free_port()
        self._folder = folder
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def log(self) -> str:
        """What the broker has said so far."""
        path = self._folder / f"mosquitto-{self.port}.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def start(self) -> None:
        """Returns when it listens. A port that was taken meanwhile gives way to another."""
        path = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_FOLDERS])
        program = shutil.which("mosquitto", path=path)
        if program is None:
            pytest.skip("mosquitto is not installed")
        for _attempt in range(5):
            process = self._begin(program)
            until(lambda process=process: listens(self.port) or process.poll() is not None, "mosquitto")  # type: ignore[misc]
            if process.poll() is None:
                self._process = process
                return
            self.port = free_port()
        pytest.fail(f"mosquitto does not start: {self.log}")

    def _begin(self, program: str) -> subprocess.Popen[bytes]:
        settings = self._folder / f"mosquitto-{self.port}.conf"
        as_root = "user root\n" if os.geteuid() == 0 else ""
        settings.write_text(f"{as_root}listener {self.port} 127.0.0.1\n{self._settings}", "utf-8")
        with (self._folder / f"mosquitto-{self.port}.log").open("ab") as log:
            return subprocess.Popen(
                [program, "-c", str(settings)],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent(signal.SIGKILL),
            )

    def kill(self) -> None:
        """At once, as by a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class Postgres:
    """A cluster in a folder of its own, on a unix socket. It refuses to run as root: then it runs as `postgres`."""

    def __init__(self) -> None:
        self._bin = _postgres_folder()
        self._user = "postgres" if os.geteuid() == 0 else None
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="numeretto-pg-"))

    def start(self) -> None:
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        how = ("-A", "trust", "-U", "t", "--no-sync", "-E", "UTF8")
        made = self._run("initdb", "-D", str(self.folder / "data"), *how)
        made.wait(60)
        options = ("listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off", "max_connections=150")
        self._process = self._run(
            "postgres", "-D", str(self.folder / "data"), *(part for option in options for part in ("-c", option))
        )
        until(self._accepts, "PostgreSQL")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted any more
            self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """As SQLAlchemy takes it."""
        return f"postgresql+psycopg://t@/{name}?host={self.folder}"

    def create(self, template: str | None = None) -> str:
        """A fresh database, perhaps a copy of another; its name."""
        name = f"db{next(self._numbers)}"
        # Ten times as fast as writing all of it to the log, which is the default from version 15 on.
        copied = f" STRATEGY file_copy TEMPLATE {template or 'template1'}"
        try:
            self._execute(f"CREATE DATABASE {name}{copied}")
        except psycopg.errors.SyntaxError:
            self._execute(f"CREATE DATABASE {name}{copied.replace(' STRATEGY file_copy', '')}")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="t", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _accepts(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log()
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._bin / program), *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                preexec_fn=_die_with_parent(signal.SIGQUIT),
            )

    def _log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")


def _postgres_folder() -> Path:
    """Where PostgreSQL's programs are, the newest version first; skips the test when there are none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda one: int(re.sub(r"\D", "", one.parent.name) or 0),
        reverse=True,
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("PostgreSQL is not installed")
    return found[0] if found else Path(str(on_path)).parent


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """A running cluster, gone when the block ends however it ends."""
    cluster = Postgres()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()

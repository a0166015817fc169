"""Runs a dispatcher under gunicorn: one worker process with threads; the bus and the jobs live in the worker."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.app.base import BaseApplication

from dispatcher.settings import Settings
from dispatcher.wire.clock import Clock
from dispatcher.wire.program import write_ready

if TYPE_CHECKING:
    from dispatcher.wiring import Dispatcher

log = logging.getLogger(__name__)
THREADS = 200
STOP_WITHIN_S = 3
CANNOT_SERVE = 3
"""With this exit of its worker gunicorn ends, where it would start another after any other one."""
REASON_MOST = 4096


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by us alone: no file, no environment."""

    def __init__(self, settings: Settings, address: str, clock: Clock, ready_file: Path | None) -> None:
        self._settings = settings
        self._address = address
        self._clock = clock
        self._ready_file = ready_file
        self._dispatcher: Dispatcher | None = None
        self._reason = os.pipe()
        super().__init__()

    def load_config(self) -> None:
        values = {
            "bind": self._address,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": STOP_WITHIN_S,
            "timeout": 60,
            "keepalive": 15,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_exit": self._worker_exit,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker, after the fork: connections and threads begin here, and all that is heavy to import."""
        from dispatcher.store.session import Unavailable
        from dispatcher.wiring import ClockBehind, Dispatcher

        dispatcher = Dispatcher(self._settings, self._clock)
        try:
            dispatcher.start()
        except ClockBehind as error:
            self._refuse(str(error))
        except Unavailable as error:
            self._refuse(f"the database cannot be used, start it or look at NUMERETTO_DATABASE ({error})")
        self._dispatcher = dispatcher
        app = dispatcher.web()
        if self._ready_file is not None:
            threading.Thread(target=self._say_ready, args=(dispatcher, self._ready_file), daemon=True).start()
        return app

    def _refuse(self, reason: str) -> NoReturn:
        os.write(self._reason[1], " ".join(reason.split()).encode()[:REASON_MOST])
        raise SystemExit(CANNOT_SERVE)

    def reason(self) -> str | None:
        """Why the worker could not serve; None when it did."""
        read, write = self._reason
        os.close(write)
        with os.fdopen(read, "rb") as said:
            return said.read().decode(errors="replace") or None

    def _say_ready(self, dispatcher: Dispatcher, ready_file: Path) -> None:
        while not dispatcher.link.wait_connected(1.0):
            pass
        write_ready(ready_file, {"http": f"http://{self._address}"})

    def _worker_exit(self, _server: object, _worker: object) -> None:
        if self._dispatcher is not None:
            self._dispatcher.stop()


def session_key(path: Path) -> str:
    """The key that signs log-ins: made once, kept readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8")


def serve(settings: Settings, address: str, clock: Clock, *, ready_file: Path | None, key_file: Path) -> int:
    """Serve until stopped. Returns 0, or 1 after saying why it cannot."""
    if not settings.secret_key:
        settings = replace(settings, secret_key=session_key(key_file))
    server = Server(settings, address, clock, ready_file)
    watching = os.getpid()
    try:
        server.run()
    except SystemExit as end:
        if os.getpid() != watching:  # the worker's own end, which comes out here too
            raise
        if reason := server.reason():
            sys.stderr.write(f"numeretto dispatcher: {reason}\n")
            return 1
        return int(end.code or 0)
    return 0

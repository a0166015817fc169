"""The bare programs that stand beside ours: a Flask application under gunicorn, a window with a connection."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import Any

from dispatcher.wire.client import Broker


def web(arguments: Sequence[str]) -> int:
    """Serve `{}`, and at `/unchanged` a page with its ETag, on the address given, by one gthread worker."""
    from flask import Flask, Response, request
    from gunicorn.app.base import BaseApplication

    app = Flask(__name__)
    app.add_url_rule("/", "nothing", dict, methods=["GET", "POST"])

    @app.get("/unchanged")
    def unchanged() -> Response:
        response = Response("x" * 1000)
        response.set_etag("same")
        return response.make_conditional(request.environ)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings = {"bind": arguments[0], "workers": 1, "worker_class": "gthread", "threads": 200, "keepalive": 15}
            for name, value in {**settings, "loglevel": "warning", "control_socket_disable": True}.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    sys.argv = ["bare"]
    Server().run()
    return 0


def window(arguments: Sequence[str]) -> int:
    """A window of the size given in memory and a connection to the broker given; waits for ever."""
    import pygame

    from tests.bench.bare import SCREEN, BareHop

    pygame.display.init()
    pygame.display.set_mode(SCREEN)
    BareHop(Broker.parse(arguments[0]), "numeretto/v1/bench/rest")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0

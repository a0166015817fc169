"""The room's web server: threads in the process of the onebox, on a socket of its own."""

from __future__ import annotations

import socket
import threading

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from deploy.onebox.room.app import Room, create_app


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: pages ask for pictures every second."""
        del code, size


class Server:
    """Serves a room on a listening socket, in a thread, until `stop`."""

    def __init__(self, room: Room, door: socket.socket) -> None:
        host, port = door.getsockname()[:2]
        self._server: BaseWSGIServer = make_server(
            host, port, create_app(room), threaded=True, request_handler=_QuietHandler, fd=door.fileno()
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

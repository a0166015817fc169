"""The front panel over HTTP, for the room and for tests: what came out, what is wrong, and a hand on the printer.

GET /tickets?after=N&wait=S · GET /tickets/{n}.png · GET /state · POST /fault. On the loopback address only.
"""

import ipaddress
import json
import re
import select
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from firmware_config.virtual.printer.errors import PrinterError
from firmware_config.virtual.printer.printer import Printer

MAX_BODY = 4096
MAX_WAIT_S = 30.0
_PNG = re.compile(r"/tickets/([1-9][0-9]{0,8})\.png")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class NotLoopback(PrinterError):
    """The control interface was to be opened to a network."""


class _Problem(Exception):
    def __init__(self, status: HTTPStatus, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.field = status, code, detail, field


class Control:
    """The server, listening once constructed; `start` and `stop` its thread."""

    def __init__(self, printer: Printer, host: str, port: int) -> None:
        """Raises NotLoopback, or OSError if the address cannot be listened on."""
        address = "127.0.0.1" if host == "localhost" else host
        if not _is_loopback(address):
            raise NotLoopback(f"{host} is not the loopback address: use 127.0.0.1")
        self._server = _Server((address, port), _Handler)
        self._server.printer = printer
        self._server.timeout = 0
        self._stop_in, self._stop_out = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="printer-control", daemon=True)

    @property
    def url(self) -> str:
        """http://host:port."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End, close the port."""
        self._stop_out.send(b"!")
        self._thread.join()
        self._server.server_close()
        self._stop_in.close()
        self._stop_out.close()

    def _run(self) -> None:
        """Wait without looking around twice a second, as the library's own loop would."""
        poll = select.poll()
        poll.register(self._server.fileno(), select.POLLIN)
        poll.register(self._stop_in, select.POLLIN)
        while all(descriptor != self._stop_in.fileno() for descriptor, _ in poll.poll()):
            self._server.handle_request()


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Server(ThreadingHTTPServer):
    printer: Printer
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "numeretto-virtual-printer"
    sys_version = ""
    timeout = 60

    @property
    def _printer(self) -> Printer:
        return cast("_Server", self.server).printer

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: the room asks all the time."""

    def _answer(self, act: Any) -> None:
        try:
            # A web page on the same machine must not reach the printer by a name of its own.
            if self.headers.get("Host", "").rsplit(":", 1)[0] not in _LOOPBACK_NAMES:
                raise _Problem(HTTPStatus.FORBIDDEN, "forbidden", "asked by another name than the loopback address")
            act()
        except _Problem as problem:
            self.close_connection = True
            body = {"type": "about:blank", "title": problem.status.phrase, "status": int(problem.status)}
            body |= {"code": problem.code, "detail": problem.detail}
            if problem.field:
                body["field"] = problem.field
            self._send(problem.status, "application/problem+json", json.dumps(body).encode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _get(self) -> None:
        url = urlsplit(self.path)
        png = _PNG.fullmatch(url.path)
        if url.path == "/state":
            self._json(self._printer.state())
        elif url.path == "/tickets":
            query = parse_qs(url.query)
            after, wait_s = _number(query, "after", 1e9), _number(query, "wait", MAX_WAIT_S)
            self._json([ticket.public() for ticket in self._printer.roll.after(int(after), wait_s)])
        elif png:
            picture = self._printer.roll.png(int(png[1]))
            if picture is None:
                raise _Problem(HTTPStatus.NOT_FOUND, "not_found", f"there is no ticket {png[1]}")
            self._send(HTTPStatus.OK, "image/png", picture)
        else:
            raise _Problem(HTTPStatus.NOT_FOUND, "not_found", f"there is no {url.path} here")

    def _post(self) -> None:
        if urlsplit(self.path).path != "/fault":
            raise _Problem(HTTPStatus.NOT_FOUND, "not_found", "only /fault takes a POST")
        body = self._body()
        fault, after, baud = body.pop("fault", None), body.pop("after_bytes", None), body.pop("baud", None)
        if body:
            raise _invalid(f"unknown field {next(iter(body))}", next(iter(body)))
        if not isinstance(fault, str):
            raise _invalid("fault is a word", "fault")
        if not (after is None or _whole(after, 1)):
            raise _invalid("after_bytes is 1 or more", "after_bytes")
        if not (baud is None or (fault == "slow" and _whole(baud, 10))):
            raise _invalid("baud is 10 or more, and only for slow", "baud")
        try:
            self._printer.fault(fault, after_bytes=after, baud=baud)
        except ValueError as error:
            raise _invalid(str(error), "fault") from error
        self._send(HTTPStatus.NO_CONTENT, None, b"")

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            raise _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"a body of up to {MAX_BODY} bytes")
        raw = self.rfile.read(int(length))
        if self.headers.get_content_type() != "application/json":
            raise _invalid("the body is JSON, and says so in Content-Type")
        try:
            body = json.loads(raw)
        except ValueError as error:
            raise _invalid("the body is no JSON") from error
        if not isinstance(body, dict):
            raise _invalid("the body is a JSON object")
        return body

    def _json(self, value: Any) -> None:
        self._send(HTTPStatus.OK, "application/json", json.dumps(value, ensure_ascii=False).encode())

    def _send(self, status: HTTPStatus, kind: str | None, body: bytes) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _invalid(detail: str, field: str | None = None) -> _Problem:
    return _Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, field)


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _number(query: dict[str, list[str]], name: str, most: float) -> float:
    raw = query.get(name, ["0"])[0]
    try:
        value = float(raw)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise _invalid(f"{name} is 0 to {most:g}", name)
    return value

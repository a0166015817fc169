"""Question and answer with a printer on an open line. No clock: what does not come in time is None."""

from __future__ import annotations

from firmware_config import escpos
from firmware_config.port import Wire

STATUS_S = 0.4
ANSWER_S = 1.0
SLOWEST_BAUD = 9600
LONGEST_BLOCK = 256
MOST_BLOCKS = 1000
_FLOW = bytes((0x11, 0x13))


class Dialog:
    """One conversation. Every method raises LineGone when the line breaks."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._heard = b""
        self._unanswered = 0

    def close(self) -> None:
        """Give the line back."""
        self._wire.close()

    def send(self, data: bytes) -> None:
        """Bytes that nothing answers."""
        self._wire.write(data)
        self._unanswered += len(data)

    def settle(self, quiet_s: float) -> None:
        """Send nothing until the printer has been quiet for `quiet_s`: it may be busy with its memory."""
        wait_s = quiet_s + self._wire.line_s(self._unanswered)
        while self._listen(wait_s):
            self._heard = self._heard[-LONGEST_BLOCK:]

    def status(self) -> int | None:
        """DLE EOT 1, answered at once even in the midst of a picture's data: 0xx1xx10. None: silence or noise."""
        self._heard = b""
        self._wire.write(escpos.STATUS)
        while True:
            for byte in self._heard:
                if byte & 0x93 == 0x12:
                    self._heard = b""
                    return byte
            self._heard = b""
            if not self._listen(STATUS_S):
                return None

    def ask(self, question: bytes, header: bytes) -> bytes | None:
        """What stands between `header` and 00 in the answer; None if none came. What else is said is passed over."""
        self._heard = b""
        self._wire.write(question)
        return self._block(header)

    def text(self, number: int) -> str:
        """GS I 65 to 69; empty if it does not say."""
        answer = self.ask(escpos.identity(number), escpos.TEXT_IS)
        return (answer or b"").decode("ascii", "replace").strip()

    def byte(self, question: bytes) -> int | None:
        """An answer of one byte, as to GS I 2."""
        self._heard = b""
        self._wire.write(question)
        return self._heard[0] if self._listen(ANSWER_S) else None

    def blocks(self, question: bytes, header: bytes) -> bytes | None:
        """Data in blocks, each acknowledged: 41 says that another one follows, 40 that it is the last."""
        answer, whole = self.ask(question, header), b""
        for _ in range(MOST_BLOCKS):
            if answer is None or answer[:1] not in (b"\x40", b"\x41"):
                return None
            whole += answer[1:]
            if answer != b"\x40":
                self._wire.write(escpos.ACK)
            if answer[:1] == b"\x40":
                return whole
            answer = self._block(header)
        return None

    def _block(self, header: bytes) -> bytes | None:
        # a network printer may have a slow line inside: what was sent before the question comes first
        patience_s, self._unanswered = ANSWER_S + self._unanswered * 10 / SLOWEST_BAUD, 0
        while True:
            start = self._heard.find(header)
            if start >= 0:
                body, end, rest = self._heard[start + len(header) :].partition(b"\x00")
                if end:
                    self._heard = rest
                    return body
            if len(self._heard) > LONGEST_BLOCK * 4 or not self._listen(patience_s):
                return None

    def _listen(self, timeout_s: float) -> bool:
        data = self._wire.read(timeout_s)
        self._heard += data.translate(None, _FLOW)
        return bool(data)

"""The state of sensors and errors, and how each status reply puts it into bits."""

from dataclasses import dataclass
from typing import Literal

Paper = Literal["enough", "near_end", "out"]


@dataclass
class Condition:
    """Sensors (`paper`, `cover_open`, `jam` of the knife, `paper_jam`) and the errors that stay latched after a jam
    until the host recovers."""

    paper: Paper = "enough"
    cover_open: bool = False
    jam: bool = False
    cutter_error: bool = False
    paper_jam: bool = False
    jam_error: bool = False
    ticket_at_output: bool = False

    @property
    def offline(self) -> bool:
        """Whether the printer has stopped taking data from its buffer."""
        return self.paper == "out" or self.cover_open or self.latched

    @property
    def latched(self) -> bool:
        """An error that does not end with its cause."""
        return self.cutter_error or self.jam_error

    @property
    def stuck(self) -> bool:
        """The cause of an error is still there: nothing that the host says ends it."""
        return self.jam or self.paper_jam

    @property
    def near_end(self) -> bool:
        """The near-end sensor. With the cover open it has no roll to lean on and reads near end, as seen in ASB."""
        return self.paper != "enough" or self.cover_open

    def eot(self, n: int) -> int:
        """The answer to DLE EOT n, n = 1 to 4: 0xx1xx10."""
        if n == 1:
            waiting = self.latched and not self.stuck
            return 0x12 | (self.offline << 3) | (waiting << 5)
        if n == 2:
            return 0x12 | (self.cover_open << 2) | ((self.paper == "out") << 5) | (self.latched << 6)
        if n == 3:
            return 0x12 | (self.jam_error << 2) | (self.cutter_error << 3)
        if n == 4:
            return 0x12 | (0x0C if self.near_end else 0) | (0x60 if self.paper == "out" else 0)
        raise ValueError(f"DLE EOT has no {n}")

    def asb(self) -> bytes:
        """Four bytes of automatic status."""
        first = 0x10 | (self.offline << 3) | (self.cover_open << 5)
        second = (self.jam_error << 2) | (self.cutter_error << 3)
        third = (0x03 if self.near_end else 0) | (0x0C if self.paper == "out" else 0)
        return bytes((first, second, third, 0))

    def gs_r(self) -> int:
        """The paper sensor as GS r 1 says it."""
        return 0x03 if self.near_end else 0x00

    def offline_causes(self) -> bytes:
        """Causes in an offline response, each 40 to 7F. The byte of each cause differs by model: bits as in EOT 2."""
        causes = self.eot(2) & 0x64
        return bytes((0x40 | (causes & 0x3F) | (causes >> 6),))

    def custom_full(self) -> bytes:
        """Full status of a Custom printer: 10 0F P U R X."""
        near = self.paper != "enough"
        paper = (self.paper == "out") | (near << 2) | (self.ticket_at_output << 5)
        user = 0x03 if self.cover_open else 0
        return bytes((0x10, 0x0F, paper, user, self.jam_error << 6, int(self.cutter_error)))

    def ejector(self) -> int:
        """Ejector status of kiosk printers."""
        near = self.paper != "enough"
        entry = self.paper != "out"
        return near | (entry << 2) | (self.ticket_at_output << 3) | (self.latched << 6) | (self.stuck << 7)

"""The printer as a machine: bytes and faults in, events out. No clock, no thread, no port.

Bytes wait in the receive buffer while the printer is off line, so a job sent without paper prints when paper comes.
Real-time commands act on arrival all the same. The result does not depend on how the bytes were split.
"""

from collections.abc import Callable
from typing import Literal, get_args

from firmware_config.virtual.printer import commands, user_setting
from firmware_config.virtual.printer.condition import Condition
from firmware_config.virtual.printer.drawing import Symbols
from firmware_config.virtual.printer.elements import Piece
from firmware_config.virtual.printer.errors import NoEffect, Refused
from firmware_config.virtual.printer.events import Event, Ignored, PieceOut, Reply, Restarted, UnknownBytes
from firmware_config.virtual.printer.models import Model
from firmware_config.virtual.printer.nv import Memory
from firmware_config.virtual.printer.tokens import Command, RealTime, Text, Token, Tokenizer, Unknown
from firmware_config.virtual.printer.typesetter import Typesetter

Fault = Literal[
    "near_end", "paper_out", "cover", "cutter", "jam", "full", "ticket_taken", "power_cycle", "silence", "none"
]
FAULTS: tuple[str, ...] = get_args(Fault)

NEAR_END_MM = 2000
_CONTEXT = 16
_ASB_ONLINE, _ASB_ERROR, _ASB_PAPER = 0x02, 0x04, 0x08


class Machine:
    """One printer that has just been switched on.

    `cuts` is where the cutter counter stands; `roll_mm` the paper on the roll, or None for a roll without end;
    `receive_buffer` how many bytes wait while nothing can be printed, or None for what its memory switch says; `memory`
    what it kept without power, also how a full buffer holds the host back: by the line itself (DTR), or by XOFF too.
    """

    def __init__(
        self,
        model: Model,
        *,
        cuts: int = 0,
        roll_mm: float | None = None,
        receive_buffer: int | None = None,
        serial: str = "VP00000001",
        memory: Memory | None = None,
    ) -> None:
        self.model = model
        self.serial = serial
        self.memory = memory or Memory(model.name)
        self.line = self.memory.line
        self.user_setting = False
        self.blocks: list[bytes] = []
        self.cuts = cuts
        self.condition = Condition()
        self.page = Typesetter(model)
        self.symbols = Symbols()
        self.silent = False
        self.stalled = False
        self.retracted = 0
        self.asb_mask = 0
        self.offline_response = 0
        self.received = 0
        self.used_dots = 0
        self._roll_mm = roll_mm
        self._roll_start = 0
        self._limit = receive_buffer
        self._buffer = self.memory.receive_buffer
        lengths, self._handlers = commands.table(model.dialect)
        self._tokens = Tokenizer(lengths)
        self._real_time = RealTime(commands.real_time(model.dialect))
        self._queue = bytearray()
        self._events: list[Event] = []
        self._unheard = b""
        self._recent = b""
        self._unsent_id: bytes | None = None
        self._late = False
        self._armed: tuple[Fault, int] | None = None
        self._last_asb = self.condition.asb()

    # ---- from outside

    @property
    def waiting(self) -> int:
        """Bytes in the receive buffer."""
        return len(self._queue)

    @property
    def room(self) -> int:
        """Bytes that may be handed to `receive` now; up to an armed fault: what follows is still with the sender."""
        room = self.free
        return min(room, self._armed[1] - self.received) if self._armed else room

    @property
    def receive_buffer(self) -> int:
        """How many bytes wait while nothing can be printed."""
        return self._buffer if self._limit is None else self._limit

    @property
    def free(self) -> int:
        """Bytes that the receive buffer still takes; 0 is BUSY."""
        limit = self.receive_buffer
        if self.silent or self.stalled or (self.condition.offline and self.memory.busy_off_line):
            return 0
        return max(0, limit - len(self._queue)) if self.condition.offline else limit

    def switch_on(self) -> list[Event]:
        """What is said when the power comes: the notice, where memory switch 1-1 is on."""
        self._notice()
        return self._taken()

    def receive(self, data: bytes) -> list[Event]:
        """The host's bytes. While silent they lie unread until the silence ends."""
        self._hear(data)
        return self._taken()

    def _hear(self, data: bytes) -> None:
        for index, byte in enumerate(data):
            if self.silent:
                self._unheard += data[index:]
                return
            self.received += 1
            self._queue.append(byte)
            name = self._real_time.feed(byte)
            if name is not None:
                self._print()
                self._act(name)
            if self._armed and self.received >= self._armed[1]:
                fault, self._armed = self._armed[0], None
                self._print()
                self._strike(fault)
        self._print()

    def fault(self, fault: Fault) -> list[Event]:
        """A hand on the printer: causes add up until `none` heals them all.

        A jam leaves its error latched: it ends by DLE ENQ or by clearing the buffers, or with the power. `full`: the
        receive buffer is taken up by what prints too slowly. `ticket_taken`: somebody takes what stands at the mouth.
        """
        self._strike(fault)
        return self._taken()

    def arm(self, fault: Fault, after_bytes: int) -> None:
        """Let `fault` happen when `after_bytes` (1 or more) more bytes have been received."""
        self._armed = (fault, self.received + after_bytes)

    # ---- for the handlers of commands

    def emit(self, event: Event) -> None:
        """Tell the world."""
        self._events.append(event)

    def reply(self, data: bytes) -> None:
        """Tell the host."""
        self._events.append(Reply(data))

    def send_asb(self) -> None:
        """The four bytes of automatic status."""
        self._last_asb = self.condition.asb()
        self.reply(self._last_asb)

    def printed(self, process_id: bytes) -> None:
        """All before `process_id` is on paper. Of several that come up in one late run only the latest is sent."""
        self._unsent_id = process_id
        if not self._late:
            self._send_id()

    def knife(self, piece: Piece | None) -> None:
        """The cutter moved."""
        self.cuts += 1
        if piece is not None:
            if self.model.dialect in ("custom", "pyramid"):
                self.condition.ticket_at_output = True
            self.emit(PieceOut(piece, self.cuts))

    def software_reset(self) -> None:
        """GS ( E function 2: modes are gone, and the settings are in force from now on."""
        self._start()
        self.emit(Restarted(power=False))
        self._notice()

    def retract(self) -> None:
        """What nobody took goes back in."""
        self.retracted += self.condition.ticket_at_output
        self.condition.ticket_at_output = False
        self._settle()

    # ---- inside

    def _taken(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _strike(self, fault: Fault) -> None:
        if fault == "power_cycle":
            self._power_cycle()
        elif fault == "silence":
            self.silent = True
        else:
            self._set(fault)
        self._settle()
        if not self.silent and self._unheard:
            unheard, self._unheard = self._unheard, b""
            self._hear(unheard)

    def _set(self, fault: Fault) -> None:
        condition = self.condition
        if fault == "near_end":
            condition.paper = "near_end"
        elif fault == "paper_out":
            condition.paper = "out"
        elif fault == "cover":
            condition.cover_open = True
        elif fault == "cutter":
            condition.jam = condition.cutter_error = True
        elif fault == "jam":
            condition.paper_jam = condition.jam_error = True
        elif fault == "full":
            self.stalled = True
        elif fault == "ticket_taken":
            condition.ticket_at_output = False
        elif fault == "none":
            condition.paper, condition.cover_open, condition.jam, condition.paper_jam = "enough", False, False, False
            condition.ticket_at_output = self.silent = False
            self.stalled = False
            self._roll_start = self.used_dots

    def _act(self, name: str) -> None:
        """Real-time commands, by the names of `commands.real_time`."""
        actions: dict[str, Callable[[], None]] = {
            "retry": lambda: self._recover(clear=False),
            "clear_and_recover": lambda: self._recover(clear=True),
            "clear_buffers": self._clear_buffers,
            "custom_full": lambda: self.reply(self.condition.custom_full()),
        }
        if name in actions:
            actions[name]()
            return
        status = self.condition.eot(int(name.removeprefix("eot")))
        if self.model.dialect == "pyramid" and name == "eot4":
            status &= 0x6C  # the Reliance documents this one without the fixed bits
        self.reply(bytes((status,)))

    def _recover(self, *, clear: bool) -> None:
        """DLE ENQ: heeded only while an error is latched whose cause is gone."""
        if not self.condition.latched or self.condition.stuck:
            return
        if clear:
            self._drop_buffers()
        self._unlatch()
        self._settle()

    def _unlatch(self) -> None:
        self.condition.cutter_error, self.condition.jam_error = self.condition.jam, self.condition.paper_jam

    def _clear_buffers(self) -> None:
        self._drop_buffers()
        self._unlatch()
        self.reply(b"\x37\x25\x00")
        self._settle()

    def _drop_buffers(self) -> None:
        """Waiting data is gone, also its process ids; half a ticket on the strip is torn off by whoever comes."""
        self._queue.clear()
        self.blocks = []
        self._real_time.reset()
        self._unsent_id = None
        self.page.drop_line()
        self._tear()

    def _tear(self) -> None:
        piece = self.page.tear()
        if piece is not None:
            self.emit(PieceOut(piece, self.cuts))

    def _start(self) -> None:
        self.page.drop_line()
        self._tear()
        self.page.reset()
        self.symbols.reset()
        self.user_setting = False
        self.blocks = []
        self.line = self.memory.line
        self._buffer = self.memory.receive_buffer
        self.asb_mask = self.offline_response = 0
        self._last_asb = self.condition.asb()

    def _power_cycle(self) -> None:
        self._drop_buffers()
        self.silent = False
        self._unlatch()
        self.stalled = False
        self._unheard = b""
        self._start()
        self.emit(Restarted())
        self._notice()

    def _notice(self) -> None:
        if self.model.power_on_notice and self.memory.notice:
            self.reply(b"\x3b\x31\x00")

    def _settle(self) -> None:
        """After a change: tell it, and go on printing what waited."""
        self._tell_change()
        if not (self.condition.offline or self.silent or self.stalled):
            self._late = True
            self._print()
            self._late = False
            self._send_id()

    def _send_id(self) -> None:
        if self._unsent_id is not None:
            self.reply(b"\x37\x22" + self._unsent_id + b"\x00")
            self._unsent_id = None

    def _tell_change(self) -> None:
        if self.silent:
            return
        now, before = self.condition.asb(), self._last_asb
        self._last_asb = now
        went_off = now[0] & 0x08 and not before[0] & 0x08
        if went_off and self.offline_response:
            cause = self.condition.offline_causes() if self.offline_response == 2 else b""
            self.reply(b"\x37\x23" + cause + b"\x00")
        changed = (
            (_ASB_ONLINE if now[0] != before[0] else 0)
            | (_ASB_ERROR if now[1] != before[1] else 0)
            | (_ASB_PAPER if now[2] != before[2] else 0)
        )
        if changed & self.asb_mask:
            self.reply(now)

    def _print(self) -> None:
        """Work off the receive buffer until it is empty, incomplete, or the printer goes off line."""
        while not (self.condition.offline or self.silent or self.stalled):
            if self.blocks and self._queue and user_setting.heard_in_transfer(self, self._queue[0]):
                del self._queue[0]
                continue
            token = self._tokens.next(self._queue)
            if token is None:
                return
            offset = self.received - len(self._queue)
            del self._queue[: len(token.raw)]
            self._carry_out(token, offset)
            self._recent = (self._recent + token.raw)[-_CONTEXT:]
            self._use_paper()

    def _carry_out(self, token: Token, offset: int) -> None:
        if self.user_setting and not token.raw.startswith(user_setting.PREFIX):
            self.emit(Ignored(token.raw[:64].hex(" ").upper(), "the printer is in its user setting mode"))
        elif isinstance(token, Text):
            for index in self.page.text(token.raw):
                before = (self._recent + token.raw[:index])[-_CONTEXT:]
                reason = f"code table {self.page.table} has no such character"
                self._unknown(offset + index, token.raw[index : index + 1], before, reason)
        elif isinstance(token, Unknown):
            self._unknown(offset, token.raw, self._recent, "no such command")
            self.page.alarm(f"UNKNOWN {token.raw[:12].hex(' ').upper()}")
        else:
            self._command(token, offset)

    def _command(self, token: Command, offset: int) -> None:
        try:
            self._handlers[token.prefix](self, token.args)
        except Refused as error:
            self._unknown(offset, token.raw, self._recent, str(error))
            self.page.alarm(f"REFUSED {token.raw[:12].hex(' ').upper()}")
        except NoEffect as error:
            self.emit(Ignored(token.raw[:64].hex(" ").upper(), str(error)))

    def _unknown(self, offset: int, raw: bytes, before: bytes, reason: str) -> None:
        self.emit(UnknownBytes(offset, raw[:64].hex(" ").upper(), before.hex(" ").upper(), reason))

    def _use_paper(self) -> None:
        """Count the paper, and let a roll with an end come to it."""
        self.used_dots += self.page.take_moved()
        if self._roll_mm is None or self.condition.paper == "out":
            return
        left_mm = self._roll_mm - (self.used_dots - self._roll_start) / self.model.dots_per_mm
        paper = "out" if left_mm <= 0 else "near_end" if left_mm <= NEAR_END_MM else self.condition.paper
        if paper != self.condition.paper:
            self._set("paper_out" if paper == "out" else "near_end")
            self._tell_change()

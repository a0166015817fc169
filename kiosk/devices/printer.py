"""One ticket's way through the printer: sent once, its end awaited, and after a trouble found out, never guessed.

Confirmed by the process id (GS ( H); a printer that leaves it unanswered by GS r, which is weaker. After a break the
cutter's counter tells: one more than before is printed, the same is not printed, anything else is not known.

A cable does not break with the printer's power: what was still on it, or held back in the host, goes on into the
printer that has just been switched on, and the cut and the process id at the end of a ticket come without its head.
The printer's notice of that is lost while nobody listens, be it that the line is being opened anew or that this
program starts. So a cut counts only with a proof that it was the whole ticket's. The ticket's QR code is that proof
where the printer tells of it: its data is sent before all else, and is gone with the printer's power.
"""

from __future__ import annotations

import logging
import secrets
import string
from enum import Enum

from kiosk.devices import bytes as wire
from kiosk.devices import status
from kiosk.devices.line import STATUS_S, Line
from kiosk.devices.mouth import Mouth
from kiosk.devices.paper import Counter, ticket_mm
from kiosk.devices.profiles import Profile
from kiosk.devices.status import Condition, Reply
from kiosk.receipt import Receipt

log = logging.getLogger(__name__)

CONFIRM_S = 8.0
"""How long a ticket may take from the last byte on the wire to the confirmation, before it counts as held."""
CHECK_EVERY_S = 1.0
SETTLE_S = 4.0
CLEAR_S = 2.0
TAIL_S = 1.5
FILL = bytes(256)
FILLS = 8
"""What a command that was cut off may still want: longer than a ticket without pictures, or than the first question
after the break (`10 04`) says when it is taken for a length."""
_ALPHABET = (string.ascii_letters + string.digits).encode()


class Verdict(Enum):
    """What became of a ticket that was sent."""

    PRINTED = "printed"
    NOT_PRINTED = "not printed, and what was sent of it is cleared"
    TROUBLE = "not known yet: the printer has stopped"
    UNKNOWN = "not to be known"


class Printer:
    """The print transaction over a `Line`. All methods but those of the line that say so raise PrinterGone."""

    def __init__(self, line: Line, profile: Profile, paper: Counter | None = None, mouth: Mouth | None = None) -> None:
        self.line = line
        self.profile = profile
        self.paper = paper or Counter()
        self.mouth = mouth
        self._answers_pid: bool | None = None if profile.process_id else False
        self._probed_in_doubt = -1
        self._restarted = False
        self._lost_its_head = False
        self._stopped = False
        self._sent_in = 0
        self._clogged = False

    @property
    def condition(self) -> Condition:
        return self.line.condition

    @staticmethod
    def new_pid() -> str:
        """Four printable characters; the last ticket's answer can hardly be taken for this one's."""
        return "".join(chr(secrets.choice(_ALPHABET)) for _ in range(4))

    def probe(self) -> None:
        """Find out whether this printer answers process ids, while it is idle and well; once per connection."""
        if self._answers_pid is not None and (not self.profile.process_id or self._probed_in_doubt == self.line.doubt):
            return
        if self.line.write_only or not self.condition.ready:
            return
        pid, doubt = self.new_pid().encode(), self.line.doubt
        answered = self._barrier_by_pid(pid, STATUS_S)
        if not answered:
            ready = self.line.refresh().ready
            answered = self.line.heard(lambda reply: isinstance(reply, status.Printed) and reply.pid == pid)
            if not answered and (not ready or self.line.doubt != doubt):
                return  # it had no fair chance to answer
        self._answers_pid = answered
        self._probed_in_doubt = self.line.doubt
        log.info("event=printer_probed process_id=%s", answered)

    def recover(self, *, ticket_in_it: bool) -> None:
        """Let a printer go on whose error has been mended and which waits to be told: from the failed line if there
        is a ticket in it, else with empty buffers."""
        if ticket_in_it and self.condition.reachable and not self.condition.ready:
            self._stopped = True
        if self.condition.waits_for_recovery:
            self.line.write(wire.RETRY if ticket_in_it else wire.CLEAR_AND_RECOVER)
            self.line.refresh()

    @property
    def answers_process_ids(self) -> bool | None:
        """None until it has been found out."""
        return self._answers_pid

    def cuts(self) -> int | None:
        """The cutter's counter, None when the printer does not tell."""
        if self.line.write_only or not self.profile.cutter_counter:
            return None
        self.line.write(wire.CUTTER_COUNTER)
        reply = self.line.listen(lambda reply: isinstance(reply, status.Text), STATUS_S)
        if isinstance(reply, status.Text) and reply.text.isdigit():
            return int(reply.text)
        return None

    def gave(self, label: str, receipt: Receipt) -> None:
        """A ticket is on its way: it takes paper from the roll and comes to stand in the mouth."""
        self.paper.add(ticket_mm(receipt, self.profile))
        if self.mouth is not None:
            self.mouth.presented(label)

    def watch_mouth(self) -> None:
        """See to it that no ticket is left for the next customer."""
        if self.mouth is not None:
            self.mouth.watch()

    def send(self, ticket: bytes, pid: str) -> None:
        """The whole ticket and the question after its end, in one write."""
        self.line.forget_confirmations()
        self._restarted = self._lost_its_head = self._stopped = False
        self._sent_in = self.line.openings
        if self.line.write_only:
            self.line.write(ticket)
            return
        if self._answers_pid:
            question = wire.process_id(pid.encode())
        else:
            question = wire.PAPER_QUERY
            self.line.expect_paper()
        self.line.write(ticket + question)
        self.line.renew_automatic_status()

    def await_end(self, pid: str, size: int) -> Verdict:
        """Wait for the confirmation of the ticket of `size` bytes: PRINTED, TROUBLE, or UNKNOWN where nothing can be
        heard."""
        if self.line.write_only:
            return Verdict.UNKNOWN
        doubt = self.line.doubt
        on_wire_s = self.line.line_s(size)
        left_s = CONFIRM_S
        wait_s = on_wire_s + CHECK_EVERY_S
        while left_s > 0:
            # wakes for automatic status too: a printer that stops is seen at once
            reply = self.line.listen(lambda reply: self._ends(reply, pid) or self._stops(reply), wait_s)
            if reply is not None and self._ends(reply, pid):
                return self._confirmed()
            if isinstance(reply, status.PoweredOn):
                self._restarted = True
            if self.line.doubt != doubt or not self.condition.ready:
                return Verdict.TROUBLE
            if not self.line.refresh().ready:
                return Verdict.TROUBLE
            left_s -= CHECK_EVERY_S
            wait_s = CHECK_EVERY_S
        return Verdict.TROUBLE

    def settle(self, pid: str, baseline: int | None, *, doubt: int | None) -> Verdict:
        """After a trouble that is over: find out what became of the ticket.

        `doubt` is the line's doubt when the ticket was sent, None when that was before this program started. TROUBLE:
        it is not over after all.
        """
        if self.line.write_only:
            return Verdict.UNKNOWN
        unbroken = doubt is not None and doubt == self.line.doubt
        if unbroken:
            # The rest may just be coming out: what was sent while the paper was out prints when it is back.
            reply = self.line.listen(lambda reply: self._ends(reply, pid) or self._stops(reply), SETTLE_S)
            if reply is not None and self._ends(reply, pid):
                return self._confirmed()
            if not self.condition.ready:
                return Verdict.TROUBLE
        beheaded = not unbroken and doubt is not None and self._beheaded(pid)
        if self._restarted and not self.line.refresh().ready:
            # what is left of the ticket may still lie in it: its confirmation may be lost among later ones
            self._stopped = True
            return Verdict.TROUBLE
        clears = self.profile.process_id
        finished = (unbroken and clears) or self._let_finish()
        if self._restarted and doubt is not None and self.line.heard(lambda reply: self._ends(reply, pid)):
            beheaded = self._lost_its_head = True
        cleared = self._clear()
        whole = self.line.is_cable and self._keeps_code()
        if not self.line.refresh().ready:
            return Verdict.TROUBLE
        self._clogged = not (finished or cleared)
        verdict = Verdict.NOT_PRINTED if beheaded and not whole else self._by_counter(baseline)
        heard_all = doubt is not None and self._sent_in == self.line.openings
        if verdict is Verdict.PRINTED and not (whole or unbroken or self._cut_was_whole(finished, heard_all)):
            verdict = Verdict.UNKNOWN
        if verdict is Verdict.NOT_PRINTED and self._clogged:
            verdict = Verdict.UNKNOWN  # it may still come out
        if verdict is Verdict.UNKNOWN and unbroken and cleared and doubt == self.line.doubt:
            return Verdict.NOT_PRINTED
        log.info("event=printer_settled verdict=%s", verdict.name)
        return verdict

    def _confirmed(self) -> Verdict:
        """What the confirmation of a ticket says: with the rest of an earlier one before it, not that it is whole."""
        clogged, self._clogged = self._clogged, False
        return Verdict.UNKNOWN if clogged else Verdict.PRINTED

    def _ends(self, reply: Reply, pid: str) -> bool:
        if self._answers_pid:
            return isinstance(reply, status.Printed) and reply.pid == pid.encode()
        return isinstance(reply, status.Paper)

    def _stops(self, reply: Reply) -> bool:
        return isinstance(reply, status.PoweredOn) or not self.condition.ready

    def _beheaded(self, pid: str) -> bool:
        """Whether only the end of the ticket came out: its confirmation stands after the power-on notice.

        On a cable what was still on the wire is printed by the printer that has just started, the cut included: the
        counter would take that for the ticket.
        """
        if not (self._restarted or self.line.heard(lambda reply: isinstance(reply, status.PoweredOn))):
            return False
        self._restarted = True
        if not self._lost_its_head:  # the confirmation is heard once, and another trouble may make us ask again
            self._lost_its_head = self.line.listen(lambda reply: self._ends(reply, pid), TAIL_S) is not None
        return self._lost_its_head

    def _let_finish(self) -> bool:
        """Give what is still in the printer's buffers the time to come out, so that it is not cut short; whether it
        has."""
        if self._answers_pid or (self._answers_pid is None and self.profile.process_id):
            return self._barrier_by_pid(self.new_pid().encode(), SETTLE_S)
        if self._barrier_by_paper(b"", SETTLE_S):
            return True
        if not self.line.refresh().ready:
            return False
        if self._barrier_by_paper(b"", STATUS_S):
            return True
        # A connection that broke within a command: the next ticket's head would be taken for the rest of that.
        return any(self._barrier_by_paper(FILL, STATUS_S) for _ in range(FILLS))

    def _barrier_by_paper(self, fill: bytes, timeout_s: float) -> bool:
        self.line.expect_paper()
        self.line.write(fill + wire.PAPER_QUERY)
        return self.line.listen(lambda reply: isinstance(reply, status.Paper), timeout_s) is not None

    def _barrier_by_pid(self, pid: bytes, timeout_s: float) -> bool:
        self.line.write(wire.process_id(pid))
        reply = self.line.listen(lambda reply: isinstance(reply, status.Printed) and reply.pid == pid, timeout_s)
        return reply is not None

    def _clear(self) -> bool:
        """Empty the printer's buffers; whether it said so."""
        if not self.profile.process_id:
            return False
        self.line.write(wire.CLEAR_BUFFERS)
        cleared = self.line.listen(lambda reply: isinstance(reply, status.Cleared), CLEAR_S) is not None
        self.line.renew_automatic_status()
        return cleared

    def _cut_was_whole(self, finished: bool, heard_all: bool) -> bool:
        """Whether the cut that was counted cannot have been that of a mere end, where the printer has no proof of it.
        `finished`: it has nothing left to print; `heard_all`: its line was open all the time."""
        if self._restarted:
            # where it stopped again before it said more, the confirmation of an end may be lost
            told = finished and not self._stopped
            return told and (not self.line.is_cable or (heard_all and bool(self._answers_pid)))
        return not self.line.is_cable

    def _keeps_code(self) -> bool:
        """Whether the data of the last ticket's QR code is still in the printer: then it has had power without a break
        from the head of that ticket on."""
        if not self.profile.qr_size:
            return False
        self.line.write(wire.CODE_SIZE)
        reply = self.line.listen(lambda reply: isinstance(reply, status.KeptCode), STATUS_S)
        return isinstance(reply, status.KeptCode) and reply.printable

    def _by_counter(self, baseline: int | None) -> Verdict:
        cuts = self.cuts()
        if cuts is None or baseline is None:
            return Verdict.UNKNOWN
        if cuts == baseline:
            return Verdict.NOT_PRINTED
        return Verdict.PRINTED if cuts == baseline + 1 else Verdict.UNKNOWN

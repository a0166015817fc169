"""The issuing transaction, on a thread of its own that alone talks to the printer.

Touch → the printer says that it is well → the request is noted → `issue` → meanwhile the note is forced to disk and
the cutter's count is read → the number is noted → SENT is noted, and forced with all before it → paper → its end is
noted → reported (by `Reporter`). Where the dispatcher is not there or does not answer, the number is one of our own
(`kiosk.lease`), used on disk before SENT is, and the end is handed over instead. A crash between any two leaves a row
in the spool from which `_settle_open` goes on at the next start, before any new ticket.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from dispatcher.wire.clock import Clock
from dispatcher.wire.device import REPEATS, DeviceLink, Refused, Unreachable
from dispatcher.wire.messages import Issued, IssueRequest
from kiosk import flow
from kiosk.devices import escpos_bytes
from kiosk.devices.printer import Printer, Verdict
from kiosk.devices.transport import PrinterGone
from kiosk.lease import issued_off_line
from kiosk.offline import OffLine
from kiosk.receipt import layout
from kiosk.setup import FRESH_S
from kiosk.setup import Office as Office
from kiosk.setup import Setup as Setup
from kiosk.spool import RESULTS, Row, Spool, Stage
from kiosk.texts import pick
from kiosk.wording import content

log = logging.getLogger(__name__)

POLL_S = 2.0
HELD_POLL_S = 1.0
RASTER_BYTES_A_S = 11_520
"""A line of 115,200 baud: on a slower one a picture would hold the ticket up for seconds."""
HEAD_START_S = 0.03
"""How long a picture may wait for a ticket: two frames, which nobody sees. Drawing would hold the thread up."""
REPEATS_THEN_ALONE = 1
"""Where there is a number of our own nobody has to stand and wait for the dispatcher as long as it may take."""
RESULT_OF = {Verdict.PRINTED: Stage.CONFIRMED, Verdict.UNKNOWN: Stage.UNCONFIRMED}


@dataclass(frozen=True)
class Count:
    """The cutter's count, when (the clock's monotonic seconds) and in which doubt of the line it was read."""

    of: Printer
    cuts: int | None
    at: float
    doubt: int


class Desk:
    """`notify` hears the flow's events of each ticket, `reported` that the spool has something to report, `failed`
    that this thread has ended on an error and the program must end too."""

    def __init__(
        self,
        device: DeviceLink,
        spool: Spool,
        clock: Clock,
        *,
        notify: Callable[[flow.Event], None],
        reported: Callable[[], None],
        failed: Callable[[], None],
        offline: OffLine | None = None,
    ) -> None:
        self._device = device
        self._spool = spool
        self._clock = clock
        self._notify = notify
        self._reported = reported
        self._failed = failed
        self._offline = offline or OffLine(clock)
        self._setup: Setup | None = None
        self._next_setup: Setup | None = None
        self._wishes: deque[flow.Issue] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._reconnect = False
        self._ahead = threading.Event()
        self._ahead.set()
        self._count: Count | None = None
        self._sent_in_doubt: dict[str, int] = {}
        self._thread = threading.Thread(target=self.run, name="desk", daemon=True)

    @property
    def started(self) -> bool:
        return self._thread.ident is not None

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End between two steps; a ticket on its way is settled at the next start."""
        self._stopping = True
        self._interrupt()
        self._thread.join(timeout_s)
        if self._setup:
            self._setup.close()

    def use(self, setup: Setup) -> None:
        """Print on this printer from the next step on."""
        self._next_setup = setup
        self._interrupt()

    def reconnect(self) -> None:
        """Open the printer's line anew."""
        self._reconnect = True
        self._interrupt()

    def issue(self, wish: flow.Issue) -> None:
        """Begin the transaction for this wish."""
        self._ahead.clear()
        self._wishes.append(wish)
        self._interrupt()

    def give_way(self) -> None:
        """Before something that takes long on another thread: let a wish that has just come get onto paper first."""
        self._ahead.wait(HEAD_START_S)
        self._ahead.set()

    def _interrupt(self) -> None:
        self._wake.set()
        setup = self._setup
        if setup:
            setup.interrupt()

    # -- the thread

    def run(self) -> None:
        """The thread's work, until `stop`."""
        try:
            self._settle_open()
            while not self._stopping:
                try:
                    self._turn()
                except PrinterGone:
                    continue
        except Exception:
            # Without this thread there is no dispenser: the process ends, and who started it starts it anew.
            log.exception("event=desk_failed")
            self._failed()

    def _turn(self) -> None:
        """One round while no ticket is under way."""
        setup = self._take_setup()
        if setup is None:
            self._wake.wait(POLL_S)
            self._wake.clear()
            return
        if self._wishes:
            try:
                self._issue(setup, self._wishes.popleft())
            finally:
                self._ahead.set()
            return
        for printer in setup.printers:
            line = printer.line
            if line.age_s >= POLL_S or not line.condition.known:
                line.refresh()
                printer.recover(ticket_in_it=False)
                printer.probe()
                printer.watch_mouth()
        if not self._wishes and not self._stopping:
            setup.printer.line.idle(POLL_S)

    def _take_setup(self) -> Setup | None:
        """The setup to work with, after a change or an order to reconnect has been carried out."""
        fresh, self._next_setup = self._next_setup, None
        if fresh is not None:
            if self._setup is not None:
                self._setup.close()
            self._setup = fresh
        if self._reconnect and self._setup is not None:
            self._reconnect = False
            self._setup.close()
        return self._setup

    def _settle_open(self) -> None:
        """What the last run left: nothing sent is void, what may have been sent is found out."""
        for row in self._spool.rows():
            if row.stage is Stage.REQUESTED and not row.abandoned:
                self._spool.abandoned(row.key)
            elif row.stage is Stage.ALLOCATED:
                self._finish(row, Stage.FAILED)
        self._reported()
        for row in self._spool.rows():
            if row.stage in (Stage.SENT, Stage.HELD):
                self._notify(flow.Held(row.key, row.ticket.label))
                self._carry_on(row)

    # -- one ticket

    def _issue(self, setup: Setup, wish: flow.Issue) -> None:
        press, setup = wish.press, setup.well(ask=True)
        printer = setup.printer
        if not printer.condition.ready:
            self._notify(flow.NotTaken(press.key, printer.condition.trouble or "printer_error"))
            return
        request = IssueRequest(
            request_id=press.key,
            service=press.service,
            touched_at=press.touched_at,
            language=press.language,
            assisted=press.assisted,
        )
        name = pick(wish.service_name, press.language, setup.office.languages)
        # While off-line tickets wait to be handed over, a number of the dispatcher's would pass before them.
        alone = wish.alone or not self._device.connected or self._spool.owes()
        row = self._own_number(request, name) if alone else None
        if row is not None:
            self._notify(flow.Taken(press.key))
        elif self._device.connected and not wish.alone:
            self._notify(flow.Taken(press.key))
            row = self._ask_number(setup, press, self._spool.requested(request, name))
        else:
            self._notify(flow.NotTaken(press.key, "no_link"))
        if row is not None:
            self._print(row)

    def _own_number(self, request: IssueRequest, service_name: str) -> Row | None:
        """The row with a number of this dispenser's own, on disk; None when there is none."""
        label = self._offline.take(request.service)
        if label is None:
            return None
        log.info("event=issued_off_line request_id=%s label=%s", request.request_id, label)
        return self._spool.own(request, service_name, issued_off_line(label, request.touched_at))

    def _ask_number(self, setup: Setup, press: flow.Press, row: Row) -> Row | None:
        """The row with its number; None when there is no ticket, which the customer is told."""
        repeats = REPEATS_THEN_ALONE if self._offline.can_issue(press.service) else REPEATS
        try:
            answer = self._device.command(
                "issue", row.request, repeats=repeats, meanwhile=lambda: self._prepare(setup, press)
            )
            issued = Issued.model_validate(answer)
        except (Unreachable, ValidationError) as error:
            log.warning("event=issue_unanswered request_id=%s reason=%r", press.key, str(error))
            self._spool.abandoned(press.key)
            own = self._own_number(row.request, row.service_name)
            if own is None:
                self._notify(flow.NoTicket(press.key, "no_answer"))
            self._reported()
            return own
        except Refused as refusal:
            log.info("event=issue_refused request_id=%s code=%s", press.key, refusal.code)
            self._spool.refused(press.key)
            # its database cannot be written: it is there, and of no use
            own = self._own_number(row.request, row.service_name) if refusal.code == "unavailable" else None
            if own is None:
                self._notify(flow.NoTicket(press.key, refusal.code))
            return own
        return self._spool.allocated(press.key, issued)

    def _prepare(self, setup: Setup, press: flow.Press) -> None:
        """While the number is asked for: what the ticket needs besides."""
        self._spool.force()
        log.info("event=issue_asked request_id=%s service=%s", press.key, press.service)
        with contextlib.suppress(PrinterGone):
            self._count = self._read_count(setup.printer)

    def _read_count(self, printer: Printer) -> Count:
        printer.probe()
        return Count(printer, printer.cuts(), self._clock.monotonic(), printer.line.doubt)

    def _baseline(self, printer: Printer) -> int | None:
        """The cutter's count before a ticket: as fresh as the status has to be, and of the same connection."""
        known, self._count = self._count, None
        now = self._clock.monotonic()
        if known is None or known.of is not printer or known.doubt != printer.line.doubt or now - known.at > FRESH_S:
            known = self._read_count(printer)
            if known.cuts is None and printer.profile.cutter_counter:
                printer.line.refresh()
        return known.cuts

    def _print(self, row: Row, *, copy: bool = False) -> None:
        """Send the ticket, of which nothing is on paper, as soon as a printer is well, and see it through."""
        setup = self._when_ready(row, anywhere=True)
        if setup is None:
            return
        printer = setup.printer
        receipt = layout(
            content(setup.office, row, copy=copy),
            columns=printer.profile.columns,
            encoding=escpos_bytes.encoding_of(printer.profile),
            logo=setup.office.logo,
        )
        ticket = escpos_bytes.build(receipt, printer.profile, slow=printer.line.line_s(RASTER_BYTES_A_S) > 1)
        try:
            baseline = self._baseline(printer)
            if not printer.condition.ready:
                # it has stopped while it was asked: what lies in it must not be mistaken for what is sent now
                self._print(row, copy=copy)
                return
            pid = printer.new_pid()
            row = self._spool.sent(row.key, pid=pid, baseline=baseline, copy=copy, spare=setup.on_spare)
            self._sent_in_doubt[row.key] = printer.line.doubt
            printer.send(ticket, pid)
            # the paper first: drawing the number would hold it up
            self._notify(flow.Numbered(row.wish, row.ticket))
            self._ahead.set()
            log.info("event=ticket_sent id=%s label=%s bytes=%d", row.ticket.id, row.ticket.label, len(ticket))
            printer.gave(row.ticket.label, receipt)
            verdict = printer.await_end(pid, len(ticket))
        except PrinterGone:
            verdict = Verdict.TROUBLE
        if verdict is Verdict.TROUBLE:
            self._hold(row)
            self._carry_on(row)
        else:
            self._finish(row, RESULT_OF[verdict])

    def _carry_on(self, row: Row) -> None:
        """See a ticket through that may have been sent: find out, and print it again only if it is not on paper."""
        verdict = Verdict.TROUBLE
        while verdict is Verdict.TROUBLE:
            setup = self._when_ready(row)
            if setup is None:
                return
            current = self._spool.get(row.key)
            if current is None or current.stage in RESULTS:
                return
            if current.pid is None:
                # Nothing was sent: the printer went before the first byte.
                self._print(row)
                return
            try:
                verdict = setup.printer.settle(current.pid, current.baseline, doubt=self._sent_in_doubt.get(row.key))
            except PrinterGone:
                continue
        if verdict is Verdict.NOT_PRINTED:
            self._print(row, copy=True)
        else:
            self._finish(row, RESULT_OF[verdict])

    def _when_ready(self, row: Row, *, anywhere: bool = False) -> Setup | None:
        """Wait until the printer that has the ticket in it is well, or `anywhere` one is; None when the kiosk ends
        first. The customer is told while it lasts."""
        while not self._stopping:
            setup = self._take_setup()
            if setup is None:
                self._wake.wait(POLL_S)
                self._wake.clear()
                continue
            setup = setup.well() if anywhere or row.pid is None else setup.of(spare=row.spare)
            if setup is None:
                self._finish(row, Stage.UNCONFIRMED)  # nobody can ask a printer that is not there any more
                return None
            line = setup.printer.line
            if line.age_s > FRESH_S:
                line.refresh()
            if line.condition.ready:
                return setup
            self._hold(row)
            try:
                setup.printer.recover(ticket_in_it=True)
            except PrinterGone:
                continue
            if not line.condition.ready:
                line.idle(HELD_POLL_S)
        return None

    def _hold(self, row: Row) -> None:
        current = self._spool.get(row.key)
        if current is not None and current.stage is Stage.SENT:
            self._spool.held(row.key)
            log.warning("event=ticket_held id=%s label=%s", row.ticket.id, row.ticket.label)
        self._notify(flow.Held(row.key, row.ticket.label))

    def _finish(self, row: Row, stage: Stage) -> None:
        row = self._spool.result(row.key, stage)
        self._sent_in_doubt.pop(row.key, None)
        log.info("event=ticket_ended id=%s label=%s result=%s", row.ticket.id, row.ticket.label, stage)
        self._notify(flow.Paper(row.key, row.ticket, str(stage)))
        self._reported()

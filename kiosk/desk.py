"""The issuing transaction, on a thread of its own that alone talks to the printer.

Touch → the printer says that it is well → the request is noted → `issue` → meanwhile the note is forced to disk and
the cutter's count is read → the number is noted → SENT is noted, and forced with all before it → paper, the part of
`kiosk.delivery` → its end is noted → reported (by `Reporter`). Where the dispatcher is not there or does not answer,
the number is one of our own (`kiosk.lease`), used on disk before SENT is, and the end is handed over instead. A crash
between any two leaves a row in the spool from which the next start goes on.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable

from pydantic import ValidationError

from dispatcher.wire.clock import Clock
from dispatcher.wire.device import REPEATS, DeviceLink, Refused, Unreachable
from dispatcher.wire.messages import Issued, IssueRequest
from kiosk import flow
from kiosk.delivery import Delivery
from kiosk.devices.transport import PrinterGone
from kiosk.lease import issued_off_line
from kiosk.offline import OffLine
from kiosk.setup import Office as Office
from kiosk.setup import Setup as Setup
from kiosk.spool import Row, Spool
from kiosk.texts import pick

log = logging.getLogger(__name__)

POLL_S = 2.0
HELD_POLL_S = 1.0
HEAD_START_S = 0.03
"""How long a picture may wait for a ticket: two frames, which nobody sees. Drawing would hold the thread up."""
REPEATS_THEN_ALONE = 1
"""Where there is a number of our own nobody has to stand and wait for the dispatcher as long as it may take."""


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
        self._delivery = Delivery(spool, clock, notify=self._tell, reported=reported)
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
            self._delivery.resume()
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
        """One round: a wish if a printer is there for it, a step with each ticket that is on its way, a look around."""
        setup = self._take_setup()
        if setup is None:
            self._wake.wait(POLL_S)
            self._wake.clear()
            return
        free = self._delivery.free(setup)
        if self._wishes and free is not None:
            try:
                self._issue(setup, free, self._wishes.popleft())
            finally:
                self._ahead.set()
            return
        stopped = self._delivery.attend(setup)
        if stopped is None and self._delivery.busy:
            return
        self._look_around(setup)
        if not self._stopping and not (self._wishes and self._delivery.free(setup)):
            if stopped is not None:
                stopped.idle(HELD_POLL_S)
            else:
                setup.printer.line.idle(POLL_S)

    def _look_around(self, setup: Setup) -> None:
        """See to the printers that have no ticket in them."""
        free = self._delivery.free(setup)
        for printer in free.printers if free else ():
            line = printer.line
            if line.age_s >= POLL_S or not line.condition.known:
                line.refresh()
                printer.recover(ticket_in_it=False)
                printer.probe()
                printer.watch_mouth()

    def _tell(self, event: flow.Event) -> None:
        self._notify(event)
        if isinstance(event, flow.Numbered):
            self._ahead.set()

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

    # -- one ticket

    def _issue(self, setup: Setup, free: Setup, wish: flow.Issue) -> None:
        press, place = wish.press, free.well(ask=True)
        printer = place.printer
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
            row = self._ask_number(place, press, self._spool.requested(request, name))
        else:
            self._notify(flow.NotTaken(press.key, "no_link"))
        if row is not None:
            self._delivery.begin(setup, row)

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
            own = self._own_number(row.request, row.service_name)
            self._spool.abandoned(press.key)
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
            self._delivery.prepare(setup.printer)

"""Each ticket's way from its number onto paper: sent once to a printer that is well, and where that one stops, sought
in it until it is known what became of it.

A ticket that may lie in a printer keeps this printer to itself until then. Another printer goes on meanwhile, so
that one customer's trouble is not everybody's. All of it runs on the desk's thread, one step at a time; what is to
survive a crash stands in the spool, from which `resume` goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from dispatcher.wire.clock import Clock
from kiosk import flow
from kiosk.devices import escpos_bytes
from kiosk.devices.line import Line
from kiosk.devices.printer import Printer, Verdict
from kiosk.devices.transport import PrinterGone
from kiosk.receipt import Receipt, layout
from kiosk.setup import FRESH_S, Setup
from kiosk.spool import Row, Spool, Stage
from kiosk.wording import content

log = logging.getLogger(__name__)

RASTER_BYTES_A_S = 11_520
"""A line of 115,200 baud: on a slower one a picture would hold the ticket up for seconds."""
RESULT_OF = {Verdict.PRINTED: Stage.CONFIRMED, Verdict.UNKNOWN: Stage.UNCONFIRMED}


@dataclass(frozen=True)
class Count:
    """The cutter's count, when (the clock's monotonic seconds) and in which doubt of the line it was read."""

    of: Printer
    cuts: int | None
    at: float
    doubt: int


@dataclass
class Job:
    """A ticket on its way. `sought`: some of it may be in its row's printer; else nothing of it is anywhere, and it is
    printed on whichever printer is well, with `copy` marked as a reprint. `told`: what the customer was told last."""

    row: Row
    sought: bool
    copy: bool = False
    told: flow.Held | None = None


class Delivery:
    """`notify` hears the flow's events of each ticket, `reported` that the spool has something to report. No method
    raises PrinterGone."""

    def __init__(
        self, spool: Spool, clock: Clock, *, notify: Callable[[flow.Event], None], reported: Callable[[], None]
    ) -> None:
        self._spool = spool
        self._clock = clock
        self._notify = notify
        self._reported = reported
        self._jobs: list[Job] = []
        self._count: Count | None = None
        self._sent_on: dict[str, tuple[Printer, int]] = {}

    def resume(self) -> None:
        """What the last run left: nothing sent is void, what may have been sent is sought."""
        for row in self._spool.rows():
            if row.stage is Stage.REQUESTED and not row.abandoned:
                self._spool.abandoned(row.key)
            elif row.stage is Stage.ALLOCATED:
                self._finish(row, Stage.FAILED)
        self._reported()
        for row in self._spool.rows():
            if row.stage in (Stage.SENT, Stage.HELD):
                self._jobs.append(Job(row, sought=True))
                self._hold(self._jobs[-1])

    @property
    def busy(self) -> bool:
        """Whether any ticket is on its way."""
        return bool(self._jobs)

    def free(self, setup: Setup) -> Setup | None:
        """The setup of the printers in which no ticket is sought; None when there is none."""
        return setup.without({job.row.spare for job in self._jobs if job.sought})

    def begin(self, setup: Setup, row: Row) -> None:
        """Print the ticket, of which nothing is on paper; if that cannot be done at once, `attend` goes on with it."""
        job = Job(row, sought=False)
        self._jobs.append(job)
        self._step(setup, job)

    def attend(self, setup: Setup) -> Line | None:
        """One step with each ticket that is on its way. The line of a printer that has stopped, from which to hear that
        it goes on; None when there is none or a next step can be made at once."""
        waits = [self._step(setup, job) for job in list(self._jobs)]
        return next((line for line in waits if line is not None), None)

    def prepare(self, printer: Printer) -> None:
        """While a number is asked for: what its ticket needs besides. Raises PrinterGone."""
        self._count = self._read_count(printer)

    # -- steps

    def _step(self, setup: Setup, job: Job) -> Line | None:
        place = setup.of(spare=job.row.spare) if job.sought else self.free(setup)
        if place is None:
            if job.sought:
                self._end(job, Stage.UNCONFIRMED)  # nobody can ask a printer that is not there any more
            return None
        place = place if job.sought else place.well()
        line = place.printer.line
        if line.age_s > FRESH_S:
            line.refresh()
        if not line.condition.ready:
            self._hold(job)
            try:
                place.printer.recover(ticket_in_it=True)
            except PrinterGone:
                return line
            if not line.condition.ready:
                return line
        if job.sought:
            self._seek(place.printer, job)
        if not job.sought and job in self._jobs:
            self._print(place, job)
        return None

    def _seek(self, printer: Printer, job: Job) -> None:
        """Find out what became of a ticket that may have been sent."""
        row = job.row
        was_on, doubt = self._sent_on.get(row.key, (None, None))
        try:
            verdict = printer.settle(row.pid or "", row.baseline, doubt=doubt if was_on is printer else None)
        except PrinterGone:
            return
        if verdict is Verdict.NOT_PRINTED:
            job.sought, job.copy = False, True
        elif verdict is not Verdict.TROUBLE:
            self._end(job, RESULT_OF[verdict])

    def _print(self, place: Setup, job: Job) -> None:
        """Send the ticket and see it through, as long as the printer does not stop."""
        printer = place.printer
        receipt = self._receipt(place, job)
        ticket = escpos_bytes.build(receipt, printer.profile, slow=printer.line.line_s(RASTER_BYTES_A_S) > 1)
        try:
            baseline = self._baseline(printer)
            if not printer.condition.ready:
                return  # it has stopped while it was asked: what lies in it must not be mistaken for what is sent now
            verdict = self._send(place, job, ticket, receipt, baseline)
        except PrinterGone:
            verdict = Verdict.TROUBLE
        if verdict is not Verdict.TROUBLE:
            self._end(job, RESULT_OF[verdict])
        elif job.sought:
            self._hold(job)

    def _send(self, place: Setup, job: Job, ticket: bytes, receipt: Receipt, baseline: int | None) -> Verdict:
        printer, pid, key = place.printer, place.printer.new_pid(), job.row.key
        job.row = row = self._spool.sent(key, pid=pid, baseline=baseline, copy=job.copy, spare=place.on_spare)
        job.sought = True
        self._sent_on[key] = (printer, printer.line.doubt)
        printer.send(ticket, pid)
        # the paper first: drawing the number would hold it up
        self._notify(flow.Numbered(row.wish, row.ticket))
        log.info("event=ticket_sent id=%s label=%s bytes=%d", row.ticket.id, row.ticket.label, len(ticket))
        printer.gave(row.ticket.label, receipt)
        return printer.await_end(pid, len(ticket))

    def _receipt(self, place: Setup, job: Job) -> Receipt:
        profile = place.printer.profile
        return layout(
            content(place.office, job.row, copy=job.copy),
            columns=profile.columns,
            encoding=escpos_bytes.encoding_of(profile),
            logo=place.office.logo,
        )

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

    # -- what is told

    def _hold(self, job: Job) -> None:
        current = self._spool.get(job.row.key)
        if current is not None and current.stage is Stage.SENT:
            job.row = self._spool.held(job.row.key)
            log.warning("event=ticket_held id=%s label=%s", job.row.ticket.id, job.row.ticket.label)
        told = flow.Held(job.row.key, job.row.ticket.label, job.row.spare if job.sought else None)
        if told != job.told:
            job.told = told
            self._notify(told)

    def _end(self, job: Job, stage: Stage) -> None:
        self._jobs.remove(job)
        self._finish(job.row, stage)

    def _finish(self, row: Row, stage: Stage) -> None:
        row = self._spool.result(row.key, stage)
        self._sent_on.pop(row.key, None)
        log.info("event=ticket_ended id=%s label=%s result=%s", row.ticket.id, row.ticket.label, stage)
        self._notify(flow.Paper(row.key, row.ticket, str(stage)))
        self._reported()

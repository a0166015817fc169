"""What is done by time: a table of (job, interval), run by APScheduler. Deadlines are rows; the sweep finds them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from dispatcher.usecases import deadlines, privacy
from dispatcher.usecases.desk import SYSTEM, Desk, Unavailable

log = logging.getLogger(__name__)
SWEEP_S = 1.0
SWEEP_OFFICE_S = 15.0
"""Under a fast clock the sweep comes at least once in so many seconds of office time."""
FASTEST_SWEEP_S = 0.1
TIDY_S = 600.0
TIDY_OFFICE_S = 6 * 3600.0
"""Under a fast clock what has had its time goes at least so often in office time."""


class Jobs:
    """Owns the scheduler of one dispatcher. `post` sends the mails that are due, and never raises."""

    def __init__(self, desk: Desk, post: Callable[[], None] | None = None) -> None:
        self._desk = desk
        self._post = post
        self._sweep_s = max(FASTEST_SWEEP_S, min(SWEEP_S, SWEEP_OFFICE_S / desk.clock.pace))
        self._tidy_s = max(SWEEP_S, min(TIDY_S, TIDY_OFFICE_S / desk.clock.pace))
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def start(self) -> None:
        table: list[tuple[Callable[[], None], float]] = [(self.sweep, self._sweep_s), (self.tidy, self._tidy_s)]
        if self._post is not None:
            table.append((self._post, self._sweep_s))
        for job, interval_s in table:
            self._scheduler.add_job(
                job,
                "interval",
                seconds=interval_s,
                id=job.__name__,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=3600,
            )
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def sweep(self) -> None:
        """Carry out what is due, and come back at once when the next deadline is nearer than the interval."""
        try:
            if self._desk.read(deadlines.is_due):
                self._desk.execute(SYSTEM, deadlines.sweep)
            upcoming = self._desk.read(deadlines.next_due)
        except Unavailable:
            log.warning("event=sweep_waits reason=database")
            return
        if upcoming is None:
            return
        left_s = (upcoming - self._desk.clock.now()).total_seconds() / self._desk.clock.pace
        if left_s < self._sweep_s:
            at = self._desk.clock.wall() + timedelta(seconds=max(0.0, left_s))
            self._scheduler.add_job(
                self.sweep, "date", run_date=at, id="deadline", replace_existing=True, misfire_grace_time=3600
            )

    def tidy(self) -> None:
        """Forget what has had its time; what is personal a batch at a time, with the commands of others in between."""
        try:
            self._desk.execute(SYSTEM, deadlines.tidy)
            while (done := self._desk.execute(SYSTEM, privacy.forget).body or {}).get("forgotten"):
                log.info("event=forgotten rows=%d", done["forgotten"])
                if not done["more"]:
                    return
        except Unavailable:
            log.warning("event=tidy_waits reason=database")

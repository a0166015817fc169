"""What a ticket's paper says, from what the spool knows of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from kiosk.receipt import Content
from kiosk.setup import Office
from kiosk.spool import Row


def content(office: Office, row: Row, *, copy: bool) -> Content:
    """The ticket of a row, in its customer's language; `copy`: printed again."""
    ticket, request = row.ticket, row.request
    return Content(
        office=office.name,
        label=ticket.label,
        service=row.service_name or request.service,
        language=request.language or office.languages[0],
        printed_at=request.touched_at.astimezone(ZoneInfo(office.zone)),
        ahead=ticket.ahead,
        wait_low_s=ticket.wait_low_s,
        wait_high_s=ticket.wait_high_s,
        status_url=ticket.status_url,
        assisted=request.assisted,
        copy=copy,
        off_line=row.off_line,
    )

"""A whole mail: text, HTML with the QR inside, calendar file."""

from __future__ import annotations

import io
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import segno
from email_validator import EmailNotValidError, validate_email

from dispatcher.mail import account_letter, problem_letter
from dispatcher.mail.letter import QR_ID, Letter, Sender, as_html, as_text, write
from dispatcher.usecases.mails import AccountDraft, Draft, Outgoing, ProblemDraft

POLICY = SMTP.clone(cte_type="7bit")
"""Any server takes it, also one that has never heard of 8BITMIME."""


def compose(draft: Outgoing, sender: Sender) -> EmailMessage:
    """The mail, the same each time but for the boundaries between its parts."""
    letter = _letter(draft, sender)
    message = EmailMessage(policy=POLICY)
    _address(message, draft, letter, sender)
    message.set_content(as_text(letter))
    message.add_alternative(as_html(letter), subtype="html")
    if letter.status is not None:
        html = list(message.iter_parts())[-1]
        if isinstance(html, EmailMessage):
            picture = qr_png(letter.status[1])
            html.add_related(picture, "image", "png", cid=f"<{QR_ID}>", filename="qr.png", disposition="inline")
    if isinstance(draft, Draft):
        _enclose_calendar(message, draft, letter, sender)
    message["Content-Language"] = letter.language  # last: until now it would have become the first part's
    return message


def _letter(draft: Outgoing, sender: Sender) -> Letter:
    if isinstance(draft, AccountDraft):
        return account_letter.write(draft, sender)
    if isinstance(draft, ProblemDraft):
        return problem_letter.write(draft, sender)
    if isinstance(draft, Draft):
        return write(draft, sender)
    raise TypeError(type(draft).__name__)


def _enclose_calendar(message: EmailMessage, draft: Draft, letter: Letter, sender: Sender) -> None:
    from dispatcher.mail.calendar import calendar_file, method  # heavy, and not wanted before the first mail

    calendar = calendar_file(draft, letter, sender)
    message.add_alternative(calendar.decode(), subtype="calendar", params={"method": method(draft)})
    # Once more as a file: some programs show only attachments.
    message.add_attachment(calendar, "application", "ics", filename=f"{draft.label}.ics")


def _address(message: EmailMessage, draft: Outgoing, letter: Letter, sender: Sender) -> None:
    name, _, domain = sender.address.rpartition("@")
    message["Subject"] = letter.subject
    message["From"] = Address(sender.office.name, name, domain)
    message["To"] = Address(draft.name, addr_spec=ascii_address(draft.email))
    if sender.reply_to is not None:
        message["Reply-To"] = sender.reply_to
    message["Date"] = format_datetime(draft.written_at)
    # Made from the mail's own id: should one go out twice after a crash, it is known to be the same.
    message["Message-ID"] = f"<{draft.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def ascii_address(email: str) -> str:
    """An address with its domain as mail servers know it."""
    with suppress(EmailNotValidError):
        return validate_email(email, check_deliverability=False).ascii_email or email
    return email


def qr_png(text: str) -> bytes:
    """A QR code as PNG, large enough to be sharp at 200 pixels of a fine screen."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=12, border=4)
    return picture.getvalue()

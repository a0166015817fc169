"""What every visitor may want to know: how data are used, who can use the pages, where a mail may be (F6, E11)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import mails, privacy
from dispatcher.web.auth import of_nobody
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts
from dispatcher.web.values import clean_line
from dispatcher.wire.version import VERSION

REVIEWED = date(2026, 11, 22)
"""When the accessibility statement was last compared with the pages."""
LONGEST_CODE = 32


def make_blueprint() -> Blueprint:
    """`/privacy`, `/accessibility`, `/mail`."""
    blueprint = Blueprint("about", __name__)
    blueprint.add_url_rule("/privacy", "privacy", notice)
    blueprint.add_url_rule("/accessibility", "accessibility", accessibility)
    blueprint.add_url_rule("/mail", "mail", mail)
    blueprint.add_url_rule("/mail", "send_again", send_again, methods=["POST"])
    return blueprint


def notice() -> ResponseReturnValue:
    """The privacy notice, in the language of the page."""
    return render_template("privacy.html", told=privacy.told(context().office, texts().language))


def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template(
        "accessibility.html", version=VERSION, reviewed=texts().long_date(REVIEWED), contact=_contact()
    )


def mail() -> ResponseReturnValue:
    """Where a mail may be, how to have it sent again, whom to ask."""
    ctx, words = context(), texts()
    contacts = [
        (words.name(one.name), words.name(one.contact))
        for one in ctx.office.services.values()
        if one.appointments and one.contact
    ]
    sender = ctx.office.mail.sender if ctx.office.mail is not None else None
    return render_template("mail.html", sender=sender, contact=_contact(), contacts=contacts)


def _contact() -> str:
    office = context().office
    return texts().name(office.contact or office.privacy.contact)


def send_again() -> ResponseReturnValue:
    """Send the last mail about a booking once more. The answer never tells whether there is such a booking."""
    guard("again")
    code = request.form.get("code", "").strip()
    try:
        clean_line(code)
    except ValueError:
        code = ""
    if 0 < len(code) <= LONGEST_CODE:
        context().desk.execute(of_nobody().actor, mails.send_again, code=code)
        flash(texts()("again.said"), "done")
    else:
        flash(texts()("again.missing"), "error")
    return redirect(link("about.mail"), 303)

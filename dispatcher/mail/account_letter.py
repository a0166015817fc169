"""What the mails about accounts say: registration, forgotten password, and what has changed (E4, E5)."""

from __future__ import annotations

from urllib.parse import urlencode

from dispatcher.mail.letter import Letter, Sender, trial
from dispatcher.mail.texts import Words
from dispatcher.usecases.holder import link_token
from dispatcher.usecases.mails import AccountDraft

PAGES = {"confirm": "confirm", "exists": "confirm", "reset": "reset"}
"""Under which page the link of each kind is opened."""


def write(draft: AccountDraft, sender: Sender) -> Letter:
    """The letter of a mail about an account."""
    words = Words(draft.language, sender.office.language)
    text = f"account.{draft.kind}"
    office = sender.office.name
    return Letter(
        language=words.language,
        office=office,
        subject=words(f"{text}.subject", office=office),
        title=words(f"{text}.title"),
        greeting=words("greeting", name=draft.name) if draft.name else words("account.greeting"),
        colon=words("colon"),
        notes=_notes(draft, sender, words),
        change_note=words("account.began") if draft.begun else "",
        changes=_ways(draft, sender, words),
        small=(words(f"{text}.not_you"), words("account.automatic", office=office), *trial(sender, words)),
    )


def _notes(draft: AccountDraft, sender: Sender, words: Words) -> tuple[str, ...]:
    provider = sender.office.identity
    name = words.own(provider.name) if provider is not None else ""
    notes = [words(f"account.{draft.kind}.note", provider=name)]
    if draft.expires is not None and draft.kind in ("confirm", "reset"):
        until = draft.expires.astimezone(sender.office.zone)
        notes.append(words("account.until", day=words.day(until), time=f"{until:%H:%M}"))
    return tuple(notes)


def _ways(draft: AccountDraft, sender: Sender, words: Words) -> tuple[tuple[str, str], ...]:
    """The links: the one that acts first, then the pages that are open to everybody."""
    query = urlencode({"lang": words.language})
    account = f"{sender.base_url}/account"
    ways = []
    if draft.link is not None and draft.kind in PAGES and (draft.kind != "exists" or draft.begun):
        token = link_token(sender.signing_key, draft.link)
        name = "account.exists.book" if draft.kind == "exists" else f"account.{draft.kind}.button"
        ways.append((words(name), f"{account}/{PAGES[draft.kind]}/{token}?{query}"))
    if draft.kind in ("exists", "provider"):
        ways.append((words("account.log_in"), f"{account}/login?{query}"))
    if draft.kind in ("exists", "changed"):
        ways.append((words("account.forgotten"), f"{account}/forgotten?{query}"))
    return tuple(ways)

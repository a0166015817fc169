"""What the mails about devices say, to whoever looks after them: what is wrong, since when, what to do; or its end."""

from __future__ import annotations

from datetime import datetime

from dispatcher.mail.letter import Letter, Sender, trial
from dispatcher.mail.texts import Words
from dispatcher.usecases.mails import ProblemDraft


def write(draft: ProblemDraft, sender: Sender) -> Letter:
    """The letter of a mail about a problem, or about its end; nothing personal is in it."""
    office = sender.office
    words = Words(draft.language, office.language)

    def at(instant: datetime) -> str:
        local = instant.astimezone(office.zone)
        return words("when", day=words.day(local), time=f"{local:%H:%M}")

    text = draft.text or words("problem.gone")
    facts = [
        ("problem.device", draft.device),
        ("problem.what", text),
        ("problem.since", at(draft.since)),
        ("problem.ended", at(draft.ended) if draft.ended is not None else ""),
    ]
    return Letter(
        language=words.language,
        office=office.name,
        subject=words(f"{draft.kind}.subject", device=draft.device, problem=text),
        title=words(f"{draft.kind}.title"),
        greeting=words("account.greeting"),
        colon=words("colon"),
        facts=tuple((words(name), value) for name, value in facts if value),
        notes=(words(f"{draft.kind}.note"),),
        changes=((words("problem.page"), f"{sender.base_url}/office/devices"),),
        small=(words("account.automatic", office=office.name), *trial(sender, words)),
    )

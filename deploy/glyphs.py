"""The texts of an office that its screens show, and whether they can be drawn here."""

from __future__ import annotations

from collections.abc import Iterator

from dispatcher.engine.model import Office

SIGNS_NAMED = 12


def texts(office: Office) -> Iterator[tuple[str, str]]:
    """Every text that a waiting-room screen may show, with its place in the office file."""
    yield "site.name", office.name
    for service in office.services.values():
        for language, text in service.name.items():
            yield f"service[{service.id}].name.{language}", text
    for counter in office.counters.values():
        yield f"counter[{counter.id}].name", counter.name
    for notice in office.notices:
        for language, text in notice.text.items():
            yield f"message[{notice.id}].text.{language}", text
    for slide in office.slides:
        for language, text in slide.text.items():
            yield f"slide[{slide.id}].text.{language}", text


def problems(office: Office) -> Iterator[str]:
    """A sentence for each text with signs that no installed font draws. Needs what a display needs."""
    from display.draw.coverage import gaps

    for gap in gaps(texts(office)):
        shown = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in gap.signs[:SIGNS_NAMED])
        more = f" and {len(gap.signs) - SIGNS_NAMED} more" if len(gap.signs) > SIGNS_NAMED else ""
        advice = f"pip install 'numeretto[{gap.extra}]'" if gap.extra else "write it with other signs"
        yield f"{gap.where}: no font here draws {shown}{more}; {advice}"

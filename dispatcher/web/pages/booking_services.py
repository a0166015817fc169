"""The first step: which service, with what to bring; a search where there are many."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from flask import render_template, request

from dispatcher.engine.model import Service
from dispatcher.web.context import context
from dispatcher.web.shell import texts

SEARCH_FROM = 8
"""So many services are too many to read through."""
LONGEST_QUERY = 80


def page() -> str:
    """The services by group; those that `?q=` finds."""
    ctx, words = context(), texts()
    offered = [one for one in ctx.office.services.values() if one.appointments]
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    found = [one for one in offered if _matches(one, query)]
    groups = [
        (words.name(ctx.office.groups[key]) if key in ctx.office.groups else None, list(members))
        for key, members in groupby(sorted(found, key=_by_group), key=lambda one: one.group or "")
    ]
    return render_template(
        "booking_services.html",
        groups=groups,
        words_of=_words,
        search=len(offered) >= SEARCH_FROM,
        query=query,
        number=len(found),
        offered=len(offered),
    )


def _by_group(service: Service) -> tuple[bool, int, str]:
    keys = list(context().office.groups)
    group = service.group
    return (group is None, keys.index(group) if group in keys else len(keys), group or "")


def plain(text: str) -> str:
    """A text without capitals and accents, as the search compares it."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def _words(service: Service) -> str:
    """All that a service can be found by: its names in all languages, its group, what to bring."""
    group = context().office.groups.get(service.group or "", {})
    return plain(" ".join([*service.name.values(), *group.values(), texts().name(service.bring)]))


def _matches(service: Service, query: str) -> bool:
    words = _words(service)
    return all(part in words for part in plain(query).split())

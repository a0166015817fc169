"""A screen by ear: what is said of it, and what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.speech.words import Said


@dataclass(frozen=True)
class Item:
    """A choice. `event` is what choosing it means, None when it cannot be had."""

    id: object
    said: tuple[Said, ...]
    event: object = None


@dataclass(frozen=True)
class Page:
    """A screen by ear: another `key` is another page. `news` is said instead of `title` when the page before had the
    same `subject`; an `urgent` page cuts off what is being said."""

    key: tuple[object, ...]
    title: tuple[Said, ...]
    items: tuple[Item, ...] = ()
    subject: object = None
    news: tuple[Said, ...] = ()
    urgent: bool = False
    final: bool = False
    """A ticket: it can be heard again after its screen has gone."""
    keeps: bool = False
    """The choice at hand stays when this page follows one with the same subject."""

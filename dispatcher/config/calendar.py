"""Public holidays of a country, or of a part of it with its patron's day (E10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """A container of days. Each year is worked out when it is first asked for, so that no list ever runs out."""

    country: str
    subdivision: str | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(self.country, self.subdivision, day.year)


def subdivision_code(country: str, subdivision: str) -> str:
    """`IT-TO`, as ISO 3166-2 writes it, and `TO` mean the same."""
    return subdivision.removeprefix(f"{country}-")


def is_known(country: str) -> bool:
    """Whether there is a calendar of the country."""
    return _subdivisions(country) is not None


def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that have holidays of their own; none for an unknown country."""
    return _subdivisions(country) or ()


@lru_cache(maxsize=64)
def _subdivisions(country: str) -> tuple[str, ...] | None:
    from holidays import country_holidays  # a quarter of a second, and not every office keeps holidays

    try:
        return tuple(country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


@lru_cache(maxsize=256)
def _of_year(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays(country, subdiv=subdivision, years=year, expand=False))

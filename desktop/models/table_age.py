"""How old each consulted table is: amber past 180 days, red past 365, and an edition without a date is never green.

A copy on somebody else's pages ("as mirrored 2026-11") tells when it was read, not how old the original is: no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

AMBER_DAYS = 180
RED_DAYS = 365
MIRRORED = "as mirrored"
_FORMS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-./](?P<month>\d{1,2})[-./](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?!\d)"),
)


class Freshness(Enum):
    FRESH = "fresh"
    AMBER = "amber"
    RED = "red"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class TableAge:
    """One table as it stands on a day. `days` is None where the edition has no date."""

    source: str
    edition: str
    days: int | None

    @property
    def freshness(self) -> Freshness:
        """Return how fresh the table is."""
        if self.days is None:
            return Freshness.UNDATED
        if self.days > RED_DAYS:
            return Freshness.RED
        return Freshness.AMBER if self.days > AMBER_DAYS else Freshness.FRESH


def edition_date(edition: str) -> date | None:
    """Return the date in an edition such as "20-10-2020", "2024-05" or "2024"; a year counts from 1 January.

    None where it names no date of its own.
    """
    if MIRRORED in edition:
        return None
    for form in _FORMS:
        found = form.search(edition)
        if found is None:
            continue
        parts = {"month": "1", "day": "1"} | found.groupdict()
        try:
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        except ValueError:
            continue
    return None


def table_age(source: str, edition: str, today: date) -> TableAge:
    """Return the age of a table on `today`; a date in the future counts as 0 days."""
    dated = edition_date(edition)
    return TableAge(source, edition, None if dated is None else max(0, (today - dated).days))

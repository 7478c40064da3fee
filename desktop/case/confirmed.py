"""One disease that clinicians of this clinic confirmed, and in how many cases."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import Bilingual


@dataclass(frozen=True, slots=True)
class ConfirmedCases:
    """Cases of one disease whose plan was signed here. `code` is a code of the tables."""

    code: str
    display: Bilingual
    count: int

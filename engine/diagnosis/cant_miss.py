"""Diseases not to be missed: the most dangerous common conditions that the findings leave possible, five at most."""

from __future__ import annotations

import numpy as np

from engine.api import Bilingual, CantMiss
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.voice import Floats, Vote

WORST_SEVERITIES = (1, 2)
"""DDXPlus grades severity from 1, the worst, to 5."""
MOST = 5
LEAST_PROBABILITY = 0.001
"""Low on purpose: this list has its own recall target, apart from the ranking (NOTES.md)."""


def dangerous(probability: Floats, table: CommonTable) -> list[int]:
    """Return the conditions to list, by number, most likely first."""
    order = np.argsort(-probability, kind="stable").tolist()
    severe = [number for number in order if table.conditions[number].severity in WORST_SEVERITIES]
    return [number for number in severe[:MOST] if probability[number] >= LEAST_PROBABILITY]


def cant_miss(vote: Vote | None, table: CommonTable, catalogue: Catalogue) -> list[CantMiss]:
    """Return the dangerous conditions that remain possible, most likely first; none when Bayes was silent."""
    if vote is None:
        return []
    return [_row(number, catalogue) for number in dangerous(np.exp(vote.log_probability), table)]


def _row(number: int, catalogue: Catalogue) -> CantMiss:
    severity = catalogue.severity(number)
    why = Bilingual(
        f"the findings do not rule it out; severity grade {severity} of 5 (1 is the worst)",
        f"现有发现不能排除；严重程度{severity}级（共5级，1级最重）",
    )
    return CantMiss(catalogue.code(number), catalogue.name(number), why.en, catalogue.display(number), why)

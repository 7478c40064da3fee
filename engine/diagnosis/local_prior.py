"""The clinic's own confirmed cases as a prior: shrunk towards the table's, with a floor under the dangerous ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.voice import Floats

TABLE_WEIGHT = 50.0
"""The table's prevalence counts like this many confirmed cases."""
FLOOR = 0.5
"""A condition of severity 1 or 2 never falls below this part of the table's prevalence, however rare it is here."""


def local_prevalence(table: CommonTable, confirmed: Mapping[str, int]) -> Floats:
    """Return each condition's prevalence after `confirmed` (disease code -> cases); unknown codes are ignored."""
    base: Floats = np.asarray(table.model.prevalence, dtype=np.float64)
    counts = np.array([max(0, confirmed.get(table.code(number), 0)) for number in range(len(base))], dtype=np.float64)
    shrunk = (counts + TABLE_WEIGHT * base) / (counts.sum() + TABLE_WEIGHT)
    dangerous = np.array([condition.severity <= 2 for condition in table.conditions])
    floored = np.where(dangerous, np.maximum(shrunk, FLOOR * base), shrunk)
    prevalence: Floats = floored / floored.sum()
    return prevalence

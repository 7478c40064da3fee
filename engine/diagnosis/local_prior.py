"""The clinic's own confirmed cases as a prior: shrunk towards the prior in force, a floor under the dangerous ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.string_table import fold

Floats = npt.NDArray[np.float64]
TABLE_WEIGHT = 50.0
"""The prior in force counts like this many confirmed cases."""
FLOOR = 0.5
"""A condition of severity 1 or 2 never falls below this part of the prior in force, however rare it is here."""


def own_cases(table: CommonTable, base: Floats, confirmed: Mapping[str, int]) -> Floats:
    """Return the shares `base` of the conditions after `confirmed` (disease code -> cases); they sum to 1.

    Unknown codes are ignored.
    """
    if not confirmed:
        unmoved: Floats = base / base.sum()
        return unmoved
    known = {fold(code): count for code, count in confirmed.items()}
    counts = np.array([max(0, known.get(fold(table.code(number)), 0)) for number in range(len(base))], dtype=np.float64)
    shrunk = (counts + TABLE_WEIGHT * base) / (counts.sum() + TABLE_WEIGHT)
    dangerous = np.array([condition.severity <= 2 for condition in table.conditions])
    return _raised(shrunk, np.where(dangerous, FLOOR * base, 0.0))


def _raised(shares: Floats, floor: Floats) -> Floats:
    """Return `shares` with none below its `floor`; the others give way in proportion, so that they still sum to 1."""
    held = np.zeros(len(shares), dtype=bool)
    raised = shares / shares.sum()
    while (low := (raised < floor) & ~held).any():
        held |= low
        left = 1.0 - floor[held].sum()
        raised = np.where(held, floor, shares * left / shares[~held].sum())
    result: Floats = raised
    return result

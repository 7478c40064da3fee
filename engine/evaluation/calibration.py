"""How far confidence and truth lie apart, and what silence buys."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BINS = 10


def expected_calibration_error(confidence: Floats, right: Flags) -> float:
    """Return the mean gap between confidence and accuracy over ten equal-width bins, weighted by their size."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(confidence[place == number].mean()) - float(right[place == number].mean()))
        * float((place == number).mean())
        for number in range(BINS)
        if (place == number).any()
    ]
    return float(sum(gaps))


def selective_accuracy(confidence: Floats, right: Flags, coverage: float) -> float:
    """Return the accuracy on the most confident `coverage` share of the cases."""
    kept = np.argsort(-confidence, kind="stable")[: max(1, round(coverage * len(confidence)))]
    return float(right[kept].mean())

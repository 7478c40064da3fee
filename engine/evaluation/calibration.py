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


def error_if_calibrated(confidence: Floats, draws: int = 500, seed: int = 0) -> float:
    """Return the mean calibration error that these confidences would show at this many cases if every one were true.

    Ten bins of a hundred cases are small: their chance alone is read as error.
    """
    chance = np.random.default_rng(seed)
    drawn = (chance.random(len(confidence)) < confidence for _ in range(draws))
    return float(np.mean([expected_calibration_error(confidence, right) for right in drawn]))


def selective_accuracy(confidence: Floats, right: Flags, coverage: float) -> float:
    """Return the accuracy on the most confident `coverage` share of the cases."""
    kept = np.argsort(-confidence, kind="stable")[: max(1, round(coverage * len(confidence)))]
    return float(right[kept].mean())

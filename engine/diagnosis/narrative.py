"""How far percentages drawn from free text may go: never to certainty.

The tables of common conditions were learned from patients who answered every question. A narrative leaves most of them
unsaid, holds findings that the tables think impossible for a disease, and may be about a disease outside the tables. So
the first place may not pass a ceiling: the whole distribution is flattened by one exponent until it does not, which
keeps the order. The ceiling is a choice, not a measurement. Cases given by codes or answers are believed as measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.diagnosis.fusion import Place
from engine.diagnosis.voice import Floats

CEILING = 0.85
_HALVINGS = 40


def doubted(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return `places` in the same order and with the same sum, the first holding at most `CEILING` of it."""
    shares = np.array([place.probability for place in places])
    held = shares.sum()
    if not len(places) or shares[0] <= CEILING * held or (shares > 0).sum() < 2:
        return tuple(places)
    flattened = held * _flattened(np.log(np.maximum(shares, np.finfo(float).tiny)))
    return tuple(replace(place, probability=float(share)) for place, share in zip(places, flattened, strict=True))


def _flattened(log_shares: Floats) -> Floats:
    """Return the sharpest power of the distribution whose largest share is `CEILING`, summing to 1."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _powered(log_shares, middle).max() < CEILING else (low, middle)
    return _powered(log_shares, low)


def _powered(log_shares: Floats, exponent: float) -> Floats:
    weights = np.exp(exponent * (log_shares - log_shares.max()))
    shares: Floats = weights / weights.sum()
    return shares

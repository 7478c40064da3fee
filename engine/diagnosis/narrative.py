"""How far percentages drawn from free text may go: never to certainty.

The tables of common conditions were learned from patients who answered every question. A narrative leaves most of them
unsaid, holds findings that the tables think impossible for a disease, and may be about a disease outside the tables. So
a fixed share of the probability stays with what is common at this point, whatever the text says. The share is a choice,
not a measurement, and the order of the diseases is hardly touched. Cases given by codes or answers are not doubted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.diagnosis.fusion import Place
from engine.diagnosis.voice import Floats

DOUBT = 0.15


def doubted(places: Sequence[Place], prevalence: Floats) -> tuple[Place, ...]:
    """Return `places` with `DOUBT` of their probability spread by `prevalence` (sums to 1), best first."""
    held = sum(place.probability for place in places)
    shown = [
        place
        if place.number is None
        else replace(
            place, probability=(1 - DOUBT) * place.probability + DOUBT * held * float(prevalence[place.number])
        )
        for place in places
    ]
    return tuple(sorted(shown, key=lambda place: -place.probability))

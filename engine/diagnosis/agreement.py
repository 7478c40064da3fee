"""Whether the clinician's own diagnosis and the list agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.fusion import Ranking

PARTLY_WITHIN = 5
"""The clinician's own diagnosis agrees partly when it stands among this many first places."""


def agreement(own: str | None, ranking: Ranking, catalogue: Catalogue) -> Literal["agree", "partly", "disagree"] | None:
    """Compare the clinician's diagnosis with the list; groups of near-identical diseases count as one."""
    meant = set(_identities(catalogue.find(own), catalogue)) if own else set()
    if not meant or not ranking.votes:
        return None
    numbers = [place.number for place in ranking.places[:PARTLY_WITHIN] if place.number is not None]
    hits = [bool(meant & set(_identities([number], catalogue))) for number in numbers]
    if hits and hits[0]:
        return "agree"
    return "partly" if any(hits) else "disagree"


def _identities(numbers: Sequence[int], catalogue: Catalogue) -> list[str]:
    return [name for number in numbers for name in (catalogue.code(number), catalogue.group(number)) if name]

"""Follow a list of findings ("fever, chills and cough") from one end, so that what is said of one is said of all.

What is denied and what is present never stand in one list: `denied` says which is which, and may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.text.segment import Span

_JOINS = re.compile(r"[\s,，、/]*(?:and|or|with|及|和|与|伴有?|并)?[\s,，、/]*", re.IGNORECASE)

def list_back(text: str, places: Sequence[int], findings: Sequence[Span], denied: Sequence[bool] = ()) -> list[int]:
    """Return the last of `places` and those before it that are joined to it by nothing but commas and "and"."""
    chosen = [places[-1]]
    for place in reversed(places[:-1]):
        if not (_alike(denied, place, chosen[0]) and _joined(text, findings[place], findings[chosen[-1]])):
            break
        chosen.append(place)
    return chosen


def list_on(text: str, places: Sequence[int], findings: Sequence[Span], denied: Sequence[bool] = ()) -> list[int]:
    """Return the first of `places` and those after it that are joined to it by nothing but commas and "and"."""
    chosen = [places[0]]
    for place in places[1:]:
        if not (_alike(denied, place, chosen[0]) and _joined(text, findings[chosen[-1]], findings[place])):
            break
        chosen.append(place)
    return chosen


def _alike(denied: Sequence[bool], one: int, other: int) -> bool:
    return not denied or denied[one] == denied[other]


def _joined(text: str, first: Span, second: Span) -> bool:
    return first.end > second.start or _JOINS.fullmatch(text, first.end, second.start) is not None

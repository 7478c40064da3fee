"""Names of conditions compared loosely: spelling of either side of the Atlantic, plurals, filler words and word order.

Clinicians name one thing in many ways; two names with the same key are taken as the same condition. Words that tell
conditions apart (acute, chronic, left, type 1) are only dropped in a second, looser key.
"""

from __future__ import annotations

import re

from engine.diagnosis.string_table import fold

_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("ph", "f"))
_FILLERS = frozenset(["disease", "syndrome", "disorder", "of", "the", "a", "an", "and", "in", "s", "due", "to"])
_COURSES = frozenset(["acute", "chronic", "primary", "simple", "uncomplicated", "infection", "idiopathic"])


def loose(name: str) -> str:
    """Return the key of a name; empty where nothing is left."""
    return _key(name, _FILLERS)


def looser(name: str) -> str:
    """Return the key without what is in brackets and without words such as acute or primary."""
    return _key(re.sub(r"\(.*?\)", " ", name), _FILLERS | _COURSES)


def _key(name: str, dropped: frozenset[str]) -> str:
    folded = fold(re.sub(r"['’]s\b", "", name))
    for british, american in _SPELLINGS:
        folded = folded.replace(british, american)
    words = [re.sub(r"(?<=[a-z]{3})(?:es|s)$", "", word) for word in re.findall(r"[a-z0-9]+|[^\x00-\x7f]+", folded)]
    return " ".join(sorted({word for word in words if word not in dropped}))

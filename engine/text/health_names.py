"""Further names of HPO terms from the synonym lists of the shipped health texts (MedQuAD); used when compiling.

A list of synonyms whose title is, word for word in any order, a name of exactly one term gives that term all its other
names of two words or more: "Acoustic neuroma" is a name of vestibular schwannoma, so "acoustic neurinoma" is one too.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

FEWEST_WORDS = 2


def synonym_groups(path: Path) -> dict[str, set[str]]:
    """Return for each title of a MedQuAD file the other names it gives."""
    groups: dict[str, set[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            groups.setdefault(row["focus"], set()).update(row["synonyms"])
    return groups


def further_names(
    groups: Mapping[str, set[str]], owners: Mapping[tuple[str, ...], set[str]], bag: Callable[[str], tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield (code, name) for names that no term of `owners` has yet; `bag` folds a name to its sorted words."""
    for title, others in groups.items():
        codes = owners.get(bag(title), set())
        if len(codes) == 1:
            for name in sorted(others):
                words = bag(name)
                if len(words) >= FEWEST_WORDS and words not in owners:
                    yield next(iter(codes)), name

"""The code of a disease by its written name: one of the DDXPlus conditions, else OMIM, else Orphanet, else none.

Only a whole name counts, apart from case, a possessive and a plural: a near name may be another disease. Sources: the
names in HPO's disease annotations (2025-01-16 and the export of 2025-11-24), DDXPlus' conditions, and MedQuAD's
synonyms of those.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.knowledge.index import KnowledgeIndex
from engine.text.entity_names import coded_disease_names, folded

DISEASE_CODES_ENTRY = "text.disease_codes"
_POSSESSIVE = re.compile(r" ['’] s\b| ['’](?= |$)")
_ORDER = ("DDX:", "OMIM:", "ORPHA:")
_SHORTEST_NAME = 4
_MEDQUAD_SHORTEST = 6
"""Short synonyms are mostly abbreviations, and those mean many things."""


@dataclass(frozen=True, slots=True)
class NamedDisease:
    """A disease with the name its source gives it."""

    code: str
    name: str


class DiseaseCodes:
    """All names of one index."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._by_name: dict[str, list[str]] = index.json(DISEASE_CODES_ENTRY)

    def of(self, name: str) -> NamedDisease | None:
        """Return the disease called `name`, or None where no source calls one so."""
        found = next((self._by_name[key] for key in _readings(name) if key in self._by_name), None)
        return NamedDisease(*found) if found else None


def _key(name: str) -> str:
    return _POSSESSIVE.sub("", folded(name))


def _readings(name: str) -> Iterator[str]:
    key = _key(name)
    yield key
    if key.endswith("s") and not key.endswith(("ss", "is", "us")):
        yield key[:-1]
        if key.endswith("ies"):
            yield key[:-3] + "y"


def compiled_codes(sources: Path) -> dict[str, list[str]]:
    """Return key of a name -> [code, the first name that its source gives it]."""
    named = [(code, name) for code, name in coded_disease_names(sources) if code.startswith(_ORDER)]
    own = dict(reversed(named))
    codes: dict[str, str] = {}
    for code, name in named:
        key = _key(name)
        if len(key) >= _SHORTEST_NAME and (key not in codes or _rank(code) < _rank(codes[key])):
            codes[key] = code
    for synonym, focus in _medquad_synonyms(sources / "medquad"):
        if focus in codes:
            codes.setdefault(synonym, codes[focus])
    return {key: [code, own[code]] for key, code in sorted(codes.items())}


def _rank(code: str) -> int:
    return next(place for place, start in enumerate(_ORDER) if code.startswith(start))


def _medquad_synonyms(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (synonym, focus) by their keys, but none that MedQuAD gives to two."""
    focus_of: dict[str, set[str]] = {}
    with gzip.open(folder / "medquad_answered.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            for synonym in row["synonyms"]:
                focus_of.setdefault(_key(synonym), set()).add(_key(row["focus"]))
    for synonym, focuses in focus_of.items():
        if len(synonym) >= _MEDQUAD_SHORTEST and len(focuses) == 1:
            yield synonym, min(focuses)

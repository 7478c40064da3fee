"""Find the condition that a diagnosis means: by code, by name in either language, or by a synonym."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from engine.api import Bilingual
from engine.diagnosis.string_table import Strings
from engine.knowledge.index import KnowledgeIndex
from engine.treatment.rows import ConditionRow

_RARE_CODE = re.compile(r"(?:OMIM|ORPHA):\d+")
_RARE = "diagnosis.rare"
_RANKED = "diagnosis.conditions"
_PUNCTUATION = re.compile(r"[\s,.;:()\[\]/\-_'’,。;:()、·]+")


class ConditionNames:
    """Names to conditions; an ambiguous name finds nothing rather than the wrong row."""

    def __init__(self, conditions: Iterable[ConditionRow], names: Mapping[str, Mapping[str, str]]) -> None:
        self._by_name: dict[str, ConditionRow | None] = {}
        for condition in conditions:
            known = {
                condition.code,
                condition.code.partition(":")[2],
                *condition.codes,
                condition.name.en,
                condition.name.zh,
                *condition.synonyms,
            }
            known |= set(names.get(condition.code, {}).values())
            for name in {plain(name) for name in known} - {""}:
                other = self._by_name.get(name, condition)
                self._by_name[name] = condition if other is condition else None

    def find(self, diagnosis: str) -> ConditionRow | None:
        """Return the condition that `diagnosis` names exactly, apart from case, accents and punctuation."""
        return self._by_name.get(plain(diagnosis))


def plain(name: str) -> str:
    """Return a name without case, accents, punctuation and full-width forms, for comparison only."""
    decomposed = unicodedata.normalize("NFKD", name)
    stripped = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _PUNCTUATION.sub(" ", stripped).strip().casefold()


def rare_disease_name(index: KnowledgeIndex, code: str) -> str | None:
    """Return the English name of an OMIM or Orphanet code, or None where the index has no such disease."""
    if not _RARE_CODE.fullmatch(code) or f"{_RARE}.codes.bytes" not in index:
        return None
    codes, wanted = Strings.load(index, f"{_RARE}.codes"), code.encode()
    number = next((number for number in range(len(codes)) if codes.raw(number) == wanted), None)
    return None if number is None else Strings.load(index, f"{_RARE}.names")[number]


def ranked_name(index: KnowledgeIndex, code: str) -> Bilingual | None:
    """Return how a condition that only the ranking knows is called, or None where it knows no such code."""
    if f"{_RANKED}.codes.bytes" not in index:
        return None
    codes, wanted = Strings.load(index, f"{_RANKED}.codes"), code.encode()
    number = next((number for number in range(len(codes)) if codes.raw(number) == wanted), None)
    if number is None:
        return None
    english = Strings.load(index, f"{_RANKED}.names")[number]
    return Bilingual(english, Strings.load(index, f"{_RANKED}.chinese")[number] or english)


def shown_name(names: Mapping[str, Mapping[str, str]], condition: ConditionRow) -> Bilingual:
    """Return how a condition is called on every screen: by the one table of names, else as its own row says."""
    row = names.get(condition.code)
    return Bilingual(row["en"], row["zh"] or row["en"]) if row else condition.name

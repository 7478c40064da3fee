"""Clinical names in a sentence: drugs and conditions, by a list of known names and by the stems of drug names.

International non-proprietary names share stems by class (WHO stem book: -cillin, -olol, -pril ...), so a drug that no
list knows is still seen as a drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.treatment.rows import ConditionRow

_WORD = re.compile(r"[a-z][a-z\-]+")
_STEMS = re.compile(
    r"^[a-z]{2,}(?:cillin|mycin|micin|oxacin|cycline|floxacin|conazole|azole|bendazole|oprazole|nidazole|vir|vudine|mab"
    r"|tinib|olol|alol|pril|sartan|dipine|statin|gliptin|gliflozin|glitazone|formin|parin|xaban|gatran|grel|triptan|setron"
    r"|profen|fenac|oxicam|coxib|caine|curium|curonium|azepam|azolam|barbital|oxetine|triptyline|azine|peridol|idone"
    r"|sone|solone|onide|terol|tropium|phylline|thiazide|semide|lactone|quine|amide|amine|zolamide|plase|ximab|zumab|cef[a-z]+)$"
)
_CEPHALOSPORIN = re.compile(r"^cef[a-z]{3,}$")
_NOT_DRUGS = frozenset("amine amide vitamine examine determine famine stamine undermine calamine".split())  # noqa: SIM905


class ClinicalTerms:
    """Known names, longest first; a phrase of several words is one name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            words = tuple(_WORD.findall(name.lower()))
            if words and len(name) > 3:
                self._by_first.setdefault(words[0], []).append(words)
        for phrases in self._by_first.values():
            phrases.sort(key=len, reverse=True)

    def found(self, text: str) -> frozenset[str]:
        """Return every name in `text`, in lower case; a name inside a longer one is not counted again."""
        words = _WORD.findall(text.lower())
        names: set[str] = set()
        at = 0
        while at < len(words):
            phrase = self._phrase_at(words, at)
            if phrase:
                names.add(" ".join(phrase))
            elif looks_like_drug(words[at]):
                names.add(words[at])
            at += max(1, len(phrase))
        return frozenset(names)

    def _phrase_at(self, words: list[str], at: int) -> tuple[str, ...]:
        for phrase in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return phrase
        return ()


def looks_like_drug(word: str) -> bool:
    """Whether a lower-case word ends as drug names do."""
    return word not in _NOT_DRUGS and bool(_STEMS.match(word) or _CEPHALOSPORIN.match(word))


def clinical_terms(conditions: Iterable[ConditionRow]) -> ClinicalTerms:
    """Return the names that the treatment rows know: conditions, synonyms and drugs."""
    rows = list(conditions)
    names = {name for row in rows for name in (row.name.en, *row.synonyms)}
    return ClinicalTerms(names | {option.drug for row in rows for option in row.options if option.drug})

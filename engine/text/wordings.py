"""Wordings that the English dictionary has beyond what HPO writes: borrowed from MedQuAD, and learned from HPO itself.

Used when the index is compiled. See `health_names` for what is borrowed and `variants` for what is learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from engine.text import health_names, phrases, variants
from engine.text.segment import Kind, tokenise
from engine.text.stem import Roots, base_form

MEDQUAD = Path("medquad") / "medquad_answered.jsonl.gz"
BORROWED_QUALITY = 1
LEARNED_QUALITY = 0
"""They stand below every name that HPO writes itself."""
_PREPOSITIONS = frozenset({"of", "in", "on", "to", "for", "with", "by", "from", "at", "within"})
VAGUE_WORDS = (
    "abnormality", "disease", "syndrome", "issue", "problem", "disturbance", "symptom", "bone", "circulating",
    "blood",
)  # fmt: skip
"""Words that say too little for anything to be learned from where HPO adds or changes them."""


@dataclass(frozen=True, slots=True)
class Phrase:
    code: str
    text: str
    quality: int


def words_of(text: str) -> list[str]:
    """Return the base forms of the words and numbers of a phrase."""
    return [
        base_form(token.folded) if token.kind == Kind.WORD else token.folded
        for token in tokenise(text)
        if token.kind in (Kind.WORD, Kind.NUMBER)
    ]


def borrowed(sources: Path, ontology: list[Phrase]) -> Iterator[Phrase]:
    """Yield the names that the synonym lists of MedQuAD add."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for phrase in ontology:
        owners.setdefault(_meaning_bag(phrase.text), set()).add(phrase.code)
    groups = health_names.synonym_groups(sources / MEDQUAD)
    for code, name in health_names.further_names(groups, owners, _meaning_bag):
        yield Phrase(code, name, BORROWED_QUALITY)


def learned_rows(
    ontology: list[Phrase], roots: Roots, place: dict[str, int], above: dict[str, set[str]]
) -> list[phrases.Row]:
    """Return the wordings that the ontology's own synonyms teach; they stand below all that is written."""
    owners: dict[variants.Bag, set[str]] = {}
    heads: dict[variants.Bag, set[str]] = {}
    for phrase in ontology:
        words = words_of(phrase.text)
        bag = tuple(sorted(root for word in words if phrases.word_hash(root := roots(word))))
        owners.setdefault(bag, set()).add(phrase.code)
        heads.setdefault(bag, set()).add(roots(_head(words)))
    lessons = variants.learn(owners, frozenset(map(roots, VAGUE_WORDS)))
    found = variants.variants(owners, heads, lessons, above)
    return [phrases.Row(phrases.bag_hash(list(bag)), place[code], LEARNED_QUALITY) for bag, code in found]


def _head(words: list[str]) -> str:
    """Return the last word before the first preposition: what an English name is a kind of."""
    before = takewhile(lambda word: word not in _PREPOSITIONS, words)
    return ([word for word in before if word not in phrases.EMPTY_WORDS] or words)[-1]


def _meaning_bag(text: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in words_of(text) if phrases.word_hash(word)))

"""The English dictionary as arrays: each phrase is the sum of its words' hashes, so word order does not matter.

A bag of words is one unsigned 64-bit number: the sum, modulo 2^64, of a fixed hash of each word. Words without meaning
of their own (of, the, a) are zero. The bag of any stretch of text is then a difference of two running sums, and all
stretches of a note are looked up in one vectorised search. 60,000 phrases take two megabytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.knowledge.index import IndexWriter, KnowledgeIndex

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

EMPTY_WORDS = frozenset(
    [
        "of", "the", "a", "an", "in", "on", "at", "to", "for", "with", "and", "or", "by", "from", "as", "both",
        "within", "upon", "his", "her", "its", "their", "my", "your", "our", "is", "are", "was", "were", "be",
        "been", "being", "s", "n", "involving", "affecting",
    ]
)  # fmt: skip
"""Words that a phrase may have or lack without meaning another thing."""
CLAUSE_WORDS = frozenset(
    [
        "but", "no", "not", "without", "never", "nor", "denies", "denied", "deny", "has", "have", "had", "who",
        "which", "that", "although", "however", "except", "because", "if", "when", "while", "then", "presents",
        "presented", "reports", "shows", "showed", "revealed", "developed",
    ]
)  # fmt: skip
"""Words that a gap inside a phrase may not hold, because they begin another statement."""
JOINING_WORDS = frozenset({"and", "or", "/", ",", "&"})
WITH = "with"


def holds_join(words: Iterable[str]) -> bool:
    """Whether a comma, "and" or the like is among folded `words`."""
    return not JOINING_WORDS.isdisjoint(words)


@lru_cache(maxsize=60_000)
def word_hash(word: str) -> int:
    """Return the fixed 64-bit number of `word`; zero for an empty word."""
    if not word or word in EMPTY_WORDS or not word[0].isalnum():
        return 0
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def bag_hash(words: list[str]) -> int:
    """Return the number of a bag of words, whatever their order."""
    return sum(map(word_hash, words)) & 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase of the dictionary: its bag, the concept it means, and how good a name it is (4 label .. 1 related)."""

    bag: int
    concept: int
    quality: int


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """Phrases sorted by bag. Several rows may share one bag."""

    bags: Hashes
    concepts: npt.NDArray[np.int32]
    qualities: npt.NDArray[np.uint8]

    def find(self, bags: Hashes) -> tuple[Places, Places]:
        """Return for each wanted bag the first and one past the last of its rows; equal where it is unknown."""
        first = np.searchsorted(self.bags, bags, side="left")
        known = np.zeros(len(bags), dtype=bool)
        inside = first < len(self.bags)
        known[inside] = self.bags[first[inside]] == bags[inside]
        last = first.copy()
        last[known] = np.searchsorted(self.bags, bags[known], side="right")
        return first, last


def store(writer: IndexWriter, name: str, rows: list[Row]) -> None:
    """Write `rows` under `name`; of equal rows the best quality stays."""
    best: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (row.bag, row.concept)
        best[key] = max(best.get(key, 0), row.quality)
    ordered = sorted((bag, concept, quality) for (bag, concept), quality in best.items() if bag)
    writer.put_array(f"{name}.bags", np.array([bag for bag, _, _ in ordered], dtype=np.uint64))
    writer.put_array(f"{name}.concepts", np.array([concept for _, concept, _ in ordered], dtype=np.int32))
    writer.put_array(f"{name}.qualities", np.array([quality for _, _, quality in ordered], dtype=np.uint8))


def load(index: KnowledgeIndex, name: str) -> PhraseTable:
    """Return the table stored under `name`."""
    return PhraseTable(
        index.array(f"{name}.bags"), index.array(f"{name}.concepts"), index.array(f"{name}.qualities")
    )

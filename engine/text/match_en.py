"""Find dictionary phrases in English tokens: in any word order, across small gaps, longest first.

Three kinds of stretches are looked up: contiguous words; words around one modifier ("fever, *mild* at night"); and the
two halves of a coordination ("aplastic *or hypoplastic* nails" means both). A stretch that lies wholly inside the words
of another match is left out, so that "hearing loss" does not also report "loss".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.text.phrases import CLAUSE_WORDS, JOINING_WORDS, Hashes, PhraseTable, Places, word_hash
from engine.text.segment import Kind, Token
from engine.text.spelling import Spelling
from engine.text.stem import Roots, base_form

LONGEST_STRETCH = 14
LONGEST_GAP = 3
REACH_BEFORE_GAP = 1
REACH_AFTER_GAP = 1
"""Tokens. Chosen on the development half of GSC+: wider gaps and reaches cost more precision than they gain recall."""
_PASSABLE_SIGNS = frozenset("-‐‑–/,'’&")
MODIFIERS = frozenset(
    [
        "mild", "moderate", "severe", "profound", "slight", "marked", "significant", "bilateral", "unilateral",
        "left", "right", "progressive", "congenital", "acute", "chronic", "recurrent", "persistent",
        "intermittent", "occasional", "frequent", "early", "late", "new", "recent", "transient", "isolated",
        "general", "generalized", "diffuse", "focal", "partial", "complete", "variable", "very", "more", "less",
        "worsening", "constant", "sudden",
    ]
)  # fmt: skip
"""Words that may stand inside a phrase without changing which finding it is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase found: the tokens it used, what it may mean, and how literally it was found.

    `words` are places of meaning-bearing tokens; `rows` is the stretch of rows in the table; `literal` is false where
    only word families matched; `mended` is true where a spelling was put right to find it.
    """

    words: frozenset[int]
    first_row: int
    last_row: int
    literal: bool
    bridged: bool
    mended: bool = False


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Candidate stretches: tokens `first`..`last` without the gap `gap_first`..`gap_last` (exclusive ends)."""

    first: Places
    last: Places
    gap_first: Places
    gap_last: Places


class EnglishMatcher:
    """Looks up one text at a time in the two tables: by base form, then by root."""

    def __init__(
        self, by_base: PhraseTable, by_root: PhraseTable, roots: Roots, spelling: Spelling, joined: Hashes
    ) -> None:
        """Take both tables; `joined` (sorted) are the bags of phrases that are written with a comma or "and"."""
        self._by_base, self._by_root, self._roots, self._spelling = by_base, by_root, roots, spelling
        self._joined = joined

    def find(self, tokens: list[Token], sentence_of: Places) -> list[Hit]:
        """Return the longest matches in `tokens`; `sentence_of` numbers the sentence of each token."""
        if not tokens:
            return []
        bases = [base_form(token.folded) if token.kind == Kind.WORD else token.folded for token in tokens]
        mended = {place: word for place, base in enumerate(bases) if (word := self._spelling.mend(base))}
        bases = [mended.get(place, base) for place, base in enumerate(bases)]
        kin = frozenset(place for place, word in enumerate(bases) if self._roots.is_curated(word))
        barriers = _barriers(tokens, sentence_of)
        joins = np.concatenate([[0], np.cumsum([token.folded in JOINING_WORDS for token in tokens])])
        hits: list[Hit] = []
        for literal, table, words in (
            (True, self._by_base, bases),
            (False, self._by_root, [self._roots(word) for word in bases]),
        ):
            hashes = np.array([_hash(token, word) for token, word in zip(tokens, words, strict=True)], dtype=np.uint64)
            hits += self._look_up(table, hashes, _within(_contiguous(hashes), barriers), literal, False, joins)
            bridges = _bridging(tokens, bases, _alone(hits))
            hits += self._look_up(table, hashes, _within(bridges, barriers), literal, True, joins)
        kept = longest([hit for hit in hits if hit.literal or len(hit.words) > 1 or hit.words <= kin])
        return [replace(hit, mended=not hit.words.isdisjoint(mended)) for hit in kept]

    def _look_up(
        self, table: PhraseTable, hashes: Hashes, stretches: _Stretches, literal: bool, bridged: bool, joins: Places
    ) -> list[Hit]:
        """Return the known stretches; one that crosses a join outside its gap must be a phrase written with one."""
        total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(hashes, dtype=np.uint64)])
        bags = total[stretches.last] - total[stretches.first]
        bags -= total[stretches.gap_last] - total[stretches.gap_first]
        first_row, last_row = table.find(bags)
        crossed = joins[stretches.last] - joins[stretches.first]
        crossed -= joins[stretches.gap_last] - joins[stretches.gap_first]
        suspects = np.flatnonzero((crossed > 0) & (last_row > first_row))
        first_row[suspects[~np.isin(bags[suspects], self._joined)]] = len(table.bags)
        full = hashes != 0
        found: list[Hit] = []
        for at in np.flatnonzero(last_row > first_row):
            before = range(stretches.first[at], stretches.gap_first[at])
            places = [*before, *range(stretches.gap_last[at], stretches.last[at])]
            words = frozenset(int(place) for place in places if full[place])
            found.append(Hit(words, int(first_row[at]), int(last_row[at]), literal, bridged))
        return found


def longest(hits: list[Hit]) -> list[Hit]:
    """Return `hits` without those whose words all lie in a larger one, and one literalness per set of words."""
    best: dict[frozenset[int], Hit] = {}
    for hit in hits:
        known = best.get(hit.words)
        if known is None or (hit.literal, not hit.bridged) > (known.literal, not known.bridged):
            best[hit.words] = hit
    by_word: dict[int, list[frozenset[int]]] = {}
    for words in best:
        for word in words:
            by_word.setdefault(word, []).append(words)
    return [
        hit for words, hit in best.items() if not any(words < other for other in by_word[min(words)])
    ]


def _hash(token: Token, word: str) -> int:
    return word_hash(word) if token.kind in (Kind.WORD, Kind.NUMBER) else 0


def _barriers(tokens: list[Token], sentence_of: Places) -> Places:
    """Return the running count of places that no phrase may cross; one longer than `tokens`."""
    blocked = np.array([_is_barrier(token) for token in tokens], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), (np.diff(sentence_of) != 0).astype(np.int64)])
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(blocked + starts)])


def _is_barrier(token: Token) -> bool:
    return token.kind == Kind.HAN or (token.kind == Kind.SIGN and token.folded not in _PASSABLE_SIGNS)


def _within(stretches: _Stretches, barriers: Places) -> _Stretches:
    """Keep the stretches that cross no barrier."""
    free = barriers[stretches.last] - barriers[stretches.first + 1] == 0
    return _Stretches(stretches.first[free], stretches.last[free], stretches.gap_first[free], stretches.gap_last[free])


def _contiguous(hashes: Hashes) -> _Stretches:
    """Every stretch that starts and ends with a word of meaning."""
    full = np.flatnonzero(hashes != 0)
    size = len(hashes)
    first = np.repeat(full, LONGEST_STRETCH)
    last = first + np.tile(np.arange(1, LONGEST_STRETCH + 1), len(full))
    inside = last <= size
    first, last = first[inside], last[inside]
    ends_full = hashes[last - 1] != 0
    first, last = first[ends_full], last[ends_full]
    return _Stretches(first, last, last, last)


def _alone(hits: list[Hit]) -> set[int]:
    """Return the places of words that are findings by themselves: items of a list, not halves of a coordination."""
    return {place for hit in hits if hit.literal and len(hit.words) == 1 for place in hit.words}


def _bridging(tokens: list[Token], bases: list[str], alone: set[int]) -> _Stretches:
    """Stretches around one modifier, or around one half of a coordination whose other half means nothing `alone`."""
    gaps: set[tuple[int, int]] = set()
    for place, word in enumerate(bases):
        if word in MODIFIERS:
            gaps.add((place, place + 1))
        if word in JOINING_WORDS:
            if place - 1 not in alone:
                gaps.update((place, place + 1 + size) for size in range(1, LONGEST_GAP))
            if place + 1 not in alone:
                gaps.update((place - size, place + 1) for size in range(1, LONGEST_GAP))
    closed = {place for place, word in enumerate(bases) if word in CLAUSE_WORDS}
    rows = [
        (first, last, gap_first, gap_last)
        for gap_first, gap_last in gaps
        if closed.isdisjoint(range(gap_first, gap_last))
        for first in range(max(gap_first - REACH_BEFORE_GAP, 0), gap_first)
        for last in range(gap_last + 1, min(gap_last + REACH_AFTER_GAP, len(tokens)) + 1)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return _Stretches(table[:, 0], table[:, 1], table[:, 2], table[:, 3])

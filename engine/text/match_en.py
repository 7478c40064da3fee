"""Find dictionary phrases in English tokens: in any word order, across small gaps, longest first.

Three kinds of stretches are looked up: contiguous words; words around one modifier ("fever, *mild* at night"); and the
two halves of a coordination ("aplastic *or hypoplastic* nails" means both). A stretch that lies wholly inside the words
of another match is left out, so that "hearing loss" does not also report "loss".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.text import phrases
from engine.text.coordination import Found, Gapped, coordinated
from engine.text.phrases import Hashes, PhraseTable, Places, word_hash
from engine.text.segment import Kind, Token
from engine.text.spelling import Spelling
from engine.text.stem import Roots, base_form

LONGEST_STRETCH = 14
"""Tokens."""
_HYPHENS = frozenset("-‐‑–")
_PASSABLE_SIGNS = frozenset("-‐‑–/,'’&\"“”")
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
        self,
        by_base: PhraseTable,
        by_root: PhraseTable,
        roots: Roots,
        spelling: Spelling,
        written_with: tuple[Hashes, Hashes],
    ) -> None:
        """Take both tables; `written_with` are the bags of phrases with a comma or "and", and of those with "with"."""
        self._by_base, self._by_root, self._roots, self._spelling = by_base, by_root, roots, spelling
        self._written_with = written_with

    def find(self, tokens: list[Token], sentence_of: Places) -> list[Hit]:
        """Return the longest matches in `tokens`; `sentence_of` numbers the sentence of each token."""
        if not tokens:
            return []
        bases = [base_form(token.folded) if token.kind == Kind.WORD else token.folded for token in tokens]
        mended = {place: word for place, base in enumerate(bases) if (word := self._spelling.mend(base))}
        bases = [mended.get(place, base) for place, base in enumerate(bases)]
        kin = frozenset(place for place, word in enumerate(bases) if self._roots.is_curated(word))
        barriers = _barriers(tokens, sentence_of)
        joins = (
            np.concatenate([[0], np.cumsum([token.folded in phrases.JOINING_WORDS for token in tokens])]),
            np.concatenate([[0], np.cumsum([token.folded == phrases.WITH for token in tokens])]),
        )
        streams = [
            (True, self._by_base, _hashes(tokens, bases)),
            (False, self._by_root, _hashes(tokens, [self._roots(word) for word in bases])),
        ]
        hits: list[Hit] = []
        for literal, table, hashes in streams:
            hits += self._look_up(table, hashes, _within(_contiguous(hashes), barriers), literal, False, joins)
            merged = _merged(tokens, hashes, None if literal else self._roots)
            if merged is not None:
                compound = self._look_up(table, merged, _within(_contiguous(merged), barriers), literal, False, joins)
                hits += [_with_first_halves(hit, hashes, merged) for hit in compound]
        gaps = _stretches(_around_modifiers(bases) | coordinated([token.folded for token in tokens], _found(hits)))
        for literal, table, hashes in streams:
            hits += self._look_up(table, hashes, _within(gaps, barriers), literal, True, joins)
        kept = longest([hit for hit in hits if hit.literal or len(hit.words) > 1 or hit.words <= kin])
        return [replace(hit, mended=not hit.words.isdisjoint(mended)) for hit in kept]

    def _look_up(
        self,
        table: PhraseTable,
        hashes: Hashes,
        stretches: _Stretches,
        literal: bool,
        bridged: bool,
        joins: tuple[Places, Places],
    ) -> list[Hit]:
        """Return the known stretches; one that crosses a join outside its gap must be a phrase written with one."""
        total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(hashes, dtype=np.uint64)])
        bags = total[stretches.last] - total[stretches.first]
        bags -= total[stretches.gap_last] - total[stretches.gap_first]
        first_row, last_row = table.find(bags)
        for running, written in zip(joins, self._written_with, strict=True):
            crossed = running[stretches.last] - running[stretches.first]
            crossed -= running[stretches.gap_last] - running[stretches.gap_first]
            suspects = np.flatnonzero((crossed > 0) & (last_row > first_row))
            first_row[suspects[~np.isin(bags[suspects], written)]] = len(table.bags)
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


def _found(hits: list[Hit]) -> Found:
    """Return where the contiguous findings of two words or literal ones begin and end."""
    found = Found()
    for hit in hits:
        if hit.literal or len(hit.words) > 1:
            found.add(min(hit.words), max(hit.words) + 1)
    return found


def _hashes(tokens: list[Token], words: list[str]) -> Hashes:
    return np.array([_hash(token, word) for token, word in zip(tokens, words, strict=True)], dtype=np.uint64)


def _merged(tokens: list[Token], hashes: Hashes, roots: Roots | None) -> Hashes | None:
    """Return `hashes` with each hyphenated pair as one word ("pre-auricular"), or None where there is none."""
    merged = hashes.copy()
    some = False
    for place in range(len(tokens) - 2):
        if tokens[place + 1].folded in _HYPHENS and _touch(tokens, place) and merged[place] != 0:
            joined = base_form(tokens[place].folded + tokens[place + 2].folded)
            merged[place], merged[place + 2] = 0, word_hash(roots(joined) if roots else joined)
            some = True
    return merged if some else None


def _with_first_halves(hit: Hit, hashes: Hashes, merged: Hashes) -> Hit:
    """Return `hit` with the places of the first halves whose hash went to the second."""
    halves = {place - 2 for place in hit.words if place > 1 and merged[place - 2] == 0 and hashes[place - 2] != 0}
    return replace(hit, words=hit.words | halves)


def _touch(tokens: list[Token], place: int) -> bool:
    one, hyphen, other = tokens[place : place + 3]
    words = one.kind == Kind.WORD and other.kind == Kind.WORD
    return words and one.end == hyphen.start and hyphen.end == other.start


def _around_modifiers(bases: list[str]) -> set[Gapped]:
    """Stretches of one word on either side of a modifier: "hearing *mild* loss"."""
    return {
        Gapped(place - 1, place + 2, place, place + 1)
        for place, word in enumerate(bases)
        if word in MODIFIERS and 0 < place < len(bases) - 1
    }


def _stretches(gapped: set[Gapped]) -> _Stretches:
    rows = [(each.first, each.last, each.gap_first, each.gap_last) for each in gapped]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return _Stretches(table[:, 0], table[:, 1], table[:, 2], table[:, 3])

"""Mend one wrong letter in a long word: a scanner's or a typist's slip, never a guess at a short word.

Only words of eight letters or more that neither the dictionaries nor everyday English hold are looked at, so that no
"familiar" becomes "familial"; only one letter may be wrong, missing, extra
or swapped with its neighbour, the first letter must be right, and exactly one known word must come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST_WORD = 8
LONGEST_WORD = 40
_MOST_REMEMBERED = 50_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Spelling:
    """The words that the dictionaries are made of, and the `everyday` ones that are right as they stand."""

    def __init__(self, words: Iterable[str], everyday: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._everyday = frozenset(everyday)
        self._known: dict[str, str | None] = {}

    def mend(self, word: str) -> str | None:
        """Return the one known word that `word` (folded) is a slip of, or None where it needs or allows no mending."""
        if not SHORTEST_WORD <= len(word) <= LONGEST_WORD or word in self._words or word in self._everyday:
            return None
        if not (word.isascii() and word.isalpha()):
            return None
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        if word not in self._known:
            found = {variant for variant in _variants(word) if variant in self._words}
            self._known[word] = found.pop() if len(found) == 1 else None
        return self._known[word]


def _variants(word: str) -> Iterator[str]:
    """Yield every string one slip away from `word` that keeps its first letter."""
    for place in range(1, len(word)):
        head, tail = word[:place], word[place:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail[1:]
            yield head + letter + tail
    for letter in _LETTERS:
        yield word + letter

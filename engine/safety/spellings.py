"""Spellings: which known names a mistyped one is close to; they are offered to a person, never put in its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

_SLOTS, _REPEATS = 64, 4


class Spellings:
    """Names by length with their letters, so that a spelling is compared with few."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for name in known:
            self._by_length[len(name)].append((name, _letters(name)))

    def near(self, wanted: str) -> list[str]:
        """Return the names few edits from `wanted`, nearest first; a longer name may differ by more."""
        if len(wanted) < 2:
            return []
        allowed = 1 if len(wanted) <= 5 else 2 if len(wanted) <= 9 else 3
        letters = _letters(wanted)
        near = (
            name
            for length in range(len(wanted) - allowed, len(wanted) + allowed + 1)
            for name, theirs in self._by_length.get(length, ())
            if (letters & ~theirs).bit_count() <= allowed and (theirs & ~letters).bit_count() <= allowed
        )
        scored = [(edits, name) for name in near if (edits := edits_between(wanted, name, allowed)) <= allowed]
        return [name for _, name in sorted(scored)]


def _letters(name: str) -> int:
    """Return the letters of `name` with their counts as bits: an edit adds at most one bit and takes one away."""
    bits = 0
    for letter, count in Counter(name).items():
        bits |= ((1 << min(count, _REPEATS)) - 1) << (ord(letter) % _SLOTS * _REPEATS)
    return bits


def edits_between(one: str, other: str, most: int) -> int:
    """Return insertions, deletions, substitutions and neighbour swaps from `one` to `other`; `most` + 1 when more.

    Only the cells within `most` of the diagonal are filled: a path through any other has more edits.
    """
    far = most + 1
    before: list[int] = []
    above = [j if j <= most else far for j in range(len(other) + 1)]
    for i, sign in enumerate(one, 1):
        row = [far] * (len(other) + 1)
        row[0] = i if i <= most else far
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (sign != other[j - 1]))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == other[j - 1]:
                cost = min(cost, before[j - 2] + 1)
            row[j] = min(cost, far)
        before, above = above, row
        if min(row) >= far:
            return far
    return above[-1]

"""Cut a text into the words that the entity tagger reads, and group them into windows that the model can hold.

A word is a run of letters and digits or one sign, exactly as in the corpora the tagger was trained on, so a text reads
the same whether its words stand apart ("MPTP - induced") or together ("MPTP-induced"). The recipe that trains the
tagger uses these very functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.text.segment import Span

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
SHAPES = 9
"""How many shapes `shape` tells apart, the one of the model's own marks included."""
MARK_SHAPE = 0
"""The shape of [CLS] and [SEP]."""
_SIGN, _DIGITS, _LOWER, _INITIAL, _CAPITAL, _CAPITALS, _MIXED, _WITH_DIGITS = range(1, SHAPES)


def words(text: str) -> list[Span]:
    """Return every word of `text` in order; together they cover all but the spaces."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def shape(word: str) -> int:
    """Return how a word is written: the model's vocabulary is lower case and would not know."""
    if not word[0].isalnum():
        return _SIGN
    if word.isdigit():
        return _DIGITS
    if any(sign.isdigit() for sign in word):
        return _WITH_DIGITS
    if word.islower():
        return _LOWER
    if word.isupper():
        return _CAPITAL if len(word) == 1 else _CAPITALS
    return _INITIAL if word[1:].islower() else _MIXED


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first`..`last` (exclusive) that the model reads at once, and `own_first`..`own_last` that it decides."""

    first: int
    last: int
    own_first: int
    own_last: int


def windows(sizes: Sequence[int], ends: Sequence[int], room: int) -> Iterator[Window]:
    """Yield windows of at most `room` word pieces that together decide every word once.

    `sizes` is the word pieces of each word, none more than `room` / 4; `ends` are the ends of sentences (word
    numbers, exclusive, rising, the last one the number of words). Whole sentences share a window as long as they
    fit. A sentence that fits in none is read in overlapping windows, and each word is decided where it stands
    farther from a cut.
    """
    first = last = size = 0
    for end in ends:
        added = sum(sizes[last:end])
        if size and size + added > room:
            yield Window(first, last, first, last)
            first, size = last, 0
        if added > room:
            yield from _cut(sizes, last, end, room)
            first, size = end, 0
        else:
            size += added
        last = end
    if size:
        yield Window(first, last, first, last)


def _cut(sizes: Sequence[int], first: int, end: int, room: int) -> Iterator[Window]:
    """Yield overlapping windows over one long sentence; a quarter of each is shared with the next."""
    own_first = first
    while True:
        last, size = first, 0
        while last < end and size + sizes[last] <= room:
            size += sizes[last]
            last += 1
        if last == end:
            yield Window(first, last, own_first, end)
            return
        back, shared = last, 0
        while shared < room // 4 and back > first + 1:
            back -= 1
            shared += sizes[back]
        own_last = (back + last) // 2
        yield Window(first, last, own_first, own_last)
        first, own_first = back, own_last

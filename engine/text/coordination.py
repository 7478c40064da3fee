"""The stretches of tokens that a coordination leaves unsaid: "thumb and ear anomalies" also means "thumb anomalies".

Three forms are read. Before a common head: "aplastic or hypoplastic nails", "facial, auricular, and oral anomalies".
After a common head: "anomalies of the ribs and spine". After a common modifier: "joint pain and swelling". A stretch
is offered only where the half that is written out is a finding itself, and where the other half is not already the
end of one ("*triphalangeal thumb* and ear anomalies").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.text.phrases import CLAUSE_WORDS, EMPTY_WORDS, JOINING_WORDS

LONGEST_HALF = 4
"""Tokens, hyphens among them."""
LONGEST_LIST = 5
_COMMA = ","
_DEGREES = frozenset({"mild", "moderate", "severe", "borderline", "slight"})
"""Words that "to" joins: "mild to moderate hearing loss"."""
_ARTICLES = frozenset({"a", "an", "the", "some", "any", "other"})
_PREPOSITIONS = frozenset({"of", "in", "on", "to", "for", "with", "by", "from", "as", "at", "involving", "affecting"})


@dataclass(frozen=True, slots=True)
class Gapped:
    """Tokens `first`..`last` without the gap `gap_first`..`gap_last` (exclusive ends)."""

    first: int
    last: int
    gap_first: int
    gap_last: int


@dataclass(slots=True)
class Found:
    """The contiguous findings of a text, by where they begin and end (exclusive), as places of tokens."""

    ends_of: dict[int, set[int]] = field(default_factory=dict)
    starts_of: dict[int, set[int]] = field(default_factory=dict)

    def add(self, first: int, last: int) -> None:
        self.ends_of.setdefault(first, set()).add(last)
        self.starts_of.setdefault(last, set()).add(first)


def coordinated(words: Sequence[str], found: Found) -> set[Gapped]:
    """Return the stretches that complete the halves of every coordination in `words` (folded)."""
    stretches: set[Gapped] = set()
    for place, word in enumerate(words):
        if word == "to" and place and words[place - 1] in _DEGREES:
            stretches.update(_before_head(words, place, found))
        if word == _COMMA:
            stretches.update(_before_head(words, place, found))
        elif word in JOINING_WORDS:
            stretches.update(_before_head(words, place, found))
            stretches.update(_after_head(words, place, found))
            stretches.update(_after_modifier(words, place, found))
    return stretches


def _before_head(words: Sequence[str], join: int, found: Found) -> Iterator[Gapped]:
    """"A, B or C H": yield A H and B H where C H is a finding."""
    begin = _skip(words, join + 1)
    heads = {
        (head, last)
        for last in found.ends_of.get(begin, ())
        for head in range(begin + 1, last)
        if words[head] not in EMPTY_WORDS and not _is_broken(words, begin, last)
    }
    if not heads:
        return
    for first, end in _items_before(words, join, found):
        for head, last in heads:
            yield Gapped(first, last, end, head)


def _items_before(words: Sequence[str], join: int, found: Found) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of what stands before `join`, item by item back through a list with commas."""
    end = join
    for _ in range(LONGEST_LIST):
        while end and words[end - 1] in JOINING_WORDS:
            end -= 1
        if end == 0:
            return
        begin = end
        while begin and end - begin < LONGEST_HALF and not _stops(words[begin - 1]):
            begin -= 1
        if begin == end:
            return
        for first in range(begin, end):
            if words[first] not in EMPTY_WORDS and not found.starts_of.get(end):
                yield first, end
        if found.starts_of.get(end) or begin == 0 or words[begin - 1] != _COMMA:
            return
        end = begin - 1


def _after_head(words: Sequence[str], join: int, found: Found) -> Iterator[Gapped]:
    """"H of A and B": yield H of B where H of A is a finding."""
    begin = _skip(words, join + 1)
    if begin >= len(words) or found.ends_of.get(begin):
        return
    for first in found.starts_of.get(join, ()):
        turn = next((at for at in range(first + 1, join) if words[at] in _PREPOSITIONS), None)
        if turn is None or _is_broken(words, first, join):
            continue
        for last in range(begin + 1, min(begin + LONGEST_HALF, len(words)) + 1):
            if any(_stops(word) for word in words[begin:last]):
                break
            yield Gapped(first, last, turn, begin)


def _after_modifier(words: Sequence[str], join: int, found: Found) -> Iterator[Gapped]:
    """"M A and B": yield M B where M A is a finding ("branchial fistulas or cysts", "joint pain and swelling")."""
    begin = join + 1
    if begin >= len(words) or _stops(words[begin]) or words[begin] in EMPTY_WORDS:
        return
    for first in found.starts_of.get(join, ()):
        if not _is_broken(words, first, join) and _PREPOSITIONS.isdisjoint(words[first:join]):
            for end in range(first + 1, join):
                yield Gapped(first, begin + 1, end, begin)


def _skip(words: Sequence[str], place: int) -> int:
    """Return the place of the next word after further joins and articles ("and/or the")."""
    while place < len(words) and (words[place] in JOINING_WORDS or words[place] in _ARTICLES):
        place += 1
    return place


def _stops(word: str) -> bool:
    return word in JOINING_WORDS or word in CLAUSE_WORDS or not (word[0].isalnum() or word == "-")


def _is_broken(words: Sequence[str], first: int, last: int) -> bool:
    return any(word in JOINING_WORDS or word in CLAUSE_WORDS for word in words[first:last])

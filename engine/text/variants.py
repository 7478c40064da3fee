"""Other ways to word the terms of an ontology, learned from the ontology's own synonyms when the index is compiled.

Where two names of one term differ in a single word, those two words can stand for each other (renal, nephric); where
one name has a word that another lacks, the word can be left out. Each such lesson counts only when few pairs of names
of *different* terms speak against it. One lesson at a time is applied to every known name; a new wording that could
mean several terms is kept only when one of them is above all the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

Bag = tuple[str, ...]
"""The sorted roots of a name."""

FEWEST_WITNESSES = 4
DOUBTS_PER_WITNESS = 1 / 3
"""Pairs of names of different terms that may contradict a swap, for each pair of one term that teaches it."""
DOUBTS_PER_OMISSION = 1 / 8
"""The same for leaving a word out, which is the more dangerous: coughing up blood is not coughing up."""
_SHORTEST_WORD = 3
MOST_HOLDERS = 3
"""Names that may share the rarest word of a shortened name."""
_COUNTED = frozenset(
    [
        "one", "two", "three", "four", "five", "six", "first", "second", "third", "fourth", "fifth", "sixth", "little",
        "ring", "middle", "index", "thumb", "hallux", "big", "left", "right",
    ]
)  # fmt: skip
"""Words that tell fingers, toes and sides apart; they never stand for each other."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the names teach: words that can stand for each other, and words that can be left out."""

    same: Mapping[str, frozenset[str]]
    empty: frozenset[str]
    vague: frozenset[str] = frozenset()


def learn(owners: Mapping[Bag, set[str]], vague: frozenset[str] = frozenset()) -> Lessons:
    """Return what the names teach; `owners` gives the terms of each bag, and of `vague` words nothing is learned."""
    like, unlike = _swaps(owners)
    same: dict[str, set[str]] = defaultdict(set)
    for (one, other), witnesses in like.items():
        if _believed(witnesses, unlike[one, other], DOUBTS_PER_WITNESS) and vague.isdisjoint((one, other)):
            same[one].add(other)
            same[other].add(one)
    without, not_without = _omissions(owners)
    empty = {word for word, seen in without.items() if _believed(seen, not_without[word], DOUBTS_PER_OMISSION)}
    return Lessons({word: frozenset(others) for word, others in same.items()}, frozenset(empty - vague), vague)


def _believed(witnesses: int, doubts: int, most_doubts: float) -> bool:
    return witnesses >= FEWEST_WITNESSES and doubts <= witnesses * most_doubts


def _swaps(owners: Mapping[Bag, set[str]]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return how often two words change place between names of one term, and between names of different terms."""
    frames: dict[Bag, list[tuple[str, set[str]]]] = defaultdict(list)
    for bag, terms in owners.items():
        for rest, word in _without_one(bag):
            if len(word) >= _SHORTEST_WORD and word not in _COUNTED and word.isalpha():
                frames[rest].append((word, terms))
    like: Counter[tuple[str, str]] = Counter()
    unlike: Counter[tuple[str, str]] = Counter()
    for rest, fillings in frames.items():
        if not rest:
            continue
        for place, (word, terms) in enumerate(fillings):
            for other, others in fillings[:place]:
                pair = (min(word, other), max(word, other))
                (unlike if terms.isdisjoint(others) else like)[pair] += 1
    return like, unlike


def _omissions(owners: Mapping[Bag, set[str]]) -> tuple[Counter[str], Counter[str]]:
    """Return how often a name without the word means the same term, and how often another."""
    same: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for bag, terms in owners.items():
        for rest, word in _without_one(bag):
            if rest in owners:
                (other if terms.isdisjoint(owners[rest]) else same)[word] += 1
    return same, other


def _without_one(bag: Bag) -> Iterator[tuple[Bag, str]]:
    for place, word in enumerate(bag):
        yield bag[:place] + bag[place + 1 :], word


def variants(
    owners: Mapping[Bag, set[str]], heads: Mapping[Bag, set[str]], lessons: Lessons, above: Mapping[str, set[str]]
) -> Iterator[tuple[Bag, str]]:
    """Yield each new bag of two words or more, with the one term it means; `heads` are words never left out."""
    meanings: dict[Bag, set[str]] = defaultdict(set)
    for bag, terms in owners.items():
        for new in set(_changed(bag, heads.get(bag, set()), lessons)):
            if len(new) > 1 and new not in owners:
                meanings[new] |= terms
    for found in (_telling_parts(owners, heads, lessons.vague), _renamed(owners, lessons.vague)):
        for bag, terms in found.items():
            meanings.setdefault(bag, terms)
    for bag, terms in meanings.items():
        if (one := _most_general(terms, above)) is not None:
            yield bag, one


def _telling_parts(
    owners: Mapping[Bag, set[str]], heads: Mapping[Bag, set[str]], vague: frozenset[str]
) -> dict[Bag, set[str]]:
    """Return names less one word that still hold a word found in few names, with all terms whose names hold them."""
    holders = Counter(word for bag in owners for word in set(bag))
    parts: dict[Bag, set[str]] = defaultdict(set)
    for bag, terms in owners.items():
        if vague.isdisjoint(bag):
            for rest, word in _without_one(bag):
                telling = len(rest) > 1 and min(map(holders.__getitem__, rest)) <= MOST_HOLDERS
                if telling and rest not in owners and word not in heads.get(bag, ()):
                    parts[rest] |= terms
    for bag, terms in owners.items():
        for size in range(2, len(bag) - 1):
            for part in combinations(bag, size):
                if part in parts:
                    parts[part] |= terms
    return parts


def _renamed(owners: Mapping[Bag, set[str]], vague: frozenset[str]) -> dict[Bag, set[str]]:
    """Return names with one vague word for another beside a rare one: Duane anomaly, Duane syndrome."""
    holders = Counter(word for bag in owners for word in set(bag))
    found: dict[Bag, set[str]] = defaultdict(set)
    for bag, terms in owners.items():
        for rest, word in _without_one(bag):
            plain = word in vague and rest and vague.isdisjoint(rest)
            if plain and min(map(holders.__getitem__, rest)) <= MOST_HOLDERS:
                for other in vague - {word}:
                    if (new := tuple(sorted((*rest, other)))) not in owners:
                        found[new] |= terms
    return found


def _changed(bag: Bag, heads: set[str], lessons: Lessons) -> Iterator[Bag]:
    for rest, word in _without_one(bag):
        if word in lessons.empty and word not in heads:
            yield rest
        for other in lessons.same.get(word, ()):
            yield tuple(sorted((*rest, other)))


def _most_general(terms: set[str], above: Mapping[str, set[str]]) -> str | None:
    """Return the term that is above all the others, or None where there is none."""
    for term in terms:
        if all(other == term or term in above.get(other, ()) for other in terms):
            return term
    return None

"""What was read is guessed again: as many tokens as were found again, and the longest and latest match counts."""

from __future__ import annotations

from engine.runtime.lookup import LONGEST, Lookup


def test_as_many_tokens_are_guessed_as_were_found_again() -> None:
    lookup = Lookup([10, 11, 12, 13, 14, 15])
    assert lookup.guess(4) == []
    lookup.add(11)
    assert lookup.guess(4) == [12]
    lookup.add(12)
    assert lookup.guess(4) == [13, 14]
    assert lookup.guess(1) == [13]
    assert lookup.guess(0) == []


def test_no_more_are_guessed_than_are_looked_for() -> None:
    lookup = Lookup([*range(20), *range(10)])
    assert lookup.guess(99) == list(range(10, 10 + LONGEST))


def test_the_longest_match_counts_more_and_the_last_place_more_than_the_first() -> None:
    lookup = Lookup([1, 2, 3, 50, 9, 2, 3, 60, 1, 2, 3])
    assert lookup.guess(1) == [50]
    for token in (70, 2, 3):
        lookup.add(token)
    assert lookup.guess(1) == [70]


def test_nothing_is_guessed_from_nothing() -> None:
    assert Lookup([]).guess(3) == []
    assert Lookup([5]).guess(3) == []

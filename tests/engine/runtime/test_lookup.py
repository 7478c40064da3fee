"""What was read is guessed again after the same two or three tokens; the longest and latest match counts."""

from __future__ import annotations

from engine.runtime.lookup import Lookup


def test_what_followed_the_same_tokens_is_guessed() -> None:
    lookup = Lookup([10, 11, 12, 13, 14, 15])
    assert lookup.guess(4) == []
    lookup.add(11)
    assert lookup.guess(4) == []
    lookup.add(12)
    assert lookup.guess(2) == [13, 14]
    assert lookup.guess(9) == [13, 14, 15, 11, 12]
    assert lookup.guess(0) == []


def test_three_tokens_count_more_than_two_and_the_last_place_more_than_the_first() -> None:
    lookup = Lookup([1, 2, 3, 50, 9, 2, 3, 60, 1, 2, 3])
    assert lookup.guess(1) == [50]
    for token in (70, 2, 3):
        lookup.add(token)
    assert lookup.guess(1) == [70]


def test_nothing_is_guessed_from_nothing() -> None:
    assert Lookup([]).guess(3) == []
    assert Lookup([5]).guess(3) == []

"""Words stand at their exact place, and windows decide every word once whatever the text looks like."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text.tagger_words import SHAPES, shape, windows, words


@given(st.text(max_size=200))
def test_words_cover_all_but_the_spaces_and_never_overlap(text: str) -> None:
    spans = words(text)
    assert "".join(text[span.start : span.end] for span in spans) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_joined_and_spaced_text_have_the_same_words() -> None:
    joined, spaced = "MPTP-induced (Parkinson's) IL-2", "MPTP - induced ( Parkinson ' s ) IL - 2"
    assert [joined[s.start : s.end] for s in words(joined)] == [spaced[s.start : s.end] for s in words(spaced)]


def test_every_way_to_write_a_word_has_its_own_shape() -> None:
    ways = ["-", "123", "fever", "Fever", "A", "DMD", "mRNA", "3beta"]
    assert sorted(map(shape, ways)) == list(range(1, SHAPES))


@given(
    st.lists(st.lists(st.integers(1, 16), min_size=1, max_size=120), min_size=1, max_size=12),
    st.sampled_from([64, 254]),
)
def test_windows_fit_and_decide_every_word_once(sentences: list[list[int]], room: int) -> None:
    sizes = [size for sentence in sentences for size in sentence]
    ends = [sum(map(len, sentences[: n + 1])) for n in range(len(sentences))]
    made = list(windows(sizes, ends, room))
    assert [n for window in made for n in range(window.own_first, window.own_last)] == list(range(len(sizes)))
    for window in made:
        assert window.first <= window.own_first < window.own_last <= window.last
        assert sum(sizes[window.first : window.last]) <= room


def test_a_word_at_a_cut_is_decided_where_it_has_words_on_both_sides() -> None:
    made = list(windows([1] * 200, [200], 64))
    for before, after in pairwise(made):
        assert before.last - before.own_last >= 7
        assert after.own_first - after.first >= 7


def test_whole_sentences_share_a_window() -> None:
    assert [(w.first, w.last) for w in windows([1] * 90, [30, 60, 90], 64)] == [(0, 60), (60, 90)]


@pytest.mark.parametrize("sizes", [[], [3]])
def test_few_words_need_few_windows(sizes: list[int]) -> None:
    assert len(list(windows(sizes, [len(sizes)], 64))) == len(sizes)

"""Tokens and sentences keep their place and cover the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text.segment import LONGEST_SENTENCE_TOKENS, Kind, fold, sentences, tokenise


def cut(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[tokens[part.first].start : tokens[part.last - 1].end] for part in sentences(text, tokens)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("No fever. Cough.", ["No fever.", "Cough."]),
        ("T 38.5 today", ["T 38.5 today"]),
        ("seen by Dr. Li today", ["seen by Dr. Li today"]),
        ("grew E. coli", ["grew E. coli"]),
        ("approx. 3 days", ["approx. 3 days"]),
        ("无发热。有咳嗽", ["无发热。", "有咳嗽"]),
        ("Cough; fever", ["Cough;", "fever"]),
        ("Denies fever\n- cough", ["Denies fever\n", "- cough"]),
        ("", []),
    ],
)
def test_sentences_end_where_statements_do(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_scripts_are_told_apart_and_full_width_is_folded() -> None:
    assert [(token.folded, token.kind) for token in tokenise("ＨＩＶ感３８")] == [
        ("hiv", Kind.WORD),
        ("感", Kind.HAN),
        ("38", Kind.NUMBER),
    ]
    assert fold("Ménière") == "meniere"


def test_a_text_without_full_stops_is_cut() -> None:
    assert len(cut("fever " * (3 * LONGEST_SENTENCE_TOKENS))) == 3


@given(st.text())
def test_tokens_are_in_order_and_sentences_cover_them_once(text: str) -> None:
    tokens = tokenise(text)
    assert all(left.end <= right.start for left, right in pairwise(tokens))
    places = [place for part in sentences(text, tokens) for place in range(part.first, part.last)]
    assert places == list(range(len(tokens)))

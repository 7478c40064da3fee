"""Pieces of a unigram vocabulary: the likeliest cut, unknown characters, damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import errors
from engine.runtime.unigram import BEGIN, END, UNKNOWN, UnigramTokenizer, read_unigram

MARKS = ["<unk>", "<s>", "</s>"]
PIECES = [*MARKS, "▁", "▁head", "ache", "▁headache", "头", "痛"]
SCORES = [0.0, 0.0, 0.0, -3.0, -5.0, -5.0, -9.0, -4.0, -4.0]


@pytest.fixture
def tokenizer() -> UnigramTokenizer:
    return UnigramTokenizer(PIECES, SCORES)


def test_the_likeliest_cut_wins(tokenizer: UnigramTokenizer) -> None:
    assert tokenizer.ids("headache", 10) == [BEGIN, PIECES.index("▁headache"), END]
    assert tokenizer.ids("head ache", 10)[1] == PIECES.index("▁head")


def test_full_width_letters_and_many_spaces_are_one_thing(tokenizer: UnigramTokenizer) -> None:
    assert tokenizer.ids("  ｈｅａｄａｃｈｅ ", 10) == tokenizer.ids("headache", 10)


def test_characters_beyond_the_vocabulary_are_unknown_and_long_texts_are_cut(tokenizer: UnigramTokenizer) -> None:
    assert tokenizer.ids("頭痛", 10) == [BEGIN, PIECES.index("▁"), UNKNOWN, PIECES.index("痛"), END]
    assert tokenizer.ids("", 10) == [BEGIN, UNKNOWN, END]
    assert len(tokenizer.ids("头痛" * 50, 12)) == 12


@pytest.mark.parametrize("text", ["", "[]", '{"pieces": ["a"]}', '{"pieces": ["a", "b", "c"], "scores": [1]}', "{"])
def test_damaged_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pieces.json").write_text(text, encoding="utf-8")
    with pytest.raises(errors.ModelDamaged):
        read_unigram(tmp_path / "pieces.json")

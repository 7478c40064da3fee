"""A bag of words is one number: order and empty words do not matter, repetition does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.text.phrases import Row, bag_hash, load, store, word_hash


@given(st.lists(st.text(st.characters(categories=["Ll"]), min_size=1), max_size=8), st.randoms())
def test_word_order_does_not_matter(words: list[str], random: object) -> None:
    shuffled = list(words)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert bag_hash(words) == bag_hash(shuffled)


def test_empty_words_weigh_nothing_and_repetition_counts() -> None:
    assert bag_hash(["abnormality", "of", "the", "kidney"]) == bag_hash(["kidney", "abnormality"])
    assert bag_hash(["pain", "pain"]) != bag_hash(["pain"])
    assert word_hash("") == word_hash("the") == word_hash("-") == 0


def test_a_stored_table_finds_every_row_of_a_bag_and_nothing_else(tmp_path: Path) -> None:
    writer = IndexWriter(tmp_path / "index.sqlite")
    fever, cough = bag_hash(["fever"]), bag_hash(["cough"])
    store(writer, "t", [Row(fever, 1, 3), Row(fever, 2, 4), Row(fever, 1, 4), Row(cough, 3, 1), Row(0, 9, 4)])
    writer.close()
    table = load(KnowledgeIndex(tmp_path / "index.sqlite"), "t")
    first, last = table.find(np.array([fever, cough, bag_hash(["rash"])], dtype=np.uint64))
    assert [int(count) for count in last - first] == [2, 1, 0]
    rows = range(first[0], last[0])
    assert {(int(table.concepts[row]), int(table.qualities[row])) for row in rows} == {(1, 4), (2, 4)}

"""What teaches the tagger: names as labels on the first piece of each word, and no label where a corpus is silent."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from engine.locations import resources
from engine.runtime.onnx_tagger import MAX_PIECES
from engine.text.entity_names import NameClasses
from engine.text.tagger import Head
from quantize.tagger_corpora import (
    CLASSES,
    HINT_SHARE,
    HINT_WEIGHT,
    NO_LABEL,
    Reader,
    batches,
    training_room,
    with_hints,
)

DISEASES = "MPTP\tO\n-\tO\ninduced\tO\nparkinsonism\tB-Disease\n.\tO\n"
CHEMICALS = "MPTP\tB-Chemical\n-\tO\ninduced\tO\nparkinsonism\tO\n.\tO\n"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(resources() / "models" / "entity-tagger" / "tokenizer.json", NameClasses([["parkinsonism"], [], []]))


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    for folder, file, text in (
        ("ncbi_disease", "train.tsv", DISEASES),
        ("bc5cdr", "disease_train.tsv", DISEASES),
        ("bc5cdr", "chem_train.tsv", CHEMICALS),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / file).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_corpus_teaches_its_own_heads_on_the_first_piece_of_a_word(reader: Reader, corpora: Path) -> None:
    (ncbi,), (bc5cdr,) = reader.corpora(corpora, ["train"])
    assert len(ncbi.ids) > 5
    labelled = [label for label in ncbi.labels if label[Head.NCBI_DISEASE] != NO_LABEL]
    assert [label[Head.NCBI_DISEASE] for label in labelled] == [0, 0, 0, 1, 0]
    assert all(label[Head.BC5CDR_DISEASE] == label[Head.BC5CDR_CHEMICAL] == NO_LABEL for label in ncbi.labels)
    assert bc5cdr.labels[0] == [NO_LABEL, 0, 1]
    assert 1 in bc5cdr.names


def test_windows_and_batches_hold_every_sentence_once(reader: Reader, corpora: Path) -> None:
    (sentence,), _ = reader.corpora(corpora, ["train"])
    chance = random.Random(0)
    made = reader.windows([sentence] * 50, lambda: training_room(chance))
    assert sum(len(window.ids) - 2 for window in made) == 50 * len(sentence.ids)
    grouped = batches(made, 256, chance)
    assert sum(int(batch.mask.sum()) for batch in grouped) == sum(len(window.ids) for window in made)
    assert all(batch.mask.size <= 256 or len(batch.mask) == 1 for batch in grouped)
    assert all((batch.labels[batch.mask == 0] == NO_LABEL).all() for batch in grouped)


def test_a_sentence_longer_than_the_model_reads_is_cut(reader: Reader, corpora: Path) -> None:
    (sentence,), _ = reader.corpora(corpora, ["train"])
    assert len(reader.window([sentence] * 100).ids) == MAX_PIECES + 2


def test_hints_soften_labels_and_speak_alone_where_there_is_none(reader: Reader, corpora: Path) -> None:
    (labelled,), _ = reader.corpora(corpora, ["train"])
    said = np.zeros((len(labelled.ids), len(Head), CLASSES), dtype=np.float32)
    said[:, :, 1] = 1.0
    plain, hinted = (
        batches([reader.window([each])], 256, None)[0].targets[0] for each in (labelled, with_hints(labelled, said))
    )
    silent = batches([reader.window([reader.unlabelled(["MPTP", "."])])], 256, None)[0].targets
    assert plain[1, Head.NCBI_DISEASE].tolist() == [1, 0, 0]
    assert not plain[:, Head.BC5CDR_CHEMICAL].any()
    assert hinted[1, Head.NCBI_DISEASE].tolist() == [1 - HINT_SHARE, HINT_SHARE, 0]
    assert hinted[1, Head.BC5CDR_CHEMICAL].tolist() == [0, HINT_WEIGHT, 0]
    assert not hinted[[0, -1]].any()
    assert hinted.any(axis=(1, 2)).sum() == plain.any(axis=(1, 2)).sum() == sum(labelled.opens)
    assert not silent.any()

"""What only the real tagger can show: that vocabulary, weights and labels belong together, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.locations import resources
from engine.runtime import packs
from engine.runtime.base import Tagger
from engine.runtime.onnx_tagger import MAX_PIECES, MAX_WORD_PIECES, OnnxTagger
from engine.text.entity_names import NameClasses
from engine.text.segment import sentences, tokenise
from engine.text.tagger import EntityTagger, Head
from engine.text.tagger_words import shape

STORED = resources() / "models" / "entity-tagger"
UNKNOWN = NameClasses([[], [], []])


@pytest.fixture(scope="module")
def tagger(models: Path) -> Iterator[Tagger]:
    made = packs.open_tagger(models)
    assert made is not None
    yield made
    made.close()
    made.close()


def find(tagger: Tagger, text: str) -> list[tuple[str, Head]]:
    tokens = tokenise(text)
    found = EntityTagger(tagger, UNKNOWN).find(text, tokens, sentences(text, tokens))
    return [(text[each.span.start : each.span.end], each.head) for each in found]


def test_the_real_tagger_fulfils_the_protocol(tagger: Tagger) -> None:
    assert isinstance(tagger, Tagger)
    assert (tagger.heads, tagger.room) == (len(Head), MAX_PIECES)


@pytest.mark.parametrize(
    "text",
    ["Cisplatin caused renal failure in a man with Parkinson's disease.",
     "Cisplatin caused renal failure in a man with Parkinson ' s disease ."],
)  # fmt: skip
def test_names_of_plain_sentences_are_marked(tagger: Tagger, text: str) -> None:
    by_head: dict[Head, list[str]] = {}
    for name, head in find(tagger, text):
        by_head.setdefault(head, []).append(name.replace(" ", ""))
    assert by_head[Head.BC5CDR_CHEMICAL] == ["Cisplatin"]
    assert by_head[Head.BC5CDR_DISEASE] == ["renalfailure", "Parkinson'sdisease"]
    assert "Parkinson'sdisease" in by_head[Head.NCBI_DISEASE]


def test_names_are_found_wherever_they_stand_in_a_text_of_many_windows(tagger: Tagger) -> None:
    filler = "The committee met on several occasions and wrote down what was said. " * 40
    text = filler + "She was given warfarin. " + filler
    assert ("warfarin", Head.BC5CDR_CHEMICAL) in find(tagger, text)


def test_scores_are_log_probabilities_and_always_the_same(tagger: Tagger) -> None:
    words = ["Ataxia", "and", "x" * 400]
    first = tagger.scores(words, [shape(word) for word in words], [0, 0, 0])
    assert first.shape == (3, len(Head), 3)
    assert np.allclose(np.exp(first).sum(axis=-1), 1, atol=1e-4)
    tagger.scores(["warfarin"], [1], [0])
    assert np.array_equal(first, tagger.scores(words, [shape(word) for word in words], [0, 0, 0]))


def test_a_word_is_never_more_pieces_than_it_may(tagger: Tagger) -> None:
    assert tagger.sizes(["gattaca" * 14, "gattaca" * 1000, "\u200b"]) == [MAX_WORD_PIECES, 1, 1]


def test_a_window_that_is_too_long_and_a_closed_tagger_are_faults_of_the_program(models: Path) -> None:
    made = packs.open_tagger(models)
    assert made is not None
    with pytest.raises(errors.ProgramError):
        made.scores(["word"] * (MAX_PIECES + 1), [1] * (MAX_PIECES + 1), [0] * (MAX_PIECES + 1))
    made.close()
    with pytest.raises(errors.ProgramError):
        made.scores(["word"], [1], [0])


def test_another_model_is_damage_and_none_is_none(models: Path, tmp_path: Path) -> None:
    (encoder,) = models.rglob("minilm-l6-v2/*/model.onnx")
    with pytest.raises(errors.ModelDamaged):
        OnnxTagger(encoder, STORED / "tokenizer.json", "x")
    (tmp_path / "bad").write_bytes(b"{}")
    with pytest.raises(errors.ModelDamaged):
        OnnxTagger(STORED / "model.onnx", tmp_path / "bad", "x")
    assert packs.open_tagger(tmp_path) is None

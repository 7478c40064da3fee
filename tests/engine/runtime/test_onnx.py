"""What only the real encoder can show: that its vocabulary fits its weights, so that like phrases are near."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.bench import resident_mb
from engine.runtime import packs
from engine.runtime.base import Encoder
from engine.runtime.onnx import BATCH_TOKENS, MOST_PADDING, OnnxEncoder, batches


@pytest.fixture(scope="module")
def encoder(models: Path) -> Iterator[Encoder]:
    made = packs.open_encoder(models)
    assert made is not None
    yield made
    made.close()


@pytest.mark.parametrize(
    ("phrase", "near", "far"),
    [
        ("pain in my chest", "chest pain", "runny nose"),
        ("difficulty breathing", "shortness of breath", "itchy skin"),
        ("high temperature", "fever", "broken leg"),
        ("throwing up", "vomiting", "headache"),
        ("passing water hurts", "painful urination", "blurred vision"),
    ],
)
def test_a_phrase_is_nearer_to_its_meaning_than_to_another(encoder: Encoder, phrase: str, near: str, far: str) -> None:
    said, meant, other = encoder.encode([phrase, near, far])
    assert said @ meant > said @ other + 0.1


def test_a_known_pair_has_the_similarity_of_the_original_model(encoder: Encoder) -> None:
    """0.63 and 0.64 are the 32-bit original's; a wrong vocabulary gives values near 0 or 1."""
    first, second, third, fourth = encoder.encode(
        ["chest pain", "pain in my thorax", "shortness of breath", "difficulty breathing"]
    )
    assert first @ second == pytest.approx(0.63, abs=0.02)
    assert third @ fourth == pytest.approx(0.64, abs=0.02)


def test_files_that_are_no_model_or_no_vocabulary_are_damage(models: Path, tmp_path: Path) -> None:
    (pack,) = [path.parent for path in models.rglob("minilm-l6-v2/*/model.onnx")]
    (tmp_path / "bad").write_bytes(b"{}")
    with pytest.raises(errors.ModelDamaged):
        OnnxEncoder(pack / "model.onnx", tmp_path / "bad", "x")
    with pytest.raises(errors.ModelDamaged):
        OnnxEncoder(tmp_path / "bad", pack / "tokenizer.json", "x")


@given(lengths=st.lists(st.integers(1, 256), max_size=60))
def test_batches_hold_every_text_once_and_stay_small(lengths: list[int]) -> None:
    made = list(batches(lengths))
    assert sorted(index for batch in made for index in batch) == list(range(len(lengths)))
    for batch in made:
        longest = max(lengths[index] for index in batch)
        assert len(batch) * longest <= BATCH_TOKENS
        assert sum(longest - lengths[index] for index in batch) <= MOST_PADDING


def test_a_long_text_among_short_ones_is_padded_to_nobody() -> None:
    assert list(batches([10, 256, 12, 11])) == [[0, 3, 2], [1]]


def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder: Encoder) -> None:
    texts = ["heel pain", "worst with the first steps in the morning", "a history of fever and cough " * 30]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(encoder.encode(texts) - alone).max() < 1e-5


def test_long_texts_do_not_swell_the_process(encoder: Encoder) -> None:
    encoder.encode(["fever"])
    before = resident_mb()
    encoder.encode(["a long history of fever and cough " * 60] * 32)
    assert resident_mb() - before < 150  # an arena would keep 700

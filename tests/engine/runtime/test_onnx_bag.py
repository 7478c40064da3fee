"""The multilingual encoder: vectors that do not depend on their neighbours, near across languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import packs
from engine.runtime.base import Encoder


@pytest.fixture(scope="module")
def encoder(models: Path) -> Iterator[Encoder]:
    made = packs.open_multilingual(models)
    assert made is not None
    yield made
    made.close()


def test_every_text_has_a_vector_of_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["头痛", "", "headache " * 300, "صداع"])
    assert vectors.shape == (4, encoder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    alone = encoder.encode(["头很痛"])
    among = encoder.encode(["headache", "头很痛", "me duele la cabeza", "肚子痛", "喉咙痛"])
    assert np.allclose(alone[0], among[1], atol=1e-5)


def test_the_same_in_two_languages_is_nearer_than_another_thing(encoder: Encoder) -> None:
    said, same, other = encoder.encode(["me duele la cabeza", "headache", "constipation"])
    assert said @ same > said @ other + 0.3


def test_a_closed_encoder_says_so(models: Path) -> None:
    made = packs.open_multilingual(models)
    assert made is not None
    made.close()
    with pytest.raises(errors.ProgramError):
        made.encode(["x"])


def test_none_is_installed(tmp_path: Path) -> None:
    assert packs.open_multilingual(tmp_path) is None

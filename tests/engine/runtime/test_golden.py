"""The golden prompt passes the default model and finds what no header shows: a wrong tokenizer, missing marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import errors
from engine.runtime import golden, packs
from engine.runtime.gguf import GgufRuntime


@pytest.fixture(scope="module")
def runtime(models: Path) -> Iterator[GgufRuntime]:
    made = GgufRuntime(packs.text_model(models).model_path, "default", context_tokens=512, threads=1)
    yield made
    made.close()


def read_as(runtime: GgufRuntime) -> golden.Golden:
    return golden.Golden([golden.GoldenText(text, runtime.plain_tokens(text)) for text in golden.TEXTS])


def test_the_default_model_passes_with_and_without_golden_texts(runtime: GgufRuntime) -> None:
    golden.check(runtime, None, "chatml")
    golden.check(runtime, read_as(runtime), "chatml")


def test_a_tokenizer_that_cuts_one_text_differently_is_found(runtime: GgufRuntime) -> None:
    known = read_as(runtime)
    other = replace(known.texts[2], tokens=[*known.texts[2].tokens[:-1], 7])
    with pytest.raises(errors.ModelDamaged, match="tokenizer"):
        golden.check(runtime, golden.Golden([*known.texts[:2], other]), "chatml")


def test_marks_that_are_no_control_tokens_are_found(runtime: GgufRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_template", "plain")
    with pytest.raises(errors.ModelDamaged, match="control"):
        golden.check(runtime, None, "chatml")
    golden.check(runtime, None, "plain")


def test_a_model_without_an_end_is_found(runtime: GgufRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "has_end_token", lambda: False)
    with pytest.raises(errors.ModelDamaged, match="ends"):
        golden.check(runtime)


@pytest.mark.parametrize("worth", [np.nan, 0.0])
def test_weights_that_say_nothing_are_found(
    runtime: GgufRuntime, monkeypatch: pytest.MonkeyPatch, worth: float
) -> None:
    def flat(tokens: list[int]) -> np.ndarray:
        return np.full((len(tokens), 49152), worth - np.log(49152), dtype=np.float32)

    monkeypatch.setattr(runtime, "log_probabilities", flat)
    with pytest.raises(errors.ModelDamaged, match="English"):
        golden.check(runtime)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_a_golden_file_that_cannot_be_read_is_damage(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "golden.json").write_bytes(data)
    with pytest.raises(errors.ModelDamaged):
        golden.read(tmp_path / "golden.json")

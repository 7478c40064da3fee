"""A card is tried once: what came out is used until model, build, card or driver change, or somebody asks anew."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.commands import models as models_command
from engine.runtime import card_trials, footprint, gpu, hardware, llama_native, packs
from engine.runtime.card_trials import CardTrials, Offload
from engine.runtime.footprint import Footprint, OnCard
from engine.runtime.llama_native import Card

USED = Offload(31, "RTX 3060, 120 tokens/s in its trial", lasting=True)
FAILED = Offload(0, "the graphics card failed its trial (signal 11); the processor is used", lasting=True)
CARD = OnCard("RTX 3060", 31, 12 << 30, 300 << 20, 310 << 20)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a driver and a build that can use it."""
    monkeypatch.delenv("LANTERN_DEVICE", raising=False)
    monkeypatch.setattr(hardware, "gpus", lambda: ("CUDA",))
    monkeypatch.setattr(hardware, "card_drivers", lambda: "driver 1")
    monkeypatch.setattr(gpu, "supported", lambda: True)
    monkeypatch.setattr(llama_native, "cards", lambda: [Card("RTX 3060", 12 << 30, 12 << 30)])


def trials(models: Path, weights: str = "w", build: str = "b", context_tokens: int = 512) -> CardTrials:
    return CardTrials(models, weights, build, context_tokens)


def test_an_outcome_holds_for_the_same_model_build_context_and_driver(
    tmp_path: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials(tmp_path).keep(FAILED)
    assert trials(tmp_path).recall() == FAILED
    for other in (trials(tmp_path, weights="x"), trials(tmp_path, build="x"), trials(tmp_path, context_tokens=64)):
        assert other.recall() is None
    monkeypatch.setattr(hardware, "card_drivers", lambda: "driver 2")
    assert trials(tmp_path).recall() is None
    assert card_trials.last_told(tmp_path) == ""


def test_what_may_change_is_told_and_not_remembered(tmp_path: Path, card: None) -> None:
    full = Offload(0, "RTX 3060 has 90 MB free, too little; the processor is used")
    trials(tmp_path).keep(USED)
    trials(tmp_path).keep(full)
    assert trials(tmp_path).recall() is None
    assert gpu.device_line(tmp_path) == f"{hardware.describe()}; {full.reason}"


def test_a_failed_card_is_not_tried_at_the_next_opening(
    models: Path, tmp_path: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    tried = []

    def crash(*_: object, **__: object) -> Footprint:
        tried.append(1)
        raise errors.ModelDamaged("ended by signal 11")

    monkeypatch.setattr(footprint, "run", crash)
    known = trials(tmp_path)
    for _ in range(3):
        outcome = gpu.choose_once(model, 512, known)
        gpu.remember(outcome, known)
        assert "signal 11" in outcome.reason
    assert len(tried) == 1
    assert "signal 11" in gpu.device_line(tmp_path)


def test_a_card_whose_opening_ended_the_process_or_whose_memory_is_taken_is_tried_again(
    models: Path, tmp_path: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    known = trials(tmp_path)
    known.keep(USED)
    monkeypatch.setattr(footprint, "run", lambda *_, **__: pytest.fail("tried"))
    assert gpu.choose_once(model, 512, known) == USED
    assert known.recall() is None, "nothing is known while the model is being put on the card"
    known.keep(USED)
    monkeypatch.setattr(llama_native, "cards", lambda: [Card("RTX 3060", 1 << 20, 12 << 30)])
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 60.0, card=replace(CARD, layers=12)))
    assert gpu.choose_once(model, 512, known).layers == 12


def test_the_line_names_the_reason_that_is_known(tmp_path: Path, card: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gpu.device_line(tmp_path).endswith("CUDA present, to be tried when a language model is opened")
    trials(tmp_path).keep(USED)
    assert gpu.device_line(tmp_path).endswith("RTX 3060, 120 tokens/s in its trial")
    monkeypatch.setenv("LANTERN_DEVICE", "cpu")
    assert gpu.device_line(tmp_path).endswith("CUDA present, but LANTERN_DEVICE=cpu keeps models off it")
    monkeypatch.setattr(hardware, "gpus", lambda: ())
    assert gpu.device_line(tmp_path) == hardware.describe()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"outcomes": {"k": 1}}'])
def test_a_file_that_cannot_be_read_means_a_new_trial(tmp_path: Path, card: None, data: bytes) -> None:
    (tmp_path / card_trials.FILE).write_bytes(data)
    assert trials(tmp_path).recall() is None
    trials(tmp_path).keep(FAILED)
    assert trials(tmp_path).recall() == FAILED


def test_without_a_card_nothing_is_written(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "gpus", lambda: ())
    (models / card_trials.FILE).unlink(missing_ok=True)
    with closing(packs.open_text_runtime(models)):
        assert not (models / card_trials.FILE).exists()


def test_the_command_tries_anew(models: Path, card: None, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 9.0, "plain English surprises the model"))
        assert "wrongly" in models_command._offload(models).reason
        assert "wrongly" in gpu.device_line(models)
        monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 120.0, card=CARD))
        assert models_command._offload(models) == USED
    finally:
        (models / card_trials.FILE).unlink(missing_ok=True)


def test_a_card_that_took_layers_lifts_the_tier_until_the_driver_changes(
    tmp_path: Path, card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not card_trials.works(tmp_path)
    trials(tmp_path).keep(USED)
    assert card_trials.works(tmp_path)
    trials(tmp_path, weights="other").keep(FAILED)
    assert not card_trials.works(tmp_path)
    trials(tmp_path).keep(USED)
    monkeypatch.setattr(hardware, "card_drivers", lambda: "driver 2")
    assert not card_trials.works(tmp_path)

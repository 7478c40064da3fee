"""A graphics card is used only after a child has proved it; otherwise the processor works, with one line why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import footprint, gpu, hardware
from engine.runtime.footprint import Footprint, OnCard

MODEL = Path("model.gguf")
CARD = OnCard("RTX 3060", 31, 12 << 30, 300 << 20, 310 << 20)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a driver and a build that can use it."""
    monkeypatch.delenv("LANTERN_DEVICE", raising=False)
    monkeypatch.setattr(hardware, "gpus", lambda: ("CUDA",))
    monkeypatch.setattr(gpu, "supported", lambda: True)


def test_without_a_card_or_against_a_setting_nothing_is_tried(monkeypatch: pytest.MonkeyPatch, card: None) -> None:
    monkeypatch.setattr(footprint, "run", lambda *_, **__: pytest.fail("tried"))
    monkeypatch.setenv("LANTERN_DEVICE", "cpu")
    assert gpu.choose(MODEL, 512).layers == 0
    monkeypatch.delenv("LANTERN_DEVICE")
    monkeypatch.setattr(gpu, "supported", lambda: False)
    assert gpu.choose(MODEL, 512).reason == "CUDA present, but this build of llama.cpp is for the processor alone"
    monkeypatch.setattr(hardware, "gpus", lambda: ())
    assert gpu.choose(MODEL, 512).reason == "this build of llama.cpp is for the processor alone"


def test_a_build_for_cards_is_tried_where_no_driver_of_a_known_name_was_found(
    monkeypatch: pytest.MonkeyPatch, card: None, models: Path
) -> None:
    """Vulkan cards of any maker have no file of their own that could be looked for."""
    (model,) = models.rglob("SmolLM2*.gguf")
    monkeypatch.setattr(hardware, "gpus", lambda: ())
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 120.0, card=CARD))
    assert gpu.choose(model, 512).layers == 31


def test_a_card_that_answers_is_used(monkeypatch: pytest.MonkeyPatch, card: None, models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 120.0, card=CARD))
    assert gpu.choose(model, 512) == gpu.Offload(31, "RTX 3060, 120 tokens/s in its trial")
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 60.0, card=replace(CARD, layers=12)))
    assert gpu.choose(model, 512) == gpu.Offload(12, "RTX 3060, 12 of 31 layers, 60 tokens/s in its trial")


def test_a_card_without_room_is_left_and_its_free_memory_named(monkeypatch: pytest.MonkeyPatch, card: None) -> None:
    full = replace(CARD, layers=0, free_bytes=90 << 20)
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 20.0, card=full))
    assert gpu.choose(MODEL, 512) == gpu.Offload(0, "RTX 3060 has 90 MB free, too little; the processor is used")


def test_a_trial_that_finds_no_card_leaves_the_processor(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    with pytest.raises(errors.ModelDamaged, match="no graphics card answers"):
        footprint.run(model, 512, gpu_layers=gpu.ALL_LAYERS)


def test_a_llama_cpp_that_does_not_load_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, card: None) -> None:
    def broken() -> bool:
        raise errors.ModelDamaged("llama.cpp cannot be loaded: file too short")

    monkeypatch.setattr(gpu, "supported", broken)
    assert "file too short" in gpu.choose(MODEL, 512).reason


def test_a_card_that_crashes_or_computes_wrongly_is_left(monkeypatch: pytest.MonkeyPatch, card: None) -> None:
    def crash(*_: object, **__: object) -> Footprint:
        raise errors.ModelDamaged("ended by signal 11")

    monkeypatch.setattr(footprint, "run", crash)
    assert gpu.choose(MODEL, 512).layers == 0
    assert "signal 11" in gpu.choose(MODEL, 512).reason
    monkeypatch.setattr(footprint, "run", lambda *_, **__: Footprint(1, 9.0, "plain English surprises the model"))
    assert "wrongly" in gpu.choose(MODEL, 512).reason


def test_a_trial_of_a_broken_file_ends_the_child_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(errors.ModelDamaged, match=r"bad\.gguf: the trial"):
        footprint.run(tmp_path / "bad.gguf", 512)

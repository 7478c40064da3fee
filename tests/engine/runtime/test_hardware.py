"""What the machine offers is read from the system, and a model that would not fit is refused before it is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import errors
from engine.runtime import footprint, hardware


def test_this_machine_is_described_with_plausible_figures() -> None:
    found = hardware.detect()
    assert 1 <= found.cores <= 4096
    assert 0 < found.available_bytes <= found.memory_bytes
    assert hardware.describe().startswith("CPU, ")


@pytest.mark.parametrize(
    ("cores", "load", "threads"),
    [(0, 0.0, 1), (2, 0.2, 2), (2, 0.9, 1), (2, 9.0, 1), (8, 2.4, 6), (128, 1.0, hardware.MAX_THREADS)],
)
def test_threads_are_the_idle_cores_at_least_one_and_bounded(
    monkeypatch: pytest.MonkeyPatch, cores: int, load: float, threads: int
) -> None:
    monkeypatch.setattr(hardware, "cores", lambda: cores)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    assert hardware.threads() == threads


def test_the_estimate_grows_with_the_context(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    small, large = hardware.needed_bytes(model, 512), hardware.needed_bytes(model, 8192)
    assert model.stat().st_size < small < large


def test_a_model_beyond_the_free_memory_is_too_large(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    hardware.check_room_for(model, 4096)
    monkeypatch.setattr(hardware, "memory", lambda: (1 << 30, 100 << 20))
    with pytest.raises(errors.ModelTooLarge):
        hardware.check_room_for(model, 4096)


def test_unknown_memory_does_not_refuse(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    monkeypatch.setattr(hardware, "memory", lambda: (0, 0))
    hardware.check_room_for(model, 4096)


@pytest.mark.slow
@pytest.mark.parametrize("context_tokens", [512, 4096])
def test_the_estimate_is_within_fifteen_per_cent_of_what_a_process_takes(models: Path, context_tokens: int) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    measured = footprint.measure(model, context_tokens)
    if not measured:
        pytest.skip("this system does not say how much memory a process has")
    assert hardware.needed_bytes(model, context_tokens) == pytest.approx(measured, rel=0.15)

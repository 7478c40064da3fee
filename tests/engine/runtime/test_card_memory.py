"""What a model takes on a card grows with its layers and context; what does not fit stays on the processor."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.runtime import card_memory, gguf_header
from engine.runtime.gguf_header import GgufHeader

MEGABYTE = 1 << 20
HEADER = GgufHeader("llama", 4, 4096, 1024, 16, 4, 32_000, 0, (100 * MEGABYTE,) * 4, 60 * MEGABYTE)


def test_nothing_on_the_card_takes_nothing() -> None:
    assert card_memory.needed_bytes(HEADER, 1024, 0) == 0


def test_the_first_layer_is_the_output_and_each_further_one_a_block_with_its_kv_memory() -> None:
    needed = [card_memory.needed_bytes(HEADER, 1024, layers) for layers in range(1, 6)]
    steps = {after - before for before, after in pairwise(needed)}
    assert steps == {100 * MEGABYTE + HEADER.kv_bytes(1024) // 4}
    assert needed[0] > 60 * MEGABYTE
    assert card_memory.needed_bytes(HEADER, 1024, 999) == needed[-1]


def test_without_flash_attention_long_contexts_take_the_attention_scores() -> None:
    short = [card_memory.needed_bytes(HEADER, 256, 5, flash_attention=flash) for flash in (True, False)]
    long = [card_memory.needed_bytes(HEADER, 8192, 5, flash_attention=flash) for flash in (True, False)]
    assert short[0] == short[1]
    assert long[1] - long[0] > 100 * MEGABYTE


@pytest.mark.parametrize(("free_mb", "layers"), [(0, 0), (150, 0), (250, 1), (340, 2), (4000, 5)])
def test_as_many_layers_go_on_the_card_as_fit(free_mb: int, layers: int) -> None:
    assert card_memory.fitting_layers(HEADER, 1024, free_mb * MEGABYTE) == layers
    assert card_memory.needed_bytes(HEADER, 1024, layers) <= free_mb * MEGABYTE


def test_the_default_model_goes_whole_on_a_small_card(models: Path) -> None:
    (model,) = models.rglob("SmolLM2*.gguf")
    header = gguf_header.read(model)
    assert card_memory.fitting_layers(header, 4096, 1 << 30) == card_memory.all_layers(header) == 31


@pytest.mark.parametrize(
    ("context", "layers", "taken_mb"), [(512, 10, 228), (512, 31, 282), (4096, 10, 252), (4096, 31, 360)]
)
def test_the_estimate_is_what_a_card_showed(models: Path, context: int, layers: int, taken_mb: int) -> None:
    """Measured on an NVIDIA H100 with CUDA 13.0; the bound is what an offload may be wrong by."""
    (model,) = models.rglob("SmolLM2*.gguf")
    estimate = card_memory.needed_bytes(gguf_header.read(model), context, layers)
    assert estimate / MEGABYTE == pytest.approx(taken_mb, rel=0.15)

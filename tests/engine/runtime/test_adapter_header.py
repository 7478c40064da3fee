"""An adapter's header that lies is refused in Python; mutants of the shipped file never do anything else."""

from __future__ import annotations

import random
import struct

import pytest

from engine import errors
from engine.locations import resources
from engine.runtime import adapter_header
from engine.runtime.adapter_header import AdapterHeader, parse
from tests.engine.runtime.sample_packs import Gguf, text
from tests.engine.runtime.test_gguf_header import mutate

SHIPPED = resources() / "models" / "treatment-drafting" / "treatment-lora.gguf"
KEYS: dict[str, tuple[int, bytes]] = {
    "general.architecture": (8, text("llama")),
    "general.type": (8, text("adapter")),
    "adapter.type": (8, text("lora")),
    "adapter.lora.alpha": (6, struct.pack("<f", 16.0)),
}
A = ("blk.0.attn_q.weight.lora_a", (16, 2), 0)
B = ("blk.0.attn_q.weight.lora_b", (2, 16), 0)


def adapter(
    *tensors: tuple[str, tuple[int, int], int], keys: dict[str, tuple[int, bytes]] | None = None
) -> bytes:
    """Return an adapter of 32-bit tensors, one after another."""
    keys = KEYS if keys is None else keys
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys))
    for name, (kind, value) in keys.items():
        head += text(name) + struct.pack("<I", kind) + value
    for number, (name, shape, kind) in enumerate(tensors):
        head += text(name) + struct.pack("<I2QIQ", 2, *shape, kind, number * 128)
    return head + b"\0" * (-len(head) % 32) + b"\0" * 128 * len(tensors)


def read(data: bytes) -> AdapterHeader:
    return parse(data, len(data))


def without(key: str) -> dict[str, tuple[int, bytes]]:
    return {name: value for name, value in KEYS.items() if name != key}


def test_a_sound_adapter_is_read() -> None:
    assert read(adapter(A, B)) == AdapterHeader("llama", 1, 256)


def test_the_shipped_adapter_is_read() -> None:
    header = adapter_header.read(SHIPPED)
    assert (header.architecture, header.matrices) == ("llama", 30 * 7)


@pytest.mark.parametrize(
    "data",
    [
        adapter(A),
        adapter(B),
        adapter(A, A),
        adapter(A, ("blk.0.attn_q.weight.lora_b", (4, 8), 0)),
        adapter(A, ("blk.0.attn_q.weight.lora_b", (2, 16), 24)),
        adapter(A, B, ("token_embd.weight", (4, 4), 0)),
        adapter(A, B, ("blk.0.attn_q.weight.lora_c", (4, 4), 0)),
        adapter(A, B, ("../../etc/passwd.weight.lora_a", (4, 4), 0)),
        adapter(("blk.0.attn_q.weight.lora_a", (1, 300), 1), ("blk.0.attn_q.weight.lora_b", (300, 1), 1)),
        *(adapter(A, B, keys=without(key)) for key in KEYS),
        adapter(A, B, keys={**KEYS, "adapter.lora.alpha": (6, struct.pack("<f", float("nan")))}),
        adapter(A, B, keys={**KEYS, "adapter.lora.alpha": (6, struct.pack("<f", -1.0))}),
        adapter(A, B, keys={**KEYS, "general.architecture": (8, text("mamba-by-mail"))}),
        Gguf().build(),
    ],
)
def test_what_is_no_adapter_is_damaged(data: bytes) -> None:
    with pytest.raises(errors.ModelDamaged):
        read(data)


def test_an_adapter_is_no_language_model() -> None:
    from engine.runtime import gguf_header

    with pytest.raises(errors.ModelDamaged):
        gguf_header.read(SHIPPED)


def test_mutants_end_as_header_or_damage() -> None:
    original, chance, refused = adapter(A, B), random.Random(4), 0
    for _ in range(3_000):
        mutant = mutate(original, chance)
        try:
            read(mutant)
        except errors.ModelDamaged:
            refused += 1
    assert refused > 1_500

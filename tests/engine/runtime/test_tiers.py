"""The tier follows memory and a card that works, never a card that is only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.runtime.hardware import Hardware
from engine.runtime.tiers import GIB, TIERS, tier_of

MACHINE = Hardware("x86_64", 4, ("avx2",), 8 * GIB, 4 * GIB, ("CUDA",))


@pytest.mark.parametrize(
    ("memory_gib", "works", "name"),
    [(0, False, "tables"), (2, True, "tables"), (4, False, "small"), (8, False, "small"), (8, True, "gpu"),
     (16, False, "medium")],
)  # fmt: skip
def test_memory_and_a_working_card_decide(memory_gib: int, works: bool, name: str) -> None:
    machine = replace(MACHINE, memory_bytes=memory_gib * GIB)
    assert tier_of(machine, gpu_works=works).name == name


def test_every_tier_says_what_it_does_in_both_languages() -> None:
    assert all(tier.does.en and tier.does.zh for tier in TIERS)

"""Load one language model in a throw-away child: how much memory it really takes, and whether it works at all.

A native crash, a hang or a driver that fails ends the child and nothing else. The same child serves to measure
memory, to run the golden prompt at installation and to try a graphics card.

    lantern-engine try-model MODEL CONTEXT_TOKENS GPU_LAYERS GOLDEN.json|- TEMPLATE|-
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from engine import errors
from engine.runtime import trial_child
from engine.runtime.base import Template

TRY_MODEL = "try-model"
TIMEOUT_S = 300
TRIAL_CONTEXT_TOKENS = 512


@dataclass(frozen=True, slots=True)
class OnCard:
    """What a graphics card gave the trial; `layers` is 0 where its free memory holds none of the model."""

    name: str
    layers: int
    free_bytes: int
    needed_bytes: int
    """Estimated before loading."""
    taken_bytes: int
    """Measured after answering, the driver's own share not counted."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the child reports. `problem` says what the golden prompt found, empty when all is well."""

    model_bytes: int
    """Resident memory that loading, reading a full batch and answering added."""
    decode_tps: float
    problem: str = ""
    card: OnCard | None = None


def measure(model: Path, context_tokens: int) -> int:
    """Return the memory that the model takes with its context, in bytes; 0 where the system does not say."""
    return run(model, context_tokens).model_bytes


def run(
    model: Path, context_tokens: int, gpu_layers: int = 0, golden: Path | None = None,
    template: Template | None = None, timeout_s: float = TIMEOUT_S,
) -> Footprint:
    """Return what a child found. Raises ModelDamaged with one line that says why when the child did not come back."""
    given = [str(model), str(context_tokens), str(gpu_layers), str(golden or "-"), template or "-"]
    return trial_child.ask([TRY_MODEL, *given], model.name, Footprint, timeout_s)


def main(arguments: list[str]) -> int:
    """Run in the child; prints one JSON object, or one line that says why not."""
    try:
        found = _tried(arguments)
    except errors.EngineError as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(msgspec.json.encode(found).decode())
    return 0


def _tried(arguments: list[str]) -> Footprint:
    """Return what loading, reading and answering took. Raises ModelDamaged, OutOfMemory."""
    import time

    from engine.runtime import golden, hardware
    from engine.runtime.base import GenerateOptions
    from engine.runtime.calibration import BATCH_TOKENS
    from engine.runtime.gguf import GgufRuntime

    model, context = Path(arguments[0]), int(arguments[1])
    card = _room_on_card(model, context) if int(arguments[2]) else None
    before = hardware.resident_bytes()
    runtime = GgufRuntime(model, model.name, context, threads=1, gpu_layers=card.layers if card else 0)
    runtime.prefill(" pain" * min(BATCH_TOKENS, context // 2))
    begun = time.perf_counter()
    tokens = sum(1 for _ in runtime.generate("The patient", GenerateOptions(max_tokens=16, ignore_end=True)))
    speed = tokens / (time.perf_counter() - begun)
    used, problem = hardware.resident_bytes() - before, ""
    card = _with_taken(card) if card and card.layers else card
    try:
        known = None if arguments[3] == "-" else golden.read(Path(arguments[3]))
        wanted: Template | None = "chatml" if arguments[4] == "chatml" else None
        golden.check(runtime, known, wanted)
    except errors.ModelDamaged as found:
        problem = found.detail
    return Footprint(max(used, 0), speed, problem, card)


def _room_on_card(model: Path, context_tokens: int) -> OnCard:
    """Return how many layers fit on the first card. Raises ModelDamaged where the build sees none."""
    from engine.runtime import card_memory, gguf_header, llama_native

    header, cards = gguf_header.read(model), llama_native.cards()
    if not cards:
        raise errors.ModelDamaged("no graphics card answers")
    layers = card_memory.fitting_layers(header, context_tokens, cards[0].free_bytes)
    needed = card_memory.needed_bytes(header, context_tokens, layers)
    return OnCard(cards[0].name, layers, cards[0].free_bytes, needed, 0)


def _with_taken(card: OnCard) -> OnCard:
    from engine.runtime import llama_native

    return replace(card, taken_bytes=max(card.free_bytes - llama_native.cards()[0].free_bytes, 0))

"""Whether a graphics card may carry the language model: asked of the build, estimated, then tried in a child.

A driver can hang or end the process that loads it. So the card is tried by a throw-away child with the very model; only
when that child answered does the engine use it. Otherwise the processor works, and one line says why.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine import errors
from engine.runtime import card_memory, footprint, gguf_header, hardware
from engine.runtime.onnx_session import DEVICE_SETTING

TRIAL_S = 90
ALL_LAYERS = 999


@dataclass(frozen=True, slots=True)
class Offload:
    """`layers` to put on the card, 0 for none; `reason` is one line for the status line and the log."""

    layers: int
    reason: str


def choose(model: Path, context_tokens: int) -> Offload:
    """Return what to do with this model on this machine. Never raises: without a card there is a processor."""
    if os.environ.get(DEVICE_SETTING, "").lower() == "cpu":
        return Offload(0, f"{DEVICE_SETTING}=cpu keeps models on the processor")
    try:
        if not supported():
            present = ", ".join(hardware.gpus())
            cannot = "this build of llama.cpp is for the processor alone"
            return Offload(0, f"{present} present, but {cannot}" if present else cannot)
        found = footprint.run(model, context_tokens, gpu_layers=ALL_LAYERS, timeout_s=TRIAL_S)
    except errors.ModelDamaged as failed:
        return Offload(0, f"the graphics card failed its trial ({failed.detail[:120]}); the processor is used")
    if found.problem:
        return Offload(0, f"the graphics card computes wrongly ({found.problem[:120]}); the processor is used")
    card = found.card
    if card is None:
        return Offload(0, "the trial used no graphics card; the processor is used")
    if not card.layers:
        return Offload(0, f"{card.name} has {card.free_bytes >> 20} MB free, too little; the processor is used")
    every = card_memory.all_layers(gguf_header.read(model))
    part = "" if card.layers == every else f", {card.layers} of {every} layers"
    return Offload(card.layers, f"{card.name}{part}, {found.decode_tps:.0f} tokens/s in its trial")


def supported() -> bool:
    """Whether this build of llama.cpp has code for cards; asks no driver. Raises ModelDamaged where it is broken."""
    from engine.runtime.llama_native import card_backends

    return bool(card_backends())

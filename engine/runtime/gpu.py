"""Whether a graphics card may carry the language model: asked of the build, estimated, then tried in a child.

A driver can hang or end the process that loads it. So the card is tried by a throw-away child with the very model; only
when that child answered does the engine use it. Otherwise the processor works, and one line says why.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine import errors
from engine.runtime import card_memory, card_trials, footprint, gguf_header, hardware
from engine.runtime.card_trials import CardTrials, Offload
from engine.runtime.onnx_session import DEVICE_SETTING

TRIAL_S = 90
ALL_LAYERS = 999


def choose_once(model: Path, context_tokens: int, trials: CardTrials) -> Offload:
    """Return the outcome that is known, else of a trial now. Never raises.

    The caller keeps it in `trials` once the model is open. An outcome with layers counts only while they still fit.
    """
    known = None if _kept_off() else trials.recall()
    if known is None:
        return choose(model, context_tokens)
    if not known.layers:
        return known
    trials.drop()  # should the opening end this process, the next one tries again
    return known if _still_fits(model, context_tokens, known.layers) else choose(model, context_tokens)


def remember(outcome: Offload, trials: CardTrials) -> None:
    """Keep an outcome; a machine without a card, and a build that is for none, have nothing to remember."""
    if hardware.gpus() or supported():
        trials.keep(outcome)


def _still_fits(model: Path, context_tokens: int, layers: int) -> bool:
    """Whether the first card has room for so many layers now. It answered a trial, so it is asked here."""
    from engine.runtime.llama_native import cards

    found = cards()
    header = gguf_header.read(model)
    return bool(found) and card_memory.fitting_layers(header, context_tokens, found[0].free_bytes) >= layers


def device_line(models: Path) -> str:
    """Return the device in use in one line, and of a card that is there why it is used or not; starts no driver."""
    present, told = ", ".join(hardware.gpus()), card_trials.last_told(models)
    if _kept_off():
        told = f"{present} present, but {DEVICE_SETTING}=cpu keeps models off it" if present else ""
    elif present and not told:
        told = f"{present} present, to be tried when a language model is opened"
    return f"{hardware.describe()}; {told}" if told else hardware.describe()


def _kept_off() -> bool:
    return os.environ.get(DEVICE_SETTING, "").lower() == "cpu"


def choose(model: Path, context_tokens: int) -> Offload:
    """Return what to do with this model on this machine. Never raises: without a card there is a processor."""
    if _kept_off():
        return Offload(0, f"{DEVICE_SETTING}=cpu keeps models on the processor")
    try:
        if not supported():
            present = ", ".join(hardware.gpus())
            cannot = "this build of llama.cpp is for the processor alone"
            return Offload(0, f"{present} present, but {cannot}" if present else cannot)
        found = footprint.run(model, context_tokens, gpu_layers=ALL_LAYERS, timeout_s=TRIAL_S)
    except errors.ModelDamaged as failed:
        return Offload(0, f"the graphics card failed its trial ({failed.detail[:120]}); the processor is used", True)
    if found.problem:
        return Offload(0, f"the graphics card computes wrongly ({found.problem[:120]}); the processor is used", True)
    card = found.card
    if card is None:
        return Offload(0, "the trial used no graphics card; the processor is used")
    if not card.layers:
        return Offload(0, f"{card.name} has {card.free_bytes >> 20} MB free, too little; the processor is used")
    every = card_memory.all_layers(gguf_header.read(model))
    part = "" if card.layers == every else f", {card.layers} of {every} layers"
    return Offload(card.layers, f"{card.name}{part}, {found.decode_tps:.0f} tokens/s in its trial", True)


def supported() -> bool:
    """Whether this build of llama.cpp has code for cards; asks no driver. Raises ModelDamaged where it is broken."""
    from engine.runtime.llama_native import card_backends

    return bool(card_backends())

"""What the trial of a graphics card gave, kept beside the packs: a model opens without trying the card each time.

An outcome holds for the same weights, build, context, card and driver. Before a model goes on a card its entry is taken
out and put back once the model is loaded: a crash leaves none, and the next opening tries again in a child.
`lantern-engine models device` tries anew.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from engine.runtime import hardware

log = logging.getLogger(__name__)

FILE = "card-trials.json"
MAX_BYTES = 1 << 20
MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Offload:
    """`layers` to put on the card, 0 for none; `reason` is one line for the status line and the log."""

    layers: int
    reason: str
    lasting: bool = field(default=False, compare=False)
    """Whether the next opening may go by it. That too little memory was free, or what a setting says, may change."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The content of the file. `told` is the last outcome of all, for the status line."""

    outcomes: dict[str, Offload] = field(default_factory=dict)
    told: str = ""
    told_of: str = ""
    """The cards and drivers that `told` is about."""
    told_layers: int = 0


class CardTrials:
    """The outcomes for one model in one folder of packs."""

    def __init__(self, models: Path, weights_sha256: str, build: str, context_tokens: int) -> None:
        self._models = models
        self._key = f"{weights_sha256} {build} context {context_tokens} {hardware.card_drivers()}"

    def recall(self) -> Offload | None:
        """Return the outcome that is known, or None."""
        return _read(self._models).outcomes.get(self._key)

    def keep(self, outcome: Offload) -> None:
        """Store an outcome that lasts, and what to tell of any. A disk that refuses costs the next opening a trial."""
        known = _read(self._models)
        others = {key: each for key, each in known.outcomes.items() if key != self._key}
        if outcome.lasting:
            others = dict([*list(others.items())[1 - MOST_KEPT :], (self._key, outcome)])
        _write(self._models, _Known(others, outcome.reason, hardware.card_drivers(), outcome.layers))

    def drop(self) -> None:
        """Forget the outcome: what happens next decides."""
        known = _read(self._models)
        if self._key in known.outcomes:
            left = {key: each for key, each in known.outcomes.items() if key != self._key}
            _write(self._models, replace(known, outcomes=left))


def last_told(models: Path) -> str:
    """Return the reason of the last outcome with the cards and drivers of now; empty where there was none."""
    known = _read(models)
    return known.told if known.told_of == hardware.card_drivers() else ""


def works(models: Path) -> bool:
    """Whether the last outcome with the cards and drivers of now put layers on a card."""
    known = _read(models)
    return known.told_layers > 0 and known.told_of == hardware.card_drivers()


def _read(models: Path) -> _Known:
    try:
        with (models / FILE).open("rb") as stream:
            return msgspec.json.decode(stream.read(MAX_BYTES), type=_Known)
    except FileNotFoundError:
        return _Known()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unread:
        log.warning("what was known of the graphics card cannot be read: %s", type(unread).__name__)
        return _Known()


def _write(models: Path, known: _Known) -> None:
    part = models / f"{FILE}.{os.getpid()}.part"
    try:
        part.write_bytes(msgspec.json.encode(known))
        part.replace(models / FILE)
    except OSError as refused:
        log.warning("what the trial of the graphics card gave cannot be kept: %s", refused.strerror)

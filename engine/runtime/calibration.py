"""What serves a model best on this machine: measured once, kept beside the packs, asked at every opening.

More threads are not always faster: on shared or hyper-threaded cores the last one holds up the others. Guessing ahead
(see lookup) saves time only where several tokens in one pass cost little more than one. What is kept counts only for
the same model, build and number of cores; without it the idle cores are used and nothing is guessed.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

FILE = "calibration.json"
MAX_BYTES = 1 << 20
BATCH_TOKENS = 512
MIN_GAIN = 1.05
"""What a setting must win to be taken: less is lost in the noise of a machine that also does other things."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Keys are numbers as text, because JSON keys are."""

    threads: int
    decode_tps: dict[str, float] = field(default_factory=dict)
    """By number of threads."""
    batch_tokens: int = BATCH_TOKENS
    prefill_tps: dict[str, float] = field(default_factory=dict)
    """By tokens in one pass."""
    guessed_tokens: int = 0
    guess_gain: dict[str, float] = field(default_factory=dict)
    """Speed of writing a plan's sentences with so many guessed tokens, over writing them plainly."""


def key(weights_sha256: str, build: str, cores: int) -> str:
    """Return what a calibration holds for."""
    return f"{weights_sha256} {build} {cores} cores"


def best(speeds: dict[int, float]) -> int:
    """Return the smallest number that no larger one beats by more than 5 %: threads cost cores, batches memory."""
    chosen = min(speeds)
    for count in sorted(speeds):
        if speeds[count] > MIN_GAIN * speeds[chosen]:
            chosen = count
    return chosen


def kept(models: Path, wanted: str) -> Calibration | None:
    """Return what was measured, or None where nothing usable is kept."""
    try:
        with (models / FILE).open("rb") as stream:
            known = msgspec.json.decode(stream.read(MAX_BYTES), type=dict[str, Calibration])
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as unread:
        log.warning("the calibration cannot be read and is ignored: %s", type(unread).__name__)
        return None
    found = known.get(wanted)
    return found if found is not None and _is_sane(found) else None


def _is_sane(found: Calibration) -> bool:
    return (
        1 <= found.threads <= 1024 and 32 <= found.batch_tokens <= BATCH_TOKENS and 0 <= found.guessed_tokens <= 16
    )


def keep(models: Path, wanted: str, made: Calibration) -> None:
    """Store what was measured, in place of anything older."""
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{FILE}.{os.getpid()}.part"
    part.write_bytes(msgspec.json.encode({wanted: made}))
    part.replace(models / FILE)


def rounded(speeds: dict[int, float]) -> dict[str, float]:
    """Return speeds as they are stored."""
    return {str(count): round(speed, 2) for count, speed in sorted(speeds.items())}

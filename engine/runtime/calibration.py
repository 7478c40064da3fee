"""What serves a model best on this machine: measured once, kept beside the packs, asked at every opening.

More threads are not always faster: on shared or hyper-threaded cores the last one holds up the others. Guessing ahead
(see lookup) saves time only where several tokens in one pass cost little more than one. What is kept counts only for
the same model, build and processor; without it the idle cores are used and nothing is guessed.
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
PASS_TOKENS = 256
"""How many tokens of a prompt the processor computes at once. With plain attention every token of a pass is multiplied
with all places up to the pass's end, rounded up to 256, also those that come after it; so short passes waste less, and
shorter ones still unpack the weights too often. Reading against llama.cpp's own default, 274 tokens, one thread:
at 64, 128, 256, 512 a pass SmolLM2-135M .96, .98, .98, .90; Qwen2.5-Coder-1.5B .77, .90, .97, .92."""
MIN_GAIN = 1.05
"""What a setting must win to be taken: less is lost in the noise of a machine that also does other things."""
MIN_GUESS_GAIN = 1.1
"""What guessing ahead must win: it changes a word now and then, which a twentieth of the time is not worth."""
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Calibration:
    """Keys are numbers as text, because JSON keys are."""

    threads: int
    decode_tps: dict[str, float] = field(default_factory=dict)
    """By number of threads."""
    pass_tokens: int = PASS_TOKENS
    prefill_tps: dict[str, float] = field(default_factory=dict)
    """By tokens in one pass of reading."""
    guessed_tokens: int = 0
    guess_gain: dict[str, float] = field(default_factory=dict)
    """Speed of writing a plan's sentences with so many guessed tokens, over writing them plainly."""
    guess_same: dict[str, float] = field(default_factory=dict)
    """Share of those sentences that came out in the same words."""


def key(weights_sha256: str, build: str, processor: str) -> str:
    """Return what a calibration holds for."""
    return f"{weights_sha256} {build} on {processor}"


def best(speeds: dict[int, float]) -> int:
    """Return the smallest number that no larger one beats by more than 5 %: threads cost cores, batches memory."""
    chosen = min(speeds)
    for count in sorted(speeds):
        if speeds[count] > MIN_GAIN * speeds[chosen]:
            chosen = count
    return chosen


def kept(models: Path, wanted: str) -> Calibration | None:
    """Return what was measured, or None where nothing usable is kept."""
    found = _known(models).get(wanted)
    return found if found is not None and _is_sane(found) else None


def _known(models: Path) -> dict[str, Calibration]:
    try:
        with (models / FILE).open("rb") as stream:
            return msgspec.json.decode(stream.read(MAX_BYTES), type=dict[str, Calibration])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as unread:
        log.warning("the calibration cannot be read and is ignored: %s", type(unread).__name__)
        return {}


def _is_sane(found: Calibration) -> bool:
    return (
        1 <= found.threads <= 1024 and 32 <= found.pass_tokens <= BATCH_TOKENS and 0 <= found.guessed_tokens <= 16
    )


def keep(models: Path, wanted: str, made: Calibration) -> None:
    """Store what was measured, in place of what was known of the same; the oldest of others goes when they are many."""
    others = [(name, each) for name, each in _known(models).items() if name != wanted]
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{FILE}.{os.getpid()}.part"
    part.write_bytes(msgspec.json.encode(dict([*others[1 - MOST_KEPT :], (wanted, made)])))
    part.replace(models / FILE)


def rounded(speeds: dict[int, float]) -> dict[str, float]:
    """Return speeds as they are stored."""
    return {str(count): round(speed, 2) for count, speed in sorted(speeds.items())}

"""How many threads serve a model best on this machine: measured once, kept beside the packs, asked at every opening.

More threads are not always faster: on shared or hyper-threaded cores the last one holds up the others. What is
kept counts only for the same model, build and number of cores; without it the idle cores are used.
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


@dataclass(frozen=True, slots=True)
class Calibration:
    """`decode_tps` by number of threads, as text because JSON keys are."""

    threads: int
    decode_tps: dict[str, float] = field(default_factory=dict)


def key(weights_sha256: str, build: str, cores: int) -> str:
    """Return what a calibration holds for."""
    return f"{weights_sha256} {build} {cores} cores"


def best(decode_tps: dict[int, float], gain: float = 1.05) -> int:
    """Return the fewest threads that no larger number beats by more than 5 %: the desktop needs cores too."""
    chosen = min(decode_tps)
    for count in sorted(decode_tps):
        if decode_tps[count] > gain * decode_tps[chosen]:
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
    return found if found is not None and 1 <= found.threads <= 1024 else None


def keep(models: Path, wanted: str, measured: dict[int, float]) -> Calibration:
    """Store what was measured, in place of anything older, and return it."""
    made = Calibration(best(measured), {str(count): round(speed, 2) for count, speed in sorted(measured.items())})
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{FILE}.{os.getpid()}.part"
    part.write_bytes(msgspec.json.encode({wanted: made}))
    part.replace(models / FILE)
    return made

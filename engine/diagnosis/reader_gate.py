"""Whether the installed language model may vote without being asked: only where a stored measurement shows it helps.

`evaluate --set vignettes --reader` measures a model on held-out cases and stores the result beside the packs. No file,
a file of another model or version, an unreadable one, too few cases or no gain: the reader does not vote.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

FILE = "reader_gate.json"
LEAST_CASES = 100
LEAST_GAIN = 0.02
"""By how much the first place must be right more often; about one standard error of a difference on 400 cases."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One measurement: the share of first and of first three places that were right, without and with the reader."""

    model: str
    cases: int
    without_top1: float
    with_top1: float
    without_top3: float
    with_top3: float

    @property
    def passes(self) -> bool:
        """Whether the reader helps: more often first, and not less often among three."""
        gain = self.with_top1 - self.without_top1
        return self.cases >= LEAST_CASES and gain >= LEAST_GAIN and self.with_top3 >= self.without_top3


def store(models: Path, result: GateResult) -> Path:
    """Write the result beside the packs and return the file."""
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{FILE}.part"
    part.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    return part.replace(models / FILE)


def measured_model(models: Path) -> str | None:
    """Return which model and version the stored result is about; None where there is no readable one."""
    result = _stored(models)
    return result.model if result else None


def may_vote(models: Path, model: str) -> bool:
    """Whether a stored result of exactly this model and version passes. Fails closed."""
    result = _stored(models)
    return result is not None and result.model == model and result.passes


def _stored(models: Path) -> GateResult | None:
    try:
        return msgspec.json.decode((models / FILE).read_bytes(), type=GateResult)
    except (OSError, msgspec.DecodeError):
        return None

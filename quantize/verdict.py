"""From figures to a verdict that fails closed: what is missing, no number, or beyond its limit has not passed."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine import errors

THRESHOLDS = Path(__file__).with_name("thresholds.toml")
NOT_APPLICABLE = {
    "text": {"entity_f1_loss": "the model tags no entities", "exact_span_loss": "the model marks no spans"},
    "seq2seq": {
        "perplexity_ratio": "compared by what it says instead", "entity_f1_loss": "the model tags no entities",
        "exact_span_loss": "the model marks no spans",
    },
    "encoder": {
        "perplexity_ratio": "the model writes no words", "entity_f1_loss": "the model tags no entities",
        "exact_span_loss": "the model marks no spans",
    },
    "classifier": {
        "perplexity_ratio": "the model writes no words", "entity_f1_loss": "the model tags no entities",
        "exact_span_loss": "the model marks no spans",
    },
    "tagger": {
        "perplexity_ratio": "the model writes no words", "diagnosis_top3_loss": "the model ranks nothing",
        "exact_span_loss": "the model answers no questions",
    },
    "answer": {
        "perplexity_ratio": "the model writes no words", "diagnosis_top3_loss": "the model ranks nothing",
        "entity_f1_loss": "the model tags no entities",
    },
}
"""What a gate of that task cannot measure, and why: said in the report, never counted as passed."""


@dataclass(frozen=True, slots=True)
class Limit:
    at_most: float | None = None
    at_least: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a figure keeps the limit; NaN and infinity never do."""
        if not math.isfinite(value) or (self.at_most is None and self.at_least is None):
            return False
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)

    def words(self) -> str:
        return f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that the quantized model sees differently. `moved` is half the sum of all differences of probability."""

    moved: float
    text: str
    truth: str
    reference: str
    quantized: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: figures by name, how many cases each rests on, and the cases that changed most."""

    values: dict[str, float]
    counts: dict[str, int]
    changed: list[Changed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure against its limit; `limit` is empty where a figure is only reported."""

    name: str
    value: float | None
    count: int
    limit: str
    passed: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """The content of `gate.json`."""

    model: str
    reference: str
    task: str
    passed: bool
    lines: list[Line]
    changed: list[Changed]
    notes: list[str]
    made_on: str
    machine: str


def read_thresholds(path: Path, task: str) -> dict[str, Limit]:
    """Return the limits for a task. Raises BadRequest when the file has none: nothing to keep is nothing passed."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = msgspec.convert(tables.get(task, {}), dict[str, Limit])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as damaged:
        raise errors.BadRequest(f"{path.name}: {damaged}") from damaged
    if not limits:
        raise errors.BadRequest(f"{path.name} has no limits for {task}")
    return limits


def judged(figures: Figures, limits: dict[str, Limit], task: str) -> list[Line]:
    """Return every limit with its figure, then what was only measured, then what does not apply to the task."""
    lines = [_against(name, limit, figures) for name, limit in limits.items()]
    lines += [
        Line(name, value, figures.counts.get(name, 0), "", None)
        if math.isfinite(value) else Line(name, None, figures.counts.get(name, 0), "", None, "is no number")
        for name, value in figures.values.items()
        if name not in limits
    ]
    absent = NOT_APPLICABLE.get(task, {})
    return lines + [Line(name, None, 0, "", None, f"not applicable: {why}") for name, why in absent.items()]


def passed(lines: list[Line]) -> bool:
    """Whether there was something to keep and all of it was kept."""
    held = [line.passed for line in lines if line.limit]
    return bool(held) and all(kept is True for kept in held)


def _against(name: str, limit: Limit, figures: Figures) -> Line:
    value = figures.values.get(name)
    if value is None:
        return Line(name, None, 0, limit.words(), False, "was not measured")
    count = figures.counts.get(name, 0)
    if not math.isfinite(value):
        return Line(name, None, count, limit.words(), False, "is no number")
    return Line(name, value, count, limit.words(), limit.holds(value))

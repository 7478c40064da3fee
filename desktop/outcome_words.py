"""Outcome values in words, for the form, the plan and the report: one measure's history as a line."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.case.record import OutcomeValue
from desktop.words import TRENDS, Language, pick, word
from engine.api import Bilingual, Measurement, Outcome

MOST_SHOWN = 6
"""Older values stay in the record; a line holds no more."""


def history_line(values: Sequence[OutcomeValue | Measurement], unit: Bilingual | None, language: Language) -> str:
    """Return the newest values oldest first, such as ``… 250 (2026-11-01) → 350 (2026-11-15) L/min``."""
    shown = [f"{_amount(value.value)} ({value.date or '?'})" for value in values[-MOST_SHOWN:]]
    own = next((value.unit for value in reversed(values) if value.unit), "")
    tail = pick(unit, language) if unit is not None else own
    before = "… " if len(values) > MOST_SHOWN else ""
    return before + " → ".join(shown) + (f" {tail}" if tail and shown else "")


def _amount(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def outcome_line(outcome: Outcome, language: Language) -> str:
    """Return a measure with its values, how it goes and its goal."""
    name, stop = pick(outcome.name, language), "。" if language == "zh" else ". "
    if not outcome.values:
        return name if outcome.goal is None else f"{name}{stop}{_goal(outcome, language)}"
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    line = f"{name}{colon}{history_line(outcome.values, outcome.unit, language)}"
    if outcome.trend != "unknown":
        line += comma + word(TRENDS, outcome.trend, language)
    return line if outcome.goal is None else f"{line}{stop}{_goal(outcome, language)}"


def _goal(outcome: Outcome, language: Language) -> str:
    assert outcome.goal is not None, outcome.code
    return pick(outcome.goal.display or Bilingual(outcome.goal.text, outcome.goal.text), language)

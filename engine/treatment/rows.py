"""The rows of the treatment tables: what a condition's file may say, and nothing that has no source.

Every text a clinician sees is a `Statement`: both languages, and the ids of the sources that say so. Gradings
(benefit 0-5, harm 0-4, cost and burden 1-3) are Lantern's own, made from the strength of the sources' wording;
they order the table and are shown as terms, never as facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from engine.api import Bilingual
from engine.knowledge.index import KnowledgeIndex

ENTRY = "treatment.conditions"

Bounds = tuple[float | None, float | None]
"""Lower bound included, upper bound not included; None is open."""


@dataclass(frozen=True, slots=True)
class Statement:
    en: str
    zh: str
    sources: Annotated[list[str], Meta(min_length=1)]

    @property
    def display(self) -> Bilingual:
        return Bilingual(self.en, self.zh)


@dataclass(frozen=True, slots=True)
class RenalBand:
    """A reduced dose below an eGFR or creatinine clearance, from the source's own table."""

    below_ml_min: float
    amount: float | None
    times_per_day: float | None
    sources: Annotated[list[str], Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class DoseBand:
    """One line of a dosing table. `amount` is per kilogram or square metre where `per_kg` or `per_m2` says
    so; `amount_high` is the top of a range.

    Where the source gives an amount for the whole day, `divided_doses` says into how many it is divided.
    """

    amount: Annotated[float, Meta(gt=0)]
    unit: str
    route: str
    sources: Annotated[list[str], Meta(min_length=1)]
    amount_high: float | None = None
    per_kg: bool = False
    per_m2: bool = False
    max_amount: float | None = None
    times_per_day: float | None = None
    every_hours: float | None = None
    once: bool = False
    divided_doses: int | None = None
    duration_days: float | None = None
    duration_days_high: float | None = None
    age_years: Bounds = (None, None)
    weight_kg: Bounds = (None, None)
    renal: list[RenalBand] = field(default_factory=list)
    note: Statement | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When this option must not, or should not, be used here; stated by a source beside the option itself."""

    when: Literal[
        "age_below", "age_above", "weight_below", "pregnant", "lactating", "history", "takes", "egfr_below", "allergy"
    ]
    effect: Literal["blocked", "caution", "preferred"]
    reason: Statement
    value: float | None = None
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grades:
    """Lantern's own ordering of the sources' wording; see the module's text."""

    benefit: Annotated[float, Meta(ge=0, le=5)]
    harm: Annotated[float, Meta(ge=0, le=4)]
    cost: Annotated[int, Meta(ge=0, le=3)] = 1
    burden: Annotated[int, Meta(ge=0, le=3)] = 0


@dataclass(frozen=True, slots=True)
class OptionRow:
    id: str
    kind: Literal["drug", "procedure", "lifestyle", "watchful", "none"]
    name: Bilingual
    grades: Grades
    benefit: Statement
    harm: Statement | None = None
    monitoring: Statement | None = None
    stop: Statement | None = None
    drug: str | None = None
    classes: list[str] = field(default_factory=list)
    doses: list[DoseBand] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def statements(self) -> list[Statement]:
        """Every text of this row, rules and dose notes included."""
        texts = [self.benefit, self.harm, self.monitoring, self.stop]
        texts += [rule.reason for rule in self.rules] + [dose.note for dose in self.doses]
        return [text for text in texts if text is not None]


@dataclass(frozen=True, slots=True)
class ReviewStatement(Statement):
    """Advice to come back; `after_days` where the source names a time."""

    after_days: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """The value of an outcome measure that a source asks for; `below` and `above` exclude the value itself."""

    measure: str
    statement: Statement
    below: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True)
class ConditionRow:
    code: str
    name: Bilingual
    options: list[OptionRow]
    codes: list[str] = field(default_factory=list)
    """Other codes under which the ranking names this condition, or a kind of it that the rows speak for."""
    synonyms: list[str] = field(default_factory=list)
    reference_terms: list[str] = field(default_factory=list)
    first_steps: list[Statement] = field(default_factory=list)
    rehabilitation: list[Statement] = field(default_factory=list)
    lifestyle: list[Statement] = field(default_factory=list)
    safety_net: list[Statement] = field(default_factory=list)
    follow_up: list[ReviewStatement] = field(default_factory=list)
    outcome_measures: list[str] = field(default_factory=list)
    """Codes of `measures.json`."""
    goals: list[Goal] = field(default_factory=list)

    def statements(self) -> list[Statement]:
        """Every text of this condition."""
        blocks = [*self.first_steps, *self.rehabilitation, *self.lifestyle, *self.safety_net, *self.follow_up]
        blocks += [goal.statement for goal in self.goals]
        return blocks + [text for option in self.options for text in option.statements()]


def read_condition(data: bytes) -> ConditionRow:
    """Return the condition in one JSON file. Raises msgspec.ValidationError with the path of the wrong field."""
    return msgspec.json.decode(data, type=ConditionRow)


def load_conditions(index: KnowledgeIndex) -> list[ConditionRow]:
    """Return every condition of the compiled index, in the order of their codes."""
    return msgspec.convert(index.json(ENTRY), list[ConditionRow])

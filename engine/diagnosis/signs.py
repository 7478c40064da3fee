"""Examined and measured signs for the common conditions: published ratios for what no synthetic patient was asked.

A study says how much more often a sign was found in one condition than in the others that its patients turned out to
have. The chance of each of those others is divided by that ratio; the condition itself, and all that the study did not
look at, stays. So fast breathing speaks against a cold, and decides nothing between pneumonia and embolism.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.voice import Contribution, Floats
from engine.knowledge.index import KnowledgeIndex

ENTRY = "diagnosis.signs"


@dataclass(frozen=True, slots=True)
class Sign:
    """One row: `finding` (HPO) in patients of `from_years` up to below `to_years` of age, `ratio` above 1."""

    id: str
    finding: str
    from_years: float
    to_years: float
    ratio: float
    condition: str
    """Whose patients were counted, a common condition's given name."""
    against: tuple[str, ...]
    """Given names of the conditions that they were compared with."""
    source: str


def checked(raw: object, ontology: Ontology, table: CommonTable) -> tuple[Sign, ...]:
    """Return the rows of the source file. Raises ValueError for a name that the tables lack or a ratio of 1 or less."""
    rows = msgspec.convert(raw, tuple[Sign, ...])
    known = {condition.name_given for condition in table.conditions}
    for row in rows:
        if unknown := {row.condition, *row.against} - known:
            raise ValueError(f"sign {row.id} names no common condition: {', '.join(sorted(unknown))}")
        if ontology.find(row.finding) is None:
            raise ValueError(f"sign {row.id} names an unknown finding: {row.finding}")
        if row.ratio <= 1 or row.condition in row.against:
            raise ValueError(f"sign {row.id}: a ratio above 1, against other conditions, is wanted")
    return rows


class Signs:
    """The rows in force over one table of conditions."""

    def __init__(self, rows: Sequence[Sign], ontology: Ontology, table: CommonTable) -> None:
        numbers = {condition.name_given: number for number, condition in enumerate(table.conditions)}
        self._ontology = ontology
        self._rows = [(row, ontology.find(row.finding), _factor(row, numbers)) for row in rows]

    @staticmethod
    def load(index: KnowledgeIndex, ontology: Ontology, table: CommonTable) -> Signs:
        """Return the compiled rows; none where the index has none."""
        rows = msgspec.convert(index.json(ENTRY), tuple[Sign, ...]) if ENTRY in index else ()
        return Signs(rows, ontology, table)

    def seen(self, evidence: CaseEvidence) -> list[Contribution]:
        """Return what each sign that is present says of each common condition; nothing where the age is unknown."""
        if evidence.age_years is None or not evidence.present_terms:
            return []
        present = set(self._ontology.closure(list(evidence.present_terms)).tolist())
        return [
            Contribution(row.finding, True, factor, row.source)
            for row, term, factor in self._rows
            if term in present and row.from_years <= evidence.age_years < row.to_years
        ]


def _factor(row: Sign, numbers: dict[str, int]) -> Floats:
    factor = np.zeros(len(numbers))
    factor[[numbers[name] for name in row.against]] = -np.log(row.ratio)
    return factor

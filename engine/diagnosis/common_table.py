"""The 49 common conditions as stored in the index: questions, conditions and their likelihood tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec

from engine.diagnosis.common_fit import CommonModel
from engine.diagnosis.ddxplus_source import Condition, Patient, Question
from engine.knowledge.index import IndexWriter, KnowledgeIndex

_ENTRY = "diagnosis.common"
_ARRAYS = ("value_rate", "value_start", "age_rate", "sex_rate", "prevalence")
CODE_PREFIX = "DDX:"


@dataclass(frozen=True, slots=True)
class CommonTable:
    """Everything the Bayes voice and the interview need."""

    questions: tuple[Question, ...]
    conditions: tuple[Condition, ...]
    model: CommonModel

    def code(self, condition: int) -> str:
        """Return the disease code of a condition."""
        return CODE_PREFIX + self.conditions[condition].name_given

    def put(self, writer: IndexWriter) -> None:
        """Store the table."""
        writer.put_json(f"{_ENTRY}.questions", [asdict(question) for question in self.questions])
        writer.put_json(
            f"{_ENTRY}.conditions", [{**asdict(c), "questions": sorted(c.questions)} for c in self.conditions]
        )
        writer.put_json(f"{_ENTRY}.patterns", self.model.patterns)
        for name in _ARRAYS:
            writer.put_array(f"{_ENTRY}.{name}", getattr(self.model, name))

    @staticmethod
    def load(index: KnowledgeIndex) -> CommonTable:
        """Return what `put` stored."""
        patterns = msgspec.convert(index.json(f"{_ENTRY}.patterns"), tuple[tuple[tuple[int, ...], ...], ...])
        return CommonTable(
            msgspec.convert(index.json(f"{_ENTRY}.questions"), tuple[Question, ...]),
            msgspec.convert(index.json(f"{_ENTRY}.conditions"), tuple[Condition, ...]),
            CommonModel(**{name: index.array(f"{_ENTRY}.{name}") for name in _ARRAYS}, patterns=patterns),
        )


def put_patients(writer: IndexWriter, patients: tuple[Patient, ...]) -> None:
    """Store the synthetic patients, so that cross-validation runs wherever the index is."""
    writer.put_json(f"{_ENTRY}.patients", [asdict(patient) for patient in patients])


def load_patients(index: KnowledgeIndex) -> tuple[Patient, ...]:
    """Return what `put_patients` stored."""
    return msgspec.convert(index.json(f"{_ENTRY}.patients"), tuple[Patient, ...])

"""Which question of DDXPlus means the same as which HPO term, and which past illness answers which question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.string_table import fold
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "diagnosis.crosswalk"


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """`questions`: HPO term number to question; `terms`: question to its first term; `history`: folded names."""

    questions: Mapping[int, str]
    terms: Mapping[str, int]
    history: Mapping[str, str]

    def question_of(self, ontology: Ontology, term: int, present: bool) -> str | None:
        """Return the question that a term answers: a kind of fever is a fever, but no high fever is not no fever."""
        if term in self.questions or not present:
            return self.questions.get(term)
        above = [ancestor for ancestor in ontology.ancestors_of(term).tolist() if ancestor in self.questions]
        closest = max(above, key=lambda ancestor: len(ontology.ancestors_of(ancestor)), default=None)
        return None if closest is None else self.questions[closest]

    def put(self, writer: IndexWriter) -> None:
        """Store the crosswalk."""
        writer.put_json(
            ENTRY, {"questions": list(self.questions.items()), "terms": dict(self.terms), "history": dict(self.history)}
        )

    @staticmethod
    def load(index: KnowledgeIndex) -> Crosswalk:
        """Return what `put` stored."""
        stored = index.json(ENTRY)
        return Crosswalk({int(term): code for term, code in stored["questions"]}, stored["terms"], stored["history"])


def compile_crosswalk(path: Path, ontology: Ontology, table: CommonTable) -> Crosswalk:
    """Return the crosswalk of the source file. Raises ValueError for a row that names nothing known or a wrong name."""
    source = json.loads(path.read_text(encoding="utf-8"))
    known = {question.code for question in table.questions}
    questions: dict[int, str] = {}
    terms: dict[str, int] = {}
    for row in source["terms"]:
        term = ontology.find(row["term"])
        if term is None or ontology.names[term] != row["name"] or row["question"] not in known:
            raise ValueError(f"crosswalk row does not fit its sources: {row}")
        questions[term] = row["question"]
        terms.setdefault(row["question"], term)
    for row in source["history"]:
        if row["question"] not in known:
            raise ValueError(f"crosswalk row does not fit its sources: {row}")
    return Crosswalk(questions, terms, {fold(row["name"]): row["question"] for row in source["history"]})

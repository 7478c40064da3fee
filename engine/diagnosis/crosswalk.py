"""Which question of DDXPlus means the same as which HPO term, and which past illness answers which question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.string_table import fold
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "diagnosis.crosswalk"


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """`questions`: HPO term number to question; `terms`: question to its first term; `history`: folded names.

    `sites`: HPO term number to (question, values) of which at least one holds, as chest pain is pain somewhere there.
    """

    questions: Mapping[int, str]
    terms: Mapping[str, int]
    history: Mapping[str, str]
    sites: Mapping[int, tuple[str, tuple[str, ...]]]

    def question_of(self, ontology: Ontology, term: int, present: bool) -> str | None:
        """Return the question that a term answers: a kind of fever is a fever, but no high fever is not no fever."""
        if term in self.questions or not present:
            return self.questions.get(term)
        above = [ancestor for ancestor in ontology.ancestors_of(term).tolist() if ancestor in self.questions]
        closest = max(above, key=lambda ancestor: len(ontology.ancestors_of(ancestor)), default=None)
        return None if closest is None else self.questions[closest]

    def sites_of(self, ontology: Ontology, terms: Iterable[int]) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Return for each question the groups of values of which present `terms` say that at least one holds."""
        found: dict[str, tuple[tuple[str, ...], ...]] = {}
        above = {site for term in terms for site in ontology.ancestors_of(term).tolist()}
        for site in sorted(above & self.sites.keys()):
            code, values = self.sites[site]
            found[code] = (*found.get(code, ()), values)
        return found

    def put(self, writer: IndexWriter) -> None:
        """Store the crosswalk."""
        stored = {
            "questions": list(self.questions.items()),
            "terms": dict(self.terms),
            "history": dict(self.history),
            "sites": list(self.sites.items()),
        }
        writer.put_json(ENTRY, stored)

    @staticmethod
    def load(index: KnowledgeIndex) -> Crosswalk:
        """Return what `put` stored."""
        stored = index.json(ENTRY)
        return Crosswalk(
            {int(term): code for term, code in stored["questions"]},
            stored["terms"],
            stored["history"],
            {int(term): (code, tuple(values)) for term, (code, values) in stored["sites"]},
        )


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
    history = {fold(row["name"]): row["question"] for row in source["history"]}
    return Crosswalk(questions, terms, history, _sites(source["sites"], ontology, table))


def _sites(
    rows: list[dict[str, Any]], ontology: Ontology, table: CommonTable
) -> dict[int, tuple[str, tuple[str, ...]]]:
    values = {question.code: frozenset(question.values) for question in table.questions}
    sites = {}
    for row in rows:
        term = ontology.find(row["term"])
        known = values.get(row["question"], frozenset())
        if term is None or ontology.names[term] != row["name"] or not known.issuperset(row["any_of"]):
            raise ValueError(f"crosswalk row does not fit its sources: {row}")
        sites[term] = (row["question"], tuple(row["any_of"]))
    return sites

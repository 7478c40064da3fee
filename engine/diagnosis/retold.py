"""What the text voice is told in English beside the narrative: names of findings that it could not read itself.

A narrative in Chinese is read by the dictionaries; every finding has an English name, so the voice reads those instead.
Beside an English narrative only what was measured into fields of its own is told: the rest stands in the narrative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.diagnosis.answer_values import Answer
from engine.diagnosis.case_text import Said
from engine.diagnosis.ddxplus_source import NO, SEPARATOR, YES
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.picture_findings import closest

_UNTOLD = frozenset(["no", "nowhere", "not applicable", "n/a", "none"])


class Retelling:
    """Names the findings of a case in English."""

    def __init__(self, ontology: Ontology, terms: Mapping[str, int], name_of: Callable[[str], str]) -> None:
        """`terms` are the HPO terms that questions mean, so that nothing is told twice.

        `name_of` gives the English name of a question or of one of its values.
        """
        self._ontology = ontology
        self._terms = terms
        self._name_of = name_of

    def measured(self, evidence: CaseEvidence) -> Said:
        """Return what vital signs and laboratory values are."""
        return self._named(term for term in evidence.present_terms if term in evidence.measured_terms), ()

    def asked(self, evidence: CaseEvidence) -> Said:
        """Return the terms that were put to the patient, there and not there."""
        there, not_there = (
            self._named(term for term in terms if term in evidence.asked_terms)
            for terms in (evidence.present_terms, evidence.absent_terms)
        )
        return there, not_there

    def everything(self, evidence: CaseEvidence) -> Said:
        """Return every finding, each once: by its term where it has one."""
        present = self._named(closest(self._ontology, evidence.present_terms))
        absent = self._named(evidence.absent_terms)
        asked: dict[str, tuple[Answer, Answer]] = {code: (answer, ()) for code, answer in evidence.answers.items()}
        for code, (known, denied) in {**asked, **evidence.partial}.items():
            there, not_there = self._answer(code, known, denied)
            present += there
            absent += not_there
        return tuple(dict.fromkeys(present)), tuple(dict.fromkeys(absent))

    def count(self, evidence: CaseEvidence) -> int:
        """Return how many findings with a term are there, what a closer one says too not counted."""
        return len(closest(self._ontology, evidence.present_terms))

    def _answer(self, code: str, known: Answer, denied: Answer) -> Said:
        """Return one answer in words; yes and no to what a term says already are left out."""
        if YES in known or YES in denied or NO in known:
            if code in self._terms:
                return (), ()
            name = (self._name_of(code),)
            return (name, ()) if YES in known else ((), name)
        values = (self._name_of(f"{code}{SEPARATOR}{value}") for value in known if not value.isdigit())
        return tuple(value for value in values if value.lower() not in _UNTOLD), ()

    def _named(self, terms: Iterable[int]) -> tuple[str, ...]:
        return tuple(self._ontology.names[term] for term in terms)

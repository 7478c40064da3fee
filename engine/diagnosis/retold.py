"""What the text voice is told in English beside the narrative: names of findings that it could not read itself.

A narrative in Chinese is read by the dictionaries; every finding has an English name, so the voice reads those instead.
Beside an English narrative only what was measured into fields of its own is told: the rest stands in the narrative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.diagnosis.answer_values import Answer
from engine.diagnosis.case_text import Said
from engine.diagnosis.ddxplus_source import NO, SEPARATOR, YES
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.ontology import Ontology

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

    def everything(self, evidence: CaseEvidence) -> Said:
        """Return every finding, each once: by its term where it has one."""
        present, absent = self._named(self._closest(evidence.present_terms)), self._named(evidence.absent_terms)
        asked: dict[str, tuple[Answer, Answer]] = {code: (answer, ()) for code, answer in evidence.answers.items()}
        for code, (known, denied) in {**asked, **evidence.partial}.items():
            there, not_there = self._answer(code, known, denied)
            present += there
            absent += not_there
        return tuple(dict.fromkeys(present)), tuple(dict.fromkeys(absent))

    def _answer(self, code: str, known: Answer, denied: Answer) -> Said:
        """Return one answer in words; yes and no to what a term says already are left out."""
        if YES in known or YES in denied or NO in known:
            if code in self._terms:
                return (), ()
            name = (self._name_of(code),)
            return (name, ()) if YES in known else ((), name)
        values = (self._name_of(f"{code}{SEPARATOR}{value}") for value in known if not value.isdigit())
        return tuple(value for value in values if value.lower() not in _UNTOLD), ()

    def _closest(self, terms: Sequence[int]) -> list[int]:
        """Return the terms without those that a closer one says too: chest pain is pain."""
        above = {
            ancestor for term in terms for ancestor in self._ontology.ancestors_of(term).tolist() if ancestor != term
        }
        return [term for term in terms if term not in above]

    def _named(self, terms: Iterable[int]) -> tuple[str, ...]:
        return tuple(self._ontology.names[term] for term in terms)

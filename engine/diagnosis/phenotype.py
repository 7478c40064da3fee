"""The phenotype voice: rare and genetic diseases ranked by how often each shows what the patient shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.voice import Contribution, Floats, VoiceName, Vote, normalised

SOURCE = "src:hpo-2025-01-16"
TEMPERATURE = 2.2
"""Scores of correlated findings add up too fast; fitted on held-out diseases (NOTES.md)."""
ABSENT_WEIGHT = 0.1
"""Excluded findings in published cases are partly a habit of curators, so they weigh little."""


class PhenotypeVoice:
    """Votes over the rare diseases, whose catalogue numbers start at `first`."""

    name: VoiceName = "phenotype"

    def __init__(self, ontology: Ontology, index: RareIndex, first: int) -> None:
        self._ontology = ontology
        self._index = index
        self._first = first

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        """Return the vote, or None where no phenotype term is present."""
        if not evidence.present_terms:
            return None
        present = [(term, self.log_ratios(term)) for term in evidence.present_terms]
        absent = [(term, -ABSENT_WEIGHT * self.log_ratios(term)) for term in evidence.absent_terms]
        total: Floats = np.sum([ratio for _, ratio in (*present, *absent)], axis=0, dtype=np.float64)
        read = len(present) + len(absent)
        return Vote(self.name, self._first, normalised(total / TEMPERATURE), self._contributions(present, absent), read)

    def log_ratios(self, term: int) -> npt.NDArray[np.float32]:
        """Return for each disease the log likelihood ratio of seeing `term`, through its most telling ancestor."""
        best = np.zeros(len(self._index), dtype=np.float32)
        for above in self._ontology.ancestors_of(term):
            diseases, values = self._index.column(int(above))
            best[diseases] = np.maximum(best[diseases], values)
        return best

    def _contributions(
        self, present: list[tuple[int, npt.NDArray[np.float32]]], absent: list[tuple[int, npt.NDArray[np.float32]]]
    ) -> list[Contribution]:
        both = [(term, ratio, True) for term, ratio in present] + [(term, ratio, False) for term, ratio in absent]
        return [
            Contribution(self._ontology.code(term), is_present, ratio.astype(np.float64), SOURCE)
            for term, ratio, is_present in both
        ]

"""The phenotype voice: rare and genetic diseases ranked by how often each shows what the patient shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.rare_features import RareFeatures
from engine.diagnosis.rare_fit import ANNOTATED, EXPORTED
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.reranker import Reranker
from engine.diagnosis.voice import Contribution, Floats, Scope, VoiceName, Vote, normalised

SOURCE = "src:hpo-2025-01-16"
"""The annotations; also for what no table lists, because they would have listed it."""
_EXPORT_SOURCE, _CASES_SOURCE = "src:hpo-2025-11-24", "src:phenopackets"
CANDIDATES = 300
"""The network weighs this many diseases, chosen by likelihood ratio and cosine; the rest follow in plain order."""
COSINE_WEIGHT = 3.0
ABSENT_WEIGHT = 0.1
"""Excluded findings in published cases are partly a habit of curators, so they weigh little and none was learned."""


def _source_of(tables: int) -> str:
    """Return the source to name for an entry: the annotations before the newer export before published cases."""
    if tables & ANNOTATED or not tables:
        return SOURCE
    return _EXPORT_SOURCE if tables & EXPORTED else _CASES_SOURCE


_SOURCE_OF_TABLES = tuple(_source_of(tables) for tables in range(8))


@dataclass(frozen=True, slots=True)
class _SourcesByTable(Sequence[str]):
    """The source for each disease, looked up when it is asked for: a screen shows ten diseases of twelve thousand."""

    tables: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.tables)

    def __getitem__(self, disease: Any) -> Any:
        return _SOURCE_OF_TABLES[self.tables[disease]]


class PhenotypeVoice:
    """Votes over the rare diseases, whose catalogue numbers start at `first`."""

    name: VoiceName = "phenotype"
    scores: Scope = "rare"

    def __init__(self, ontology: Ontology, index: RareIndex, reranker: Reranker, first: int) -> None:
        self._ontology = ontology
        self._features = RareFeatures(ontology, index)
        self._reranker = reranker
        self._first = first

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        """Return the vote, or None where no phenotype term is present."""
        if not evidence.present_terms:
            return None
        present = [(term, self._features.log_ratios(term)) for term in evidence.present_terms]
        absent = [(term, self.against(term)) for term in evidence.absent_terms]
        matrix = self._features.matrix(evidence.present_terms, [ratio for _, ratio in present])
        penalty = np.sum([ratio for _, ratio in absent], axis=0) if absent else np.float32(0.0)
        scores = ranking_scores(matrix, self._reranker) + penalty
        read = len(present) + len(absent)
        return Vote(self.name, self._first, normalised(scores), self._contributions(present, absent), read)

    def against(self, term: int) -> npt.NDArray[np.float32]:
        """Return what an excluded finding takes off each disease's log odds."""
        return absent_penalty(self._features.rates(term))

    def _contributions(
        self, present: list[tuple[int, npt.NDArray[np.float32]]], absent: list[tuple[int, npt.NDArray[np.float32]]]
    ) -> list[Contribution]:
        both = [(term, ratio, True) for term, ratio in present] + [(term, ratio, False) for term, ratio in absent]
        return [
            Contribution(
                self._ontology.code(term),
                is_present,
                ratio,
                SOURCE,
                _SourcesByTable(self._features.tables(term)),
            )
            for term, ratio, is_present in both
        ]


def absent_penalty(rate: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the log odds an excluded finding takes off, from how often each disease shows it.

    Not log1p, which NumPy does not vectorise: a dozen excluded findings would cost as much as the ranking.
    """
    penalty: npt.NDArray[np.float32] = ABSENT_WEIGHT * np.log(1 - 0.9 * rate)
    return penalty


def ranking_scores(matrix: npt.NDArray[np.float32], reranker: Reranker) -> Floats:
    """Return one score a disease: the network's for the best candidates, the rest below them in plain order."""
    plain = matrix[:, 0] + COSINE_WEIGHT * matrix[:, 7]
    count = min(CANDIDATES, len(plain))
    best = np.argpartition(-plain, count - 1)[:count]
    weighed = reranker.score(matrix[best])
    scores: Floats = (plain - plain[best].min() + float(weighed.min()) - 1.0).astype(np.float64)
    scores[best] = weighed
    return scores

"""The coded findings that the pictures of conditions name, in whatever language a case is told.

Each hallmark and common sign of a condition row is read by the dictionaries when the index is compiled. So a narrative
that the sentence encoder cannot read is held against the pictures by its codes, and what a picture names and nobody has
mentioned can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.condition_source import Kind
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.voice import Floats
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "diagnosis.picture_findings"
KIND_WEIGHT = {Kind.HALLMARK: 1.0, Kind.COMMON: 0.9}
"""What a finding counts by where the picture names it."""
NAMED, UNNAMED = 0.6, 0.1
"""How often a patient is taken to show a finding that the picture of the condition names, or does not name. A choice:
no table says it."""
_ARRAYS = ("owner", "term", "kind")

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PictureRows:
    """One row for each finding of each condition: condition, ontology term, kind of phrase; conditions ascending."""

    owner: Numbers
    term: Numbers
    kind: npt.NDArray[np.uint8]

    def put(self, writer: IndexWriter) -> None:
        """Store the rows."""
        for field in _ARRAYS:
            writer.put_array(f"{ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> PictureRows:
        """Return what `put` stored, no rows where nothing was compiled."""
        if f"{ENTRY}.owner" not in index:
            nothing = np.zeros(0, dtype=np.int32)
            return PictureRows(nothing, nothing, np.zeros(0, dtype=np.uint8))
        return PictureRows(*(index.array(f"{ENTRY}.{field}") for field in _ARRAYS))


class PictureFindings:
    """Holds coded findings against the pictures of `count` conditions."""

    def __init__(self, rows: PictureRows, ontology: Ontology, count: int) -> None:
        self._rows = rows
        self._ontology = ontology
        self._column, self._weight = self._closures(count)
        named = (self._weight > 0).sum(axis=0)
        self._rarity = np.log(max(1, named.max()) / np.maximum(named, 1))  # the root of all terms says nothing

    def _closures(self, count: int) -> tuple[dict[int, int], npt.NDArray[np.float32]]:
        """Return a column for each term that a picture names or implies, and what it counts in each condition."""
        above = [self._ontology.ancestors_of(term) for term in self._rows.term.tolist()]
        column = {int(term): place for place, term in enumerate(np.unique(np.concatenate([*above, [0]])))}
        weight = np.zeros((count, len(column)), dtype=np.float32)
        for owner, kind, terms in zip(self._rows.owner.tolist(), self._rows.kind.tolist(), above, strict=True):
            places = [column[term] for term in terms.tolist()]
            weight[owner, places] = np.maximum(weight[owner, places], KIND_WEIGHT[Kind(kind)])
        return column, weight

    def overlap(self, present: Sequence[int]) -> Floats | None:
        """Return how much of what is present each picture names, in nats of rarity; None where none names any.

        A finding counts by the rarest term that it and the picture have in common: a dry cough is a cough. Of findings
        of which one says the other too, the closer one counts.
        """
        total = np.zeros(len(self._weight))
        for term in closest(self._ontology, present):
            places = [self._column[each] for each in self._ontology.ancestors_of(term).tolist() if each in self._column]
            if places:
                total += (self._weight[:, places] * self._rarity[places]).max(axis=1)
        return total if total.std() > 0 else None

    def denied(self, terms: Sequence[int]) -> Floats:
        """Return the log likelihood, by condition, of a patient who says no to `terms`; 0 where none is named."""
        places = [self._column[term] for term in terms if term in self._column]
        named = (self._weight[:, places] > 0).sum(axis=1)
        result: Floats = named * float(np.log((1 - NAMED) / (1 - UNNAMED)))
        return result

    def names(self, condition: int, term: int) -> bool:
        """Return whether a picture names a term, or a closer one."""
        return term in self._column and bool(self._weight[condition, self._column[term]] > 0)

    def named_by(self, condition: int) -> list[int]:
        """Return the terms that a picture names, hallmarks first."""
        first, end = np.searchsorted(self._rows.owner, [condition, condition + 1])
        order = np.argsort(self._rows.kind[first:end], kind="stable")
        return list(dict.fromkeys(self._rows.term[first:end][order].tolist()))


def closest(ontology: Ontology, terms: Sequence[int]) -> list[int]:
    """Return the terms without those that a closer one says too: chest pain is pain."""
    above = {ancestor for term in terms for ancestor in ontology.ancestors_of(term).tolist() if ancestor != term}
    return [term for term in terms if term not in above]

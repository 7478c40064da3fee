"""The sparse index of the phenotype voice: per term, the diseases that show it and how strongly it speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.rare_fit import ClosedFrequency, Floats, Ints
from engine.diagnosis.string_table import NameTable, Strings
from engine.knowledge.index import IndexWriter, KnowledgeIndex

_ENTRY = "diagnosis.rare"
_SMALLEST_LOG_LR = 0.05


@dataclass(frozen=True, slots=True)
class RareIndex:
    """Columns by term: `disease[start[t]:start[t+1]]` with `log_lr` beside it (natural log, float16).

    `find` takes names and every known code (also merged ORPHA codes) to disease numbers.
    """

    codes: Strings
    names: Strings
    groups: Strings
    find: NameTable
    start: Ints
    disease: npt.NDArray[np.uint16]
    log_lr: npt.NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.codes)

    def column(self, term: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.float16]]:
        """Return (diseases, log likelihood ratios) of a term."""
        where = slice(int(self.start[term]), int(self.start[term + 1]))
        return self.disease[where], self.log_lr[where]

    def log_lr_of(self, term: int, disease: int) -> float:
        """Return the log likelihood ratio of one term for one disease, 0 where the term says nothing."""
        diseases, values = self.column(term)
        place = int(np.searchsorted(diseases, disease))
        return float(values[place]) if place < len(diseases) and int(diseases[place]) == disease else 0.0

    def put(self, writer: IndexWriter) -> None:
        """Store the index."""
        for field in ("codes", "names", "groups", "find"):
            getattr(self, field).put(writer, f"{_ENTRY}.{field}")
        for field in ("start", "disease", "log_lr"):
            writer.put_array(f"{_ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> RareIndex:
        """Return what `put` stored."""
        texts = [Strings.load(index, f"{_ENTRY}.{field}") for field in ("codes", "names", "groups")]
        arrays = [index.array(f"{_ENTRY}.{field}") for field in ("start", "disease", "log_lr")]
        return RareIndex(texts[0], texts[1], texts[2], NameTable.load(index, f"{_ENTRY}.find"), *arrays)


def log_ratios(closed: ClosedFrequency, background: Floats) -> tuple[Ints, Floats]:
    """Return (terms, log likelihood ratios) of one disease, only where they speak for it."""
    ratio = np.log(0.95 * closed.rate / background[closed.terms] + 0.05)
    kept = ratio > _SMALLEST_LOG_LR
    return closed.terms[kept], ratio[kept]


def columns(
    ratios: Sequence[tuple[Ints, Floats]], size: int
) -> tuple[Ints, npt.NDArray[np.uint16], npt.NDArray[np.float16]]:
    """Return (start, disease, log_lr) by term from the rows by disease."""
    terms = np.concatenate([row for row, _ in ratios])
    values = np.concatenate([value for _, value in ratios])
    disease = np.repeat(np.arange(len(ratios)), [len(row) for row, _ in ratios])
    order = np.lexsort((disease, terms))
    start = np.searchsorted(terms[order], np.arange(size + 1)).astype(np.int32)
    return start, disease[order].astype(np.uint16), values[order].astype(np.float16)

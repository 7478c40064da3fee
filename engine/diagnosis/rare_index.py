"""The sparse index of the phenotype voice: per term, the diseases that show it and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.diagnosis.rare_fit import ClosedFrequency, Floats, Ints
from engine.diagnosis.string_table import NameTable, Strings
from engine.knowledge.index import IndexWriter, KnowledgeIndex

_ENTRY = "diagnosis.rare"
_TEXTS = ("codes", "names", "groups", "others")
_ARRAYS = ("start", "disease", "rate", "tables", "background")
NOISE = 0.05
"""Share of findings that come from outside the disease."""


@dataclass(frozen=True, slots=True)
class RareIndex:
    """Columns by term: `disease[start[t]:start[t+1]]` with `rate` beside it, the chance of the term or a kind of it.

    `tables` says which tables an entry rests on (bits of `rare_fit`).

    `background` is the mean chance of each term over all diseases. `find` takes names and every known code (also
    merged ORPHA codes) to disease numbers.
    """

    codes: Strings
    names: Strings
    groups: Strings
    others: Strings
    """Codes of the same disease in other vocabularies, separated by spaces."""
    find: NameTable
    start: Ints
    disease: npt.NDArray[np.uint16]
    rate: npt.NDArray[np.float16]
    tables: npt.NDArray[np.uint8]
    background: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.codes)

    def put(self, writer: IndexWriter) -> None:
        """Store the index."""
        self.find.put(writer, f"{_ENTRY}.find")
        for field in _TEXTS:
            getattr(self, field).put(writer, f"{_ENTRY}.{field}")
        for field in _ARRAYS:
            writer.put_array(f"{_ENTRY}.{field}", getattr(self, field))

    @staticmethod
    def load(index: KnowledgeIndex) -> RareIndex:
        """Return what `put` stored."""
        codes, names, groups, others = (Strings.load(index, f"{_ENTRY}.{field}") for field in _TEXTS)
        arrays = (index.array(f"{_ENTRY}.{field}") for field in _ARRAYS)
        return RareIndex(codes, names, groups, others, NameTable.load(index, f"{_ENTRY}.find"), *arrays)


def log_ratio(
    rate: Floats | npt.NDArray[np.float32], background: Floats | npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Return the natural-log likelihood ratio of a finding, with some findings coming from outside the disease."""
    ratio: npt.NDArray[np.float32] = np.log((1 - NOISE) * rate / background + NOISE).astype(np.float32)
    return ratio


def columns(
    frequencies: Sequence[ClosedFrequency], tables: Sequence[npt.NDArray[np.uint8]], size: int
) -> tuple[Ints, npt.NDArray[np.uint16], npt.NDArray[np.float16], npt.NDArray[np.uint8]]:
    """Return (start, disease, rate, tables) by term from the frequencies and their tables by disease."""
    terms = np.concatenate([closed.terms for closed in frequencies])
    rates = np.concatenate([closed.rate for closed in frequencies])
    disease = np.repeat(np.arange(len(frequencies)), [len(closed.terms) for closed in frequencies])
    order = np.lexsort((disease, terms))
    start = np.searchsorted(terms[order], np.arange(size + 1)).astype(np.int32)
    rests_on = np.concatenate(tables)[order]
    return start, disease[order].astype(np.uint16), rates[order].astype(np.float16), rests_on

"""What is compared between a patient and every rare disease: nine numbers each, from one pass over the sparse index.

Likelihood ratios say how telling each finding is; coverage and cosine say how much of the patient the disease explains
and how much of the disease the patient shows. None of them looks at how often a disease was published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.diagnosis.ontology import Ontology
from engine.diagnosis.rare_fit import ClosedFrequency
from engine.diagnosis.rare_index import RareIndex, log_ratio

Array = npt.NDArray[np.float32]

FEATURES = (
    "ratio_root",  # summed log likelihood ratio over the root of the number of findings
    "ratio_sum",  # as it is
    "ratio_mean",  # over the number of findings
    "exact",  # share of findings that are listed for the disease themselves
    "ratio_spread",  # sum of the roots of the ratios, over the root of the number of findings
    "patient_covered",  # share of the patient's information that the disease holds
    "disease_covered",  # share of the disease's information that the patient shows
    "cosine",  # of the two sets of terms with all ancestors, weighted by information
    "omim",  # 1 unless the disease is an ORPHA-only row
)
SMOOTHING = 5.0
"""Information that a disease is taken to hold beyond what is written, so that short entries do not look complete."""
TERMS_REMEMBERED = 64
"""What one term says is asked again for every entry that is tried the other way round; 48 kB each."""
_BLOCK_ENTRIES = 1 << 16
"""The index is read in pieces of this many entries: all at once takes 40 MB for a moment."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one pass over the index adds up, one number a disease in each field."""

    total: Array
    spread: Array
    exact: Array
    shared: Array
    squared: Array
    disease_sum: Array
    disease_norm: Array
    omim: Array


class RareFeatures:
    """Computes the features over one index."""

    def __init__(self, ontology: Ontology, index: RareIndex) -> None:
        self._ontology = ontology
        self._index = index
        self._information: Array = -np.log(index.background)
        size = len(index)
        self._omim = np.array([index.codes.raw(number).startswith(b"OMIM") for number in range(size)], dtype=np.float32)
        self._log_ratio: Array = np.empty(len(index.disease), dtype=np.float32)
        held, squared = np.zeros(size), np.zeros(size)
        for first in range(0, len(index.disease), _BLOCK_ENTRIES):
            where = slice(first, min(first + _BLOCK_ENTRIES, len(index.disease)))
            term = np.searchsorted(index.start, np.arange(where.start, where.stop), side="right") - 1
            rate = index.rate[where].astype(np.float32)
            self._log_ratio[where] = log_ratio(rate, index.background[term])
            weighted = rate * self._information[term]
            held += np.bincount(index.disease[where], weights=weighted, minlength=size)
            squared += np.bincount(index.disease[where], weights=weighted**2, minlength=size)
        self.log_ratios = lru_cache(TERMS_REMEMBERED)(self._log_ratios)
        self._disease_sum: Array = held.astype(np.float32)
        self._disease_norm: Array = np.sqrt(squared).astype(np.float32)

    @property
    def size(self) -> int:
        """Number of diseases."""
        return len(self._index)

    def _log_ratios(self, term: int) -> Array:
        """Return each disease's log likelihood ratio of `term`, through its most telling ancestor; never below 0."""
        best = np.zeros(len(self._index), dtype=np.float32)
        for above in self._ontology.ancestors_of(term):
            where = self._column(int(above))
            diseases = self._index.disease[where]
            best[diseases] = np.maximum(best[diseases], self._log_ratio[where])
        best.setflags(write=False)
        return best

    def rates(self, term: int) -> Array:
        """Return each disease's chance of showing `term`."""
        rate = np.zeros(len(self._index), dtype=np.float32)
        where = self._column(term)
        rate[self._index.disease[where]] = self._index.rate[where]
        return rate

    def tables(self, term: int) -> npt.NDArray[np.uint8]:
        """Return for each disease which tables its entry of `term` rests on, 0 where it has none."""
        tables = np.zeros(len(self._index), dtype=np.uint8)
        where = self._column(term)
        tables[self._index.disease[where]] = self._index.tables[where]
        return tables

    def matrix(self, terms: Sequence[int], ratios: Sequence[Array]) -> Array:
        """Return the features, shape (diseases, len(FEATURES)); `ratios` are `log_ratios` of each of `terms`."""
        exact = np.zeros(len(self._index), dtype=np.float32)
        for term in terms:
            exact[self._index.disease[self._column(term)]] += 1
        closure = self._ontology.closure(list(terms))
        columns = [self._column(int(term)) for term in closure]
        weights = self._information[closure]
        shares = [self._index.rate[where] * weight for where, weight in zip(columns, weights, strict=True)]
        diseases = np.concatenate([self._index.disease[where] for where in columns])
        overlap = self._summed(diseases, shares)
        squared = self._summed(diseases, [share * weight for share, weight in zip(shares, weights, strict=True)])
        found = Overlap(
            total=np.sum(ratios, axis=0),
            spread=np.sum(np.sqrt(ratios), axis=0),
            exact=exact,
            shared=overlap,
            squared=squared,
            disease_sum=self._disease_sum,
            disease_norm=self._disease_norm,
            omim=self._omim,
        )
        return _stacked(len(terms), found, self._information[closure])

    def row(self, terms: Sequence[int], closed: ClosedFrequency, is_omim: bool) -> Array:
        """Return the features of one disease with other frequencies than the index holds (a paper left out)."""
        rate = np.zeros(len(self._ontology), dtype=np.float32)
        rate[closed.terms] = closed.rate
        ratio = log_ratio(np.maximum(rate, 1e-9), self._index.background)
        ratios = np.array([max(0.0, float(ratio[self._ontology.ancestors_of(term)].max())) for term in terms])
        closure = self._ontology.closure(list(terms))
        own = self._information[closure]
        share, weighted = rate[closure] * own, rate * self._information
        found = Overlap(
            total=_one(ratios.sum()),
            spread=_one(np.sqrt(ratios).sum()),
            exact=_one((rate[list(terms)] > 0).sum()),
            shared=_one(share.sum()),
            squared=_one((share * own).sum()),
            disease_sum=_one(weighted.sum()),
            disease_norm=_one(np.sqrt((weighted**2).sum())),
            omim=_one(float(is_omim)),
        )
        single: Array = _stacked(len(terms), found, own)[0]
        return single

    def _summed(self, diseases: npt.NDArray[np.int_], parts: Sequence[Array]) -> Array:
        """Return the sum of `parts` for each disease, in one pass over all of them."""
        return np.bincount(diseases, np.concatenate(parts), len(self._index)).astype(np.float32)

    def _column(self, term: int) -> slice:
        return slice(int(self._index.start[term]), int(self._index.start[term + 1]))


def _one(value: float) -> Array:
    return np.array([value], dtype=np.float32)


def _stacked(count: int, found: Overlap, own: Array) -> Array:
    """Return the columns in the order of `FEATURES`; `own` is the information of the patient's closed terms."""
    root = float(np.sqrt(count))
    columns = (
        found.total / root,
        found.total,
        found.total / count,
        found.exact / count,
        found.spread / root,
        found.shared / own.sum(),
        found.shared / (found.disease_sum + SMOOTHING),
        found.squared / (np.sqrt((own**2).sum()) * found.disease_norm + 1e-6),
        found.omim,
    )
    return np.stack(columns, axis=1).astype(np.float32)

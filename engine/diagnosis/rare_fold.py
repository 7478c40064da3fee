"""The rare cases for training and for measuring: features with the case's own papers left out of the frequencies.

Used by the recipe and by `evaluate`; never beside a patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.diagnosis import hpo_source, rare_fit
from engine.diagnosis.hpo_source import PublishedCase
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.rare_features import FEATURES, RareFeatures
from engine.diagnosis.rare_fit import ClosedFrequency, DiseaseRecord, Ints

FOLDS = 5
SEED = 20261122
SUDDENLY_COVERED = 0.2
"""A case whose terms the newer export covers by this much more than the referenced annotations is not counted."""


@dataclass(frozen=True, slots=True)
class RareSources:
    """The records as the compiler gathers them."""

    records: Sequence[DiseaseRecord]
    cases: Sequence[PublishedCase]
    closures: dict[int, Ints]


@dataclass(frozen=True, slots=True)
class Held:
    """One case ready to be ranked: its features by disease, the number of its disease (-1 unknown), its terms."""

    case: PublishedCase
    present: Sequence[int]
    absent: Sequence[int]
    features: npt.NDArray[np.float32]
    gold: int


def fold_of(diseases: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the fold of each disease number; the folds never change."""
    order = np.random.default_rng(SEED).integers(0, FOLDS, np.iinfo(np.uint16).max)
    fold: npt.NDArray[np.int64] = order[diseases]
    return fold


def read_sources(folder: Path, ontology: Ontology) -> RareSources:
    """Return what the raw files under `resources/knowledge` say."""
    cases = tuple(hpo_source.read_cases(folder / "phenopackets" / "cases_dev.jsonl.gz"))
    annotations, export = hpo_source.read_annotations(folder / "hpo"), hpo_source.read_export(folder / "hpo")
    records = rare_fit.gather(ontology, annotations, export, cases, hpo_source.read_genes(folder / "hpo"))
    closures = {number: ontology.closure(terms_of(ontology, case.present)) for number, case in enumerate(cases)}
    return RareSources(records, cases, closures)


def terms_of(ontology: Ontology, codes: Sequence[str]) -> list[int]:
    """Return the terms of the codes that are phenotypes, ascending, each once."""
    return sorted({term for term in map(ontology.find, codes) if term is not None})


def held_out(ontology: Ontology, sources: RareSources, chosen: Sequence[int], features: RareFeatures) -> Iterator[Held]:
    """Yield the chosen cases of `sources` with every case of their own papers left out of the frequencies."""
    number = {
        code: place for place, record in enumerate(sources.records) for code in (record.code, *record.other_codes)
    }
    by_paper: dict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(sources.cases):
        for paper in case.papers:
            by_paper[paper].append(place)
    rows: dict[tuple[str, ...], dict[int, ClosedFrequency]] = {}
    for place in chosen:
        case = sources.cases[place]
        out = {other for paper in case.papers for other in by_paper[paper]} | {place}
        if case.papers not in rows:
            rows[case.papers] = _without(ontology, sources, out, number)
        held = hold(ontology, features, case, number[case.disease])
        for disease, closed in rows[case.papers].items():
            is_omim = sources.records[disease].code.startswith("OMIM")
            held.features[disease] = features.row(held.present, closed, is_omim) if held.present else 0.0
        yield held


def hold(ontology: Ontology, features: RareFeatures, case: PublishedCase, gold: int) -> Held:
    """Return a case with its features over the index as it is."""
    present = terms_of(ontology, case.present)
    ratios = [features.log_ratios(term) for term in present]
    matrix = features.matrix(present, ratios) if present else np.zeros((features.size, len(FEATURES)), dtype=np.float32)
    return Held(case, present, terms_of(ontology, case.absent), matrix, gold)


def _without(
    ontology: Ontology, sources: RareSources, out: set[int], number: dict[str, int]
) -> dict[int, ClosedFrequency]:
    touched = {number[sources.cases[place].disease] for place in out}
    return {
        disease: rare_fit.closed_frequency(
            sources.records[disease],
            ontology,
            {place: sources.closures[place] for place in sources.records[disease].cases if place not in out},
        )
        for disease in touched
    }


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cases count where: `honest` leaves out what the annotations were written from; `known` has annotations."""

    honest: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]


def columns_of(folder: Path, ontology: Ontology, cases: Sequence[PublishedCase]) -> Columns:
    """Return the columns, from the references of `phenotype.hpoa` and from the newer export."""
    cited: set[str] = set()
    listed: dict[str, set[int]] = defaultdict(set)
    for row in hpo_source.read_annotations(folder):
        cited.add(row.reference)
        term = ontology.find(row.term)
        if term is not None and row.aspect == "P" and not row.negated and (row.seen or not row.of):
            listed[row.disease].add(term)
    newer = {
        code: {t for t in map(ontology.find, terms) if t is not None}
        for code, _, terms in hpo_source.read_export(folder)
    }
    honest, known = np.zeros(len(cases), dtype=bool), np.zeros(len(cases), dtype=bool)
    for place, case in enumerate(cases):
        present = terms_of(ontology, case.present)
        gain = _covered(ontology, present, newer.get(case.disease)) - _covered(
            ontology, present, listed.get(case.disease)
        )
        honest[place] = cited.isdisjoint(case.papers) and gain < SUDDENLY_COVERED
        known[place] = bool(listed.get(case.disease))
    return Columns(honest, known)


def _covered(ontology: Ontology, present: Sequence[int], listed: set[int] | None) -> float:
    if not listed or not present:
        return 0.0
    return float(np.isin(present, ontology.closure(sorted(listed))).mean())

"""Turns annotations and published cases into one table: how often each rare disease shows each phenotype.

Used when the knowledge is compiled and by cross-validation (leaving a case's own paper out); never beside a patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.diagnosis.hpo_source import Annotation, PublishedCase
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.string_table import fold

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

UNKNOWN_FREQUENCY, UNKNOWN_WEIGHT = 0.5, 2.0
"""A finding reported without a frequency counts as one in two of two patients (NOTES.md)."""
HIGHEST_FREQUENCY = 0.98
ANNOTATION_WEIGHT = 4.0
"""The literature's frequencies count like this many published cases."""
ANNOTATED, EXPORTED, PUBLISHED = 1, 2, 4
"""Which tables an entry rests on, as bits: annotations, the newer export where they say nothing, published cases."""


@dataclass(slots=True)
class Tally:
    """Described patients with one finding: `seen` of `of`; `bare` counts mentions without a number.

    `tables` are the bits of the tables that mention it.
    """

    seen: float = 0.0
    of: float = 0.0
    bare: int = 0
    tables: int = 0

    @property
    def rate(self) -> float:
        """Shrunken frequency."""
        return (self.seen + UNKNOWN_WEIGHT * UNKNOWN_FREQUENCY) / (self.of + UNKNOWN_WEIGHT)

    @property
    def excluded(self) -> bool:
        """Looked for and never seen."""
        return self.seen == 0 and self.of > 0 and not self.bare


@dataclass(slots=True)
class DiseaseRecord:
    """What the sources say about one disease, terms as ontology numbers."""

    code: str
    name: str
    other_names: set[str] = field(default_factory=set)
    other_codes: set[str] = field(default_factory=set)
    terms: dict[int, Tally] = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClosedFrequency:
    """One disease's chance of showing each term or anything below it; terms ascending."""

    terms: Ints
    rate: Floats


def gather(
    ontology: Ontology,
    annotations: Iterable[Annotation],
    export: Iterable[tuple[str, str, list[str]]],
    cases: Sequence[PublishedCase],
    genes: Mapping[str, set[str]],
) -> list[DiseaseRecord]:
    """Return one record a disease, ORPHA merged into OMIM by name or by a sole shared gene, ordered by code."""
    records: dict[str, DiseaseRecord] = {}
    for row in annotations:
        record = records.setdefault(row.disease, DiseaseRecord(row.disease, row.disease_name))
        term = ontology.find(row.term)
        if term is not None and row.aspect == "P":
            _count(record.terms.setdefault(term, Tally()), row)
    for code, name, terms in export:
        record = records.setdefault(code, DiseaseRecord(code, name))
        record.other_names.add(name)
        for term in filter(None, map(ontology.find, terms)):
            record.terms.setdefault(term, Tally(bare=1, tables=EXPORTED))
    for number, case in enumerate(cases):
        record = records.setdefault(case.disease, DiseaseRecord(case.disease, case.disease_name))
        record.other_names.add(case.disease_name)
        record.cases.append(number)
    return _merged(records, genes)


def closed_frequency(record: DiseaseRecord, ontology: Ontology, case_closures: Mapping[int, Ints]) -> ClosedFrequency:
    """Return the closed frequencies from annotations and from those published cases that `case_closures` holds."""
    size = len(ontology)
    rate = _annotated(record, ontology, size)
    chosen = [case_closures[number] for number in record.cases if number in case_closures]
    if chosen:
        seen = np.bincount(np.concatenate(chosen), minlength=size).astype(np.float64)
        weight = ANNOTATION_WEIGHT if record.terms else 1.0
        rate = (weight * rate + seen) / (weight + len(chosen))
    terms = np.flatnonzero(rate > 0).astype(np.int32)
    return ClosedFrequency(terms, np.minimum(rate[terms], HIGHEST_FREQUENCY))


def tables_of(
    record: DiseaseRecord, ontology: Ontology, case_closures: Mapping[int, Ints], terms: Ints
) -> npt.NDArray[np.uint8]:
    """Return for each of the closed `terms` of a disease which tables it rests on, as bits."""
    tables = np.zeros(len(ontology), dtype=np.uint8)
    for term, tally in record.terms.items():
        if not tally.excluded:
            tables[ontology.ancestors_of(term)] |= tally.tables
    for number in record.cases:
        tables[case_closures[number]] |= PUBLISHED
    return tables[terms]


def background(frequencies: Sequence[ClosedFrequency], size: int) -> Floats:
    """Return the mean chance of each term over all diseases that have any."""
    total = np.zeros(size)
    described = [closed for closed in frequencies if len(closed.terms)]
    for closed in described:
        total[closed.terms] += closed.rate
    return np.maximum(total / max(1, len(described)), 1.0 / 8000)


def groups(
    records: Sequence[DiseaseRecord], frequencies: Sequence[ClosedFrequency], genes: Mapping[str, set[str]]
) -> list[str]:
    """Return for each disease the gene it shares with a near-identical disease, or an empty text."""
    by_gene: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        known = set().union(*(genes.get(code, set()) for code in (record.code, *record.other_codes)))
        if len(known) == 1:
            by_gene[next(iter(known))].append(number)
    named = [""] * len(records)
    for gene, members in by_gene.items():
        for first in members:
            if any(first != second and _alike(frequencies[first], frequencies[second]) for second in members):
                named[first] = gene
    return named


def _alike(first: ClosedFrequency, second: ClosedFrequency) -> bool:
    shared = len(np.intersect1d(first.terms, second.terms, assume_unique=True))
    return shared >= 0.5 * (len(first.terms) + len(second.terms) - shared) and shared > 0


def _count(tally: Tally, row: Annotation) -> None:
    tally.tables |= ANNOTATED
    if row.negated:
        tally.of += max(row.of, 1.0)
    elif row.of:
        tally.seen += row.seen
        tally.of += row.of
    else:
        tally.bare += 1


def _annotated(record: DiseaseRecord, ontology: Ontology, size: int) -> Floats:
    """Upwards a finding counts half as its most frequent kind, half as if the kinds were independent."""
    highest, none_of = np.zeros(size), np.zeros(size)
    for term, tally in record.terms.items():
        if tally.excluded:
            continue
        rate = min(tally.rate, HIGHEST_FREQUENCY)
        above = ontology.ancestors_of(term)
        highest[above] = np.maximum(highest[above], rate)
        none_of[above] += np.log1p(-rate)
    return 0.5 * highest + 0.5 * (1 - np.exp(none_of))


def _merged(records: dict[str, DiseaseRecord], genes: Mapping[str, set[str]]) -> list[DiseaseRecord]:
    target = _orpha_targets(records, genes)
    for orpha, omim in target.items():
        _absorb(records[omim], records.pop(orpha))
    return [records[code] for code in sorted(records)]


def _orpha_targets(records: Mapping[str, DiseaseRecord], genes: Mapping[str, set[str]]) -> dict[str, str]:
    omim = [code for code in records if code.startswith("OMIM:")]
    by_name = {fold(records[code].name): code for code in omim}
    omim_of_gene, orpha_of_gene = (
        _by_sole_gene(omim, genes),
        _by_sole_gene([c for c in records if c.startswith("ORPHA:")], genes),
    )
    targets = {}
    for code in (code for code in records if code.startswith("ORPHA:")):
        same_name = by_name.get(fold(records[code].name))
        known = genes.get(code, set())
        gene = next(iter(known)) if len(known) == 1 else ""
        sole = omim_of_gene.get(gene, []) if len(orpha_of_gene.get(gene, [])) == 1 else []
        found = same_name or (sole[0] if len(sole) == 1 else None)
        if found:
            targets[code] = found
    return targets


def _by_sole_gene(codes: Iterable[str], genes: Mapping[str, set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        for gene in genes.get(code, set()):
            found[gene].append(code)
    return found


def _absorb(into: DiseaseRecord, other: DiseaseRecord) -> None:
    into.other_codes.add(other.code)
    into.other_names |= {other.name, *other.other_names}
    into.cases.extend(other.cases)
    for term, tally in other.terms.items():
        if term not in into.terms or (not into.terms[term].of and tally.of):
            into.terms[term] = tally

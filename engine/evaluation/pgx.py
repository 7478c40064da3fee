"""Star alleles: published genotypes and the diplotypes they must give, exactly and with every tied explanation.

Beside the vectors: unit files named after their alleles, PharmCAT's table of HapB3, two samples with published calls,
and every position of every gene deleted in turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.evaluation import hapb3, pgx_files
from engine.evaluation.found import nearest_file
from engine.evaluation.missing_positions import deletions
from engine.evaluation.table import Metric, MetricTable
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import GenotypeEntry, Pharmacogenomics

if TYPE_CHECKING:
    from engine.assembly import Engine

VECTORS = "star_allele_vectors*.jsonl"
CARRIERS = 2
"""Patients beside the reference one, each carrying an allele of another function."""
MANY_POSITIONS = 150
"""Genes with more positions than this have the reference patient only, for the time it takes."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One patient's genotype in one gene. `all_candidates`: every explanation is expected, else the best-scored."""

    id: str
    gene: str
    phased: bool
    all_candidates: bool
    variants: list[GenotypeEntry]
    missing: list[str]
    expected: list[str]


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return the shares that were met exactly. Raises FileNotFoundError when the vectors are not in `data_dir`.

    Sets of whole files count where they are in the folder, and are named as absent where they are not.
    """
    found = find_vectors(data_dir)
    vectors = read_vectors(found)
    tables = GenomicsTables(engine.index)
    genomics = Pharmacogenomics(tables)
    right = {vector.id: is_right(genomics, vector) for vector in vectors}
    every = [right[vector.id] for vector in vectors if vector.all_candidates]
    best = [right[vector.id] for vector in vectors if not vector.all_candidates]
    gapped = [right[vector.id] for vector in vectors if vector.missing]
    files, notes = whole_files(genomics, tables, found.parent)
    return MetricTable(
        title="pgx: diplotypes of published genotypes, exact sets",
        metrics=[
            Metric("all vectors", _share(list(right.values())), len(right), aim=1.0),
            Metric("every candidate asked", _share(every), len(every), aim=1.0),
            Metric("best-scored candidates asked", _share(best), len(best), aim=1.0),
            Metric("with missing positions", _share(gapped), len(gapped), aim=1.0),
            *files,
            *_missing_positions(tables),
        ],
        notes=[*(f"wrong: {name}" for name, is_met in right.items() if not is_met), *notes],
    )


def whole_files(genomics: Pharmacogenomics, tables: GenomicsTables, folder: Path) -> tuple[list[Metric], list[str]]:
    """Return the figures of the sets of files in `folder`, with what was wrong and which sets are not there."""
    metrics, notes = [], []
    if (folder / pgx_files.UNIT_FOLDER).is_dir():
        units = pgx_files.named_files(genomics, folder)
        metrics.append(
            Metric("unit files: the name's alleles found, the right ones lead", _met(units), len(units), aim=1.0)
        )
        notes += [f"wrong: {each.name}" for each in units if not each.is_met]
    if (folder / hapb3.FILE).is_file():
        positions = {each.name: (each.ref, each.alts[0]) for each in tables.definition("DPYD").positions}
        around = [hapb3.is_met(genomics, case) for case in hapb3.cases(positions, folder / hapb3.FILE)]
        metrics.append(Metric("DPYD around HapB3, phased and unphased", _share(around), len(around), aim=1.0))
    if (folder / pgx_files.SAMPLE_FOLDER).is_dir():
        samples = pgx_files.published_calls(genomics, folder)
        metrics.append(Metric("published calls of the two GeT-RM samples", _met(samples), len(samples), aim=1.0))
        notes += [f"wrong: {each.name}" for each in samples if not each.is_met]
    sets: dict[str, str | Path] = {
        "unit files": pgx_files.UNIT_FOLDER,
        "HapB3": hapb3.FILE,
        "GeT-RM samples": pgx_files.SAMPLE_FOLDER,
    }
    return metrics, [
        *notes,
        *(f"not in the folder: {name}" for name, path in sets.items() if not (folder / path).exists()),
    ]


def _missing_positions(tables: GenomicsTables) -> list[Metric]:
    deleted = [each for gene in tables.genes for each in deletions(tables, gene, beside=_carriers(tables, gene))]
    wrong = sum(each.read_as_normal for each in deleted)
    return [Metric("deleted positions read as normal, all genes", float(wrong), len(deleted), aim=0.0)]


def _carriers(tables: GenomicsTables, gene: str) -> int:
    return CARRIERS if len(tables.definition(gene).positions) <= MANY_POSITIONS else 0


def _met(results: list[pgx_files.FileResult]) -> float:
    return _share([each.is_met for each in results])


def find_vectors(data_dir: Path | None) -> Path:
    """Return the file of vectors in the folder or anywhere below it."""
    if data_dir is None:
        raise FileNotFoundError(f"--data DIR with {VECTORS} is needed: the vectors do not ship")
    return nearest_file(data_dir, VECTORS)


def read_vectors(path: Path) -> list[Vector]:
    """Return the vectors of a JSON-lines file."""
    return [msgspec.json.decode(line, type=Vector) for line in path.read_bytes().splitlines() if line.strip()]


def is_right(genomics: Pharmacogenomics, vector: Vector) -> bool:
    """Whether the diplotypes are exactly those expected, in any order of rank."""
    entries = [replace(entry, phased=vector.phased) for entry in vector.variants]
    (call,) = genomics.from_genotypes(entries, vector.missing, [vector.gene])
    return sorted(call.diplotypes if vector.all_candidates else call.best) == sorted(vector.expected)


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0

"""Star alleles: published genotypes and the diplotypes they must give, exactly and with every tied explanation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.evaluation.table import Metric, MetricTable
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import GenotypeEntry, Pharmacogenomics

if TYPE_CHECKING:
    from engine.assembly import Engine

VECTORS_FILE = "star_allele_vectors_dev.jsonl"


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
    """Return the share of vectors met exactly. Raises FileNotFoundError when the vectors are not in `data_dir`."""
    vectors = read_vectors(find_vectors(data_dir))
    genomics = Pharmacogenomics(GenomicsTables(engine.index))
    right = {vector.id: is_right(genomics, vector) for vector in vectors}
    every = [right[vector.id] for vector in vectors if vector.all_candidates]
    best = [right[vector.id] for vector in vectors if not vector.all_candidates]
    gapped = [right[vector.id] for vector in vectors if vector.missing]
    return MetricTable(
        title="pgx: diplotypes of published genotypes, exact sets",
        metrics=[
            Metric("all vectors", _share(list(right.values())), len(right), aim=1.0),
            Metric("every candidate asked", _share(every), len(every), aim=1.0),
            Metric("best-scored candidates asked", _share(best), len(best), aim=1.0),
            Metric("with missing positions", _share(gapped), len(gapped), aim=1.0),
        ],
        notes=[f"wrong: {name}" for name, is_met in right.items() if not is_met],
    )


def find_vectors(data_dir: Path | None) -> Path:
    """Return the file of vectors in the folder or its `pgx` subfolder."""
    if data_dir is None:
        raise FileNotFoundError(f"--data DIR with {VECTORS_FILE} is needed: the vectors do not ship")
    found = [path for path in (data_dir / VECTORS_FILE, data_dir / "pgx" / VECTORS_FILE) if path.is_file()]
    if not found:
        raise FileNotFoundError(f"no {VECTORS_FILE} in {data_dir}")
    return found[0]


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

"""Star alleles in whole files: unit files named after their alleles, and two samples with published calls.

`unit_files.tsv` says for each file which pair its name promises, in the names that the tables use now, and which pairs
must lead; `consensus.tsv` holds what the laboratories published. Both lie beside the files, or in a checkout's tests.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from engine.evaluation.found import CHECKOUT_DATA
from engine.genomics.calls import GeneCall
from engine.genomics.pgx import Pharmacogenomics

UNIT_FOLDER, UNIT_TABLE = "pharmcat_test_vcf", "unit_files.tsv"
SAMPLE_FOLDER, CONSENSUS_TABLE = "getrm", "consensus.tsv"
CHECKOUT = CHECKOUT_DATA / "pgx"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file or one published call, and whether it was met."""

    name: str
    is_met: bool


def named_files(genomics: Pharmacogenomics, folder: Path) -> list[FileResult]:
    """Return for each unit file whether its name's pair explains it and the leading pairs are as stated."""
    results = []
    for row in _rows(folder, Path(UNIT_TABLE)):
        call = _call(genomics, folder / UNIT_FOLDER / f"{row['file']}.vcf", row["file"].split("/")[0].upper())
        leads = sorted(call.best) == sorted(row["best"].split("|") if row["best"] else [])
        results.append(FileResult(row["file"], leads and (not row["named"] or row["named"] in call.diplotypes)))
    return results


def published_calls(genomics: Pharmacogenomics, folder: Path) -> list[FileResult]:
    """Return for each published call of a sample whether ours, or the laboratory's own for CYP2D6, is the same."""
    results = []
    for row in _rows(folder, Path(SAMPLE_FOLDER, CONSENSUS_TABLE)):
        sample, gene = row["sample"], row["gene"]
        outside = _outside_calls(folder / SAMPLE_FOLDER / f"outside_calls_from_get-rm.{sample}.txt")
        read = genomics.from_vcf(folder / SAMPLE_FOLDER / f"{sample}.preprocessed.vcf")
        call = genomics.combined(read, outside)[gene]
        results.append(FileResult(f"{sample} {gene}", call.best == [row["published"]] and not call.disagrees))
    return results


def _outside_calls(path: Path) -> dict[str, str]:
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {gene.strip(): called.strip() for gene, called, *_ in lines if not called.startswith("Not available")}


def _rows(folder: Path, table: Path) -> list[dict[str, str]]:
    """Return the rows of a table in `folder`, else in the checkout. Raises FileNotFoundError when it is in neither."""
    path = next((root / table for root in (folder, CHECKOUT) if (root / table).is_file()), None)
    if path is None:
        raise FileNotFoundError(f"no {table} in {folder}")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _call(genomics: Pharmacogenomics, path: Path, gene: str) -> GeneCall:
    return next(call for call in genomics.from_vcf(path) if call.gene == gene)

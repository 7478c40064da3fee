"""PharmCAT's table of DPYD genotypes around HapB3, and the two alleles that must decide for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.genomics.pgx import GenotypeEntry, Pharmacogenomics

FILE = Path("pharmcat_test_vcf", "DPYD", "hapb3.tsv")
POSITIONS = 7
ANOTHER_BASE = {"rs186169810": "G"}
"""The column of a base that no definition knows."""
_NAMES = {"HapB3Intron": "c.1129-5923C>G", "HapB3": "c.1129-5923C>G, c.1236G>A (HapB3)", "ref": "Reference"}


@dataclass(frozen=True, slots=True)
class Case:
    """One row, phased or not. `expected` are the two alleles in the table's names, sorted."""

    row: int
    phased: bool
    entries: list[GenotypeEntry]
    missing: list[str]
    expected: list[str]


def cases(genomics_positions: dict[str, tuple[str, str]], path: Path) -> Iterator[Case]:
    """Yield each row of the table twice, phased and unphased. Positions: rsID to reference and variant base."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[2].split("\t")[:POSITIONS]
    for row, line in enumerate(lines[3:], 4):
        cells = line.split("\t")
        for phased in (True, False) if line.strip() else ():
            read = {name: cell for name, cell in zip(names, cells, strict=False) if cell != "missing"}
            yield Case(
                row,
                phased,
                [_entry(name, cell, genomics_positions, phased=phased) for name, cell in read.items()],
                [name for name in names if name not in read],
                _expected(cells, phased=phased),
            )


def is_met(genomics: Pharmacogenomics, case: Case) -> bool:
    """Whether the two alleles that decide are those of the table."""
    (call,) = genomics.from_genotypes(case.entries, case.missing, ["DPYD"])
    return sorted(call.best[0].split("/")) == case.expected


def _entry(name: str, cell: str, positions: dict[str, tuple[str, str]], *, phased: bool) -> GenotypeEntry:
    ref, alt = positions[name]
    alt = ANOTHER_BASE.get(name, alt)
    return GenotypeEntry(
        "DPYD", name, [ref if part == "0" else alt for part in cell.replace("|", "/").split("/")], phased
    )


def _expected(cells: list[str], *, phased: bool) -> list[str]:
    """Return the recommended pair; an empty cell means the cell before it."""
    columns = [cells[8], cells[7]] if phased else [cells[10], cells[9] if "/" in cells[9] else "", cells[8], cells[7]]
    written = next(cell for cell in columns if cell)
    return sorted(
        _NAMES.get(part.strip(), part.strip().replace("Reference", _NAMES["ref"])) for part in written.split("/")
    )

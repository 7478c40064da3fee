"""Delete each position of each gene in turn: a missing position must never be read as normal.

The patient is all-reference, or carries one named allele that changes the function beside the reference. At the deleted
position every documented genotype is tried; where one of them would mean another phenotype, the call without the
position must be open and must name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

from engine.genomics.definitions import GeneDefinition, Position
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import INDETERMINATE, GeneCall, GenotypeEntry, Pharmacogenomics


@dataclass(frozen=True, slots=True)
class Deletion:
    """One position left out of one patient. `read_as_normal`: the phenotype was told although the position decides."""

    gene: str
    position: str
    carried: str
    read_as_normal: bool


def deletions(tables: GenomicsTables, gene: str, *, beside: int = 0) -> Iterator[Deletion]:
    """Yield each position of `gene` left out, from a reference patient and from `beside` carriers of other alleles."""
    genomics, definition = Pharmacogenomics(tables), tables.definition(gene)
    yield from _of_patient(genomics, definition, "", {})
    for name in _carried(tables, definition)[:beside]:
        changes = definition.deviations[name]
        genotype = {
            definition.positions[index].name: [definition.positions[index].ref, min(bases)]
            for index, bases in changes.items()
        }
        yield from _of_patient(genomics, definition, name, genotype)


def _carried(tables: GenomicsTables, definition: GeneDefinition) -> list[str]:
    """Return one allele for each function that differs from the reference's, in the order of the table."""
    table = tables.phenotypes(definition.gene)
    if table is None:
        return []
    usual = table.functions.get(definition.reference.name)
    by_function: dict[str, str] = {}
    for allele in definition.alleles:
        function = table.functions.get(allele.name) or ""
        if function and function != usual:
            by_function.setdefault(function, allele.name)
    return list(by_function.values())


def _of_patient(
    genomics: Pharmacogenomics, definition: GeneDefinition, carried: str, genotype: dict[str, list[str]]
) -> Iterator[Deletion]:
    for position in definition.positions:
        others = [
            GenotypeEntry(definition.gene, name, bases) for name, bases in genotype.items() if name != position.name
        ]
        without = _call(genomics, definition.gene, others, [position.name])
        is_open = without.phenotype in (None, INDETERMINATE)
        named = position.name in without.missing
        wrong = not named or (not is_open and _others_are_possible(genomics, definition, position, others, without))
        yield Deletion(definition.gene, position.name, carried, wrong)


def _others_are_possible(
    genomics: Pharmacogenomics,
    definition: GeneDefinition,
    position: Position,
    others: list[GenotypeEntry],
    without: GeneCall,
) -> bool:
    """Whether some documented genotype at `position` means another phenotype than the one that was told without it."""
    for pair in combinations_with_replacement((position.ref, *position.alts), 2):
        whole = _call(genomics, definition.gene, [*others, GenotypeEntry(definition.gene, position.name, [*pair])])
        if whole.best and whole.phenotype != without.phenotype:
            return True
    return False


def _call(
    genomics: Pharmacogenomics, gene: str, entries: list[GenotypeEntry], missing: list[str] | None = None
) -> GeneCall:
    (call,) = genomics.from_genotypes(entries, missing or [], [gene])
    return call

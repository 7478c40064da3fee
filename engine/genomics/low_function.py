"""DPYD and RYR1: many single-variant alleles, of which the two that function least decide.

On phased strands it is the lowest of each strand; unphased, the two lowest of all that were seen, because the worse
case must be assumed. HapB3 of DPYD needs its causal intronic variant where that was read; where it was not, the
exonic variant that travels with it stands for it (CPIC guideline for fluoropyrimidines, 2017 with later updates).
"""

from __future__ import annotations

from engine.genomics.definitions import GeneDefinition, NamedAllele, PhenotypeTable
from engine.genomics.vcf import Genotype

GENES = frozenset({"DPYD", "RYR1"})
HAPB3_ALONE = "c.1129-5923C>G"
"""The causal variant of HapB3 by itself; HapB3 is it together with c.1236G>A."""

_WORST_FIRST = ("malignant hyperthermia", "no function", "decreased", "uncertain", "normal")


def two_lowest(definition: GeneDefinition, table: PhenotypeTable | None, calls: dict[int, Genotype]) -> tuple[str, str]:
    """Return the names of the two alleles that function least; `Reference` fills an empty place."""
    strands = _variants_by_strand(definition, calls)
    rank = {allele.name: _rank(allele.name, table) for allele in definition.alleles}
    if all(call.phased or len(set(call.alleles)) == 1 for call in calls.values()):
        first, second = (min(names, key=rank.__getitem__, default=definition.reference.name) for names in strands)
    else:
        seen = sorted(strands[0] + strands[1], key=rank.__getitem__)
        padded = [*seen, definition.reference.name, definition.reference.name]
        first, second = padded[0], padded[1]
    reference_first = sorted((first, second), key=lambda name: (name != definition.reference.name, name))
    return reference_first[0], reference_first[1]


def _variants_by_strand(definition: GeneDefinition, calls: dict[int, Genotype]) -> tuple[list[str], list[str]]:
    """Return the variant alleles on each strand; where strands are unknown, variants are put on the first of them."""
    strands: tuple[list[str], list[str]] = ([], [])
    for allele in definition.alleles:
        if allele.reference:
            continue
        present = [_on_strand(definition, allele, calls, strand) for strand in (0, 1)]
        for names, here in zip(strands, present, strict=True):
            if here:
                names.append(allele.name)
    for names in strands:
        if any(name.endswith("(HapB3)") for name in names):
            names[:] = [name for name in names if name != HAPB3_ALONE]
    return strands


def _on_strand(definition: GeneDefinition, allele: NamedAllele, calls: dict[int, Genotype], strand: int) -> bool:
    """Whether every read position that `allele` states has its base on this strand, at least one being read.

    The exonic variant of HapB3 alone does not make it where the causal one was read as reference.
    """
    stated = [index for index, pattern in enumerate(allele.pattern) if pattern is not None and index in calls]
    return bool(stated) and all(
        _base(definition, index, calls[index], strand) in definition.required(allele, index) for index in stated
    )


def _base(definition: GeneDefinition, index: int, call: Genotype, strand: int) -> str:
    if call.phased:
        return call.alleles[0] if strand == 0 else call.alleles[-1]
    ref = definition.positions[index].ref
    variants_first = sorted(call.alleles, key=lambda base: base == ref)
    return variants_first[0] if strand == 0 else variants_first[-1]


def _rank(name: str, table: PhenotypeTable | None) -> tuple[float, int]:
    """Sort key, least function first: by activity value, else by the words of the function."""
    activity = table.activities.get(name) if table else None
    function = (table.functions.get(name) or "" if table else "").lower()
    words = next((place for place, word in enumerate(_WORST_FIRST) if word in function), len(_WORST_FIRST))
    return (float(activity) if activity and activity[0].isdigit() else float(words), words)

"""What a gene's named alleles look like: positions, alleles and the tables from a pair of alleles to a phenotype.

Source: PharmCAT 3.1.1 (allele definitions of 2025-11-05, GRCh38) and the phenotype tables beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

IUPAC = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
    "N": "ACGT",
}


@dataclass(frozen=True, slots=True)
class Position:
    """One place of the genome (GRCh38, 1-based). `name` is the rsID, else chromosome:position.

    `spoken` is how CPIC's tables write an allele that a variant file writes otherwise: `delA` for `TA` to `T`.
    """

    chromosome: str
    position: int
    name: str
    ref: str
    alts: tuple[str, ...]
    spoken: tuple[tuple[str, str], ...] = ()

    def in_bases(self, allele: str) -> str:
        """Return an allele of either spelling as a variant file has it; an unknown one stays as it is."""
        return dict(self.spoken).get(allele, allele)


@dataclass(frozen=True, slots=True)
class NamedAllele:
    """`pattern[i]` are the bases allowed at position i; None where the definition says nothing (reference there)."""

    name: str
    pattern: tuple[frozenset[str] | None, ...]
    reference: bool = False


@dataclass(frozen=True)
class GeneDefinition:
    gene: str
    version: str
    positions: tuple[Position, ...]
    alleles: tuple[NamedAllele, ...]

    @cached_property
    def reference(self) -> NamedAllele:
        return next(allele for allele in self.alleles if allele.reference)

    @cached_property
    def _filled(self) -> dict[str, tuple[frozenset[str], ...]]:
        reference = self.reference.pattern
        return {
            allele.name: tuple(
                stated if stated is not None else default or frozenset()
                for stated, default in zip(allele.pattern, reference, strict=True)
            )
            for allele in self.alleles
        }

    @cached_property
    def deviations(self) -> dict[str, dict[int, frozenset[str]]]:
        """Allele name to the positions at which it can differ from the reference, with its bases there."""
        reference = self.reference.pattern
        return {
            name: {index: bases for index, bases in enumerate(pattern) if bases != reference[index]}
            for name, pattern in self._filled.items()
        }

    @cached_property
    def stated(self) -> dict[str, frozenset[int]]:
        """Allele name to the positions at which its definition says something."""
        return {
            allele.name: frozenset(index for index, bases in enumerate(allele.pattern) if bases is not None)
            for allele in self.alleles
        }

    def required(self, allele: NamedAllele, index: int) -> frozenset[str]:
        """Return the bases that `allele` has at position `index`; unmentioned positions are the reference's."""
        return self._filled[allele.name][index]

    def varies_at(self, allele: NamedAllele, index: int) -> bool:
        """Whether `allele` can differ from the reference at position `index`."""
        return index in self.deviations[allele.name]


@dataclass(frozen=True, slots=True)
class PhenotypeTable:
    """From a pair of allele names to what the guidelines look up. Activity values are the table's own text."""

    gene: str
    functions: dict[str, str]
    activities: dict[str, str]
    phenotypes: dict[str, str] = field(default_factory=dict)
    """`pair_key(a, b)` to phenotype."""
    lookups: dict[str, str] = field(default_factory=dict)
    """`pair_key(a, b)` to the key that guidelines use: a phenotype or an activity score."""


def pair_key(first: str, second: str) -> str:
    """Return the order-free key of a diplotype."""
    return "\t".join(sorted((first, second)))


def bases(symbol: str) -> frozenset[str]:
    """Return the alleles that a definition's symbol stands for: an IUPAC letter, or the allele itself."""
    return frozenset(IUPAC.get(symbol, (symbol,)))

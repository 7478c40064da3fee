"""Read the compiled genomics tables back as typed records; definitions are built when a gene is first asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import msgspec

from engine.genomics.definitions import GeneDefinition, NamedAllele, PhenotypeTable, Position, bases
from engine.knowledge.index import KnowledgeIndex


@dataclass(frozen=True, slots=True)
class GuidelineRow:
    """One recommendation. `keys`: gene to the phenotype, score, allele status or diplotype that it is for."""

    id: str
    guideline: str
    source: str
    address: str
    date: str
    drugs: list[str]
    population: str
    strength: str
    text: str
    keys: dict[str, str | float | dict[str, float]]
    implications: list[str]


class GenomicsTables:
    """The compiled tables of one index."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._index = index
        self._definitions = index.json("genomics.definitions")
        self._with_phenotypes = set(index.json("genomics.phenotype_genes"))
        self.definition = cache(self._definition)
        self.phenotypes = cache(self._phenotypes)
        self.guidelines = cache(self._guidelines)
        self._by_drug = cache(self._rows_by_drug)

    @property
    def genes(self) -> list[str]:
        """Genes that can be called from a variant file."""
        return sorted(self._definitions)

    def _definition(self, gene: str) -> GeneDefinition:
        raw = self._definitions[gene]
        return GeneDefinition(
            gene,
            raw["version"],
            tuple(
                Position(chrom, place, name, ref, tuple(alts), tuple((cpic, in_file) for cpic, in_file in spoken))
                for chrom, place, name, ref, alts, spoken in raw["positions"]
            ),
            tuple(
                NamedAllele(name, tuple(None if symbol is None else bases(symbol) for symbol in symbols), reference)
                for name, symbols, reference in raw["alleles"]
            ),
        )

    def _phenotypes(self, gene: str) -> PhenotypeTable | None:
        """Return the phenotype table, or None for a gene whose diplotypes no table explains."""
        if gene not in self._with_phenotypes:
            return None
        return msgspec.convert({"gene": gene, **self._index.json(f"genomics.phenotypes.{gene}")}, PhenotypeTable)

    def _guidelines(self) -> tuple[GuidelineRow, ...]:
        return tuple(msgspec.convert(self._index.json("genomics.guidelines"), list[GuidelineRow]))

    def guidelines_for(self, drugs: list[str]) -> list[GuidelineRow]:
        """Return the rows about any of `drugs` (lower-case names) in their order, or every row when there are none."""
        if not drugs:
            return list(self.guidelines())
        places = {place for drug in drugs for place in self._by_drug().get(drug, ())}
        return [self.guidelines()[place] for place in sorted(places)]

    def _rows_by_drug(self) -> dict[str, list[int]]:
        found = defaultdict[str, list[int]](list)
        for place, row in enumerate(self.guidelines()):
            for drug in row.drugs:
                found[drug].append(place)
        return dict(found)

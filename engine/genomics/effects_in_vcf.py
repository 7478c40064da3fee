"""The genotypes of a scoring file's variants in a patient's variant file.

Only a record of the position itself is used: a block of reference does not name its bases, so that it cannot say which
of the table's alleles the reference is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.genomics import vcf
from engine.genomics.definitions import Position
from engine.genomics.observed import observe
from engine.genomics.scoring_file import VariantEffect


def read_effects(path: Path, effects: Sequence[VariantEffect]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the alleles by variant name, and why a variant that has a record was not read. Raises VcfRefused."""
    places = {effect.name: vcf.Place(*effect.place) for effect in effects if effect.place}
    names = {name: (place.chromosome, place.position) for name, place in places.items() if name.startswith("rs")}
    records = vcf.read(path, places.values(), names)
    found: dict[str, tuple[str, ...]] = {}
    notes = []
    for effect in effects:
        alleles, why = _alleles(effect, records.get(places[effect.name], ()) if effect.name in places else ())
        if alleles:
            found[effect.name] = alleles
        elif why:
            notes.append(f"{effect.name} not read: {why}")
    return found, notes


def _alleles(effect: VariantEffect, records: Sequence[vcf.Record]) -> tuple[tuple[str, ...], str]:
    direct = [each for each in records if effect.place and each.position == effect.place[1] and len(each.ref) > 0]
    named = [each for each in direct if each.alts or each.end == each.position + len(each.ref) - 1]
    if not named:
        return (), "a block of reference does not name its bases" if records else ""
    alts = tuple(alt for each in named for alt in each.alts)
    first = named[0]
    seen = observe(Position(first.chromosome, first.position, effect.name, first.ref, alts), named)
    if seen.genotype is None:
        return (), seen.why or "its records are about other bases"
    unknown = set(seen.genotype.alleles) - {effect.effect_allele, effect.other_allele}
    if effect.other_allele and unknown:
        return (), f"{', '.join(sorted(unknown))} is not among the table's alleles"
    return seen.genotype.alleles, ""

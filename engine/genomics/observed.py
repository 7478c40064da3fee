"""What the records of a variant file say at one defined position, in the bases that the definition uses.

A record may be padded, split over several lines, a block of reference, or a longer change that holds the position;
each is compared by the smallest change it stands for. What touches the position and is no documented change keeps its
own wording, so that it is reported as undocumented and never as the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.genomics.definitions import Position
from engine.genomics.vcf import Genotype, Place, Record


@dataclass(frozen=True, slots=True)
class Observed:
    """The genotype at a position; None with the reason when records exist and none can be used."""

    genotype: Genotype | None
    why: str = ""


class Edit(NamedTuple):
    """The smallest change: `deleted` bases from `start` on are replaced by `inserted`."""

    start: int
    deleted: str
    inserted: str

    @property
    def last(self) -> int:
        """The last base that the change is about; for an insertion the base after it."""
        return self.start + max(len(self.deleted), 1) - 1


def place_of(position: Position) -> Place:
    """Return where the records of `position` are to be looked for."""
    return Place(position.chromosome, position.position, len(position.ref))


def observe(position: Position, records: Sequence[Record]) -> Observed:
    """Return the genotype that `records` give at `position`."""
    speaking = [record for record in records if _speaks(position, record)]
    readings = [
        Genotype(
            tuple(_allele(position, record, base) for base in record.genotype.alleles),
            record.genotype.phased,
            record.genotype.phase_set,
        )
        for record in speaking
        if record.genotype is not None
    ]
    if not readings:
        return Observed(None, speaking[0].why if speaking else "")
    if any(record.genotype is None for record in speaking):
        return Observed(None, "one of its records was not called")
    return _merged(position.ref, readings)


def edit(start: int, ref: str, alt: str) -> Edit:
    """Return the smallest change from `ref` to `alt`, trimmed from the end first, as a left-aligned one is."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        start, ref, alt = start + 1, ref[1:], alt[1:]
    return Edit(start, ref, alt)


def _speaks(position: Position, record: Record) -> bool:
    """Whether the record is about `position` itself and not only about a neighbour in the same line."""
    if record.is_reference_block:
        covers = record.end >= position.position + len(position.ref) - 1
        anchors = record.position == position.position and position.ref.startswith(record.ref)
        return record.position <= position.position and (covers or anchors)
    if record.position == position.position and record.ref == position.ref:
        return True
    if record.position == position.position and _says_reference(record) and position.ref.startswith(record.ref):
        return len(position.ref) > 1
    if any(map(_is_symbol, record.alts)) and (record.genotype is None or any(map(_is_symbol, record.genotype.alleles))):
        return True
    return any(not _is_symbol(alt) and _touches(position, _edit_of(record, alt)) for alt in record.alts)


def _says_reference(record: Record) -> bool:
    return record.genotype is not None and set(record.genotype.alleles) == {record.ref}


def _is_symbol(allele: str) -> bool:
    return allele.startswith("<") or allele == "*" or "[" in allele or "]" in allele


def _edit_of(record: Record, allele: str) -> Edit:
    return edit(record.position, record.ref, allele)


def _edits_of(position: Position) -> dict[Edit, str]:
    return {edit(position.position, position.ref, alt): alt for alt in position.alts}


def _touches(position: Position, change: Edit) -> bool:
    documented = _edits_of(position)
    low = min((known.start for known in documented), default=position.position)
    high = max((known.last for known in documented), default=position.position)
    is_insertion = not change.deleted
    if is_insertion and all(known.deleted for known in documented):
        return low < change.start <= high
    return change.start <= high and change.last >= low


def _allele(position: Position, record: Record, allele: str) -> str:
    """Return the definition's name for an allele of `record`; an undocumented change keeps its own wording."""
    if allele == record.ref:
        return position.ref
    if _is_symbol(allele):
        return allele
    if record.position == position.position and record.ref == position.ref:
        return allele
    change = _edit_of(record, allele)
    if change in (documented := _edits_of(position)):
        return documented[change]
    if len(position.ref) == 1 and len(record.ref) == len(allele):
        return allele[position.position - record.position]
    return f"{record.ref}>{allele}" if _touches(position, change) else position.ref


def _merged(ref: str, readings: list[Genotype]) -> Observed:
    """Return what all readings say together: the same, or the parts of a site that was split over several lines."""
    variant = [reading for reading in readings if set(reading.alleles) != {ref}]
    if len({(reading.alleles, reading.phased, reading.phase_set) for reading in variant}) <= 1:
        return Observed(variant[0] if variant else readings[0])
    strands = _by_strand(ref, variant)
    if strands is not None:
        return Observed(Genotype(strands, True, variant[0].phase_set))
    changed = [allele for reading in variant for allele in reading.alleles if allele != ref]
    distinct = [set(reading.alleles) - {ref} for reading in variant]
    repeated = len(set().union(*distinct)) < sum(map(len, distinct))
    if repeated or len(changed) > 2 or all(reading.phased for reading in variant):
        return Observed(None, "its records disagree")
    return Observed(Genotype((*[ref] * (2 - len(changed)), *changed), phased=False))


def _by_strand(ref: str, variant: list[Genotype]) -> tuple[str, str] | None:
    """Return one allele for each strand where all readings are phased together and none is spoken for twice."""
    together = all(reading.phased for reading in variant) and len({reading.phase_set for reading in variant}) == 1
    if not together or any(len(reading.alleles) != 2 for reading in variant):
        return None
    first, second = ([reading.alleles[strand] for reading in variant] for strand in (0, 1))
    changed = [[allele for allele in strand if allele != ref] for strand in (first, second)]
    if any(len(alleles) > 1 for alleles in changed):
        return None
    return (changed[0] or [ref])[0], (changed[1] or [ref])[0]

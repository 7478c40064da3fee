"""Read the positions that matter out of a variant file, plain or gzipped, and refuse what cannot be trusted.

A position that the file does not mention is missing, never reference: a variant-only file says nothing about it. Only
a record of the position itself, or a reference block (INFO/END) that covers it, speaks for it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import VcfRefused
from engine.genomics import builds

LONGEST_LINE_BYTES = 1 << 20
MOST_BYTES = 8 << 30
"""A whole genome is about 5 GB when unpacked; more is a mistake or an attack."""
MOST_EXPANSION = 300
"""Variant files shrink twenty- to eightyfold; a file that grows more than this while it unpacks is an attack."""
ALWAYS_ALLOWED_BYTES = 8 << 20
LEAST_BLOCK_QUALITY = 20
"""A reference block of lower genotype quality is no evidence of the reference."""
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
"""The empty block that ends every whole bgzip file."""
_NUMBER = re.compile(r"[0-9]{1,10}")
_END = re.compile(r"(?:^|;)END=([0-9]{1,10})(?:;|$)")
_NOTHING_ELSE = frozenset({".", "<NON_REF>", "<*>"})
"""Alternatives that stand for "any other base"."""


@dataclass(frozen=True, slots=True)
class Genotype:
    """The alleles read at one position, as bases. `phased`: first and second are on the strands of `phase_set`."""

    alleles: tuple[str, ...]
    phased: bool
    phase_set: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the genome that is asked for (GRCh38, 1-based, `length` bases)."""

    chromosome: str
    position: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One line. `genotype` is None where nothing was called, and `why` says so; `end` is the last base it is about."""

    chromosome: str
    position: int
    ref: str
    alts: tuple[str, ...]
    genotype: Genotype | None
    end: int
    why: str = ""

    @property
    def is_reference_block(self) -> bool:
        """Whether the line says that a stretch, or a base without any alternative, is the reference."""
        return not self.alts


def read(
    path: Path, wanted: Iterable[Place], names: Mapping[str, tuple[str, int]] | None = None
) -> dict[Place, tuple[Record, ...]]:
    """Return the records that touch each wanted place; a place without any is absent.

    `names` are positions of rsIDs on GRCh38, by which a file of another build shows itself. Raises VcfRefused for
    another genome build, several samples, a damaged file or one that is no VCF.
    """
    places, found = _Places(wanted), defaultdict[Place, list[Record]](list)
    build = _BuildByNames(names or {})
    try:
        with _opened(path) as stream:
            lines = _lines(stream, path.stat().st_size)
            _check_header(lines)
            for line in lines:
                _take(line, places, build, found)
    except (EOFError, zlib.error, gzip.BadGzipFile) as cut:
        raise VcfRefused("the file is cut off or damaged") from cut
    except OSError as failed:
        raise VcfRefused(f"the file cannot be read: {failed.strerror}") from failed
    build.check()
    return {place: tuple(records) for place, records in found.items()}


class _Places:
    """The wanted places in order, to find those that a record touches."""

    def __init__(self, wanted: Iterable[Place]) -> None:
        by_chromosome = defaultdict[str, list[Place]](list)
        for place in sorted(set(wanted), key=lambda place: (place.position, place.length)):
            by_chromosome[place.chromosome].append(place)
        self._places = dict(by_chromosome)
        self._starts = {name: [place.position for place in places] for name, places in self._places.items()}
        self._longest = max((place.length for places in self._places.values() for place in places), default=1)

    def touched(self, chromosome: str, start: int, end: int) -> list[Place]:
        """Return the places that share a base with `start` to `end`."""
        places = self._places.get(chromosome)
        if places is None:
            return []
        first = bisect_left(self._starts[chromosome], start - self._longest + 1)
        found = []
        for place in places[first:]:
            if place.position > end:
                break
            if place.position + place.length > start:
                found.append(place)
        return found


class _BuildByNames:
    """Compares where a file has known rsIDs with where GRCh38 has them."""

    NEAR_BASES = 1000
    """Insertions and deletions may be written a few bases apart."""

    def __init__(self, names: Mapping[str, tuple[str, int]]) -> None:
        self._names, self._moved, self._kept = names, 0, 0

    def see(self, name: str, chromosome: str, position: int) -> None:
        known = self._names.get(name)
        if known is not None:
            near = known[0] == chromosome and abs(known[1] - position) < self.NEAR_BASES
            self._kept, self._moved = self._kept + near, self._moved + (not near)

    def check(self) -> None:
        """Raise VcfRefused when most known variants stand elsewhere."""
        if self._moved > self._kept:
            raise VcfRefused("known variants stand at other positions than on GRCh38: another genome build")


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        start = stream.read(14)
        zipped = start[:2] == b"\x1f\x8b"
        if zipped and start[12:14] == b"BC":
            stream.seek(-len(BGZF_END), 2)
            if stream.read() != BGZF_END:
                raise EOFError
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _lines(stream: BinaryIO, file_bytes: int) -> Iterator[str]:
    """Yield lines within limits, so that a small file that unpacks to an enormous one is refused early."""
    most = min(MOST_BYTES, max(ALWAYS_ALLOWED_BYTES, MOST_EXPANSION * file_bytes))
    total = 0
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        total += len(line)
        if len(line) > LONGEST_LINE_BYTES or total > most:
            raise VcfRefused("the file unpacks to something far larger than a variant file")
        if not line.endswith(b"\n") and b"\t" in line and line.count(b"\t") < 9:
            raise VcfRefused("the last line is cut off")
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _check_header(lines: Iterator[str]) -> None:
    """Read up to the column line. Raises VcfRefused unless it is one sample, and on no other build than GRCh38."""
    first = next(lines, "")
    if not first.startswith("##fileformat=VCF"):
        raise VcfRefused("this is no VCF file")
    for line in lines:
        if line.startswith("##"):
            builds.check_header_line(line)
        elif line.startswith("#CHROM"):
            samples = len(line.split("\t")) - 9
            if samples != 1:
                raise VcfRefused(f"the file holds {max(samples, 0)} samples; exactly one patient is needed")
            return
        else:
            break
    raise VcfRefused("the file has no column line")


def _take(line: str, places: _Places, build: _BuildByNames, found: defaultdict[Place, list[Record]]) -> None:
    fields = line.split("\t", 10)
    if len(fields) < 10:
        if line.strip():
            raise VcfRefused("a line has too few columns")
        return
    if not _NUMBER.fullmatch(fields[1]):
        raise VcfRefused("a line has a position that is no number")
    chromosome, position, ref = builds.chromosome(fields[0]), int(fields[1]), fields[3].upper()
    build.see(fields[2], chromosome, position)
    end = max(position + len(ref) - 1, _stated_end(fields[7]))
    touched = places.touched(chromosome, position, end)
    if touched:
        genotype, why = _call(fields, chromosome)
        alts = tuple(alt for alt in fields[4].upper().split(",") if alt not in _NOTHING_ELSE)
        record = Record(chromosome, position, ref, alts, genotype, end, why)
        for place in touched:
            found[place].append(record)


def _stated_end(info: str) -> int:
    match = _END.search(info) if "END=" in info else None
    return int(match.group(1)) if match else 0


def _call(fields: list[str], chromosome: str) -> tuple[Genotype | None, str]:
    """Return the called alleles as bases, or None with the reason."""
    values = dict(zip(fields[8].split(":"), fields[9].split(":"), strict=False))
    if fields[6] not in (".", "PASS"):
        return None, f"filtered ({fields[6][:40]})"
    if values.get("DP") == "0":
        return None, "no reads"
    quality = values.get("GQ", "")
    if "END=" in fields[7] and _NUMBER.fullmatch(quality) and int(quality) < LEAST_BLOCK_QUALITY:
        return None, "reference block of low quality"
    call = values.get("GT", "")
    numbers = call.replace("|", "/").split("/")
    choices = [fields[3].upper(), *fields[4].upper().split(",")]
    if not all(_NUMBER.fullmatch(number) and int(number) < len(choices) for number in numbers):
        return None, "half called" if any(_NUMBER.fullmatch(number) for number in numbers) else "not called"
    if len(numbers) > 2 or (len(numbers) == 1 and chromosome not in ("chrX", "chrY", "chrM")):
        return None, f"{len(numbers)} alleles called where two are expected"
    alleles = tuple(choices[int(number)] for number in numbers)
    phase_set = values.get("PS", "")
    return Genotype(alleles, "|" in call or len(numbers) == 1, "" if phase_set == "." else phase_set), ""

"""Read the positions that matter out of a variant file, plain or gzipped, and refuse what cannot be trusted.

A position that the file does not mention is missing, never reference: a variant-only file says nothing about it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import VcfRefused

LONGEST_LINE_BYTES = 1 << 20
MOST_BYTES = 8 << 30
"""A whole genome is about 5 GB when unpacked; more is a mistake or an attack."""
_NUMBER = re.compile(r"[0-9]{1,10}")
CHR1_LENGTH_GRCH37 = 249_250_621


@dataclass(frozen=True, slots=True)
class Genotype:
    """The two alleles read at one position, as bases. `phased`: first and second are on the file's two strands."""

    alleles: tuple[str, ...]
    phased: bool


@dataclass(frozen=True, slots=True)
class Record:
    chromosome: str
    position: int
    ref: str
    genotype: Genotype | None
    """None where the file says that nothing was called."""


def read(path: Path, wanted: frozenset[tuple[str, int]]) -> dict[tuple[str, int], Record]:
    """Return the records at `wanted` (chromosome with `chr`, position).

    Raises VcfRefused for another genome build, several samples, a damaged file or one that is no VCF.
    """
    found: dict[tuple[str, int], Record] = {}
    try:
        with _opened(path) as stream:
            lines = _lines(stream)
            _check_header(lines)
            for line in lines:
                record = _record(line, wanted)
                if record:
                    found[record.chromosome, record.position] = record
    except (EOFError, zlib.error, gzip.BadGzipFile) as cut:
        raise VcfRefused("the file is cut off or damaged") from cut
    except OSError as failed:
        raise VcfRefused(f"the file cannot be read: {failed.strerror}") from failed
    return found


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Yield lines within limits, so that a small file that unpacks to an enormous one is refused early."""
    total = 0
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        total += len(line)
        if len(line) > LONGEST_LINE_BYTES or total > MOST_BYTES:
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
            _check_build(line)
        elif line.startswith("#CHROM"):
            samples = len(line.split("\t")) - 9
            if samples != 1:
                raise VcfRefused(f"the file holds {max(samples, 0)} samples; exactly one patient is needed")
            return
        else:
            break
    raise VcfRefused("the file has no column line")


def _check_build(line: str) -> None:
    lowered = line.lower()
    named = lowered.startswith(("##reference", "##contig", "##assembly"))
    older = any(name in lowered for name in ("grch37", "hg19", "b37", "hs37", "ncbi36", "hg18"))
    if named and (older or f"length={CHR1_LENGTH_GRCH37}" in lowered):
        raise VcfRefused("the file is on genome build GRCh37 or older; GRCh38 is needed, positions differ")


def _record(line: str, wanted: frozenset[tuple[str, int]]) -> Record | None:
    fields = line.split("\t", 10)
    if len(fields) < 10:
        if line.strip():
            raise VcfRefused("a line has too few columns")
        return None
    if not _NUMBER.fullmatch(fields[1]):
        raise VcfRefused("a line has a position that is no number")
    chromosome = fields[0] if fields[0].startswith("chr") else f"chr{fields[0]}"
    place = (chromosome, int(fields[1]))
    if place not in wanted:
        return None
    return Record(*place, fields[3].upper(), _genotype(fields))


def _genotype(fields: list[str]) -> Genotype | None:
    """Return the called alleles as bases, or None for a filtered or uncalled position."""
    keys, values = fields[8].split(":"), fields[9].split(":")
    if "GT" not in keys or fields[6] not in (".", "PASS"):
        return None
    call = values[keys.index("GT")]
    phased = "|" in call
    numbers = call.replace("|", "/").split("/")
    choices = [fields[3].upper(), *fields[4].upper().split(",")]
    if not all(_NUMBER.fullmatch(number) and int(number) < len(choices) for number in numbers):
        return None
    alleles = tuple(choices[int(number)] for number in numbers)
    return Genotype(alleles, phased) if 1 <= len(alleles) <= 2 else None

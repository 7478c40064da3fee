"""A copy of a variant file for the engine that says nothing about whose it is: bare positions, bases and calls.

Kept: the format line, the genome build where the header names it, rsIDs, the columns that a call needs, and of the
annotations the end of a reference block, depth, quality and phase set as bare numbers. Left out: every other header
line (they hold paths, sample names, commands), other identifiers, all other annotations. What cannot be a variant file
is copied as nothing, and a damaged one ends in a line that is cut off, so that the engine refuses it with a reason.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from desktop.paths import narrow_file

LONGEST_LINE_BYTES = 1 << 20
MOST_BYTES = 8 << 30
"""A whole genome is about 5 GB when unpacked."""
_BUILD = re.compile(rb"GRCh3[678]|hg1[89]|hg38|b37|hs37|NCBI36", re.IGNORECASE)
_CONTIG = re.compile(rb"ID=((?:chr)?(?:\d{1,2}|X|Y)|NC_0000\d\d\.\d{1,2})[,>]", re.IGNORECASE)
_LENGTH = re.compile(rb"\blength=(\d{1,10})")
_NAMES_BUILD = (b"##reference", b"##contig", b"##assembly")
_FORMAT = b"##fileformat=VCF"
_COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
_CUT_OFF = b"chr1\t1"
"""A last line with too few columns and no end."""
_BASES = re.compile(rb"[ACGTNacgtn.,*]{1,2000}|<[A-Za-z0-9_:*]{1,40}>(?:,<[A-Za-z0-9_:*]{1,40}>)*")
_CHROMOSOME = re.compile(rb"(?:chr)?(?:\d{1,2}|X|Y|M|MT)|NC_0000\d\d\.\d{1,2}", re.IGNORECASE)
_RSID = re.compile(rb"rs\d{1,12}")
_END = re.compile(rb"(?:^|;)(END=\d{1,10})(?:;|$)")
_CALL = re.compile(rb"[\d./|]{1,20}")
_MARKS = {b"DP": re.compile(rb"\d{1,7}"), b"GQ": re.compile(rb"\d{1,4}"), b"PS": re.compile(rb"\d{1,10}")}
"""Depth, quality and phase set, which say whether a call counts and which calls lie on one strand."""


def copy_stripped(source: Path, target: Path) -> Path:
    """Write the copy and return its path; a source that cannot be opened leaves no copy, which the engine says.

    Raises OSError when the copy cannot be written. Runs in the pool: a genome takes a minute.
    """
    target.unlink(missing_ok=True)
    try:
        stream = _opened(source)
    except OSError:
        return target
    with stream, target.open("wb") as copy:
        narrow_file(target)
        copy.writelines(_stripped(stream))
    return target


def _opened(source: Path) -> BinaryIO:
    with source.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(source, "rb")) if zipped else source.open("rb")


def _stripped(stream: BinaryIO) -> Iterator[bytes]:
    lines = _whole_lines(stream)
    try:
        if not next(lines, b"").startswith(_FORMAT):
            return
        yield _FORMAT + b"v4.2\n"
        for line in lines:
            yield _header(line) if line.startswith(b"#") else _row(line)
    except (EOFError, zlib.error, OSError, _TooLarge):
        yield _CUT_OFF


class _TooLarge(Exception):
    """More than any variant file holds."""


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    total = 0
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        total += len(line)
        if len(line) > LONGEST_LINE_BYTES or total > MOST_BYTES:
            raise _TooLarge
        yield line


def _header(line: bytes) -> bytes:
    """Return the column line with its samples unnamed, or the build that a header line names, or nothing."""
    if line.startswith(b"#CHROM"):
        samples = max(len(line.rstrip(b"\r\n").split(b"\t")) - 9, 0)
        return b"\t".join([_COLUMNS, *(b"S%d" % number for number in range(1, samples + 1))]) + b"\n"
    if not line.startswith(_NAMES_BUILD):
        return b""
    build, contig, length = _BUILD.search(line), _CONTIG.search(line), _LENGTH.search(line)
    kept = b"##reference=%s\n" % build.group() if build else b""
    if contig is None:
        return kept
    return kept + b"##contig=<ID=%s%s>\n" % (contig.group(1), b",length=" + length.group(1) if length else b"")


def _row(line: bytes) -> bytes:
    """Return position, bases, filter and call of one row; a row that is cut off stays cut off."""
    fields = line.rstrip(b"\r\n").split(b"\t")
    if len(fields) < 10:
        return _CUT_OFF + b"\n" if line.strip() else b""
    chromosome, position, name, ref, alt = fields[:5]
    if not (_CHROMOSOME.fullmatch(chromosome) and position.isdigit() and _BASES.fullmatch(ref)):
        return b""
    passed = b"PASS" if fields[6] in (b"PASS", b".") else b"FAIL"
    alts = alt if _BASES.fullmatch(alt) else b"."
    rsid = name if _RSID.fullmatch(name) else b"."
    end = _END.search(fields[7])
    keys, values = _call(fields)
    return (
        b"\t".join([chromosome, position, rsid, ref, alts, b".", passed, end.group(1) if end else b".", keys, values])
        + b"\n"
    )


def _call(fields: list[bytes]) -> tuple[bytes, bytes]:
    """Return format and values with the genotype first, `./.` where there is none, and those marks that are numbers."""
    given = dict(zip(fields[8].split(b":"), fields[9].split(b":"), strict=False))
    call = given.get(b"GT", b"")
    kept = {b"GT": call if _CALL.fullmatch(call) else b"./."}
    kept |= {key: given[key] for key, form in _MARKS.items() if key in given and form.fullmatch(given[key])}
    return b":".join(kept), b":".join(kept.values())

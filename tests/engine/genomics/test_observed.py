"""What a file's records say at one position, however they are written."""

from __future__ import annotations

import pytest

from engine.genomics.definitions import Position
from engine.genomics.observed import edit, observe
from engine.genomics.vcf import Genotype, Record

SNP = Position("chr1", 100, "rs1", "C", ("T", "G"))
DELETION = Position("chr1", 100, "rs2", "CAA", ("C",))
INSERTION = Position("chr1", 100, "rs3", "C", ("CA",))
REPEAT = Position("chr1", 100, "rs4", "CAT", ("C", "CATAT"))


def record(
    position: int, ref: str, alts: str, genotype: str | None, *, phased: bool = False, end: int = 0, why: str = ""
) -> Record:
    called = None if genotype is None else Genotype(tuple(genotype.split("/")), phased)
    return Record(
        "chr1", position, ref, tuple(alts.split(",")) if alts else (), called, end or position + len(ref) - 1, why
    )


def alleles(position: Position, *records: Record) -> tuple[str, ...] | None:
    seen = observe(position, records)
    return None if seen.genotype is None else seen.genotype.alleles


@pytest.mark.parametrize(
    ("position", "line", "expected"),
    [
        (SNP, record(100, "C", "T", "C/T"), ("C", "T")),
        (SNP, record(100, "C", "A", "C/A"), ("C", "A")),
        (SNP, record(100, "C", "", "C/C"), ("C", "C")),
        (SNP, record(90, "A", "", "A/A", end=120), ("C", "C")),
        (SNP, record(99, "AC", "AT,GT", "AT/GT"), ("T", "T")),
        (SNP, record(99, "AC", "AT", "AC/AT"), ("C", "T")),
        (SNP, record(100, "CA", "TA", "CA/TA"), ("C", "T")),
        (SNP, record(100, "CA", "C", "CA/C"), None),
        (SNP, record(99, "AC", "A", "AC/A"), ("C", "AC>A")),
        (SNP, record(100, "C", "*", "C/*"), ("C", "*")),
        (SNP, record(95, "A", "<DEL>", "A/<DEL>", end=130), ("C", "<DEL>")),
        (SNP, record(95, "A", "<DEL>", "A/A", end=130), None),
        (SNP, record(101, "C", "T", "C/T"), None),
        (DELETION, record(100, "CAA", "C", "CAA/C"), ("CAA", "C")),
        (DELETION, record(100, "CAAG", "CG", "CAAG/CG"), ("CAA", "C")),
        (DELETION, record(99, "TCAA", "TC", "TC/TC"), ("C", "C")),
        (DELETION, record(100, "C", "", "C/C"), ("CAA", "CAA")),
        (DELETION, record(90, "T", "", "T/T", end=101), None),
        (DELETION, record(90, "T", "", "T/T", end=102), ("CAA", "CAA")),
        (DELETION, record(100, "CA", "C", "CA/C"), ("CAA", "CA>C")),
        (DELETION, record(101, "A", "G", "A/G"), ("CAA", "A>G")),
        (DELETION, record(100, "C", "T", "C/T"), None),
        (INSERTION, record(100, "C", "CA", "C/CA"), ("C", "CA")),
        (INSERTION, record(99, "TC", "TCA", "TC/TCA"), ("C", "CA")),
        (REPEAT, record(100, "CATAT", "CATATAT,CAT", "CATATAT/CAT"), ("CATAT", "C")),
    ],
)
def test_a_record_says_what_the_definition_calls_it(
    position: Position, line: Record, expected: tuple[str, ...] | None
) -> None:
    assert alleles(position, line) == expected


def test_no_record_and_a_record_without_a_call_are_told_apart() -> None:
    assert observe(SNP, ()).why == ""
    assert observe(SNP, (record(100, "C", "T", None, why="filtered (q10)"),)).why == "filtered (q10)"


def test_lines_of_one_split_site_are_put_together() -> None:
    assert alleles(SNP, record(100, "C", "T", "C/T"), record(100, "C", "G", "C/G")) == ("T", "G")
    assert alleles(SNP, record(100, "C", "T", "C/T"), record(100, "C", "G", "C/C")) == ("C", "T")
    phased = observe(
        SNP, (record(100, "C", "T", "T/C", phased=True), record(100, "C", "G", "C/G", phased=True))
    ).genotype
    assert phased == Genotype(("T", "G"), phased=True)


@pytest.mark.parametrize(
    "lines",
    [
        (record(100, "C", "T", "T/T"), record(100, "C", "T", "C/T")),
        (record(100, "C", "T", "T/T"), record(100, "C", "G", "C/G")),
        (record(100, "C", "T", "C/T", phased=True), record(100, "C", "G", "C/G", phased=True)),
        (record(100, "C", "T", "C/T"), record(100, "C", "G", None)),
    ],
)
def test_lines_that_contradict_each_other_are_not_read(lines: tuple[Record, ...]) -> None:
    seen = observe(SNP, lines)
    assert seen.genotype is None
    assert seen.why in ("its records disagree", "one of its records was not called")


def test_the_same_line_twice_is_the_same() -> None:
    assert alleles(SNP, record(100, "C", "T", "C/T"), record(100, "C", "T", "C/T")) == ("C", "T")


@pytest.mark.parametrize(
    ("ref", "alt", "smallest"),
    [
        ("CAT", "CATAT", (11, "", "AT")),
        ("CAA", "C", (11, "AA", "")),
        ("C", "T", (10, "C", "T")),
        ("C", "C", (10, "", "")),
    ],
)
def test_the_smallest_change_is_trimmed_from_the_end_first(ref: str, alt: str, smallest: tuple[int, str, str]) -> None:
    assert edit(10, ref, alt) == smallest

"""Variant files that must be refused, each with a reason, and what an accepted one says."""

import gzip
from pathlib import Path

import pytest

from engine.genomics import vcf

HEADER = "##fileformat=VCFv4.2\n##reference=hg38\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA"
ROW = "chr1\t100\trs1\tC\tT\t.\tPASS\t.\tGT\t0/1"
WANTED = frozenset({("chr1", 100)})


def written(folder: Path, text: str) -> Path:
    path = folder / "a.vcf"
    path.write_text(text)
    return path


def test_a_call_is_returned_as_bases(tmp_path: Path) -> None:
    record = vcf.read(written(tmp_path, f"{HEADER}{COLUMNS}\n{ROW}\n"), WANTED)["chr1", 100]
    assert record.genotype == vcf.Genotype(("C", "T"), phased=False)


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace("0/1", "./."),
        ROW.replace("PASS", "LowQual"),
        ROW.replace("0/1", "0/7"),
        ROW.replace("0/1", "0/²"),
        ROW.replace("GT", "DP"),
    ],
)
def test_an_uncalled_position_is_missing(tmp_path: Path, row: str) -> None:
    assert vcf.read(written(tmp_path, f"{HEADER}{COLUMNS}\n{row}\n"), WANTED)["chr1", 100].genotype is None


def test_a_chromosome_without_its_prefix_is_the_same(tmp_path: Path) -> None:
    assert ("chr1", 100) in vcf.read(written(tmp_path, f"{HEADER}{COLUMNS}\n{ROW[3:]}\n"), WANTED)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no VCF"),
        ("hello\n", "no VCF"),
        (HEADER, "column line"),
        (f"##fileformat=VCFv4.2\n##reference=GRCh37\n{COLUMNS}\n", "GRCh37"),
        (f"##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n{COLUMNS}\n", "GRCh37"),
        (f"{HEADER}{COLUMNS}\tB\n", "2 samples"),
        (f"{HEADER}{COLUMNS[:-9]}\n", "0 samples"),
        (f"{HEADER}{COLUMNS}\nchr1\t100\trs1\n", "too few columns"),
        (f"{HEADER}{COLUMNS}\nchr1\t100\trs1\tC\tT", "cut off"),
        (f"{HEADER}{COLUMNS}\n{ROW.replace('100', '1²')}\n", "no number"),
        (f"{HEADER}{COLUMNS}\n{ROW.replace('100', '9' * 5000)}\n", "no number"),
        (HEADER + "#" * (vcf.LONGEST_LINE_BYTES + 2), "far larger"),
    ],
)
def test_refusals_say_why(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(vcf.VcfRefused, match=reason):
        vcf.read(written(tmp_path, text), WANTED)


def test_a_truncated_gzip_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(f"{HEADER}{COLUMNS}\n{ROW}\n".encode() * 50)
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(vcf.VcfRefused, match="cut off or damaged"):
        vcf.read(path, WANTED)


def test_a_gzip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"\0" * (64 << 20)))
    with pytest.raises(vcf.VcfRefused, match="far larger"):
        vcf.read(path, WANTED)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(vcf.VcfRefused, match="cannot be read"):
        vcf.read(tmp_path / "absent.vcf", WANTED)

"""The copy for the engine holds positions, bases and calls, and nothing that says whose they are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from desktop.engine_client import stripped_variants
from desktop.engine_client.stripped_variants import copy_stripped
from engine.genomics import vcf

NAME = "Zebulon_Quartermaine"
HEADER = f"##fileformat=VCFv4.2\n##reference=file:///home/{NAME}/GRCh38.fa\n##cmd=run {NAME}\n##contig=<ID=chr1>\n"
COLUMNS = f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{NAME}\n"
ROW = f"chr1\t100\t{NAME}\tC\tT\t50\tPASS\tNOTE={NAME}\tDP:GT:TXT\t30:0|1:{NAME}\n"
FIRST, SECOND = vcf.Place("chr1", 100), vcf.Place("chr1", 200)
WANTED = (FIRST, SECOND)


def copied(folder: Path, text: str | bytes, name: str = "in.vcf") -> Path:
    source = folder / name
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return copy_stripped(source, folder / "copy.vcf")


def refused(copy: Path) -> str:
    with pytest.raises(vcf.VcfRefused) as caught:
        vcf.read(copy, WANTED)
    return caught.value.detail


def test_a_call_survives_and_nothing_else_does(tmp_path: Path) -> None:
    copy = copied(tmp_path, HEADER + COLUMNS + ROW)
    (record,) = vcf.read(copy, WANTED)[FIRST]
    assert record.genotype == vcf.Genotype(("C", "T"), phased=True)
    assert NAME.encode() not in copy.read_bytes()
    assert copy.read_text() == (
        "##fileformat=VCFv4.2\n##reference=GRCh38\n##contig=<ID=chr1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
        "chr1\t100\t.\tC\tT\t.\tPASS\t.\tGT:DP\t0|1:30\n"
    )
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("column", range(10))
def test_a_name_in_any_column_stays_behind(tmp_path: Path, column: int) -> None:
    fields = ROW.rstrip("\n").split("\t")
    fields[column] = NAME
    assert NAME.encode() not in copied(tmp_path, HEADER + COLUMNS + "\t".join(fields) + "\n").read_bytes()


def test_a_zipped_file_is_read_too(tmp_path: Path) -> None:
    copy = copied(tmp_path, gzip.compress((HEADER + COLUMNS + ROW).encode()), "in.vcf.gz")
    assert FIRST in vcf.read(copy, WANTED)


def test_a_filtered_or_unreadable_call_stays_uncalled(tmp_path: Path) -> None:
    rows = ROW.replace("PASS", "LowQual") + ROW.replace("100", "200").replace("0|1", "no call")
    found = vcf.read(copied(tmp_path, HEADER + COLUMNS + rows), WANTED)
    assert [record.genotype for place in WANTED for record in found[place]] == [None, None]


def test_a_reference_block_a_phase_set_and_an_rsid_survive(tmp_path: Path) -> None:
    block = f"NC_000001.11\t90\trs77\tC\t<NON_REF>\t.\tPASS\tEND=210;X={NAME}\tGT:GQ:PS:ID\t0|0:50:88:{NAME}\n"
    copy = copied(tmp_path, HEADER + COLUMNS + block)
    found = vcf.read(copy, WANTED)
    assert found[FIRST] == found[SECOND]
    assert found[FIRST][0].end == 210
    assert found[FIRST][0].genotype == vcf.Genotype(("C", "C"), phased=True, phase_set="88")
    assert b"\trs77\t" in copy.read_bytes()
    assert NAME.encode() not in copy.read_bytes()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{NAME} is no variant file\n", "no VCF"),
        (HEADER.replace("GRCh38", "GRCh37") + COLUMNS, "GRCh37"),
        (HEADER.replace("ID=chr1", "ID=1,length=249250621") + COLUMNS, "GRCh37"),
        (HEADER.replace("ID=chr1", "ID=10,length=135534747") + COLUMNS, "GRCh37"),
        (HEADER.replace("ID=chr1", "ID=NC_000010.10") + COLUMNS, "GRCh37"),
        (HEADER + COLUMNS + ROW.replace("chr1", "NC_000001.10"), "GRCh37"),
        (HEADER + COLUMNS.rstrip("\n") + "\tOther\n" + ROW, "2 samples"),
        (HEADER, "column line"),
        (HEADER + COLUMNS + "chr1\t100\trs1\n", "too few columns"),
        (HEADER + COLUMNS + "x" * (stripped_variants.LONGEST_LINE_BYTES + 2), "cut off"),
        (gzip.compress((HEADER + COLUMNS + ROW * 500).encode())[:-40], "cut off"),
    ],
)
def test_what_the_engine_would_refuse_it_still_refuses(tmp_path: Path, text: str | bytes, reason: str) -> None:
    copy = copied(tmp_path, text)
    assert reason in refused(copy)
    assert NAME.encode() not in copy.read_bytes()


def test_a_file_that_cannot_be_opened_leaves_no_copy(tmp_path: Path) -> None:
    earlier = copied(tmp_path, HEADER + COLUMNS + ROW)
    assert earlier.exists()
    copy = copy_stripped(tmp_path / "absent.vcf", earlier)
    assert not copy.exists()
    assert "cannot be read" in refused(copy)

"""Variant files that must be refused, each with a reason, and what an accepted one says."""

import gzip
from pathlib import Path

import pytest

from engine.genomics import vcf

HEADER = "##fileformat=VCFv4.2\n##reference=hg38\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA"
ROW = "chr1\t100\trs1\tC\tT\t.\tPASS\t.\tGT\t0/1"
PLACE = vcf.Place("chr1", 100)


def written(folder: Path, text: str) -> Path:
    path = folder / "a.vcf"
    path.write_text(text)
    return path


def record(folder: Path, row: str) -> vcf.Record:
    """Return what the reader makes of a file of one row."""
    (found,) = vcf.read(written(folder, f"{HEADER}{COLUMNS}\n{row}\n"), [PLACE])[PLACE]
    return found


def test_a_call_is_returned_as_bases(tmp_path: Path) -> None:
    assert record(tmp_path, ROW).genotype == vcf.Genotype(("C", "T"), phased=False)
    assert record(tmp_path, ROW.replace("GT\t0/1", "GT:PS\t1|0:7")).genotype == vcf.Genotype(("T", "C"), True, "7")
    assert record(tmp_path, ROW.replace("GT\t0/1", "GT:PS\t1|0:.")).genotype == vcf.Genotype(("T", "C"), True)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW.replace("0/1", "./."), "not called"),
        (ROW.replace("0/1", "."), "not called"),
        (ROW.replace("0/1", "./1"), "half called"),
        (ROW.replace("0/1", "0/"), "half called"),
        (ROW.replace("0/1", "1"), "1 alleles called where two are expected"),
        (ROW.replace("0/1", "0/1/1"), "3 alleles called where two are expected"),
        (ROW.replace("PASS", "LowQual"), "filtered (LowQual)"),
        (ROW.replace("0/1", "0/7"), "half called"),
        (ROW.replace("0/1", "0/²"), "half called"),
        (ROW.replace("GT\t0/1", "DP\t9"), "not called"),
        (ROW.replace("GT\t0/1", "GT:DP\t0/1:0"), "no reads"),
    ],
)
def test_an_uncalled_position_is_missing_and_says_why(tmp_path: Path, row: str, why: str) -> None:
    found = record(tmp_path, row)
    assert found.genotype is None
    assert found.why == why


@pytest.mark.parametrize("name", ["1", "Chr1", "CHR1", "NC_000001.11"])
def test_a_chromosome_is_the_same_under_each_of_its_names(tmp_path: Path, name: str) -> None:
    assert record(tmp_path, ROW.replace("chr1", name)).genotype is not None


def test_one_copy_is_enough_on_a_sex_chromosome(tmp_path: Path) -> None:
    row = ROW.replace("chr1", "X").replace("0/1", "1")
    place = vcf.Place("chrX", 100)
    (found,) = vcf.read(written(tmp_path, f"{HEADER}{COLUMNS}\n{row}\n"), [place])[place]
    assert found.genotype == vcf.Genotype(("T",), phased=True)


@pytest.mark.parametrize(
    ("row", "touched"),
    [
        ("chr1\t90\t.\tC\t<NON_REF>\t.\tPASS\tEND=100\tGT:GQ\t0/0:50", True),
        ("chr1\t90\t.\tC\t<NON_REF>\t.\tPASS\tDP=3;END=99\tGT:GQ\t0/0:50", False),
        ("chr1\t101\t.\tC\t<NON_REF>\t.\tPASS\tEND=200\tGT\t0/0", False),
        ("chr1\t98\t.\tCAT\tC\t.\tPASS\t.\tGT\t0/1", True),
        ("chr2\t100\t.\tC\tT\t.\tPASS\t.\tGT\t0/1", False),
    ],
)
def test_a_longer_record_touches_every_base_it_is_about(tmp_path: Path, row: str, touched: bool) -> None:
    assert (PLACE in vcf.read(written(tmp_path, f"{HEADER}{COLUMNS}\n{row}\n"), [PLACE])) is touched


def test_a_reference_block_of_low_quality_is_no_evidence(tmp_path: Path) -> None:
    block = "chr1\t90\t.\tC\t<NON_REF>\t.\tPASS\tEND=100\tGT:GQ\t0/0:19"
    assert record(tmp_path, block).genotype is None
    assert record(tmp_path, block.replace("19", "20")).genotype is not None


def test_known_variants_at_other_places_show_another_build(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}{COLUMNS}\n{ROW}\n")
    assert vcf.read(path, [PLACE], {"rs1": ("chr1", 130)})
    for elsewhere in (("chr1", 250_100), ("chr2", 100)):
        with pytest.raises(vcf.VcfRefused, match="another genome build"):
            vcf.read(path, [PLACE], {"rs1": elsewhere})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no VCF"),
        ("hello\n", "no VCF"),
        (HEADER, "column line"),
        (f"##fileformat=VCFv4.2\n##reference=GRCh37\n{COLUMNS}\n", "GRCh37"),
        (f"##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n{COLUMNS}\n", "GRCh37"),
        (f"##fileformat=VCFv4.2\n##contig=<ID=10,length=135534747>\n{COLUMNS}\n", "GRCh37"),
        (f"##fileformat=VCFv4.2\n##contig=<ID=NC_000010.10>\n{COLUMNS}\n", "GRCh37"),
        (f"{HEADER}{COLUMNS}\n{ROW.replace('chr1', 'NC_000001.10')}\n", "GRCh37"),
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
        vcf.read(written(tmp_path, text), [PLACE])


def test_a_truncated_gzip_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(f"{HEADER}{COLUMNS}\n{ROW}\n".encode() * 50)
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(vcf.VcfRefused, match="cut off or damaged"):
        vcf.read(path, [PLACE])


def test_a_gzip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"\0" * (64 << 20)))
    with pytest.raises(vcf.VcfRefused, match="far larger"):
        vcf.read(path, [PLACE])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(vcf.VcfRefused, match="cannot be read"):
        vcf.read(tmp_path / "absent.vcf", [PLACE])


def test_a_bomb_of_ordinary_lines_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    lines = f"{HEADER}{COLUMNS}\n".encode() + b"chr9\t5\t.\tC\tT\t.\tPASS\t.\tGT\t0/1\n" * (1 << 19)
    path.write_bytes(gzip.compress(lines, 9))
    assert vcf.MOST_EXPANSION * path.stat().st_size < len(lines)
    with pytest.raises(vcf.VcfRefused, match="far larger"):
        vcf.read(path, [PLACE])


def test_a_bgzip_file_without_its_last_block_is_refused(tmp_path: Path) -> None:
    data = gzip.compress(f"{HEADER}{COLUMNS}\n{ROW}\n".encode())
    extra = b"\x06\x00BC\x02\x00\x00\x00"
    blocked = data[:3] + b"\x04" + data[4:10] + extra + data[10:]
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(blocked)
    with pytest.raises(vcf.VcfRefused, match="cut off"):
        vcf.read(path, [PLACE])
    path.write_bytes(blocked + vcf.BGZF_END)
    assert PLACE in vcf.read(path, [PLACE])

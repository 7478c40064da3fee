"""Diplotypes against published vectors, and the promise that a missing position is never read as normal."""

import csv
import json
from pathlib import Path

import pytest

from engine.errors import InputError, VcfRefused
from engine.genomics.pgx import GeneCall, GenotypeEntry, Pharmacogenomics

DATA = Path(__file__).parents[2] / "data" / "pgx"
VECTORS = [json.loads(line) for line in (DATA / "star_allele_vectors_dev.jsonl").read_text().splitlines()]

with (DATA / "unit_files.tsv").open(encoding="utf-8", newline="") as stream:
    UNIT_FILES = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
"""Each unit file with the pair that its name promises, in today's names, and the pairs that must lead."""


def call_for(calls: list[GeneCall], gene: str) -> GeneCall:
    return next(call for call in calls if call.gene == gene)


def entries(gene: str, **genotypes: str) -> list[GenotypeEntry]:
    return [GenotypeEntry(gene, rsid, alleles.split("/")) for rsid, alleles in genotypes.items()]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_published_vectors(genomics: Pharmacogenomics, vector: dict[str, object]) -> None:
    gene = str(vector["gene"])
    given = [GenotypeEntry(gene, each["rsid"], each["alleles"]) for each in vector["variants"]]  # type: ignore[attr-defined]
    (call,) = genomics.from_genotypes(given, list(vector["missing"]), [gene])  # type: ignore[call-overload]
    found = call.diplotypes if vector["all_candidates"] else call.best
    assert sorted(found) == sorted(vector["expected"])  # type: ignore[call-overload]
    assert call.missing == [name for name in call.missing if name in vector["missing"]]  # type: ignore[operator]


@pytest.mark.parametrize("row", UNIT_FILES, ids=lambda row: row["file"])
def test_unit_files_give_the_alleles_they_are_named_after(
    genomics: Pharmacogenomics, data: Path, row: dict[str, str]
) -> None:
    calls = genomics.from_vcf(data / "pharmcat_test_vcf" / f"{row['file']}.vcf")
    call = call_for(calls, row["file"].split("/")[0].upper())
    assert sorted(call.best) == sorted(row["best"].split("|") if row["best"] else [])
    assert row["named"] in call.diplotypes or row["named"] == ""
    assert call.best or call.notes


def test_every_unit_file_has_its_row() -> None:
    folder = DATA / "pharmcat_test_vcf"
    files = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.vcf")}
    assert {row["file"] for row in UNIT_FILES} == files


@pytest.mark.parametrize("name", sorted(str(path) for path in (Path(__file__).parents[2] / "data/pgx").rglob("*.vcf")))
def test_every_unit_file_is_read_and_says_how_much_of_each_gene(genomics: Pharmacogenomics, name: str) -> None:
    for call in genomics.from_vcf(Path(name)):
        assert call.positions_called + len(call.missing) == call.positions_total
        assert call.diplotypes or call.missing or call.undocumented or call.best == []


@pytest.mark.parametrize(
    ("carried", "left_out"), [({"rs776746": "T/C"}, "rs41303343"), ({"rs41303343": "T/TA"}, "rs776746")]
)
def test_a_missing_second_variant_is_not_read_as_normal_beside_a_first(
    genomics: Pharmacogenomics, carried: dict[str, str], left_out: str
) -> None:
    """One copy without function and the other unread: intermediate or poor, nobody can tell."""
    (call,) = genomics.from_genotypes(entries("CYP3A5", **carried), [left_out], ["CYP3A5"])
    assert call.phenotype == "Indeterminate"
    assert call.separating == [left_out]
    assert call.phenotype_as_read == "Intermediate Metabolizer"


def test_a_missing_second_variant_of_dpyd_is_named_too(genomics: Pharmacogenomics) -> None:
    (call,) = genomics.from_genotypes(entries("DPYD", rs3918290="C/T"), ["rs55886062"], ["DPYD"])
    assert (call.phenotype, call.separating) == ("Indeterminate", ["rs55886062"])


def test_phased_strands_are_kept_apart(genomics: Pharmacogenomics) -> None:
    apart = [GenotypeEntry("TPMT", "rs1800460", ["C", "T"], True), GenotypeEntry("TPMT", "rs1142345", ["C", "T"], True)]
    (call,) = genomics.from_genotypes(apart, [], ["TPMT"])
    assert call.best == ["*3B/*3C"]
    together = [
        GenotypeEntry("TPMT", "rs1800460", ["C", "T"], True),
        GenotypeEntry("TPMT", "rs1142345", ["T", "C"], True),
    ]
    (call,) = genomics.from_genotypes(together, [], ["TPMT"])
    assert call.best == ["*1/*3A"]


def test_unphased_ambiguity_names_every_explanation(genomics: Pharmacogenomics) -> None:
    (call,) = genomics.from_genotypes(entries("TPMT", rs1800460="C/T", rs1142345="T/C"), [], ["TPMT"])
    assert set(call.diplotypes) == {"*1/*3A", "*3B/*3C"}


def test_the_two_least_functional_variants_of_dpyd_decide(genomics: Pharmacogenomics) -> None:
    three = entries("DPYD", rs67376798="T/A", rs3918290="C/T", rs1801265="A/G")
    (call,) = genomics.from_genotypes(three, [], ["DPYD"])
    assert call.best == ["c.1905+1G>A (*2A)/c.2846A>T"]
    assert call.activity_score == "0.5"


@pytest.mark.parametrize(
    ("exonic", "intronic", "expected"),
    [
        ("C/T", "G/G", "Reference/Reference"),
        ("C/C", "G/C", "Reference/c.1129-5923C>G"),
        ("C/T", "G/C", "Reference/c.1129-5923C>G, c.1236G>A (HapB3)"),
        ("C/T", None, "Reference/c.1129-5923C>G, c.1236G>A (HapB3)"),
        ("T/T", "C/C", "c.1129-5923C>G, c.1236G>A (HapB3)/c.1129-5923C>G, c.1236G>A (HapB3)"),
    ],
)
def test_hapb3_follows_its_causal_variant(
    genomics: Pharmacogenomics, exonic: str, intronic: str | None, expected: str
) -> None:
    given = entries("DPYD", rs56038477=exonic, **({"rs75017182": intronic} if intronic else {}))
    (call,) = genomics.from_genotypes(given, [] if intronic else ["rs75017182"], ["DPYD"])
    assert call.best == [expected]


def test_an_undocumented_base_is_not_called(genomics: Pharmacogenomics) -> None:
    (call,) = genomics.from_genotypes(entries("TPMT", rs1800460="C/G"), [], ["TPMT"])
    assert call.diplotypes == []
    assert call.phenotype is None
    assert "rs1800460" in call.undocumented


def test_an_unknown_gene_or_position_is_refused(genomics: Pharmacogenomics) -> None:
    with pytest.raises(InputError, match="CYP2D6"):
        genomics.from_genotypes(entries("CYP2D6", rs3892097="C/T"), [], ["CYP2D6"])
    with pytest.raises(InputError, match="rs0"):
        genomics.from_genotypes(entries("TPMT", rs0="C/T"), [], ["TPMT"])


@pytest.mark.parametrize(
    ("gene", "diplotype", "phenotype"),
    [
        ("CYP2D6", "*4/*4", "Poor Metabolizer"),
        ("CYP2D6", "*1/*1", "Normal Metabolizer"),
        ("CYP2D6", "*1/*36x2+*10", "Normal Metabolizer"),
        ("CYP2D6", "*10/*36x2", "Intermediate Metabolizer"),
        ("CYP2D6", "*1/*9999", "Indeterminate"),
        ("G6PD", "A- 202A_376G", "G6PD Deficient"),
        ("DPYD", "*2A/*2A", "Poor Metabolizer"),
        ("DPYD", "*1/c.1905+1G>A", "Intermediate Metabolizer"),
        ("DPYD", "*1/HapB3", "Intermediate Metabolizer"),
        ("DPYD", "*1/", "Indeterminate"),
    ],
)
def test_calls_of_another_laboratory(genomics: Pharmacogenomics, gene: str, diplotype: str, phenotype: str) -> None:
    assert genomics.from_outside(gene, diplotype).phenotype == phenotype


@pytest.mark.parametrize(
    ("gene", "called", "phenotype"),
    [("G6PD", "B (reference)/B (reference)", "G6PD Normal"), ("CYP2D6", "", "Indeterminate")],
)
def test_an_empty_or_odd_call_is_never_guessed(
    genomics: Pharmacogenomics, gene: str, called: str, phenotype: str
) -> None:
    assert genomics.from_outside(gene, called).phenotype == phenotype


def test_recommendations_follow_the_phenotype(genomics: Pharmacogenomics) -> None:
    poor = genomics.from_genotypes(
        entries("CYP2C19", rs4244285="A/A", rs12769205="G/G", rs3758581="G/G"), [], ["CYP2C19"]
    )
    found, _ = genomics.recommendations(poor, ["clopidogrel"])
    assert {row.source for row in found} == {"CPIC", "DPWG"}
    assert any("avoid" in row.text.lower() for row in found)
    assert all(row.date and row.drug == "clopidogrel" for row in found)


def test_hla_status_needs_both_alleles_before_it_says_negative(genomics: Pharmacogenomics) -> None:
    positive, _ = genomics.recommendations([genomics.from_outside("HLA-B", "*57:01/*07:02")], ["abacavir"])
    assert any("not recommended" in row.text for row in positive)
    half, _ = genomics.recommendations([genomics.from_outside("HLA-B", "*07:02")], ["abacavir"])
    assert half == []


def test_a_drug_whose_gene_nobody_called_is_named(genomics: Pharmacogenomics) -> None:
    calls = genomics.from_genotypes([], [], ["TPMT"])
    _, lacking = genomics.recommendations(calls, ["abacavir"])
    assert lacking == {"abacavir": ["HLA-B"]}


def test_alleles_may_be_written_as_the_guidelines_write_them(genomics: Pharmacogenomics) -> None:
    spoken = [GenotypeEntry("CYP2C9", "rs1304490498", ["AGAAATGGAA", "delAGAAATGGAA"])]
    (call,) = genomics.from_genotypes([*spoken, *entries("CYP2C9", rs1799853="C/T")], [], ["CYP2C9"])
    assert call.diplotypes == ["*2/*25"]


def test_phase_sets_are_not_phased_against_each_other(genomics: Pharmacogenomics, tmp_path: Path) -> None:
    rows = "chr6\t18130687\trs1142345\tT\tC\t.\tPASS\t.\tGT:PS\t0|1:{}\n" \
        "chr6\t18138997\trs1800460\tC\tT\t.\tPASS\t.\tGT:PS\t0|1:{}\n"  # fmt: skip
    one = call_for(genomics.from_vcf(variant_file(tmp_path, rows.format(5, 5))), "TPMT")
    two = call_for(genomics.from_vcf(variant_file(tmp_path, rows.format(5, 9))), "TPMT")
    assert "*3B/*3C" not in one.diplotypes
    assert "*3B/*3C" in two.diplotypes
    assert any("*3B/*3C (Poor Metabolizer)" in note for note in two.notes)


def variant_file(folder: Path, rows: str) -> Path:
    path = folder / "a.vcf"
    path.write_text(f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\n{rows}")
    return path


def test_a_block_of_reference_fills_the_positions_that_it_covers(genomics: Pharmacogenomics, tmp_path: Path) -> None:
    block = "chr7\t{}\t.\tA\t<NON_REF>\t.\tPASS\tEND={}\tGT:GQ\t0/0:60\n"
    whole = call_for(genomics.from_vcf(variant_file(tmp_path, block.format(99652000, 99677000))), "CYP3A5")
    assert (whole.positions_called, whole.best, whole.phenotype) == (5, ["*1/*1"], "Normal Metabolizer")
    short = call_for(genomics.from_vcf(variant_file(tmp_path, block.format(99652000, 99672000))), "CYP3A5")
    assert "rs776746" in short.separating
    assert short.phenotype == "Indeterminate"


def test_one_copy_of_the_x_chromosome_is_called_as_one(genomics: Pharmacogenomics, tmp_path: Path) -> None:
    rows = "chrX\t154535277\trs1050829\tT\tC\t.\tPASS\t.\tGT\t1\n" \
        "chrX\t154536002\trs1050828\tC\tT\t.\tPASS\t.\tGT\t1\n"  # fmt: skip
    call = call_for(genomics.from_vcf(variant_file(tmp_path, rows)), "G6PD")
    assert "A- 202A_376G" in call.best
    assert all("/" not in name for name in call.diplotypes)
    (whole,) = genomics.from_genotypes(entries("G6PD", rs1050829="C", rs1050828="T"), [], ["G6PD"])
    assert (whole.best, whole.phenotype) == (["A- 202A_376G"], "G6PD Deficient")


def test_a_file_of_none_of_the_positions_is_refused(genomics: Pharmacogenomics, tmp_path: Path) -> None:
    with pytest.raises(VcfRefused, match="none of the positions"):
        genomics.from_vcf(variant_file(tmp_path, "chr1\t5\t.\tA\tG\t.\tPASS\t.\tGT\t0/1\n"))


def test_why_a_position_was_not_read_is_told(genomics: Pharmacogenomics, tmp_path: Path) -> None:
    rows = "chr7\t99672916\trs776746\tT\tC\t.\tq10\t.\tGT\t0/1\n"
    call = call_for(genomics.from_vcf(variant_file(tmp_path, rows)), "CYP3A5")
    assert "rs776746 not read: filtered (q10)" in call.notes


def test_a_laboratorys_call_stands_before_the_files_and_says_where_they_differ(
    genomics: Pharmacogenomics, data: Path
) -> None:
    read = genomics.from_vcf(data / "pharmcat_test_vcf/cyp3a5/s1s7.vcf")
    differing = genomics.combined(read, {"CYP3A5": "*3/*3"})["CYP3A5"]
    assert (differing.best, differing.phenotype) == (["*3/*3"], "Poor Metabolizer")
    assert differing.disagrees == "*1/*7"
    assert any("*1/*7 (Intermediate Metabolizer)" in note for note in differing.notes)
    agreeing = genomics.combined(read, {"CYP3A5": "*7/*1"})["CYP3A5"]
    assert agreeing.disagrees == ""
    assert genomics.combined(read, {})["CYP3A5"].origin == "genotype"


def test_malignant_hyperthermia_needs_one_variant(genomics: Pharmacogenomics) -> None:
    (call,) = genomics.from_genotypes(entries("RYR1", rs118192161="C/T"), [], ["RYR1"])
    assert call.phenotype == "Malignant Hyperthermia Susceptibility"
    (none,) = genomics.from_genotypes([], [], ["RYR1"])
    assert none.phenotype == "Uncertain Susceptibility"


def test_undocumented_variation_leaves_dpyd_open(genomics: Pharmacogenomics) -> None:
    (call,) = genomics.from_genotypes(entries("DPYD", rs3918290="C/G"), [], ["DPYD"])
    assert call.phenotype == "Indeterminate"
    assert call.undocumented == ["rs3918290"]

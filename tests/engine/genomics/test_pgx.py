"""Diplotypes against published vectors, and the promise that a missing position is never read as normal."""

import json
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import GeneCall, GenotypeEntry, Pharmacogenomics

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data/pgx/star_allele_vectors_dev.jsonl").read_text().splitlines()
]

# Unit files of PharmCAT 3.1.1 are named after the alleles that were put into them.
NAMED_AFTER_ALLELES = {
    "cyp2c19/s2s2": "*2/*2",
    "cyp2c19/s2s3": "*2/*3",
    "cyp2c19/s1s2": "*1/*2",
    "cyp2c19/s1s28": "*1/*28",
    "cyp2c19/s15s28": "*15/*28",
    "cyp2c19/s4bs17": "*4/*17",
    "cyp2c19/s4as4b": "*4/*4",
    "cyp2c19/s1s4b": "*1/*4",
    "cyp2c9/s1s1": "*1/*1",
    "cyp2c9/s1s61": "*1/*61",
    "cyp2c9/s2s3": "*2/*3",
    "cyp2c9/s2s24": "*2/*24",
    "cyp2c9/s2s25": "*2/*25",
    "cyp2c9/s24s24": "*24/*24",
    "cyp3a5/s1s7": "*1/*7",
    "cyp3a5/s3s9": "*3/*9",
    "cyp3a5/s3s9-homozygous": "*3/*9",
    "CYP2B6/s1s34": "*1/*34",
    "NUDT15/s2ref": "*1/*2",
    "NUDT15/s3ref": "*1/*3",
    "SLCO1B1/s2s2": "*2/*2",
    "SLCO1B1/s5s15": "*5/*15",
    "SLCO1B1/SLCO1B1_s14_s19_t1": "*14/*19",
    "SLCO1B1/SLCO1B1_s5_s14_t1": "*5/*14",
    "SLCO1B1/SLCO1B1_s1_s25_t1": "*1/*25",
    "TPMT/s16s22": "*16/*22",
    "TPMT/s3as3b": "*3A/*3B",
    "TPMT/het3a": "*1/*3A",
    "UGT1A1/s6s6": "*6/*6",
    "UGT1A1/s28het": "*1/*28",
    "UGT1A1/s28s37": "*28/*37",
    "UGT1A1/s28s80phased": "*1/*80+*28",
    "UGT1A1/s1s37s80s60phased": "*1/*80+*37",
    "DPYD/c2846het": "Reference/c.2846A>T",
    "DPYD/c557c703": "c.557A>G/c.703C>T (*8)",
    "DPYD/c1679c1156": "c.1156G>T (*12)/c.1679T>G (*13)",
    "DPYD/c1129-5923c2846": "c.1129-5923C>G/c.2846A>T",
    "DPYD/novariant": "Reference/Reference",
    "VKORC1/-1639G-1639A": "rs9923231 reference (C)/rs9923231 variant (T)",
}


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


@pytest.mark.parametrize(("name", "expected"), NAMED_AFTER_ALLELES.items())
def test_unit_files_give_the_alleles_they_are_named_after(
    genomics: Pharmacogenomics, data: Path, name: str, expected: str
) -> None:
    calls = genomics.from_vcf(data / "pharmcat_test_vcf" / f"{name}.vcf")
    assert expected in call_for(calls, name.split("/")[0].upper()).best


@pytest.mark.parametrize("name", sorted(str(path) for path in (Path(__file__).parents[2] / "data/pgx").rglob("*.vcf")))
def test_every_unit_file_is_read_and_says_how_much_of_each_gene(genomics: Pharmacogenomics, name: str) -> None:
    for call in genomics.from_vcf(Path(name)):
        assert call.positions_called + len(call.missing) == call.positions_total
        assert call.diplotypes or call.missing or call.undocumented or call.best == []


@pytest.mark.parametrize(
    "gene", ["CYP2C19", "CYP2C9", "TPMT", "NUDT15", "SLCO1B1", "DPYD", "UGT1A1", "CYP3A5", "CYP2B6"]
)
def test_a_missing_position_is_never_read_as_normal(
    genomics: Pharmacogenomics, tables: GenomicsTables, gene: str
) -> None:
    """Delete each position in turn from an all-reference patient: only what nothing could change may stay."""
    definition = tables.definition(gene)
    (whole,) = genomics.from_genotypes([], [], [gene])
    table = tables.phenotypes(gene)
    assert table is not None
    functions = {name: table.activities.get(name) or table.functions.get(name) for name in table.functions}
    normal = {functions.get(name) for name in whole.best[0].split("/")}
    for index, place in enumerate(definition.positions):
        (call,) = genomics.from_genotypes([], [place.name], [gene])
        assert place.name in call.missing
        alone = [
            allele.name
            for allele in definition.alleles
            if definition.varies_at(allele, index)
            and all(
                not definition.varies_at(allele, other)
                or definition.required(allele, other) & {definition.positions[other].ref}
                for other in range(len(definition.positions))
                if other != index
            )
        ]
        if any(functions.get(name) not in normal for name in alone):
            assert call.phenotype == "Indeterminate", (place.name, alone)
            assert place.name in call.separating


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

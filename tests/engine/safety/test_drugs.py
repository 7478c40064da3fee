"""The dictionary finds what people write, takes combinations apart, and never guesses."""

from __future__ import annotations

import csv
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.locations import resources
from engine.safety.drugs import DrugDictionary
from engine.safety.names import fold
from engine.safety.spellings import edits_between


def inns(dictionary: DrugDictionary, name: str) -> list[str]:
    return [drug.inn for drug in dictionary.find(name)]


@pytest.mark.parametrize(
    ("written", "inn"),
    [
        ("Amoxicillin 500 mg caps", "amoxicillin"),
        ("AMOXYCILLIN", "amoxicillin"),
        ("acetaminophen", "paracetamol"),
        ("albuterol inhaler 100 mcg", "salbutamol"),
        ("Warfarin sodium 5mg tab", "warfarin"),
        ("frusemide 40mg", "furosemide"),
        ("盐酸二甲双胍缓释片", "metformin"),
        ("华法林钠片", "warfarin"),
        ("注射用头孢曲松钠", "ceftriaxone"),
        ("阿莫西林胶囊", "amoxicillin"),
        ("Épinéphrine", "epinephrine"),
        ("adrenaline", "epinephrine"),
        ("Insulin (human)", "insulin (human)"),
        ("St John’s wort", "st john's wort"),
        ("Ventolin", "salbutamol"),
        ("sodium valproate", "valproic acid"),
        ("potassium chloride", "potassium"),
        ("metoprolol succinate XR 47.5 mg", "metoprolol"),
        ("Levothyroxine 100 µg", "levothyroxine"),
    ],
)
def test_a_written_name_is_read(dictionary: DrugDictionary, written: str, inn: str) -> None:
    assert inns(dictionary, written) == [inn]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("co-amoxiclav 625 mg", {"amoxicillin", "clavulanic acid"}),
        ("Amoxicillin (with clavulanic acid)", {"amoxicillin", "clavulanic acid"}),
        ("amoxicillin/clavulanic acid", {"amoxicillin", "clavulanic acid"}),
        ("复方新诺明", {"sulfamethoxazole", "trimethoprim"}),
        ("losartan + hydrochlorothiazide 50/12.5 mg", {"losartan", "hydrochlorothiazide"}),
        ("paracetamol and codeine", {"paracetamol", "codeine"}),
    ],
)
def test_a_combination_comes_apart(dictionary: DrugDictionary, written: str, parts: set[str]) -> None:
    assert set(inns(dictionary, written)) == parts


@pytest.mark.parametrize(
    "written", ["amoxicilin", "xyzol", "", "   ", "500 mg", "hydrochloride", "sodium", "losartan + xyzol"]
)
def test_what_is_not_known_for_sure_is_not_found(dictionary: DrugDictionary, written: str) -> None:
    assert inns(dictionary, written) == []


def test_a_misspelling_is_suggested_and_not_applied(dictionary: DrugDictionary) -> None:
    assert dictionary.find("amoxicilin") == ()
    assert "amoxicillin" in dictionary.suggest("amoxicilin")


def test_look_alikes_are_all_offered(dictionary: DrugDictionary) -> None:
    assert {"prednisone", "prednisolone"} <= set(
        dictionary.suggest("prednisolon", limit=10) + dictionary.suggest("prednison")
    )


@pytest.mark.parametrize("written", ["", "x"])
def test_nothing_is_suggested_for_next_to_nothing(dictionary: DrugDictionary, written: str) -> None:
    assert dictionary.suggest(written) == []


KNOWLEDGE = resources() / "knowledge"


def rows_of(name: str) -> list[dict[str, str]]:
    with (KNOWLEDGE / "drugs" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


DRUG_ROWS = rows_of("drugs.tsv")
UNNUMBERED = 48
"""Ingredients without a code of the FDA's list of substances: blood products, vaccines, plants, old insulins."""


def test_every_substance_of_the_french_index_is_found_by_its_inn_and_by_its_french_name(
    dictionary: DrugDictionary,
) -> None:
    index = json.loads((KNOWLEDGE / "ansm_2020/index-des-substances-20102020.json").read_text())
    inn_of = {french: row["inn"] for row in DRUG_ROWS for french in row["french"].split("|")}
    assert len(index) == 1084
    for substance in (row["substance"] for row in index):
        inn = inn_of[substance]
        assert inns(dictionary, inn) == [inn]
        assert inn in inns(dictionary, substance) or len(substance) <= 4, substance


def test_the_later_substances_that_the_mappings_of_the_thesaurus_name_are_known_too() -> None:
    assert sum(len(row["french"].split("|")) for row in DRUG_ROWS if row["french"]) >= 1210


def test_an_english_name_is_one_of_an_official_list_with_its_code() -> None:
    codes = [row["unii"] for row in DRUG_ROWS if row["unii"]]
    assert len(DRUG_ROWS) - len(codes) <= UNNUMBERED
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[0-9A-Z]{10}", code) for code in codes)


def test_no_name_belongs_to_two_drugs() -> None:
    owner: dict[str, str] = {}
    for row in DRUG_ROWS:
        for name in [row["inn"], *row["synonyms"].split("|"), *row["zh"].split("|")]:
            if name:
                assert owner.setdefault(name.lower(), row["inn"]) == row["inn"], name
    for table, column in (("combinations.tsv", "name"), ("brands.tsv", "brand")):
        for row in rows_of(table):
            assert row[column].lower() not in owner, row[column]


def test_every_brand_stands_for_its_ingredients(dictionary: DrugDictionary) -> None:
    for row in rows_of("brands.tsv"):
        assert set(inns(dictionary, row["brand"])) == set(row["parts"].split("|")), row["brand"]
        assert dictionary.is_product(row["brand"])


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Coartem 20/120", {"artemether", "lumefantrine"}),
        ("ANORO ELLIPTA", {"umeclidinium", "vilanterol"}),
        ("percocet 5/325", {"oxycodone", "paracetamol"}),
        ("Paxlovid", {"nirmatrelvir", "ritonavir"}),
        ("信必可", {"budesonide", "formoterol"}),
        ("心痛定 10mg", {"nifedipine"}),
        ("ＷＡＲＦＡＲＩＮ ５ｍｇ", {"warfarin"}),
        ("  Amoxicillin 500mg caps ", {"amoxicillin"}),
        ("clopidogrel bisulfate 75 mg", {"clopidogrel"}),
        ("paracétamol", {"paracetamol"}),
        ("Klexane 40 mg", {"enoxaparin"}),
        ("氯雷他定片10mg", {"loratadine"}),
        ("阿莫西林0.25g胶囊", {"amoxicillin"}),
        ("lisinopril-hctz", {"lisinopril", "hydrochlorothiazide"}),
        ("amlodipine-benazepril 5-20 mg", {"amlodipine", "benazepril"}),
        ("Tylenol PM", {"paracetamol", "diphenhydramine"}),
    ],
)
def test_brands_salts_and_forms_are_read(dictionary: DrugDictionary, written: str, parts: set[str]) -> None:
    assert set(inns(dictionary, written)) == parts


def test_look_alikes_are_never_read_as_each_other(dictionary: DrugDictionary) -> None:
    pairs = [(row["one"], row["other"]) for row in rows_of("look_alikes.tsv")]
    assert len(pairs) >= 220
    for one, other in pairs:
        assert inns(dictionary, one) == [one]
        assert inns(dictionary, other) == [other]
        assert other in dictionary.look_alikes(one)
        assert one in dictionary.look_alikes(other)


def test_a_pair_that_nobody_published_differs_by_two_letters_at_most() -> None:
    computed = [row for row in rows_of("look_alikes.tsv") if row["source"] == "two edits"]
    assert all(edits_between(row["one"], row["other"], 2) <= 2 for row in computed)


@pytest.mark.parametrize("drug", ["hydroxyzine", "hydralazine", "vinblastine", "prednisolone", "clomipramine"])
def test_a_misspelt_look_alike_offers_both(dictionary: DrugDictionary, drug: str) -> None:
    misspelt = drug[:3] + drug[4:]
    assert dictionary.find(misspelt) == ()
    assert {drug, *dictionary.look_alikes(drug)} <= set(dictionary.suggest(misspelt))


ONE_WORD = [row["inn"] for row in DRUG_ROWS if len(row["inn"]) > 6 and row["inn"].isalpha()]
WRITTEN = (
    {fold(name) for row in DRUG_ROWS for key in ("inn", "synonyms", "french") for name in row[key].split("|")}
    | {fold(row["brand"]) for row in rows_of("brands.tsv")}
    | {fold(name) for row in rows_of("combinations.tsv") for name in [row["name"], *row["synonyms"].split("|")]}
)


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(ONE_WORD), place=st.integers(0, 100), letter=st.sampled_from(["", *"aeiouxyz"]))
def test_a_misspelt_name_is_offered_and_never_applied(
    dictionary: DrugDictionary, name: str, place: int, letter: str
) -> None:
    place %= len(name)
    wrong = name[:place] + letter + name[place + 1 :]
    if wrong in WRITTEN:
        assert dictionary.find(wrong) != ()
        return
    assert dictionary.find(wrong) == ()
    assert name in dictionary.suggest(wrong, limit=20)


def test_every_ingredient_is_found_by_its_own_names(dictionary: DrugDictionary) -> None:
    for drug in dictionary:
        assert dictionary.find(drug.inn) == (drug,)
        assert dictionary.find(f"{drug.inn} 10 mg tablets")[0] == drug
        assert not drug.zh or dictionary.find(drug.zh) == (drug,)
        assert dictionary.drug(drug.inn) is drug


def test_its_length_is_the_number_of_different_ingredients(dictionary: DrugDictionary) -> None:
    assert len(dictionary) == len({drug.inn for drug in dictionary}) >= 1300


def test_mentions_in_mixed_text(dictionary: DrugDictionary) -> None:
    text = "Takes St John's wort and co-amoxiclav 625 mg, tea; 服用二甲双胍和阿司匹林。Aspirin too"
    found = dictionary.mentions(text)
    assert [text[m.start : m.end] for m in found] == [m.text for m in found]
    assert [m.text for m in found] == ["St John's wort", "co-amoxiclav", "二甲双胍", "阿司匹林", "Aspirin"]


def test_a_french_name_is_no_drug_in_an_english_text(dictionary: DrugDictionary) -> None:
    assert [mention.text for mention in dictionary.mentions("Denies warfarin or fer")] == ["warfarin"]


def test_no_mention_in_plain_text(dictionary: DrugDictionary) -> None:
    assert dictionary.mentions("Cough for two days, no fever. 咳嗽两天。") == []


@given(st.text(alphabet="abcd", max_size=7), st.text(alphabet="abcd", max_size=7))
def test_edits_are_symmetric_and_zero_only_for_equals(one: str, other: str) -> None:
    edits = edits_between(one, other, 20)
    assert edits == edits_between(other, one, 20)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


def test_neighbour_swaps_count_once_and_the_limit_cuts() -> None:
    assert edits_between("abcd", "abdc", 3) == 1
    assert edits_between("aaaa", "bbbb", 2) == 3


@pytest.mark.parametrize(
    ("written", "meant", "offered"),
    [
        ("ibuprofin", "ibuprofen", True),
        ("ibupr0fin", "ibuprofen", True),
        ("ibup00fin", "ibuprofen", False),
        ("morfine", "morphine", True),
        ("codin", "codeine", False),
        ("coden", "codeine", False),
        ("leed", "lead", False),
        ("ironn", "iron", True),
        ("irxnn", "iron", False),
        ("clarithromicin", "clarithromycin", True),
        ("clorithromicim", "clarithromycin", True),
        ("clorithromicimm", "clarithromycin", False),
        ("zn", "zinc", False),
    ],
)
def test_how_far_a_spelling_may_be(dictionary: DrugDictionary, written: str, meant: str, offered: bool) -> None:
    assert (meant in dictionary.suggest(written, limit=50)) is offered


def test_a_whole_name_goes_before_what_its_first_word_is_like(dictionary: DrugDictionary) -> None:
    assert dictionary.suggest("isosorbide dinitrat") == ["isosorbide dinitrate"]
    assert dictionary.suggest("warfarim blorbazine")[:1] == ["warfarin"]


def test_suggestions_are_few_and_nearest_first(dictionary: DrugDictionary) -> None:
    near = dictionary.suggest("prednisolon", limit=2)
    assert near[0] == "prednisolone"
    assert len(near) <= 2


def test_drug_names_in_a_row_are_all_found(dictionary: DrugDictionary) -> None:
    text = "aspirin warfarin isosorbide dinitrate digoxin 华法林阿司匹林"
    assert [m.text for m in dictionary.mentions(text)] == [
        "aspirin", "warfarin", "isosorbide dinitrate", "digoxin", "华法林", "阿司匹林",
    ]  # fmt: skip


def test_a_single_chinese_sign_is_no_mention(dictionary: DrugDictionary) -> None:
    assert dictionary.mentions("血钾、铁蛋白、锌") == []


def test_a_name_with_a_mistyped_dose_is_asked_about(dictionary: DrugDictionary) -> None:
    assert dictionary.find("Amoxicillin 1O mg") == ()
    assert dictionary.suggest("Amoxicillin 1O mg")[0] == "amoxicillin"
    assert dictionary.suggest("zzyzx 1O mg") == []

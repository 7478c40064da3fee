"""The dictionary finds what people write, takes combinations apart, and never guesses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.locations import resources
from engine.safety.drugs import DrugDictionary, edits_between


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


def test_every_substance_of_the_french_index_has_an_inn(dictionary: DrugDictionary) -> None:
    index = json.loads((resources() / "knowledge/ansm_2020/index-des-substances-20102020.json").read_text())
    rows = (resources() / "knowledge/drugs/drugs.tsv").read_text().splitlines()[1:]
    french = {name for row in rows for name in row.split("\t")[1].split("|")}
    assert {row["substance"] for row in index} <= french
    assert len(dictionary) >= 1400


def test_no_name_belongs_to_two_drugs() -> None:
    owner: dict[str, str] = {}
    for row in (resources() / "knowledge/drugs/drugs.tsv").read_text().splitlines()[1:]:
        inn, _, synonyms, zh, _ = row.split("\t")
        for name in [inn, *synonyms.split("|"), *zh.split("|")]:
            if name:
                assert owner.setdefault(name.lower(), inn) == inn, name


def test_every_ingredient_is_found_by_its_own_names(dictionary: DrugDictionary) -> None:
    for drug in dictionary:
        assert dictionary.find(drug.inn) == (drug,)
        assert dictionary.find(f"{drug.inn} 10 mg tablets")[0] == drug
        assert not drug.zh or dictionary.find(drug.zh) == (drug,)
        assert dictionary.drug(drug.inn) is drug


def test_mentions_in_mixed_text(dictionary: DrugDictionary) -> None:
    text = "Takes St John's wort and co-amoxiclav 625 mg, tea; 服用二甲双胍和阿司匹林。Aspirin too"
    found = dictionary.mentions(text)
    assert [text[m.start : m.end] for m in found] == [m.text for m in found]
    assert [m.text for m in found] == ["St John's wort", "co-amoxiclav", "二甲双胍", "阿司匹林", "Aspirin"]


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

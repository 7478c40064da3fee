"""What the rules read out of French statements, and that each has its words in both languages."""

from __future__ import annotations

import pytest

from engine.api import Bilingual, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety import mechanisms, wording

STATEMENTS = [
    ("risque de troubles du rythme ventriculaire (torsades de pointes)", ["torsades", "ventricular_rhythm"], "", False),
    ("risque hemorragique accru", ["bleeding"], "", False),
    ("diminution des concentrations plasmatiques, avec risque de moindre efficacite", [], "fall", True),
    ("augmentation des concentrations avec risque de rhabdomyolyse", ["rhabdomyolysis"], "rise", False),
    ("diminution de l'efficacite de l'opiace par inhibition de son metabolisme", ["less_pain_relief"], "", True),
    ("augmentation des effets indesirables, potentiellement fatale", ["side_effects", "fatal"], "", False),
    ("hyperkaliemie potentiellement letale", ["hyperkalaemia", "fatal"], "", False),
    ("maladie vaccinale generalisee, eventuellement mortelle", ["vaccine_disease", "fatal"], "", False),
    ("risque d'hypocalcemie severe", ["hypocalcaemia"], "", False),
    ("hypertension intracranienne", ["intracranial_pressure"], "", False),
    ("quadruplement", [], "", False),
]


@pytest.mark.parametrize(("french", "effects", "course", "loses"), STATEMENTS)
def test_statements_are_read(french: str, effects: list[str], course: str, loses: bool) -> None:
    assert mechanisms.effects(french) == effects
    assert mechanisms.course(french) == course
    assert mechanisms.loses_effect(french) is loses


def test_a_rise_and_a_fall_in_one_statement_is_no_course() -> None:
    assert mechanisms.course("diminution des concentrations de a et augmentation des concentrations de b") == ""


def test_the_drug_whose_level_changes_is_named_only_when_it_is_clear() -> None:
    names = {"simvastatine": "simvastatin", "digoxine": "digoxin"}
    assert (
        mechanisms.affected("augmentation des concentrations plasmatiques de la simvastatine", names) == "simvastatin"
    )
    assert mechanisms.affected("augmentation des concentrations de l'antivitamine k", names) == ""
    assert mechanisms.affected("risque hemorragique", names) == ""


def test_management_is_read() -> None:
    french = "surveillance clinique et ecg, controle de l'inr; prendre a distance; adaptation de la posologie"
    assert mechanisms.management(french) == ["ecg", "inr", "dose", "apart", "clinical"]
    assert mechanisms.management("rien") == []


def test_every_code_has_words_and_every_word_a_code(safety_index: KnowledgeIndex) -> None:
    rules = {code for code, _ in mechanisms.EFFECT_RULES} | {"fatal"}
    assert set(wording.EFFECTS) == rules
    asked = {code for code, _ in mechanisms.MANAGEMENT_RULES}
    assert set(wording.MANAGEMENT) | set(wording.ACTIONS) == asked
    used = {code for row in safety_index.json("safety.thesaurus")["statements"] for code in row["effects"]}
    assert used <= rules
    assert len(used) >= 35
    assert all(text.en and text.zh and text.en != text.zh for text in wording.EFFECTS.values())


def test_a_statement_without_a_code_is_told_plainly() -> None:
    text = wording.interaction(
        Severity.AVOID,
        Bilingual("A", "甲"),
        Bilingual("b", "乙"),
        Bilingual("the table", "该表"),
        codes=[],
        course="",
        risen=None,
        loses_effect=False,
        management=[],
    )
    instead = wording.INSTEAD[Severity.AVOID]
    assert text == Bilingual(
        f"A + b: avoid together. Listed so by the table. {instead.en}",
        f"甲＋乙：应避免合用。该表如此列出。{instead.zh}",
    )


def test_a_full_sentence_is_composed_in_order() -> None:
    text = wording.interaction(
        Severity.CONTRAINDICATED,
        Bilingual("A", "甲"),
        Bilingual("b", "乙"),
        Bilingual("the table", "该表"),
        codes=["bleeding"],
        course="fall",
        risen=Bilingual("b", "乙"),
        loses_effect=True,
        management=["inr", "dose", "clinical"],
    )
    assert text.en == (
        "A + b: contraindicated together. Higher risk of bleeding. The blood level of b falls. The treatment may fail. "
        "If they are given together, watch: INR, the patient closely. The dose may have to be changed."
    )
    zh = "甲＋乙：禁止合用。出血风险升高。乙的血药浓度降低。治疗可能失效。"
    assert text.zh == zh + "如需合用，应监测：INR、临床表现。可能需要调整剂量。"

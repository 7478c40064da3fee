"""Allergies against drugs: the same ingredient, and cross-reactivity by class or side chain, from sourced rules.

An allergy that no table can read is reported as incomplete, never passed over. Sources: each rule names its own record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from engine.api import Alert, Allergy, Bilingual, IncompleteCheck, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety import names
from engine.safety.alerts import INTERRUPTING, ORDER
from engine.safety.drugs import Drug, DrugDictionary

ENTRY = "safety.allergy"
SAME_DRUG = "allergy:same-drug"
SAME_DRUG_SOURCE = "allergy-record"
_NONE_KNOWN = frozenset(
    {
        "none",
        "no",
        "nil",
        "nka",
        "nkda",
        "no known allergies",
        "no known drug allergies",
        "无",
        "否认",
        "不详",
        "unknown",
    }
)


@dataclass(frozen=True, slots=True)
class AllergyClass:
    """Drugs that cross-react, and how people write the whole class."""

    name: Bilingual
    names: tuple[str, ...]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class CrossRule:
    """Who is allergic to `allergen` (a class) and is given a drug of class `drug`."""

    id: str
    allergen: str
    drug: str
    severity: Severity
    text: Bilingual
    source: str


@dataclass(frozen=True, slots=True)
class AllergyTable:
    edition: str
    classes: dict[str, AllergyClass]
    rules: tuple[CrossRule, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """An allergy as read: its ingredients and the classes it names or belongs to."""

    name: str
    inns: frozenset[str]
    classes: frozenset[str]


class Allergies:
    """Check drugs against recorded allergies. Raises KnowledgeDamaged when the table is missing."""

    def __init__(self, index: KnowledgeIndex, dictionary: DrugDictionary) -> None:
        self._table = msgspec.convert(index.json(ENTRY), AllergyTable)
        self._dictionary = dictionary
        self._class_of_name = {
            names.fold(name): key for key, group in self._table.classes.items() for name in group.names
        }

    def alerts(self, drugs: Sequence[Drug], allergies: Sequence[Allergy]) -> list[Alert]:
        """Return the worst alert for each drug and each allergy it meets."""
        known = [self._read(allergy) for allergy in allergies]
        found = (self._worst(drug, allergy) for drug in dict.fromkeys(drugs) for allergy in known if allergy)
        return [alert for alert in found if alert is not None]

    def incomplete(self, allergies: Sequence[Allergy]) -> list[IncompleteCheck]:
        """Return the allergies that name neither a drug nor a class of the tables."""
        unread = [allergy.name for allergy in allergies if self._read(allergy) is None and not _says_none(allergy)]
        return [_unreadable(name) for name in dict.fromkeys(unread)]

    def _read(self, allergy: Allergy) -> _Known | None:
        inns = frozenset(drug.inn for drug in self._dictionary.find(allergy.name))
        named = self._class_of_name.get(_without_allergy_words(allergy.name))
        classes = {key for key, group in self._table.classes.items() if inns & group.members}
        if not inns and named is None:
            return None
        return _Known(allergy.name, inns, frozenset(classes | ({named} if named else set())))

    def _worst(self, drug: Drug, allergy: _Known) -> Alert | None:
        if drug.inn in allergy.inns:
            text = Bilingual("Recorded as an allergy of this patient.", "该患者有此药过敏记录。")
            return self._alert(drug, allergy, SAME_DRUG, Severity.CONTRAINDICATED, text, SAME_DRUG_SOURCE)
        rules = [rule for rule in self._table.rules if self._applies(rule, drug, allergy)]
        if not rules:
            return None
        rule = min(rules, key=lambda rule: ORDER[rule.severity])
        return self._alert(drug, allergy, rule.id, rule.severity, rule.text, rule.source)

    def _applies(self, rule: CrossRule, drug: Drug, allergy: _Known) -> bool:
        return rule.allergen in allergy.classes and drug.inn in self._table.classes[rule.drug].members

    def _alert(self, drug: Drug, allergy: _Known, rule: str, severity: Severity, why: Bilingual, source: str) -> Alert:
        en = f"{drug.inn.capitalize()} in a patient allergic to {allergy.name}: {_HEADS[severity].en}. {why.en}"
        zh = f"患者对“{allergy.name}”过敏，使用{drug.name_zh()}：{_HEADS[severity].zh}。{why.zh}"
        return Alert(
            kind="allergy",
            severity=severity,
            interrupts=severity in INTERRUPTING,
            drugs=[drug.inn],
            rule_id=rule,
            text=en,
            source=source,
            edition=self._table.edition,
            display=Bilingual(en, zh),
        )


_HEADS = {
    Severity.CONTRAINDICATED: Bilingual("do not give", "禁用"),
    Severity.AVOID: Bilingual("avoid", "应避免使用"),
    Severity.CAUTION: Bilingual("with caution", "慎用"),
    Severity.NOTE: Bilingual("bear in mind", "应予注意"),
}


def _without_allergy_words(name: str) -> str:
    folded = names.fold(name)
    for word in (" allergy", " (class)", "过敏", " antibiotics", " group"):
        folded = folded.removesuffix(word)
    return folded.strip()


def _says_none(allergy: Allergy) -> bool:
    return names.fold(allergy.name) in _NONE_KNOWN


def _unreadable(name: str) -> IncompleteCheck:
    display = Bilingual(
        f"The allergy “{name}” is not in the drug tables; no drug was checked against it.",
        f"过敏原“{name}”不在药物表中，未据此核查任何药物。",
    )
    return IncompleteCheck(kind="allergy", drug=name, needs="known name", display=display)

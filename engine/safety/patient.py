"""Checks of a drug against the patient: kidney, liver, pregnancy, lactation, age and QT, from sourced rows.

A row fires only on what is known. What a row needs and the case does not hold is listed as incomplete; a patient for
whom no row of a kind exists (a pregnant woman and a drug without a pregnancy row) is listed as not covered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from engine.api import Alert, Bilingual, Case, IncompleteCheck, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety.alerts import INTERRUPTING
from engine.safety.drugs import Drug
from engine.safety.renal import KidneyFunction, kidney_function

ENTRY = "safety.patient"
Kind = Literal["renal", "hepatic", "pregnancy", "lactation", "paediatric", "elderly", "qt"]
CHILDBEARING_YEARS = (12, 55)
_LONG_QT = re.compile(r"\blong[- ]?qt|\bqt prolong|\btorsade|长\s*qt|qt\s*间期延长|尖端扭转", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """Conditions that must all hold. `renal_by` is what the source's limit counts; the other stands in when unknown."""

    renal_by: Literal["egfr", "clearance"] = "clearance"
    renal_below: float | None = None
    renal_at_least: float | None = None
    age_years_below: float | None = None
    age_years_at_least: float | None = None
    weight_kg_below: float | None = None
    pregnant: bool = False
    lactating: bool = False
    child_pugh: tuple[str, ...] = ()
    long_qt: bool = False


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One rule of one source about some drugs in some patients; `stated` is a part of the source's excerpt."""

    id: str
    kind: Kind
    drugs: frozenset[str]
    severity: Severity
    when: When
    text: Bilingual
    source: str
    stated: str


@dataclass(frozen=True, slots=True)
class PatientTable:
    edition: str
    rows: tuple[PatientRow, ...]


class PatientChecks:
    """Every patient row, by drug. Raises KnowledgeDamaged when the table is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._table = msgspec.convert(index.json(ENTRY), PatientTable)
        self._of: defaultdict[str, list[PatientRow]] = defaultdict(list)
        for row in self._table.rows:
            for inn in row.drugs:
                self._of[inn].append(row)

    def alerts(self, drugs: Iterable[Drug], case: Case) -> list[Alert]:
        """Return an alert for each row whose conditions are known to hold."""
        kidney = kidney_function(case)
        return [
            self._alert(row, drug, kidney)
            for drug in dict.fromkeys(drugs)
            for row in self._of.get(drug.inn, ())
            if self.holds(row.when, case, kidney)
        ]

    def incomplete(self, drugs: Iterable[Drug], case: Case) -> list[IncompleteCheck]:
        """Return what the rows of these drugs would need, and the kinds that no row covers for this patient."""
        found: list[IncompleteCheck] = []
        for drug in dict.fromkeys(drugs):
            rows = self._of.get(drug.inn, [])
            telling = [row for row in rows if row.severity is not Severity.NOTE]
            needed = {(row.kind, need) for row in telling for need in missing(row.when, case)}
            found += [_needs(kind, drug, need) for kind, need in sorted(needed)]
            covered = {row.kind for row in rows}
            found += [_uncovered(kind, drug) for kind in relevant(case) if kind not in covered]
        return found

    def is_open(self, drugs: Iterable[Drug], case: Case, has_sourced_dose: bool) -> bool:
        """Whether a severe row lacks an input, or no row exists for what is known of the patient.

        A missing paediatric row does not count where the dose comes from a sourced row for this age.
        """
        for drug in dict.fromkeys(drugs):
            rows = self._of.get(drug.inn, [])
            if any(row.severity in INTERRUPTING and missing(row.when, case) for row in rows):
                return True
            uncovered = set(relevant(case)) - {row.kind for row in rows}
            if uncovered - ({"paediatric"} if has_sourced_dose else set()):
                return True
        return False

    def kinds(self, inn: str) -> frozenset[Kind]:
        """Return the kinds of check that have a row about `inn`."""
        return frozenset(row.kind for row in self._of.get(inn, ()))

    @staticmethod
    def holds(when: When, case: Case, kidney: KidneyFunction) -> bool:
        """Whether every condition is known to hold; an unknown value never makes a row fire."""
        renal = kidney.by(when.renal_by)
        return (
            _below(renal, when.renal_below)
            and _at_least(renal, when.renal_at_least)
            and _below(case.age_years, when.age_years_below)
            and _at_least(case.age_years, when.age_years_at_least)
            and _below(case.weight_kg, when.weight_kg_below)
            and (not when.pregnant or case.pregnant is True)
            and (not when.lactating or case.lactating is True)
            and (not when.child_pugh or case.child_pugh in when.child_pugh)
            and (not when.long_qt or has_long_qt(case))
        )

    def _alert(self, row: PatientRow, drug: Drug, kidney: KidneyFunction) -> Alert:
        shown = row.kind == "renal" and kidney.working
        english, chinese = (f" ({kidney.working})", f"（{kidney.working_zh}）") if shown else ("", "")
        text = Bilingual(
            f"{drug.inn.capitalize()}: {row.text.en}{english}", f"{drug.name_zh()}：{row.text.zh}{chinese}"
        )
        return Alert(
            kind=row.kind,
            severity=row.severity,
            interrupts=row.severity in INTERRUPTING,
            drugs=[drug.inn],
            rule_id=row.id,
            text=text.en,
            source=row.source,
            edition=self._table.edition,
            display=text,
            quote=row.stated,
        )


def missing(when: When, case: Case) -> set[str]:
    """Return the inputs that a condition needs and the case does not hold; empty when the row is already ruled out."""
    if _ruled_out(when, case):
        return set()
    needs = {
        "kidney function": (when.renal_below or when.renal_at_least) and not kidney_function(case).is_known,
        "age": (when.age_years_below or when.age_years_at_least) and case.age_years is None,
        "weight": when.weight_kg_below and case.weight_kg is None,
        "pregnancy": when.pregnant and case.pregnant is None and may_be_pregnant(case),
        "lactation": when.lactating and case.lactating is None and may_be_pregnant(case),
    }
    return {need for need, open_ in needs.items() if open_}


def _ruled_out(when: When, case: Case) -> bool:
    return (
        (when.pregnant and case.pregnant is False)
        or (when.lactating and case.lactating is False)
        or (case.age_years is not None and not _below(case.age_years, when.age_years_below))
        or (case.age_years is not None and not _at_least(case.age_years, when.age_years_at_least))
    )


def may_be_pregnant(case: Case) -> bool:
    """Whether sex and age leave pregnancy possible; unknown sex or age does."""
    low, high = CHILDBEARING_YEARS
    return case.sex != "male" and (case.age_years is None or low <= case.age_years <= high)


def has_long_qt(case: Case) -> bool:
    """Whether the history names a long QT interval or torsades de pointes."""
    return any(_LONG_QT.search(f"{entry.name} {entry.code or ''}") for entry in case.history)


def relevant(case: Case) -> Sequence[Kind]:
    """Return the kinds of check that this patient needs because of what is recorded."""
    renal = kidney_function(case)
    kinds: list[Kind] = []
    if min(value for value in (renal.egfr, renal.clearance_ml_min, 1000.0) if value is not None) < 60:
        kinds.append("renal")
    if case.child_pugh is not None:
        kinds.append("hepatic")
    if case.pregnant:
        kinds.append("pregnancy")
    if case.lactating:
        kinds.append("lactation")
    if case.age_years is not None and case.age_years < 12:
        kinds.append("paediatric")
    return kinds


def _below(value: float | None, limit: float | None) -> bool:
    return limit is None or (value is not None and value < limit)


def _at_least(value: float | None, limit: float | None) -> bool:
    return limit is None or (value is not None and value >= limit)


_KINDS_ZH = {
    "renal": "肾功能",
    "hepatic": "肝功能",
    "pregnancy": "妊娠",
    "lactation": "哺乳",
    "paediatric": "儿童",
    "elderly": "老年",
    "qt": "QT间期",
}
_NEEDS_ZH = {
    "kidney function": "肾功能（肌酐或eGFR）",
    "age": "年龄",
    "weight": "体重",
    "pregnancy": "是否妊娠",
    "lactation": "是否哺乳",
}


def _needs(kind: Kind, drug: Drug, need: str) -> IncompleteCheck:
    display = Bilingual(
        f"{drug.inn.capitalize()}: the {kind} check needs {need}.",
        f"{drug.name_zh()}：{_KINDS_ZH[kind]}核查缺少{_NEEDS_ZH[need]}。",
    )
    return IncompleteCheck(kind=kind, drug=drug.inn, needs=need, display=display)


def _uncovered(kind: Kind, drug: Drug) -> IncompleteCheck:
    display = Bilingual(
        f"{drug.inn.capitalize()}: no {kind} row in the tables; look it up.",
        f"{drug.name_zh()}：表中无{_KINDS_ZH[kind]}相关条目，请另行查阅。",
    )
    return IncompleteCheck(kind=kind, drug=drug.inn, needs="table", display=display)

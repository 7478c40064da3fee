"""All checks on one case, and the verdict on one proposed drug. Tables decide; what was not checked is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.api import Alert, Bilingual, Case, CheckResult, IncompleteCheck, Medication, Regimen, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety.alerts import by_harm
from engine.safety.allergy import Allergies
from engine.safety.dose import Doses
from engine.safety.drugs import DrugDictionary
from engine.safety.duplicate import Duplicates
from engine.safety.genotype import NOT_GENOTYPED, GenotypeChecks, has_genotype
from engine.safety.genotype import SOURCE as GUIDELINES
from engine.safety.interactions import Interactions, SevereWords, Taken
from engine.safety.patient import PatientChecks
from engine.safety.prescribed import Prescribed, prescribed
from engine.safety.table_sources import TableSources

Decision = Literal["ok", "caution", "blocked", "not_checked"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one proposed drug. `incomplete` names the checks that could not be made."""

    verdict: Decision
    alerts: tuple[Alert, ...]
    incomplete: tuple[IncompleteCheck, ...]
    knowledge_rows: tuple[str, ...] = ()


class SafetyChecker:
    """Every safety table, opened once. Raises KnowledgeDamaged when one is missing: no table, no check."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self.dictionary = DrugDictionary(index)
        self._interactions = Interactions(index)
        self._allergies = Allergies(index, self.dictionary)
        self._patient = PatientChecks(index)
        self._doses = Doses(index)
        self._duplicates = Duplicates(index)
        self._sources = TableSources(index)
        self.genotype = GenotypeChecks(index, self.dictionary)

    def check(self, case: Case) -> CheckResult:
        """Return every alert on the patient's own medications, worst first, and what was not checked."""
        medications = [prescribed(medication, self.dictionary) for medication in case.medications]
        unknown = list(dict.fromkeys(item.name for item in medications if not item.drugs))
        alerts = self._alerts(case, medications)
        return CheckResult(
            alerts=alerts,
            not_checked=unknown,
            checks_incomplete=self._incomplete(case, medications),
            suggestions={name: near for name in unknown if (near := self.dictionary.suggest(name))},
            knowledge_rows=_rows(alerts),
            tables=self._sources.tables | (self._sources.named(GUIDELINES) if has_genotype(case) else {}),
            sources=self._sources.of(alerts),
            names={item.name: _named(item) for item in medications if item.drugs},
            genotypes=self.genotype.report([item.drug for item in _taken(medications)], case),
        )

    def verdict(self, case: Case, drug: str, regimen: Regimen | None) -> Verdict:
        """Return the decision about giving `drug` on top of what the patient takes."""
        proposal = prescribed(_as_medication(drug, regimen), self.dictionary, proposed=True)
        if not proposal.drugs:
            return Verdict("not_checked", (), (_unknown_name(drug, "drug"),))
        current = [prescribed(medication, self.dictionary) for medication in case.medications]
        everything = [*current, proposal]
        mine = {item.inn for item in proposal.drugs}
        alerts = tuple(alert for alert in self._alerts(case, everything) if mine & set(alert.drugs))
        unread = [_unknown_name(item.name, "interaction") for item in current if not item.drugs]
        incomplete = (*unread, *self._incomplete(case, everything, about=mine))
        has_sourced_dose = regimen is not None and regimen.amount is not None
        is_open = any(_is_open(item) for item in incomplete) or self._patient.is_open(
            proposal.drugs, case, has_sourced_dose
        )
        return Verdict(_decide(alerts, is_open), alerts, incomplete, tuple(_rows(alerts)))

    def coverage(self, drug: str) -> dict[str, frozenset[str]]:
        """Return the kinds of check that have a row about each ingredient of `drug`; empty for an unknown name."""
        return {item.inn: self._kinds(item.inn) for item in self.dictionary.find(drug)}

    def words_of_severe_statements(self) -> SevereWords:
        """Return how many severe interaction statements say what happens, and what to do."""
        return self._interactions.words_of_severe_statements()

    def _kinds(self, inn: str) -> frozenset[str]:
        kinds: set[str] = set(self._patient.kinds(inn))
        kinds |= {"interaction"} if self._interactions.covers(inn) else set()
        kinds |= {"dose"} if self._doses.covers(inn) else set()
        return frozenset(kinds)

    def _alerts(self, case: Case, medications: Sequence[Prescribed]) -> list[Alert]:
        taken = _taken(medications)
        drugs = [item.drug for item in taken]
        found = [
            *self._interactions.alerts(taken, case.age_years),
            *self._allergies.alerts(drugs, case.allergies),
            *self._patient.alerts(drugs, case),
            *self._doses.alerts(medications, case),
            *self._duplicates.alerts(medications),
            *self.genotype.alerts(drugs, case),
        ]
        return [
            replace(alert, display_drugs=[self.dictionary.drug(inn).shown() for inn in alert.drugs])
            for alert in by_harm(found)
        ]

    def _incomplete(
        self, case: Case, medications: Sequence[Prescribed], about: set[str] | None = None
    ) -> list[IncompleteCheck]:
        taken = _taken(medications)
        together = len({item.drug for item in taken}) > 1 or any(not item.drugs for item in medications)
        found = [
            *(self._interactions.incomplete(taken) if together else ()),
            *self._allergies.incomplete(case.allergies),
            *self._patient.incomplete([item.drug for item in taken], case),
            *self._doses.incomplete(medications, case),
            *self.genotype.incomplete([item.drug for item in taken], case),
        ]
        return [item for item in found if about is None or item.kind == "allergy" or self._is_about(item, about)]

    def _is_about(self, item: IncompleteCheck, drugs: set[str]) -> bool:
        """Whether an entry concerns `drugs`; a genotype that could not be read does where a guideline asks for one."""
        if item.kind == "genotype" and not item.drug:
            return any(self.genotype.concerns(inn) for inn in drugs)
        return item.drug in drugs


def _taken(medications: Sequence[Prescribed]) -> list[Taken]:
    """One entry for each ingredient; an ingredient in two medications stays twice only for the duplicate check."""
    unique: dict[str, Taken] = {}
    for medication in medications:
        for drug in medication.drugs:
            unique[drug.inn] = Taken(drug, medication)
    return list(unique.values())


def _as_medication(drug: str, regimen: Regimen | None) -> Medication:
    if regimen is None or regimen.amount is None:
        return Medication(name=drug)
    return Medication(
        name=drug, dose=regimen.amount, unit=regimen.unit, route=regimen.route, frequency=regimen.frequency
    )


def _is_open(item: IncompleteCheck) -> bool:
    """Whether a check of another drug, an allergy, the dose or a given genotype could not be made.

    Patient rows judge themselves; a genotype that nobody has asked for is no open check.
    """
    if item.kind == "genotype":
        return item.needs != NOT_GENOTYPED
    return item.kind in ("interaction", "allergy") or item.needs == "readable dose"


def _decide(alerts: Sequence[Alert], is_open: bool) -> Decision:
    """An interrupting alert blocks; a caution, or a check that matters and could not be made, is a caution."""
    if any(alert.interrupts for alert in alerts):
        return "blocked"
    return "caution" if is_open or any(alert.severity is Severity.CAUTION for alert in alerts) else "ok"


def _unknown_name(name: str, kind: str) -> IncompleteCheck:
    display = Bilingual(
        f"“{name}” is not in the drug dictionary; it was not checked.", f"药物词典中没有“{name}”，未作核查。"
    )
    return IncompleteCheck(kind=kind, drug=name, needs="known name", display=display)


def _rows(alerts: Sequence[Alert]) -> list[str]:
    return list(dict.fromkeys(f"{alert.rule_id}@{alert.edition}" for alert in alerts))


def _named(item: Prescribed) -> Bilingual:
    """Return a medication as it was written, in Chinese behind the Chinese names of its drugs."""
    chinese = "、".join(drug.zh for drug in item.drugs if drug.zh and drug.zh not in item.name)
    return Bilingual(item.name, f"{chinese}（{item.name}）" if chinese else item.name)

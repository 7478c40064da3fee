"""Sentinels: combinations whose alert must never fall silent, asked by the self-test on every machine.

A drug checker was silent for two years once, because a service behind it had closed; so the tables are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import Allergy, Case, Medication, Severity
from engine.safety.verdict import SafetyChecker, Verdict


@dataclass(frozen=True, slots=True)
class Sentinel:
    """Two drugs and the level of the alert they must give."""

    one: str
    other: str
    severity: Severity

    def __str__(self) -> str:
        return f"{self.one} + {self.other}: {self.severity}"


SENTINELS = (
    Sentinel("simvastatin", "clarithromycin", Severity.CONTRAINDICATED),
    Sentinel("colchicine", "clarithromycin", Severity.CONTRAINDICATED),
    Sentinel("methotrexate", "trimethoprim", Severity.CONTRAINDICATED),
    Sentinel("sildenafil", "glyceryl trinitrate", Severity.CONTRAINDICATED),
    Sentinel("phenelzine", "fluoxetine", Severity.CONTRAINDICATED),
    Sentinel("ergotamine", "ritonavir", Severity.CONTRAINDICATED),
    Sentinel("sacubitril-valsartan", "enalapril", Severity.CONTRAINDICATED),
    Sentinel("febuxostat", "azathioprine", Severity.CONTRAINDICATED),
    Sentinel("tizanidine", "ciprofloxacin", Severity.CONTRAINDICATED),
    Sentinel("amiodarone", "erythromycin", Severity.CONTRAINDICATED),
    Sentinel("atazanavir", "omeprazole", Severity.AVOID),
    Sentinel("warfarin", "ibuprofen", Severity.AVOID),
    Sentinel("amiodarone", "levofloxacin", Severity.AVOID),
    Sentinel("spironolactone", "ramipril", Severity.AVOID),
    Sentinel("lithium", "ibuprofen", Severity.AVOID),
    Sentinel("华法林", "布洛芬", Severity.AVOID),
    Sentinel("warfarin", "amiodarone", Severity.CAUTION),
    Sentinel("Paxlovid", "simvastatin", Severity.CONTRAINDICATED),
    Sentinel("finerenone", "clarithromycin", Severity.CONTRAINDICATED),
    Sentinel("clopidogrel", "omeprazole", Severity.AVOID),
    Sentinel("warfarin", "metronidazole", Severity.AVOID),
    Sentinel("morphine", "diazepam", Severity.AVOID),
    Sentinel("吗啡", "地西泮", Severity.AVOID),
    Sentinel("digoxin", "clarithromycin", Severity.CAUTION),
    Sentinel("warfarin", "fluoxetine", Severity.NOTE),
)
QUIET = (("paracetamol", "amoxicillin"), ("omeprazole", "salbutamol"), ("cetirizine", "amlodipine"))


def failures(checker: SafetyChecker) -> list[str]:
    """Return what went wrong in words for IT; empty when every sentinel holds."""
    silent = [f"{sentinel} is not given" for sentinel in SENTINELS if _worst(checker, sentinel) != sentinel.severity]
    loud = [f"{one} + {other} alerts without reason" for one, other in QUIET if _interactions(checker, one, other)]
    return [*silent, *loud, *_others(checker)]


def _worst(checker: SafetyChecker, sentinel: Sentinel) -> Severity | None:
    found = _interactions(checker, sentinel.one, sentinel.other)
    return found[0] if found else None


def _interactions(checker: SafetyChecker, one: str, other: str) -> list[Severity]:
    result = checker.check(Case(medications=[Medication(one), Medication(other)]))
    return [alert.severity for alert in result.alerts if alert.kind == "interaction"]


def _blocked_by_genotype(verdict: Verdict) -> bool:
    return any(alert.kind == "genotype" and alert.interrupts for alert in verdict.alerts)


def _others(checker: SafetyChecker) -> list[str]:
    allergic = checker.verdict(Case(allergies=[Allergy("penicillin")]), "amoxicillin", None)
    failing = checker.verdict(Case(age_years=70, sex="male", egfr_ml_min_1_73m2=20), "metformin", None)
    unknown = checker.verdict(Case(), "a drug that does not exist", None)
    poor = checker.verdict(Case(outside_calls={"CYP2D6": "*4/*4"}), "codeine", None)
    carrier = checker.verdict(Case(outside_calls={"HLA-B": "*57:01/*07:02"}), "abacavir", None)
    problems = {
        "amoxicillin is not blocked in penicillin allergy": allergic.verdict != "blocked",
        "metformin is not blocked at an eGFR of 20": failing.verdict != "blocked",
        "an unknown drug is not reported as not checked": unknown.verdict != "not_checked",
        "codeine is not blocked in a CYP2D6 poor metaboliser": not _blocked_by_genotype(poor),
        "abacavir is not blocked in a carrier of HLA-B*57:01": not _blocked_by_genotype(carrier),
    }
    return [text for text, is_wrong in problems.items() if is_wrong]

"""The only way from a clinic's case to the engine: de-identified, and in the engine's own words.

Left out entirely: name, birth date, address, phone, local number, file paths. The age is rounded so that with the
visit date it does not give the birthday away: whole years from two years on, whole months before, days below a month.
Every free text goes through `masking.mask`. Only findings that a clinician confirmed or denied go along, and the engine
is told to add none of its own from the text: the desktop has it read, as suggestions that the clinician decides on.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Literal, cast

import msgspec

from desktop.case.masking import mask
from desktop.case.record import (
    CaseFinding,
    CaseRecord,
    FindingState,
    FollowUpVisit,
    LabValue,
    OutcomeValue,
    VitalSigns,
)
from desktop.case.validate import age_of
from engine import api

CASE_ID = "case"
"""Every case goes by the same id: the engine has no use for ours."""

Mask = Callable[[str], str]


def to_engine_case(record: CaseRecord, *, vcf: str | None = None, images: tuple[str, ...] = ()) -> api.Case:
    """Return the engine's view of `record`. `vcf` and `images` are paths of copies already stripped of identity.

    Without `vcf` a recorded variant file appears by the name of its copy alone, which the engine cannot open.
    """

    def masked(text: str) -> str:
        return mask(text, record.patient)

    return api.Case(
        id=CASE_ID,
        date=record.visit_date or None,
        age_years=rounded_age(age_of(record)),
        sex=record.patient.sex.value,
        region=record.region,
        text=masked(record.text),
        findings=[_finding(finding, masked) for finding in record.findings if finding.state in _SAID],
        answers={question: _answer(value) for question, value in record.answers},
        vitals=_vitals(record.vitals),
        labs=[_lab(lab, masked) for lab in record.labs],
        history=[api.PastCondition(masked(row.name), row.code, row.since) for row in record.history],
        family_history=[
            api.FamilyCondition(masked(row.name), _optional(row.relation, masked)) for row in record.family_history
        ],
        lifestyle=_lifestyle(record, masked),
        travel=[masked(place) for place in record.travel],
        medications=[
            api.Medication(masked(drug.name), drug.dose, drug.unit, drug.route, drug.frequency, drug.since)
            for drug in record.medications
        ],
        allergies=[api.Allergy(masked(row.name), _optional(row.reaction, masked)) for row in record.allergies],
        weight_kg=record.weight_kg,
        height_cm=record.height_cm,
        creatinine_umol_l=record.creatinine_umol_l,
        egfr_ml_min_1_73m2=record.egfr_ml_min_1_73m2,
        child_pugh=cast(Literal["A", "B", "C"] | None, record.child_pugh),
        pregnant=record.pregnant,
        lactating=record.lactating,
        vcf=vcf or (variants_name(record.vcf_path) if record.vcf_path else None),
        image=list(images) or None,
        outside_calls={masked(gene): masked(called) for gene, called in record.outside_calls},
        follow_up=[_follow_up(visit, masked) for visit in record.follow_up],
        outcomes=[_outcome(value, masked) for value in record.outcomes],
        own_diagnosis=_optional(record.own_diagnosis, masked),
        scope=cast(Literal["auto", "common", "rare", "all"], record.scope),
        findings_confirmed=True,
    )


def case_hash(case: api.Case) -> str:
    """Return a fingerprint of what a result rests on; a result with another fingerprint than its case is stale.

    The clinician's own diagnosis is left out: it is compared with a result and does not change it.
    """
    variants = PurePath(case.vcf).name if case.vcf else None  # the same wherever its copy lies
    content = msgspec.json.encode(replace(case, own_diagnosis=None, vcf=variants), order="sorted")
    return hashlib.sha256(content).hexdigest()


def variants_name(vcf_path: str) -> str:
    """Return what the stripped copy of a variant file is called; it tells nothing of the file's own name."""
    return hashlib.sha256(vcf_path.encode()).hexdigest()[:16] + ".vcf"


def rounded_age(age_years: float | None) -> float | None:
    """Return the age rounded down as described above; the contract's limits are left to the engine to enforce."""
    if age_years is None or not math.isfinite(age_years):
        return None
    if age_years >= 2:
        return float(math.floor(age_years))
    months = math.floor(age_years * 12 + 1e-9)
    if months >= 1:
        return months / 12
    return math.floor(age_years * 365.25 + 1e-9) / 365.25


_SAID = frozenset({FindingState.CONFIRMED, FindingState.DENIED})


def _finding(finding: CaseFinding, masked: Mask) -> api.Finding:
    value = masked(finding.value) if isinstance(finding.value, str) else finding.value
    return api.Finding(finding.code, masked(finding.name_en), finding.state is FindingState.CONFIRMED, value,
                       finding.unit, finding.onset_days, finding.observed_at, finding.past)


def _answer(value: bool | int | float | str | tuple[str, ...] | None) -> api.Answer:
    return list(value) if isinstance(value, tuple) else value


def _vitals(vitals: VitalSigns) -> api.Vitals:
    consciousness: Any = vitals.consciousness
    return api.Vitals(vitals.temperature_c, vitals.heart_rate_bpm, vitals.respiratory_rate_bpm, vitals.systolic_mmhg,
                      vitals.diastolic_mmhg, vitals.spo2_percent, vitals.glucose_mmol_l, consciousness)


def _lab(lab: LabValue, masked: Mask) -> api.Lab:
    value = masked(lab.value) if isinstance(lab.value, str) else lab.value
    return api.Lab(masked(lab.name), value, lab.unit, lab.observed_at)


def _lifestyle(record: CaseRecord, masked: Mask) -> dict[str, Any]:
    lifestyle = record.lifestyle
    entered = {"smoking": lifestyle.smoking, "alcohol": lifestyle.alcohol, "activity": lifestyle.activity,
               "diet": lifestyle.diet, "occupation": lifestyle.occupation}
    return {name: masked(text) for name, text in entered.items() if text}


def _follow_up(visit: FollowUpVisit, masked: Mask) -> api.FollowUp:
    return api.FollowUp(visit.date, visit.course.value, _optional(visit.adherence, masked),
                        [masked(effect) for effect in visit.side_effects],
                        [_lab(lab, masked) for lab in visit.labs])


def _outcome(measured: OutcomeValue, masked: Mask) -> api.Measurement:
    value = masked(measured.value) if isinstance(measured.value, str) else measured.value
    return api.Measurement(measured.code, value, measured.unit, measured.date or None)


def _optional(text: str | None, masked: Mask) -> str | None:
    return None if text is None else masked(text)

"""The whole case object as the clinic keeps it: frozen, with units in every name and a UUID for every thing.

Unlike `engine.api.Case` it knows who the patient is; `mapping.py` is the only way from here to the engine. Missing is
`None` or an empty tuple and means unknown, never normal. A change makes a new revision; nothing is overwritten.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", str)
PatientId = NewType("PatientId", str)
UserId = NewType("UserId", str)
ResultId = NewType("ResultId", str)
ItemId = NewType("ItemId", str)


def new_uuid() -> str:
    """Return a fresh random UUID as text, the only kind of identifier in the case file."""
    return str(uuid.uuid4())


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a named user may do: only a clinician or clinical lead signs, only IT and leads manage users and models."""

    CLINICIAN = "clinician"
    NURSE = "nurse"
    CLINICAL_LEAD = "clinical_lead"
    IT = "it"


class FindingOrigin(StrEnum):
    """Where a finding came from: typed into the form, read from the text, answered in an interview, or a vital sign."""

    FORM = "form"
    TEXT = "text"
    INTERVIEW = "interview"
    MEASURED = "measured"


class FindingState(StrEnum):
    """`suggested` is read from the text and waits for the clinician; only confirmed and denied reach the tables."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    REJECTED = "rejected"


class Course(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the patient is. None of this ever reaches the engine."""

    id: PatientId = field(default_factory=lambda: PatientId(new_uuid()))
    name: str = ""
    birth_date: str | None = None
    """ISO date."""
    sex: Sex = Sex.UNKNOWN
    local_number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding as a chip: its code, how it reads in both languages, and the span of the text it came from."""

    code: str
    name_en: str
    name_zh: str
    state: FindingState
    origin: FindingOrigin
    value: str | float | None = None
    unit: str | None = None
    start: int | None = None
    end: int | None = None
    onset_days: float | None = None
    observed_at: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))
    negated: bool = False
    """How the text puts it; while the state is `suggested`, confirming a negated finding makes it denied."""
    past: bool = False
    """Over by now, as the text puts it; the name says so too."""


@dataclass(frozen=True, slots=True)
class VitalSigns:
    temperature_c: float | None = None
    heart_rate_bpm: float | None = None
    respiratory_rate_bpm: float | None = None
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    spo2_percent: float | None = None
    glucose_mmol_l: float | None = None
    consciousness: str | None = None
    observed_at: str | None = None


@dataclass(frozen=True, slots=True)
class LabValue:
    name: str
    value: float | str
    unit: str | None = None
    observed_at: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class PastIllness:
    name: str
    code: str | None = None
    since: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class FamilyIllness:
    name: str
    relation: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class Lifestyle:
    smoking: str | None = None
    alcohol: str | None = None
    activity: str | None = None
    diet: str | None = None
    occupation: str | None = None


@dataclass(frozen=True, slots=True)
class DrugTaken:
    name: str
    dose: float | None = None
    unit: str | None = None
    route: str | None = None
    frequency: str | None = None
    since: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class DrugAllergy:
    name: str
    reaction: str | None = None
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class FollowUpVisit:
    date: str
    course: Course
    adherence: str | None = None
    side_effects: tuple[str, ...] = ()
    labs: tuple[LabValue, ...] = ()
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class OutcomeValue:
    """What was measured on one day to see whether the treatment works. Its names are kept for a day without a plan."""

    date: str
    code: str
    value: float | str
    unit: str | None = None
    name_en: str = ""
    name_zh: str = ""
    id: ItemId = field(default_factory=lambda: ItemId(new_uuid()))


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One visit's case. `revision` counts from 1; `visit_date` is an ISO date; ages are given in years.

    `age_years` is what was entered when no birth date is known; with a birth date, `validate.age_at` works it out.
    """

    id: CaseId = field(default_factory=lambda: CaseId(new_uuid()))
    revision: int = 0
    patient: Patient = field(default_factory=Patient)
    visit_date: str = ""
    age_years: float | None = None
    region: str | None = None
    text: str = ""
    findings: tuple[CaseFinding, ...] = ()
    answers: tuple[tuple[str, bool | int | float | str | tuple[str, ...] | None], ...] = ()
    vitals: VitalSigns = field(default_factory=VitalSigns)
    labs: tuple[LabValue, ...] = ()
    history: tuple[PastIllness, ...] = ()
    family_history: tuple[FamilyIllness, ...] = ()
    lifestyle: Lifestyle = field(default_factory=Lifestyle)
    travel: tuple[str, ...] = ()
    medications: tuple[DrugTaken, ...] = ()
    allergies: tuple[DrugAllergy, ...] = ()
    no_known_allergies: bool = False
    """Asked and denied; an empty list alone means nobody has asked."""
    weight_kg: float | None = None
    height_cm: float | None = None
    creatinine_umol_l: float | None = None
    egfr_ml_min_1_73m2: float | None = None
    child_pugh: str | None = None
    pregnant: bool | None = None
    lactating: bool | None = None
    vcf_path: str | None = None
    image_paths: tuple[str, ...] = ()
    outside_calls: tuple[tuple[str, str], ...] = ()
    follow_up: tuple[FollowUpVisit, ...] = ()
    outcomes: tuple[OutcomeValue, ...] = ()
    own_diagnosis: str | None = None
    scope: str = "auto"
    emergency: bool = False

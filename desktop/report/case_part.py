"""The report's part on the patient and the case: everything the record holds, and what was not asked."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.case.record import CaseFinding, CaseRecord, DrugTaken, FindingState, LabValue, VitalSigns
from desktop.case.suggestions import Chip, chips
from desktop.report import report_words as words
from desktop.report.blocks import Block, Facts, Heading, Text
from desktop.words import CASE_FIELDS, CONSCIOUSNESS, SEXES, Language, pick, sentence_case, word

Answer = bool | int | float | str | tuple[str, ...] | None

SHORT_CHARS = 24
"""Values up to this length stand one after the other in a line, behind the long ones."""
_VITALS = (
    ("temperature_c", "°C"), ("heart_rate_bpm", "/min"), ("respiratory_rate_bpm", "/min"), ("systolic_mmhg", "mmHg"),
    ("diastolic_mmhg", "mmHg"), ("spo2_percent", "%"), ("glucose_mmol_l", "mmol/L"),
)
_BODY = (("weight_kg", "kg"), ("height_cm", "cm"), ("creatinine_umol_l", "µmol/L"),
         ("egfr_ml_min_1_73m2", "mL/min/1.73 m²"), ("child_pugh", ""))


def case_blocks(record: CaseRecord, language: Language) -> tuple[Block, ...]:
    """Return who the patient is and what was recorded, in the order of the Case screen."""
    blocks: list[Block] = [Heading(pick(words.PATIENT, language)), _patient(record, language),
                           Heading(pick(words.CASE, language))]
    if record.text:
        blocks.append(Text(record.text))
    facts = tuple(_facts(record, language))
    blocks.append(Facts(tuple(fact for fact in facts if len(fact[1]) > SHORT_CHARS)))
    blocks.append(Facts(tuple(fact for fact in facts if len(fact[1]) <= SHORT_CHARS), in_line=True))
    return tuple(blocks)


def _patient(record: CaseRecord, language: Language) -> Facts:
    patient = record.patient
    missing = pick(words.NOT_RECORDED, language)
    age = pick(words.YEARS, language).format(n=f"{record.age_years:g}") if record.age_years is not None else missing
    pairs = [(words.NAME, patient.name or missing), (words.NUMBER, patient.local_number or missing),
             (words.BORN, patient.birth_date or missing), (words.AGE, age),
             (words.SEX, word(SEXES, patient.sex, language)), (words.VISIT, record.visit_date or missing)]
    reached = ((words.ADDRESS, patient.address), (words.PHONE, patient.phone))
    pairs += [(name, value) for name, value in reached if value]
    return Facts(tuple((pick(name, language), value) for name, value in pairs), in_line=True)


def _facts(record: CaseRecord, language: Language) -> Iterable[tuple[str, str]]:
    missing = pick(words.NOT_RECORDED, language)
    for heading, state in ((words.PRESENT, FindingState.CONFIRMED), (words.DENIED, FindingState.DENIED),
                           (words.UNCONFIRMED, FindingState.SUGGESTED)):
        names = _once(_chip(chip, language) for chip in chips(record.findings) if chip.state is state)
        if names:
            yield pick(heading, language), "; ".join(names)
    yield word(CASE_FIELDS, "vitals", language), _vitals(record.vitals, language) or missing
    for field, unit in _BODY:
        value = getattr(record, field)
        if value is not None:
            yield word(CASE_FIELDS, field, language), _with_unit(value, unit)
    yield from _people(record, language)
    yield pick(words.DRUGS, language), "; ".join(_drug(drug) for drug in record.medications) or missing
    yield pick(words.ALLERGIES, language), _allergies(record, language)
    yield from _lists(record, language)


def _once(names: Iterable[str]) -> list[str]:
    """Return each name once: two vocabularies may know the same finding under the same name."""
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(name.casefold(), name)
    return list(once.values())


def _people(record: CaseRecord, language: Language) -> Iterable[tuple[str, str]]:
    for heading, state in ((words.PREGNANT, record.pregnant), (words.LACTATING, record.lactating)):
        if state is not None:
            yield pick(heading, language), pick(words.YES if state else words.NO, language)


def _lists(record: CaseRecord, language: Language) -> Iterable[tuple[str, str]]:
    lifestyle = record.lifestyle
    habits = (lifestyle.smoking, lifestyle.alcohol, lifestyle.activity, lifestyle.diet, lifestyle.occupation)
    visits = [f"{visit.date}: {pick(words.COURSES[visit.course], language)}"
              + "".join(f", {part}" for part in (visit.adherence, *visit.side_effects) if part)
              for visit in record.follow_up]
    lists = (
        (words.LABS, [_lab(lab) for lab in record.labs]),
        (words.PAST, [" ".join(part for part in (past.name, past.since) if part) for past in record.history]),
        (words.FAMILY, [f"{entry.name} ({entry.relation})" if entry.relation else entry.name
                        for entry in record.family_history]),
        (words.LIFESTYLE, [habit for habit in habits if habit]),
        (words.TRAVEL, list(record.travel)),
        (words.ANSWERS, [f"{code}: {_answer(value, language)}" for code, value in record.answers]),
        (words.FOLLOW_UPS, visits),
    )
    for heading, entries in lists:
        if entries:
            yield pick(heading, language), "; ".join(entries)


def _chip(chip: Chip, language: Language) -> str:
    """Return one chip as it stands on the screen; one that was only read as absent says so."""
    text = _finding(chip.findings[0], language)
    unsure = chip.state is FindingState.SUGGESTED and chip.is_negated
    return pick(words.ABSENT, language).format(finding=text) if unsure else text


def _finding(finding: CaseFinding, language: Language) -> str:
    name = sentence_case(finding.name_zh if language == "zh" else finding.name_en)
    if finding.value is None:
        return name
    return f"{name} {_with_unit(finding.value, finding.unit or '')}"


def _vitals(vitals: VitalSigns, language: Language) -> str:
    measured = [f"{word(CASE_FIELDS, field, language)} {_with_unit(getattr(vitals, field), unit)}"
                for field, unit in _VITALS if getattr(vitals, field) is not None]
    if vitals.consciousness:
        measured.append(f"{word(CASE_FIELDS, 'consciousness', language)}: "
                        f"{word(CONSCIOUSNESS, vitals.consciousness, language)}")
    return "; ".join(measured)


def _lab(lab: LabValue) -> str:
    text = f"{lab.name} {_with_unit(lab.value, lab.unit or '')}"
    return f"{text} ({lab.observed_at})" if lab.observed_at else text


def _drug(drug: DrugTaken) -> str:
    dose = _with_unit(drug.dose, drug.unit or "") if drug.dose is not None else ""
    return " ".join(part for part in (drug.name, dose, drug.route, drug.frequency) if part)


def _allergies(record: CaseRecord, language: Language) -> str:
    if record.allergies:
        return "; ".join(f"{entry.name} ({entry.reaction})" if entry.reaction else entry.name
                         for entry in record.allergies)
    return pick(words.NONE_KNOWN if record.no_known_allergies else words.NOT_RECORDED, language)


def _answer(value: Answer, language: Language) -> str:
    if value is None:
        return pick(words.UNKNOWN, language)
    if isinstance(value, bool):
        return pick(words.YES if value else words.NO, language)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _with_unit(value: float | str, unit: str) -> str:
    number = f"{value:g}" if isinstance(value, int | float) else value
    return f"{number} {unit}".strip()



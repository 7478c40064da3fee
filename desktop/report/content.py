"""Builds the printed report as frozen blocks from what is known about one consultation; pure, without Qt.

Nothing is shortened: what a record holds is printed, and what is left out by rule (a sentence without a source that
nobody adopted) is counted on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.case.record import CaseRecord
from desktop.report import report_words as words
from desktop.report.blocks import Block, Report, Text, Tone
from desktop.report.case_part import case_blocks
from desktop.report.decisions import Decisions, Signature
from desktop.report.diagnosis_part import diagnosis_blocks
from desktop.report.genotype_part import genotype_blocks
from desktop.report.plan_part import plan_blocks
from desktop.words import NOT_A_DECISION, PERCENTAGES, ROLES, Language, pick, readable_time, word
from engine.api import Differential, Plan, Versions


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What the report is made from. Times are local ISO times; what is None has not happened."""

    record: CaseRecord
    versions: Versions
    printed_at: str
    differential: Differential | None = None
    plan: Plan | None = None
    own_diagnosis: str | None = None
    decisions: Decisions = field(default_factory=Decisions)
    signature: Signature | None = None
    stale: bool = False


def build_report(given: ReportInput, language: Language) -> Report:
    """Return the report of a consultation in `language`. Without a signature every page carries the draft mark."""
    signature = given.signature
    return Report(
        language=language,
        title=pick(words.TITLE, language),
        header=_header(given.record, language),
        footer=_footer(given, language),
        draft_mark="" if signature is not None else pick(words.DRAFT, language),
        page_word=pick(words.PAGE, language),
        blocks=(*_standing(given, language), *_body(given, language)),
    )


def _body(given: ReportInput, language: Language) -> tuple[Block, ...]:
    plan = given.plan
    return (
        *case_blocks(given.record, language),
        *diagnosis_blocks(given.differential, given.own_diagnosis, language),
        *(plan_blocks(plan, given.decisions, language) if plan is not None else ()),
        *genotype_blocks(plan.check.genotypes if plan is not None else None, language),
    )


def _standing(given: ReportInput, language: Language) -> tuple[Block, ...]:
    lines: list[Block] = [_signed_line(given.signature, language)]
    lines.append(Text(f"{pick(NOT_A_DECISION, language)}; {pick(PERCENTAGES, language)}", bold=True))
    if given.stale:
        lines.append(Text(pick(words.STALE, language), Tone.DANGER, bold=True))
    return tuple(lines)


def _signed_line(signature: Signature | None, language: Language) -> Text:
    if signature is None:
        return Text(pick(words.DRAFT_LINE, language), Tone.DANGER, bold=True)
    return Text(pick(words.SIGNED, language).format(
        name=signature.name, role=word(ROLES, signature.role, language), time=readable_time(signature.signed_at)),
        bold=True)


def _header(record: CaseRecord, language: Language) -> str:
    patient = record.patient
    name = patient.name or pick(words.NOT_RECORDED, language)
    parts = (name, patient.local_number, patient.birth_date or "", record.visit_date)
    return " · ".join(part for part in parts if part)


def _footer(given: ReportInput, language: Language) -> str:
    versions = given.versions
    models = ", ".join(f"{name} {version}" for name, version in versions.models.items())
    made_by = pick(words.VERSIONS, language).format(
        lantern=versions.lantern, knowledge=versions.knowledge, models=models or pick(words.NO_MODELS, language))
    printed = pick(words.PRINTED, language).format(time=readable_time(given.printed_at))
    return f"{pick(NOT_A_DECISION, language)} · {made_by} · {printed}"

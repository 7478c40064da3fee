"""The sheet a patient takes home: plain words, only what the clinician chose, doses from fields and never translated.

What it says comes from the plan's table rows and the clinician's own words; nothing that a model wrote gets on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from desktop.case.record import CaseRecord
from desktop.report import handout_words as words
from desktop.report import report_words
from desktop.report.blocks import Block, Bullets, Heading, Report, Text, Tone
from desktop.report.decisions import Decisions, NumberedSentence, Signature, number_sentences
from desktop.words import Language, pick, readable_time, regimen_text, shown
from engine.api import Plan, TreatmentOption

DOSE_RANGE = re.compile(r"\d\s*[-–]\s*\d[\d.]*\s*(?:mg|g|mcg|micrograms?|units?|mL|ml)\b")
"""A dose from one amount to another, which no patient can take as it stands: "10-80 mg"."""


@dataclass(frozen=True, slots=True)
class HandoutInput:
    """`chosen` are the `row` ids of the options that the patient is to get; times are local ISO times."""

    record: CaseRecord
    plan: Plan
    chosen: tuple[str, ...]
    printed_at: str
    decisions: Decisions = field(default_factory=Decisions)
    signature: Signature | None = None


def may_be_handed_out(option: TreatmentOption) -> bool:
    """Whether an option may stand on the sheet: nothing blocked, and nothing that is no treatment."""
    return option.verdict != "blocked" and option.kind != "none"


def build_handout(given: HandoutInput, language: Language) -> Report:
    """Return the sheet in `language`. Without a signature every page carries the draft mark."""
    record, plan = given.record, given.plan
    name = record.patient.name or pick(report_words.NOT_RECORDED, language)
    signature = given.signature
    made = pick(report_words.PRINTED, language).format(time=readable_time(given.printed_at))
    by = pick(report_words.SIGNED, language).format(
        name=signature.name, role="", time=readable_time(signature.signed_at)).replace(" ()", "").replace("（）", "") \
        if signature is not None else pick(report_words.DRAFT_LINE, language)
    return Report(
        language=language,
        title=pick(words.TITLE, language).format(name=name),
        header=" · ".join(part for part in (name, record.visit_date) if part),
        footer=f"{by} · {made} · {pick(words.ASK, language)}",
        draft_mark="" if signature is not None else pick(report_words.DRAFT, language),
        page_word=pick(report_words.PAGE, language),
        blocks=(*_diagnosis(plan, language), *_treatment(given, language), *_advice(given, language)),
        large=True,
    )


def _diagnosis(plan: Plan, language: Language) -> list[Block]:
    return [Heading(pick(words.FOUND, language)), Text(pick(plan.display_diagnosis, language), bold=True)]


def _treatment(given: HandoutInput, language: Language) -> list[Block]:
    chosen = [option for option in given.plan.options if option.row in given.chosen and may_be_handed_out(option)]
    if not chosen:
        return []
    blocks: list[Block] = [Heading(pick(words.TREATMENT, language))]
    for option in chosen:
        blocks += [Text(shown(option.display, option.name, language), bold=True), *_instructions(option, language)]
    return blocks


def _instructions(option: TreatmentOption, language: Language) -> list[Block]:
    regimen = option.regimen
    lines: list[Text] = []
    if regimen is not None:
        lines.append(Text(pick(words.TAKE, language).format(dose=regimen_text(regimen, language)), bold=True))
        if DOSE_RANGE.search(regimen.text):
            lines.append(Text(pick(words.WITHIN_RANGE, language)))
        if regimen.maximum:
            lines.append(Text(pick(words.NOT_MORE, language).format(maximum=regimen.maximum)))
    elif option.kind == "drug":
        lines.append(Text(pick(words.DOSE_BY_HAND, language)))
    harm = shown(option.display_harm, option.harm, language)
    stop = shown(option.display_stop, option.stop, language)
    if harm:
        lines.append(Text(pick(words.MAY_HAPPEN, language).format(text=harm)))
    if stop:
        lines.append(Text(stop))
    return [Bullets(tuple(lines))] if lines else []


def _advice(given: HandoutInput, language: Language) -> list[Block]:
    numbered = number_sentences(given.plan)
    blocks: list[Block] = []
    for heading, sections, tone in (
        (words.DANGER, ("safety_net",), Tone.DANGER), (words.YOU_CAN, ("lifestyle", "rehabilitation"), Tone.NORMAL),
        (words.NEXT, ("follow_up",), Tone.NORMAL),
    ):
        lines = [_line(entry, given.decisions, language, tone) for entry in numbered if entry.section in sections]
        kept = tuple(line for line in lines if line is not None)
        if kept:
            blocks += [Heading(pick(heading, language)), Bullets(kept)]
    return blocks


def _line(entry: NumberedSentence, decisions: Decisions, language: Language, tone: Tone) -> Text | None:
    """Return a sentence of the tables, or what the clinician put in its place; nothing without a source."""
    own = decisions.words_for(entry.number)
    text = shown(entry.sentence.display, entry.sentence.text, language)
    if own is not None:
        return Text(own.text or text, tone)
    if entry.sentence.status != "supported" or entry.sentence.written_by != "table":
        return None
    return Text(text, tone)

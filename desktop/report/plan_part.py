"""The report's part on the plan: options with their verdicts, sentences, alerts, changes and every source."""

from __future__ import annotations

from desktop.outcome_words import outcome_line
from desktop.report import report_words as words
from desktop.report.blocks import Block, Bullets, Heading, Table, Text, Tone
from desktop.report.decisions import GROUP_ORDER, Decisions, NumberedSentence, number_sentences
from desktop.words import (
    ALERT_KINDS,
    CHANGE_KINDS,
    CHANGE_SIGNS,
    COST_LEVELS,
    OPTION_KINDS,
    OVERRIDE_REASONS,
    REVIEWED,
    SECTIONS,
    SEVERITIES,
    SEVERITY_SIGNS,
    STOP,
    UNREVIEWED,
    VERDICT_SIGNS,
    VERDICTS,
    Language,
    alert_drugs,
    change_text,
    incomplete_lines,
    passage_source,
    pick,
    regimen_text,
    shown,
    source_marks,
    source_name,
    word,
)
from engine.api import Alert, Bilingual, Plan, Severity, SourceRecord, TreatmentOption


def plan_blocks(plan: Plan, decisions: Decisions, language: Language) -> tuple[Block, ...]:
    """Return the plan as it would be signed: adopted sentences in, the other unsupported ones out and counted."""
    title = pick(words.PLAN, language).format(diagnosis=pick(plan.display_diagnosis, language))
    blocks: list[Block] = [Heading(title)]
    if plan.covered:
        blocks += [_options(plan, language), *_formula(plan, language), *_sentences(plan, decisions, language)]
        blocks += _passages(plan, words.OWN_REFERENCE, language)
    else:
        blocks += _uncovered(plan, language)
    if plan.notes:
        notes = Bullets(tuple(Text(pick(note, language)) for note in plan.notes))
        blocks += [Heading(pick(words.NOTES, language)), notes]
    blocks += [*_safety(plan, decisions, language), *_changes(plan, language), *_sources(plan, language)]
    return tuple(blocks)


def _uncovered(plan: Plan, language: Language) -> list[Block]:
    return [Text(pick(words.UNCOVERED, language), bold=True), *_passages(plan, words.REFERENCE, language)]


def _passages(plan: Plan, heading: Bilingual, language: Language) -> list[Block]:
    """Return quoted passages, each with its mark, title, page and offset."""
    passages = tuple(
        Text(f"{shown(passage.display, passage.text, language)} {source_marks(plan.sources, passage.sources)} "
             f"({passage_source(passage, plan.sources, language)})")
        for passage in plan.reference)
    return [Heading(pick(heading, language)), Bullets(passages)] if passages else []


def _options(plan: Plan, language: Language) -> Table:
    header = tuple(pick(name, language) for name in (words.CONSIDER, words.VERDICT, words.EXPECT, words.SOURCES))
    rows = tuple(_option_row(option, plan.sources, language) for option in plan.options)
    return Table(("", *header), rows, (4, 27, 34, 26, 9))


def _formula(plan: Plan, language: Language) -> list[Block]:
    """Return how the table was ranked, and what to measure at the next visits."""
    blocks: list[Block] = []
    if plan.utility_formula is not None:
        blocks.append(Text(pick(plan.utility_formula, language), Tone.MUTED))
    if any(outcome.values or outcome.goal for outcome in plan.outcomes):
        blocks.append(Text(pick(words.MEASURED, language)))
        blocks.append(Bullets(tuple(Text(outcome_line(outcome, language)) for outcome in plan.outcomes)))
    elif plan.outcome_measures:
        measures = "; ".join(pick(measure, language) for measure in plan.outcome_measures)
        blocks.append(Text(pick(words.MEASURE, language).format(measures=measures)))
    return blocks


def _option_row(option: TreatmentOption, sources: dict[str, SourceRecord],
                language: Language) -> tuple[tuple[Text, ...], ...]:
    blocked = option.verdict == "blocked"
    tone = Tone.DANGER if blocked else Tone.NORMAL
    verdict = f"{VERDICT_SIGNS[option.verdict]} {word(VERDICTS, option.verdict, language)}"
    reasons = [pick(reason, language) for reason in option.display_reasons] or option.reasons
    effects = (
        (words.WITHOUT if option.kind == "none" else words.BENEFIT,
         shown(option.display_benefit, option.benefit, language)),
        (words.HARM, shown(option.display_harm, option.harm, language)),
        (words.MONITORING, shown(option.display_monitoring, option.monitoring, language)),
        (STOP, shown(option.display_stop, option.stop, language)),
    )
    return (
        (Text(str(option.rank)),),
        _option_name(option, language, struck=blocked),
        (Text(verdict, tone, bold=True), *(Text(reason) for reason in reasons)),
        tuple(Text(pick(label, language).format(text=text)) for label, text in effects if text),
        (Text(source_marks(sources, option.sources)),),
    )


def _option_name(option: TreatmentOption, language: Language, *, struck: bool) -> tuple[Text, ...]:
    lines = [Text(shown(option.display, option.name, language), bold=True, struck=struck)]
    regimen = option.regimen
    if regimen is not None:
        lines.append(Text(regimen_text(regimen, language), struck=struck))
        if regimen.maximum:
            lines.append(Text(pick(words.MAXIMUM, language).format(maximum=regimen.maximum), struck=struck))
        if regimen.working:
            working = shown(regimen.display_working, regimen.working, language)
            lines.append(Text(pick(words.WORKED, language).format(working=working), Tone.MUTED))
    if option.kind not in ("drug", "none"):  # a drug is plain from its dose, and "no treatment" from its name
        lines.append(Text(word(OPTION_KINDS, option.kind, language), Tone.MUTED))
    if option.display_utility is not None:
        cost = f"{pick(COST_LEVELS[option.cost_level], language)} · " if option.cost_level is not None else ""
        worked = pick(words.UTILITY, language).format(sum=pick(option.display_utility, language))
        lines.append(Text(cost + worked, Tone.MUTED))
    return tuple(lines)


def _sentences(plan: Plan, decisions: Decisions, language: Language) -> list[Block]:
    numbered = number_sentences(plan)
    blocks: list[Block] = []
    for group in GROUP_ORDER:
        lines = [_sentence(entry, plan.sources, decisions, language) for entry in numbered if entry.group == group]
        printed = tuple(line for line in lines if line is not None)
        if printed:
            blocks += [Heading(word(SECTIONS, group, language)), Bullets(printed)]
    left_out = sum(entry.sentence.status == "unsupported" and decisions.words_for(entry.number) is None
                   for entry in numbered)
    if left_out:
        blocks.append(Text(pick(words.LEFT_OUT, language).format(n=left_out), Tone.MUTED))
    return blocks


def _sentence(entry: NumberedSentence, sources: dict[str, SourceRecord], decisions: Decisions,
              language: Language) -> Text | None:
    text = shown(entry.sentence.display, entry.sentence.text, language)
    own = decisions.words_for(entry.number)
    if own is not None:
        return Text(pick(words.OWN_WORDS, language).format(text=own.text or text), Tone.OWN)
    if entry.sentence.status == "unsupported" or _repeats_the_table(entry):
        return None
    return Text(f"{text} {source_marks(sources, entry.sentence.sources)}".strip())


def _repeats_the_table(entry: NumberedSentence) -> bool:
    """Return whether a sentence says in words what the row of its option says above it on the same paper."""
    return entry.group == "options" and entry.sentence.written_by == "table"


def _safety(plan: Plan, decisions: Decisions, language: Language) -> list[Block]:
    check = plan.check
    ordered = sorted(check.alerts, key=lambda alert: tuple(Severity).index(alert.severity))
    lines = [_alert(alert, plan, decisions, language) for alert in ordered] or [Text(pick(words.NO_ALERTS, language))]
    if check.not_checked:
        lines.append(Text(pick(words.NOT_CHECKED, language).format(names=", ".join(check.not_checked)), bold=True))
    lines += [
        Text(pick(words.INCOMPLETE, language).format(gap=line))
        for line in incomplete_lines(check.checks_incomplete, language)
    ]
    return [Heading(pick(words.ALERTS, language)), Bullets(tuple(lines))]


def _alert(alert: Alert, plan: Plan, decisions: Decisions, language: Language) -> Text:
    severity = f"{SEVERITY_SIGNS[alert.severity]} {word(SEVERITIES, alert.severity, language)}"
    review = pick(REVIEWED if alert.reviewed else UNREVIEWED, language)
    quote = f" “{alert.quote}”" if alert.quote else ""
    record = plan.check.sources.get(alert.source)
    source, edition = source_name(alert.source, plan.check.sources), record.edition if record else alert.edition
    text = f"{severity} · {word(ALERT_KINDS, alert.kind, language)} · {alert_drugs(alert, language)}: " \
           f"{shown(alert.display, alert.text, language)}{quote} ({source}, {edition}; {review})"
    given = decisions.override_of(alert)
    if given is not None:
        reason = word(OVERRIDE_REASONS, given.reason, language)
        aside = f"{reason}. {given.note}" if given.note else reason
        text += f" {pick(words.SET_ASIDE, language).format(reason=aside)}"
    severe = alert.severity in (Severity.CONTRAINDICATED, Severity.AVOID)
    return Text(text, Tone.DANGER if severe else Tone.NORMAL, bold=severe)


def _changes(plan: Plan, language: Language) -> list[Block]:
    if not plan.changes:
        return []
    lines = tuple(Text(f"{CHANGE_SIGNS[change.kind]} {word(CHANGE_KINDS, change.kind, language)}: "
                       f"{change_text(change, language)}") for change in plan.changes)
    return [Heading(pick(words.CHANGES, language)), Bullets(lines)]


def _sources(plan: Plan, language: Language) -> list[Block]:
    if not plan.sources:
        return []
    listed = " ".join(_listed(plan.sources))
    reviewed = all(record.reviewed for record in plan.sources.values())
    review = pick(words.ALL_REVIEWED if reviewed else words.NOT_ALL_REVIEWED, language)
    rows = pick(words.ROWS, language).format(n=len(plan.knowledge_rows))
    return [Heading(pick(words.SOURCES, language)), Text(listed, Tone.MUTED), Text(f"{review} {rows}.", Tone.MUTED)]


def _listed(sources: dict[str, SourceRecord]) -> list[str]:
    """Return each publication once, with the numbers of every part of it that the plan cites."""
    parts: dict[tuple[str, str, str, bool], dict[int, str]] = {}
    for number, record in enumerate(sources.values(), start=1):
        key = (record.title, record.edition, record.address.removeprefix("https://"), record.reviewed)
        parts.setdefault(key, {})[number] = record.section
    lines = []
    for (title, edition, address, reviewed), sections in parts.items():
        marks = "".join(f"[{number}]" for number in sections) + (" ✓" if reviewed else "")
        told = "; ".join(dict.fromkeys(section for section in sections.values() if section))
        lines.append(f"{marks} {title}. {', '.join(part for part in (told, edition, address) if part)}.")
    return lines

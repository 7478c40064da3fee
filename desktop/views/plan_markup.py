"""How options, sentences, alerts, sources and changes of a plan read as rich text.

Everything that comes from a record is escaped: it is shown, never interpreted.
"""

from __future__ import annotations

from datetime import date
from html import escape

from PySide6.QtCore import QCoreApplication, Qt

from desktop.models.alerts import AlertModel
from desktop.models.options import Column, OptionModel
from desktop.models.passages import PassageModel
from desktop.models.records import screen_language
from desktop.models.sentences import SentenceRow, Standing
from desktop.models.sources import NumberedSource
from desktop.outcome_words import outcome_line
from desktop.report.decisions import DraftChange, Override
from desktop.views.rich_delegate import muted, toned
from desktop.views.table_age_markup import toned_age
from desktop.words import (
    ALERT_KINDS,
    CHANGE_KINDS,
    CHANGE_SIGNS,
    NOT_STATED,
    OPTION_KINDS,
    OVERRIDE_REASONS,
    REVIEWED,
    SEVERITIES,
    SEVERITY_SIGNS,
    UNREVIEWED,
    alert_drugs,
    change_text,
    pick,
    shown,
    word,
)
from engine.api import Alert, Outcome, PlanChange, PlanSentence, TreatmentOption

translate = QCoreApplication.translate
VERDICT_TONES = {"ok": "ok", "caution": "warning", "blocked": "danger", "not_checked": "warning"}
SEVERITY_TONES = {"contraindicated": "danger", "avoid": "danger", "caution": "warning", "note": "info"}


def option_cell(model: OptionModel, option: TreatmentOption, column: Column) -> str:
    """Return one cell of the options table; a blocked option's name and dose are struck through."""
    if column is Column.OPTION:
        return _option_name(model, option)
    if column is Column.VERDICT:
        reasons = "".join(f"<br>{escape(reason)}" for reason in model.reasons(option))
        return toned(escape(model.verdict(option)), VERDICT_TONES[option.verdict]) + reasons
    return _lines(model.cell(option, column)) or muted(escape(pick(NOT_STATED, model.language)))


def option_effects(model: OptionModel, option: TreatmentOption) -> str:
    """Return benefit, harm and monitoring in one cell, each under its name; for narrow tables."""
    columns = (Column.BENEFIT, Column.HARM, Column.MONITORING)
    cells = [(model.headerData(column, Qt.Orientation.Horizontal), model.cell(option, column)) for column in columns]
    return "<br>".join(f"{muted(escape(name or ''))} {_lines(text)}" for name, text in cells if text)


def _option_name(model: OptionModel, option: TreatmentOption) -> str:
    name = f"<b>{escape(model.name(option))}</b>"
    regimen, *working = model.regimen_lines(option) or ("",)
    body = f"{name}<br>{escape(regimen)}" if regimen else name
    if option.verdict == "blocked":
        body = f"<s>{body}</s>"
    kind = () if option.kind == "drug" else (word(OPTION_KINDS, option.kind, model.language),)  # a dose says it
    standing = model.standing(option)
    return body + "".join(f"<br>{muted(escape(line))}" for line in (*working, *kind, standing))


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def sentence(row: SentenceRow) -> str:
    """Return a heading, or a sentence as it stands: supported with markers, greyed, or the clinician's own."""
    if row.numbered is None:
        return f"<b>{escape(row.text)}</b>"
    text = escape(row.text)
    if row.standing is Standing.OWN:
        own = toned(escape(translate("PlanMarkup", "✎ your own words")), "info")
        return f"{text} {own}"
    if row.standing is Standing.UNSUPPORTED:
        problem = f" ({escape(row.problem)})" if row.problem else ""
        warning = escape(translate("PlanMarkup", "No source. It will not print unless you adopt it."))
        return muted(f"{text}<br><i>⚠ {warning}{problem}</i>")
    return text + "".join(f" {muted(f'[{marker}]')}" for marker in row.markers)


def alert(model: AlertModel, entry: Alert, override: Override | None = None, today: date | None = None) -> str:
    """Return an alert with severity, kind, drugs, text, source and its age, and how it was set aside."""
    language = model.language
    severity = f"{SEVERITY_SIGNS[entry.severity]} {word(SEVERITIES, entry.severity, language)}"
    head = f"{toned(escape(severity), SEVERITY_TONES[entry.severity])} · " \
           f"{escape(word(ALERT_KINDS, entry.kind, language))} · <b>{escape(alert_drugs(entry, language))}</b>"
    review = pick(REVIEWED if entry.reviewed else UNREVIEWED, language)
    age = toned_age(model.age(entry, today or date.today()))
    basis = f"{muted(escape(', '.join(model.source(entry))))} {age} {muted(escape(f'· {review}'))}"
    quote = f" <i>“{escape(entry.quote)}”</i>" if entry.quote else ""
    lines = [head, escape(model.message(entry)) + quote, basis]
    if override is not None:
        reason = word(OVERRIDE_REASONS, override.reason, language)
        note = f" {override.note}" if override.note else ""
        lines.append(toned(escape(translate("PlanMarkup", "✎ Set aside: ") + reason + "." + note), "info"))
    return "<br>".join(lines)


def source(entry: NumberedSource) -> str:
    """Return a source with edition, address, review mark and excerpt."""
    language, record = screen_language(), entry.source
    review = toned(escape("✓ " + pick(REVIEWED, language)), "ok") if record.reviewed \
        else toned(escape("⚠ " + pick(UNREVIEWED, language)), "warning")
    where = ", ".join(part for part in (record.section, record.edition, record.address) if part)
    excerpt = f"<br><i>“{escape(record.excerpt)}”</i>" if record.excerpt else ""
    return f"<b>[{entry.number}] {escape(record.title)}</b><br>{muted(escape(where))} {review}{excerpt}"


def passage(model: PassageModel, entry: PlanSentence) -> str:
    """Return a passage of the clinic's own references, quoted as what it is, with page and offset."""
    return f"{_lines(shown(entry.display, entry.text, model.language))}<br>{muted(escape(model.place(entry)))}"


def change(entry: PlanChange) -> str:
    """Return one line of the difference against the previous plan."""
    language = screen_language()
    kind = f"{CHANGE_SIGNS[entry.kind]} {word(CHANGE_KINDS, entry.kind, language)}"
    return f"{toned(escape(kind), 'accent')} {escape(change_text(entry, language))}"


def outcome(entry: Outcome) -> str:
    """Return a measure with its history; one that gets worse stands out."""
    line = escape(outcome_line(entry, screen_language()))
    return toned(line, "warning") if entry.trend == "worse" else line if entry.values else muted(line)


def draft_change(entry: DraftChange) -> str:
    """Return one line of what the signature changes from the draft."""
    before, after = escape(entry.before), escape(entry.after)
    match entry.kind:
        case "adopted":
            kind = toned(escape(translate("PlanMarkup", "Adopted as own words")), "info")
            return f"{kind}<br>{before}"
        case "edited":
            kind = toned(escape(translate("PlanMarkup", "Reworded")), "info")
            return f"{kind}<br><s>{before}</s><br>{after}"
        case "overridden":
            kind = toned(escape(translate("PlanMarkup", "Alert set aside")), "danger")
            return f"{kind}<br>{before}<br>{muted(after)}"
        case "left_out":
            kind = toned(escape(translate("PlanMarkup", "Left out, no source")), "warning")
            return f"{kind}<br>{muted(before)}"

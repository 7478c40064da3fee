"""Rank the options of a condition for one patient by an explicit utility, every term of which is shown.

The weights and the formula stand in `utility`. The grades come with the rows; the safety tables alone decide the
verdict, and a blocked option is last whatever its utility.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.api import Alert, Bilingual, Case, IncompleteCheck, Regimen, TreatmentOption
from engine.safety.products import Products
from engine.treatment import dosing, gaps, utility, wording
from engine.treatment.rows import OptionRow, Rule
from engine.treatment.seams import Safety, Verdict, VerdictWord

_NO_LIMIT_KNOWN = ("dose", "table")
"""No table limits this drug's dose; that is no news where the dose itself comes from a sourced row."""
_WORST_FIRST: tuple[VerdictWord, ...] = ("blocked", "not_checked", "caution", "ok")


@dataclass(frozen=True, slots=True)
class Experience:
    """What follow-up has shown of this patient's drugs, by lower-case drug name."""

    side_effects: frozenset[str] = frozenset()
    not_working: frozenset[str] = frozenset()
    because: Bilingual = wording.NOT_WORKING
    """Why they count as not working: the patient's word, or the measure that got worse."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An option for this patient before it has a rank."""

    row: OptionRow
    option: TreatmentOption
    notes: tuple[Bilingual, ...]
    alerts: tuple[Alert, ...]
    incomplete: tuple[IncompleteCheck, ...]


def rank_options(
    rows: Sequence[OptionRow],
    case: Case,
    safety: Safety | None,
    kidney_ml_min: float | None,
    experience: Experience,
    version: str,
    products: Products | None = None,
) -> list[Weighed]:
    """Return the options best first, blocked ones last; ties keep the order of their ids."""
    weighed = [weigh(row, case, safety, kidney_ml_min, experience, version, products) for row in rows]
    return sorted(weighed, key=lambda each: (each.option.verdict == "blocked", -each.option.utility, each.row.id))


def weigh(
    row: OptionRow,
    case: Case,
    safety: Safety | None,
    kidney_ml_min: float | None,
    experience: Experience,
    version: str,
    products: Products | None = None,
) -> Weighed:
    """Return one option with its verdict, reasons and utility terms. `rank` is 0 until the table is sorted."""
    judged = _Judgement(_graded(row))
    regimen, notes = _dose(row, case, safety, kidney_ml_min, products, judged)
    if row.drug is not None:
        _add_experience(judged, row.drug, experience)
    _add_rules(judged, row, case, kidney_ml_min)
    for statement in (row.benefit, row.harm, row.monitoring, row.stop):
        judged.cite(statement.sources if statement else ())
    option = _option(row, regimen, judged, f"treatment:{row.id}@{version}")
    return Weighed(row, option, notes, tuple(judged.alerts), tuple(judged.incomplete))


def _graded(row: OptionRow) -> dict[str, float]:
    """Return the terms that the row's own grades give, before this patient is looked at."""
    return {
        "benefit": row.grades.benefit,
        "harm": -utility.HARM_WEIGHT * row.grades.harm,
        "cost": -utility.COST_WEIGHT * row.grades.cost,
        "burden": -utility.BURDEN_WEIGHT * row.grades.burden,
    }


def _dose(
    row: OptionRow,
    case: Case,
    safety: Safety | None,
    kidney_ml_min: float | None,
    products: Products | None,
    judged: _Judgement,
) -> tuple[Regimen | None, tuple[Bilingual, ...]]:
    """Work out the dose of a drug and let the safety tables judge its top; an option without a drug has neither."""
    if row.drug is None:
        return None, ()
    regimen: Regimen | None = None
    strongest: Regimen | None = None
    notes: tuple[Bilingual, ...] = ()
    dosed = dosing.dose_for(row, case, kidney_ml_min, products)
    if isinstance(dosed, dosing.Dosed):
        regimen, notes = dosed.regimen, dosed.notes
        strongest = replace(regimen, amount=dosed.highest)
        judged.cite(dosed.sources)
    elif dosed.blocks:
        judged.add("blocked", "no_dose", -utility.NO_DOSE_PENALTY, dosed.reason)
    else:
        notes = (dosed.reason,)
    judged.take(None if safety is None else safety.verdict(case, row.drug, strongest))
    return regimen, notes


def _add_rules(judged: _Judgement, row: OptionRow, case: Case, kidney_ml_min: float | None) -> None:
    for rule in row.rules:
        if applies(rule, case, kidney_ml_min):
            term = "preferred" if rule.effect == "preferred" else rule.when
            judged.add(_rule_verdict(rule), term, utility.RULE_TERM[rule.effect], rule.reason.display)
            judged.cite(rule.reason.sources)


def _option(row: OptionRow, regimen: Regimen | None, judged: _Judgement, row_id: str) -> TreatmentOption:
    return TreatmentOption(
        rank=0,
        name=row.name.en,
        kind=row.kind,
        regimen=regimen,
        benefit=row.benefit.en,
        harm=row.harm.en if row.harm else "",
        monitoring=row.monitoring.en if row.monitoring else "",
        utility=round(sum(judged.terms.values()), 3),
        verdict=judged.verdict,
        reasons=[reason.en for reason in judged.reasons],
        sources=judged.sources,
        display=row.name,
        display_benefit=row.benefit.display,
        display_harm=row.harm.display if row.harm else None,
        display_monitoring=row.monitoring.display if row.monitoring else None,
        display_reasons=judged.reasons,
        row=row_id,
        utility_terms=judged.terms,
        display_utility=utility.worked_out(judged.terms),
        cost_level=row.grades.cost,
        stop=row.stop.en if row.stop else "",
        display_stop=row.stop.display if row.stop else None,
    )


def applies(rule: Rule, case: Case, kidney_ml_min: float | None) -> bool:
    """Whether the rule's condition is known to hold. Unknown is not "holds": the notes ask for what is missing."""
    value = rule.value if rule.value is not None else 0.0
    match rule.when:
        case "age_below":
            return case.age_years is not None and case.age_years < value
        case "age_above":
            return case.age_years is not None and case.age_years >= value
        case "weight_below":
            return case.weight_kg is not None and case.weight_kg < value
        case "egfr_below":
            return kidney_ml_min is not None and kidney_ml_min < value
        case "pregnant":
            return case.pregnant is True
        case "lactating":
            return case.lactating is True
        case "history":
            return _mentions([condition.name for condition in case.history], rule.names)
        case "allergy":
            return _mentions([allergy.name for allergy in case.allergies], rule.names)
        case "takes":
            return _mentions([medication.name for medication in case.medications], rule.names)


def _mentions(entries: list[str], names: list[str]) -> bool:
    return any(name.casefold() in entry.casefold() for entry in entries for name in names)


def _rule_verdict(rule: Rule) -> VerdictWord:
    return "ok" if rule.effect == "preferred" else rule.effect


def _add_experience(judged: _Judgement, drug: str, experience: Experience) -> None:
    if drug.casefold() in experience.side_effects:
        judged.add("caution", "side_effect", -utility.SIDE_EFFECT_PENALTY, wording.SIDE_EFFECT)
    if drug.casefold() in experience.not_working:
        judged.add("caution", "not_working", -utility.NOT_WORKING_PENALTY, experience.because)


class _Judgement:
    """Collects verdict, reasons and sources of one option; only ever gets worse."""

    def __init__(self, terms: dict[str, float]) -> None:
        self.terms = terms
        self.verdict: VerdictWord = "ok"
        self.reasons: list[Bilingual] = []
        self.sources: list[str] = []
        self.alerts: list[Alert] = []
        self.incomplete: list[IncompleteCheck] = []

    def add(self, verdict: VerdictWord, term: str, value: float, reason: Bilingual) -> None:
        if value:
            self.terms[term] = min(self.terms.get(term, 0.0), value) if value < 0 else value
        self.verdict = min(self.verdict, verdict, key=_WORST_FIRST.index)
        if reason not in self.reasons:
            self.reasons.append(reason)

    def cite(self, sources: Sequence[str]) -> None:
        self.sources.extend(source for source in sources if source not in self.sources)

    def take(self, verdict: Verdict | None) -> None:
        """Take over what the safety tables say; anything but one of their four words is blocked."""
        if verdict is None or verdict.verdict not in _WORST_FIRST:
            self.add("blocked", "no_verdict", -utility.NO_VERDICT_PENALTY, wording.NO_VERDICT)
            return
        for alert in verdict.alerts:
            shown = alert.display or Bilingual(alert.text, alert.text)
            self.add("ok", alert.kind, -utility.ALERT_PENALTY[alert.severity], shown)
            self.cite([alert.source])
            self.alerts.append(alert)
        self.incomplete.extend(verdict.incomplete)
        for line in gaps.in_one_line(gap for gap in verdict.incomplete if (gap.kind, gap.needs) != _NO_LIMIT_KNOWN):
            self.add("ok", "unchecked", 0.0, line)
        if verdict.verdict == "not_checked":
            self.add("not_checked", "not_checked", -utility.NOT_CHECKED_PENALTY, wording.NOT_CHECKED)
        self.verdict = min(self.verdict, verdict.verdict, key=_WORST_FIRST.index)

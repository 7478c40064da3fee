"""Lay out the plan for one patient and diagnosis from tables alone: options, sentences, advice, follow-up, sources.

No model is needed for any of it; the language model may later word further sentences (`prose`), never this table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from engine import errors
from engine.api import Bilingual, Case, CheckResult, Plan, PlanSentence, SourceRecord, TreatmentOption
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import load_sources
from engine.runtime.base import Encoder
from engine.safety.products import ENTRY as PRODUCTS_ENTRY
from engine.safety.products import Products
from engine.safety.renal import clearance_for_doses
from engine.treatment import followup, options, outcomes, utility, wording
from engine.treatment.library import Library
from engine.treatment.names import ConditionNames, ranked_name, rare_disease_name, shown_name
from engine.treatment.new_results import with_newest_kidney_function
from engine.treatment.retrieval import Passage, Retrieval, core_library, no_encoder
from engine.treatment.rows import ConditionRow, ReviewStatement, Statement, load_conditions
from engine.treatment.seams import Safety
from engine.treatment.terms import clinical_terms

MOST_OPTIONS_WORDED = 3
MOST_REFERENCE_PASSAGES = 3
MOST_PACK_PASSAGES = 3
_NAMES_ENTRY = "text.names"

KidneyFunction = Callable[[Case], float | None]
"""Kidney function for dosing in mL/min, or None where the case does not tell."""


class Planner:
    """Plans over one knowledge index. `safety` None means that no verdict exists, so every drug is blocked.

    `packs` are the reference packs of the clinic, `pack_notes` say which of them could not be used.
    """

    def __init__(
        self,
        index: KnowledgeIndex,
        safety: Safety | None,
        kidney: KidneyFunction = clearance_for_doses,
        packs: Sequence[Library] = (),
        pack_notes: Sequence[Bilingual] = (),
        open_encoder: Callable[[], Encoder | None] = no_encoder,
    ) -> None:
        self._index = index
        conditions = load_conditions(index)
        names = index.json(_NAMES_ENTRY) if _NAMES_ENTRY in index else {}
        self._names = ConditionNames(conditions, names)
        self._all_names = names
        self._shown = {row.code: shown_name(names, row) for row in conditions}
        chinese = {name["zh"]: name["en"] for name in names.values()} | {row.name.zh: row.name.en for row in conditions}
        chinese_names = {zh: en for zh, en in chinese.items() if len(zh) > 1 and zh != en}
        self.retrieval = Retrieval([core_library(index), *packs], chinese_names, open_encoder)
        """Searches the library and the clinic's packs."""
        self._packs = Retrieval(packs)
        self._pack_notes = list(pack_notes)
        self._sources = load_sources(index)
        self._measures = outcomes.load_measures(index)
        self._products = Products(index) if PRODUCTS_ENTRY in index else None
        self._version = str(index.json("index.version"))
        self._safety = safety
        self.terms = clinical_terms(conditions)
        """Clinical names for the source check of worded sentences (`prose.write`)."""
        self._kidney = kidney

    def plan(self, case: Case, diagnosis: str, previous: Plan | None = None) -> Plan:
        """Return the plan; where no row knows the diagnosis, `covered` is false and cited passages stand instead.

        Raises UnknownDiagnosis when `diagnosis` is blank.
        """
        if not diagnosis.strip():
            raise errors.UnknownDiagnosis("no diagnosis given")
        case, kidney_note = with_newest_kidney_function(case)
        check = self._safety.check(case) if self._safety is not None else CheckResult([], [], [])
        condition = self._names.find(diagnosis)
        if condition is None:
            plan = self._uncovered(diagnosis, check)
        else:
            plan = self._covered(condition, case, check, previous)
        more = [*([] if kidney_note is None else [kidney_note]), *self._pack_notes]
        return replace(plan, notes=[*plan.notes, *more]) if more else plan

    def _covered(self, condition: ConditionRow, case: Case, check: CheckResult, previous: Plan | None) -> Plan:
        measured = outcomes.histories(case, condition, self._measures)
        experience = followup.experience(case, condition.options, measured.outcomes)
        weighed = options.rank_options(
            condition.options, case, self._safety, self._kidney(case), experience, self._version, self._products
        )
        ranked = [replace(each.option, rank=rank) for rank, each in enumerate(weighed, start=1)]
        sentences = [*_blocks(condition.first_steps, "first_steps"), *_option_sentences(weighed, ranked)]
        follow_up = [_review(statement, case.date) for statement in condition.follow_up]
        rehabilitation = _blocks(condition.rehabilitation, "rehabilitation")
        lifestyle = _blocks(condition.lifestyle, "lifestyle")
        safety_net = _blocks(condition.safety_net, "safety_net")
        goals = [outcome.goal for outcome in measured.outcomes if outcome.goal is not None]
        everything = [*sentences, *follow_up, *rehabilitation, *lifestyle, *safety_net, *goals]
        own = self._packs.mentioning([condition.name.en, condition.name.zh, *condition.synonyms], MOST_PACK_PASSAGES)
        dose_notes = [_named(each, note) for each in weighed for note in each.notes]
        notes = list(dict.fromkeys([wording.NOT_REVIEWED, *measured.notes, *dose_notes]))
        return Plan(
            diagnosis=condition.code,
            display_diagnosis=self._shown[condition.code],
            covered=True,
            options=ranked,
            sentences=sentences,
            rehabilitation=rehabilitation,
            lifestyle=lifestyle,
            safety_net=safety_net,
            follow_up=follow_up,
            changes=followup.changes(case, ranked, previous, measured.outcomes),
            check=check,
            notes=notes,
            sources={
                **self._cited(
                    [
                        *(source for option in ranked for source in option.sources),
                        *(source for sentence in everything for source in sentence.sources),
                    ]
                ),
                **{passage.source_id: passage.source for passage in own},
            },
            reference=[_quoted(passage) for passage in own],
            knowledge_rows=[
                *(option.row for option in ranked),
                *(alert.rule_id for each in weighed for alert in each.alerts),
            ],
            utility_formula=utility.FORMULA,
            outcome_measures=[outcome.name for outcome in measured.outcomes],
            outcomes=measured.outcomes,
        )

    def _uncovered(self, diagnosis: str, check: CheckResult) -> Plan:
        name = self._name(diagnosis)
        english = name.en
        found = self.retrieval.about(english, MOST_REFERENCE_PASSAGES)
        own = self._packs.mentioning(list(dict.fromkeys([english, diagnosis])), MOST_PACK_PASSAGES)
        passages = list({passage.source_id: passage for passage in [*found.passages, *own]}.values())
        notes = [wording.not_covered(name, len(passages))]
        if found.unread:
            notes.append(wording.unread_question(found.unread))
        return Plan(
            diagnosis=diagnosis,
            display_diagnosis=name,
            covered=False,
            options=[],
            sentences=[],
            rehabilitation=[],
            lifestyle=[],
            safety_net=[],
            follow_up=[],
            changes=[],
            check=check,
            notes=notes,
            sources={passage.source_id: passage.source for passage in passages},
            reference=[_quoted(passage) for passage in passages],
        )

    def _name(self, diagnosis: str) -> Bilingual:
        """Return how a diagnosis without treatment rows is called; what no table names keeps the words asked for."""
        row = self._all_names.get(diagnosis)
        if row is not None:
            return Bilingual(row["en"], row["zh"] or row["en"])
        ranked = ranked_name(self._index, diagnosis)
        if ranked is not None:
            return ranked
        english = rare_disease_name(self._index, diagnosis) or diagnosis
        return Bilingual(english, english)

    def _cited(self, ids: Iterable[str]) -> dict[str, SourceRecord]:
        return {source: self._sources[source] for source in dict.fromkeys(ids) if source in self._sources}


def _blocks(statements: Sequence[Statement], section: str) -> list[PlanSentence]:
    return [_sentence(statement.display, statement.sources, section) for statement in statements]


def _sentence(text: Bilingual, sources: Sequence[str], section: str) -> PlanSentence:
    return PlanSentence(text=text.en, sources=list(sources), status="supported", display=text, section=section)


def _option_sentences(weighed: Sequence[options.Weighed], ranked: Sequence[TreatmentOption]) -> list[PlanSentence]:
    """Word the first usable options, with what to watch, and what happens without treatment."""
    sentences: list[PlanSentence] = []
    usable = [(each, option) for each, option in zip(weighed, ranked, strict=True) if option.verdict != "blocked"]
    for each, option in [pair for pair in usable if pair[1].kind != "none"][:MOST_OPTIONS_WORDED]:
        sentences.append(_sentence(wording.consider(each.row.name, option.regimen), option.sources, "options"))
        sentences.append(_sentence(each.row.benefit.display, each.row.benefit.sources, "options"))
        sentences += [
            _sentence(text.display, text.sources, section)
            for text, section in ((each.row.monitoring, "monitoring"), (each.row.stop, "stop"))
            if text is not None
        ]
    sentences += [
        _sentence(wording.without_treatment(each.row.benefit.display), each.row.benefit.sources, "without_treatment")
        for each, option in usable
        if option.kind == "none"
    ]
    return list({sentence.text: sentence for sentence in sentences}.values())


def _review(statement: ReviewStatement, today: str | None) -> PlanSentence:
    return _sentence(
        wording.review_on(statement.display, _due(statement.after_days, today)), statement.sources, "follow_up"
    )


def _due(after_days: float | None, today: str | None) -> str | None:
    """Return the date of the next visit, or None where either part is unknown or the date is no ISO date."""
    if after_days is None or today is None:
        return None
    try:
        return (datetime.date.fromisoformat(today[:10]) + datetime.timedelta(days=after_days)).isoformat()
    except ValueError:
        return None


def _named(weighed: options.Weighed, note: Bilingual) -> Bilingual:
    name = weighed.row.name
    return Bilingual(f"{name.en}: {note.en}", f"{name.zh}：{note.zh}")


def _quoted(passage: Passage) -> PlanSentence:
    return PlanSentence(text=passage.text, sources=[passage.source_id], status="supported", section="reference")

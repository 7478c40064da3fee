"""Why: each finding's log likelihood ratio, the single entry that would change the first place, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from engine.api import Bilingual, Case, Evidence, Flip
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.ddxplus_source import NO, SEPARATOR, YES, split_code
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import Ranking
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.voice import Floats, Vote, normalised

MOST_FLIPS_TRIED = 4
MOST_ENTRIES_FLIPPED = 60
"""With more entries than this no single one decides, and trying would take long."""
MOST_RIVALS = 200
LEAST_LEFT = 1e-3
"""Share of a sum below which what is left of it after a subtraction is no longer exact enough."""
_PREGNANCY_YEARS = (12.0, 55.0)
_ABOUT_PATIENT = {
    "age_years": Bilingual("Age", "年龄"),
    "sex": Bilingual("Sex", "性别"),
    "region": Bilingual("Region", "地区"),
    "season": Bilingual("Season", "季节"),
}


class Explainer:
    """Words and ratios for what the voices did."""

    def __init__(self, table: CommonTable, ontology: Ontology, catalogue: Catalogue) -> None:
        self._questions = {question.code: question for question in table.questions}
        self._ontology = ontology
        self._catalogue = catalogue

    def evidence(self, numbers: Sequence[int], reasons: Sequence[Reasons]) -> list[Evidence]:
        """Return each finding's natural-log likelihood ratio for one disease against all others, strongest first.

        `numbers` are the numbers of the disease; none for a name that no table knows. `reasons` belong to the votes.
        """
        rows = [
            Evidence(
                part.finding,
                part.present,
                round(ratio, 3),
                part.source_for(number - each.vote.first),
                shown,
            )
            for each in reasons
            for number in numbers
            if each.vote.first <= number < each.vote.end
            for part, shown, ratio in zip(each.vote.contributions, each.shown, each.ratios(number), strict=True)
        ]
        return sorted(rows, key=lambda row: -abs(row.log_lr))

    def reasons(self, votes: Sequence[Vote]) -> list[Reasons]:
        """Return what the findings of each vote say, ready to be asked for every disease of a list."""
        return [Reasons(vote, self.display) for vote in votes]

    def display(self, finding: str) -> Bilingual:
        """Return how a finding reads on screen."""
        if finding in _ABOUT_PATIENT:
            return _ABOUT_PATIENT[finding]
        term = self._ontology.find(finding)
        if term is not None:
            return self._catalogue.display_code(finding, self._ontology.names[term])
        code, value = split_code(finding)
        if code not in self._questions:  # the clinician's own words, quoted by the text voice
            return Bilingual(finding, finding)
        question = self._questions[code]
        asked = self._catalogue.display_code(code, question.text)
        if SEPARATOR not in finding:
            return asked
        shown = self.display_value(code, value)
        if shown.en.startswith(asked.en):  # the value's name already says what was asked
            return shown
        return Bilingual(f"{asked.en} {shown.en}", f"{asked.zh} {shown.zh}")

    def disease(self, code: str) -> Bilingual | None:
        """Return how a disease code reads on screen, None where it is a candidate's own name."""
        found = self._catalogue.find(code)
        return self._catalogue.display(found[0]) if found and self._catalogue.code(found[0]) == code else None

    def numbered(self, number: int) -> Bilingual:
        """Return how a disease of the catalogue reads on screen."""
        return self._catalogue.display(number)

    def display_value(self, code: str, value: str) -> Bilingual:
        """Return how one value of a question reads on screen."""
        if value in (YES, NO):
            return Bilingual("yes", "是") if value == YES else Bilingual("no", "否")
        question = self._questions[code]
        return self._catalogue.display_code(code + SEPARATOR + value, question.meanings[question.values.index(value)])


class Reasons:
    """What the findings of one vote say of any of its diseases: natural-log ratios against the others.

    The others are the leading ones, weighted as the vote left them, or as it says itself: a clause that fits a rival's
    picture to the letter is no argument against a disease that it fits too. What all rivals make of a finding is worked
    out once, because a list of candidates asks for hundreds of diseases.
    """

    def __init__(self, vote: Vote, display: Callable[[str], Bilingual]) -> None:
        self.vote = vote
        self.shown = [display(part.finding) for part in vote.contributions]
        weight = vote.log_probability if vote.rivals is None else vote.rivals
        count = MOST_RIVALS if vote.rivals is None else len(weight)
        rivals = np.argpartition(-weight, count)[: count + 1] if count < len(weight) - 1 else np.arange(len(weight))
        self._place = {int(number): place for place, number in enumerate(rivals.tolist())}
        self._log_weight = normalised(weight[rivals])
        parts = [part.log_likelihood[rivals] for part in vote.contributions]
        others = np.array(parts, dtype=np.float64).reshape(len(parts), len(rivals)) + self._log_weight
        self._highest = np.maximum(others.max(axis=1), np.finfo(float).min)
        self._chance = np.exp(others - self._highest[:, None])
        self._sum = self._chance.sum(axis=1)

    def ratios(self, number: int) -> list[float]:
        """Return for each contribution log P(finding | disease) - log P(finding | any other)."""
        if not self.vote.contributions:
            return []
        place = self._place.get(number - self.vote.first)
        summed, weight = self._sum, 1.0
        if place is not None:
            summed = self._without(place)
            weight = max(1 - float(np.exp(self._log_weight[place])), np.finfo(float).tiny)
        of_any = self._highest + np.log(np.maximum(summed, np.finfo(float).tiny)) - np.log(weight)
        own = np.array([part.log_likelihood[number - self.vote.first] for part in self.vote.contributions])
        found: list[float] = (own.astype(np.float64) - of_any).tolist()
        return found

    def _without(self, place: int) -> Floats:
        """Return the sums without one rival; added up anew where that rival is nearly all of a sum."""
        left: Floats = self._sum - self._chance[:, place]
        unsure = left < self._sum * LEAST_LEFT
        if unsure.any():
            left[unsure] = np.delete(self._chance[unsure], place, axis=1).sum(axis=1)
        return left


def flip(
    evidence: CaseEvidence,
    ranking: Ranking,
    leader: str | None,
    first_of: Callable[[CaseEvidence], str | None],
    explainer: Explainer,
) -> Flip | None:
    """Return the single entry whose change puts another than `leader` first, trying those that carry it most first."""
    if not ranking.votes or not ranking.places or ranking.places[0].number is None:
        return None
    if evidence.count > MOST_ENTRIES_FLIPPED:
        return None
    first = ranking.places[0].number
    carried = explainer.evidence([first], explainer.reasons(ranking.votes))[:MOST_FLIPS_TRIED]
    for row in sorted(carried, key=lambda row: -row.log_lr):
        for changed, to_present in _changes(row, evidence, explainer):
            other = first_of(changed)
            if other is not None and other != leader:
                return Flip(row.finding, row.present, to_present, other, row.display, explainer.disease(other))
    return None


def _changes(row: Evidence, evidence: CaseEvidence, explainer: Explainer) -> Iterator[tuple[CaseEvidence, bool | None]]:
    """Yield the evidence with one entry turned round, then with it unknown."""
    term = explainer._ontology.find(row.finding)
    if term is not None:
        yield evidence.without_term(term), None
        return
    code, _ = split_code(row.finding)
    question = explainer._questions.get(code)
    if question is None:
        return
    if question.kind == "yes_no":
        yield evidence.with_answer(code, (NO,) if row.present else (YES,)), not row.present
    yield evidence.without_question(code), None


def missing(case: Case, evidence: CaseEvidence) -> list[str]:
    """Return the fields that would help and are empty, most useful first."""
    could_be_pregnant = case.sex == "female" and _PREGNANCY_YEARS[0] <= (case.age_years or 30.0) <= _PREGNANCY_YEARS[1]
    wanted = {
        "findings": evidence.count < 3,
        "age_years": case.age_years is None,
        "sex": case.sex == "unknown",
        "pregnant": could_be_pregnant and case.pregnant is None,
        "vitals.temperature_c": case.vitals.temperature_c is None,
        "vitals.heart_rate_bpm": case.vitals.heart_rate_bpm is None,
        "vitals.respiratory_rate_bpm": case.vitals.respiratory_rate_bpm is None,
        "vitals.systolic_mmhg": case.vitals.systolic_mmhg is None,
        "vitals.spo2_percent": case.vitals.spo2_percent is None,
    }
    return [name for name, is_missing in wanted.items() if is_missing]

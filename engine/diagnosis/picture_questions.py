"""Questions about findings that the pictures of the leading conditions name and nobody has mentioned.

The tables of the interview know 49 conditions; a narrative is ranked over hundreds more. Of those no table says how
often a patient shows a finding, so what a question brings is worked out from the ranking itself: the case is ranked
again under each answer, and the gain is by how many bits the answer is expected to change the ranking
(Kullback-Leibler). How likely a "yes" is, is a choice: see `picture_findings.NAMED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.api import AnswerValue, Bilingual, LeadingAfter, NamedDisease, NextQuestion
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.ddxplus_source import NO, YES
from engine.diagnosis.explain import Explainer
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import Place, Ranking
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.picture_findings import NAMED, UNNAMED, PictureFindings

LEADING = 8
"""The hypotheses that questions shall tell apart."""
LEAST_GAIN_BITS = 0.05
"""A question is worth asking if it changes the ranking by so much, or where its answers put different ones first."""
MOST_TRIED = 4
"""Ranking again costs; more questions than a form shows need not be tried."""
_TINY = 1e-9
_NO_FINDING = "Abnormal"
"""Terms that begin so group others; nobody can answer them."""

RankAgain = Callable[[CaseEvidence], Ranking]


@dataclass(frozen=True, slots=True)
class _Leading:
    """A hypothesis in front: its place, and the row of its picture."""

    place: Place
    row: int


class PictureQuestioner:
    """Chooses questions by what the pictures name."""

    def __init__(
        self, pictures: PictureFindings, ontology: Ontology, explainer: Explainer, catalogue: Catalogue
    ) -> None:
        self._pictures = pictures
        self._ontology = ontology
        self._explainer = explainer
        self._catalogue = catalogue
        self._row: Mapping[int, int] = {number: row for row, number in enumerate(catalogue.condition_numbers())}

    def next_questions(
        self, evidence: CaseEvidence, ranking: Ranking, rank_again: RankAgain, count: int
    ) -> list[NextQuestion]:
        """Return at most `count` questions by what their answers are expected to change, best first."""
        leading = list(self._leading(ranking))
        asked = [
            self._question(term, evidence, ranking, leading, rank_again)
            for term in self._telling(evidence, leading)[: min(count + 1, MOST_TRIED)]
        ]
        worth = [question for question in asked if _is_worth_asking(question)]
        return sorted(worth, key=lambda question: -question.gain_bits)[:count]

    def _leading(self, ranking: Ranking) -> Iterator[_Leading]:
        for place in ranking.places[:LEADING]:
            numbers = [] if place.number is None else self._catalogue.both(place.number)
            row = next((self._row[number] for number in numbers if number in self._row), None)
            if row is not None:
                yield _Leading(place, row)

    def _telling(self, evidence: CaseEvidence, leading: Sequence[_Leading]) -> list[int]:
        """Return the open terms by how evenly they part the leading hypotheses; of kindred ones the most telling."""
        named = dict.fromkeys(term for each in leading for term in self._pictures.named_by(each.row))
        parted = {term: self._parted(term, leading) for term in named if self._is_open(term, evidence)}
        chosen: list[int] = []
        for term in sorted(parted, key=lambda term: -parted[term]):
            if parted[term] > 0 and not any(self._are_kin(term, other) for other in chosen):
                chosen.append(term)
        return chosen

    def _parted(self, term: int, leading: Sequence[_Leading]) -> float:
        share = self._share_naming(term, leading)
        return share * (1 - share)

    def _share_naming(self, term: int, leading: Sequence[_Leading]) -> float:
        held = sum(each.place.probability for each in leading)
        naming = sum(each.place.probability for each in leading if self._pictures.names(each.row, term))
        return naming / max(held, _TINY)

    def _is_open(self, term: int, evidence: CaseEvidence) -> bool:
        """Whether a term can be asked: in both languages, neither it nor a closer one there, no wider one denied."""
        code = self._ontology.code(term)
        shown = self._explainer.display(code)
        if self._ontology.names[term].startswith(_NO_FINDING) or code in evidence.unanswered or shown.en == shown.zh:
            return False
        said = {wider for there in evidence.present_terms for wider in self._ontology.ancestors_of(there).tolist()}
        return term not in said and not set(self._ontology.ancestors_of(term).tolist()) & set(evidence.absent_terms)

    def _are_kin(self, one: int, other: int) -> bool:
        return one in self._ontology.ancestors_of(other) or other in self._ontology.ancestors_of(one)

    def _question(
        self, term: int, evidence: CaseEvidence, ranking: Ranking, leading: Sequence[_Leading], rank_again: RankAgain
    ) -> NextQuestion:
        after = {YES: rank_again(evidence.with_term(term, True)), NO: rank_again(evidence.with_term(term, False))}
        naming = self._share_naming(term, leading)
        is_yes = NAMED * naming + UNNAMED * (1 - naming)
        bits = is_yes * _moved(ranking, after[YES]) + (1 - is_yes) * _moved(ranking, after[NO])
        name = self._explainer.display(self._ontology.code(term))
        return NextQuestion(
            code=self._ontology.code(term),
            question=Bilingual(f"{name.en}?", f"有没有{name.zh}？"),
            kind="yes_no",
            values=[AnswerValue(value, self._explainer.display_value("", value)) for value in (YES, NO)],
            gain_bits=round(bits, 4),
            if_answer={value: self._led_by(each.places[0]) for value, each in after.items() if each.places},
            worth_bits=round(bits, 4),
            speaks_for=[self._named(each.place) for each in leading if self._pictures.names(each.row, term)],
        )

    def _led_by(self, place: Place) -> LeadingAfter:
        named = self._named(place)
        return LeadingAfter(named.code, round(place.probability, 4), named.display)

    def _named(self, place: Place) -> NamedDisease:
        number = place.number or 0
        return NamedDisease(self._catalogue.code(number), self._catalogue.display(number))


def _is_worth_asking(question: NextQuestion) -> bool:
    led_by = {after.code for after in question.if_answer.values()}
    return question.gain_bits >= LEAST_GAIN_BITS or len(led_by) > 1


def _moved(before: Ranking, after: Ranking) -> float:
    """Return by how many bits `after` differs from `before`."""
    was = {place.number: place.probability for place in before.places}
    gained = (
        place.probability * np.log2(place.probability / max(was.get(place.number, 0.0), _TINY))
        for place in after.places
        if place.probability > 0
    )
    return max(0.0, float(sum(gained)))

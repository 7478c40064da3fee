"""The differential of one case: read the findings, let the voices vote, fuse, and decide whether to speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from engine.api import (
    Bilingual,
    CantMiss,
    Case,
    Differential,
    Entity,
    Hypothesis,
    NextQuestion,
    Practice,
    PriorUsed,
    RedFlag,
    SourceRecord,
    Votes,
)
from engine.diagnosis import abstain, fusion, narrative, red_flags, travel
from engine.diagnosis.agreement import agreement
from engine.diagnosis.bayes import BayesVoice
from engine.diagnosis.cant_miss import cant_miss
from engine.diagnosis.catalogue import TEXT_QUESTIONS, TEXT_VALUES, Catalogue, load_wording
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.condition_index import ConditionIndex
from engine.diagnosis.crosswalk import Crosswalk
from engine.diagnosis.explain import Explainer, Reasons, flip, missing
from engine.diagnosis.findings import CaseEvidence, FindingReader
from engine.diagnosis.fusion import Place, Ranking
from engine.diagnosis.interview import Interviewer
from engine.diagnosis.measured_findings import FieldReader
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.phenotype import PhenotypeVoice
from engine.diagnosis.picture_findings import PictureFindings, PictureRows
from engine.diagnosis.picture_questions import PictureQuestioner
from engine.diagnosis.places import Gazetteer
from engine.diagnosis.prior_choice import PriorChooser
from engine.diagnosis.priors import Priors
from engine.diagnosis.question_form import QuestionForm
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.reader_voice import Reader, read_places, with_reader
from engine.diagnosis.reranker import Reranker
from engine.diagnosis.retold import Retelling
from engine.diagnosis.signs import Signs
from engine.diagnosis.stated_vitals import with_stated_vitals
from engine.diagnosis.text_voice import TextVoice
from engine.diagnosis.voice import Voice, Vote
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import ENTRY as SOURCES_ENTRY
from engine.knowledge.sources import load_sources
from engine.runtime.base import Encoder

NEXT_QUESTIONS = 3
RANKED_BEHIND = 100
"""How many places are worked out, so that confidence is judged on more than the screen shows."""


class Diagnoser:
    """Ranks diseases over one knowledge index. Holds tables only; every call is a pure function of its arguments.

    `encoder` opens the sentence encoder of the text voice when a narrative comes; without one that voice is silent.
    `ranker` opens the encoder that was trained for it. `voices` are further voices beside these.
    """

    def __init__(
        self,
        index: KnowledgeIndex,
        voices: Sequence[Voice] = (),
        encoder: Callable[[], Encoder | None] = lambda: None,
        ranker: Callable[[], Encoder | None] = lambda: None,
    ) -> None:
        table, ontology, rare = CommonTable.load(index), Ontology.load(index), RareIndex.load(index)
        crosswalk = Crosswalk.load(index)
        self.ontology = ontology
        conditions = ConditionIndex.load(index)
        self.catalogue = Catalogue(table, rare, load_wording(index), conditions)
        numbers = self.catalogue.condition_numbers()
        self._explainer = Explainer(table, ontology, self.catalogue)
        retelling = Retelling(ontology, crosswalk.terms, lambda code: self._explainer.display(code).en)
        pictures = PictureFindings(PictureRows.load(index), ontology, len(conditions))
        self.text_voice = TextVoice(
            conditions, numbers, self.catalogue.rare_first, encoder, retelling, ranker, pictures
        )
        priors = Priors.load(index, table)
        self._prior = PriorChooser(priors)
        self.bayes = BayesVoice(table, priors, Signs.load(index, ontology, table))
        self.voices: tuple[Voice, ...] = (
            self.bayes,
            PhenotypeVoice(ontology, rare, Reranker.load(index), self.catalogue.rare_first),
            self.text_voice,
            *voices,
        )
        self.reader = FindingReader(table.questions, ontology, crosswalk, FieldReader.load(index))
        self._rules = red_flags.load_rules(index)
        self._gazetteer = Gazetteer.load(index)
        interviewer = Interviewer(
            self.bayes, self._explainer, load_wording(index, TEXT_QUESTIONS), load_wording(index, TEXT_VALUES)
        )
        asker = PictureQuestioner(pictures, ontology, self._explainer, self.catalogue)
        self._form = QuestionForm(interviewer, asker, self.catalogue)
        self._sources = load_sources(index) if SOURCES_ENTRY in index else {}

    def diagnose(
        self,
        case: Case,
        entities: Sequence[Entity] = (),
        top: int = 10,
        practice: Practice | None = None,
        questions: int = NEXT_QUESTIONS,
        reader: Reader | None = None,
    ) -> Differential:
        """Return the differential of `case` with what was read from its text, under the priors of `practice`.

        It offers at most `questions` next questions, for one form. With a `reader` the language model votes on the
        candidates in front. Never raises for what a case may hold; raises BadRequest where the clinic's priors do not
        fit the tables.
        """
        prior, used = self._prior.choose(case, practice or Practice())
        evidence = replace(self.reader.read(case, entities), prior=prior)
        unread = self._rank(case, evidence, max(top, RANKED_BEHIND, self.catalogue.common_count))
        ranking = self._read(case, unread, reader, entities) if reader else unread
        silent = abstain.reasons(case, evidence, ranking)
        places = ranking.places if case.candidates else self._believed(case, ranking)[:top]
        dangerous = self._dangerous(evidence, ranking.votes, used)
        reasons = self._explainer.reasons(ranking.votes)
        hypotheses = [
            self._hypothesis(rank, place, ranking, bool(silent), {row.code for row in dangerous}, reasons)
            for rank, place in enumerate(places, start=1)
        ]
        said = with_stated_vitals(case, entities)
        flags = red_flags.fired(
            self._rules, said, self._present_codes(evidence) | travel.codes(case, self._gazetteer)
        )
        outside = abstain.out_of_scope(case, ranking.scope)
        asks = ranking.scope != "rare" and not outside  # a patient outside the tables is not interviewed by them
        again = partial(self._rank, case, top=RANKED_BEHIND)
        form = self._form.next_questions(evidence, unread, again, questions, bool(case.candidates)) if asks else []
        return Differential(
            status="abstained" if silent else "ranked",
            hypotheses=hypotheses,
            reasons=[reason.en for reason in silent],
            voices_agree=fusion.voices_agree(ranking.votes, ranking, self.catalogue),
            agreement=agreement(case.own_diagnosis, ranking, self.catalogue),
            red_flags=flags,
            cant_miss=dangerous,
            next_questions=form,
            missing=missing(said, evidence),
            flips=flip(
                evidence, unread, self._leader(unread), lambda changed: self._first(case, changed), self._explainer
            ),
            unrecognised=[*evidence.unrecognised, *self._unknown_candidates(case, unread), *self._unknown_own(case)],
            display_reasons=[
                *silent,
                *self._contradictions(evidence),
                *self._left_out(evidence),
                *self._of_other_sex(case),
            ],
            knowledge_rows=_knowledge_rows(hypotheses),
            sources=self._named(hypotheses, flags),
            out_of_scope=" ".join(reason.en for reason in outside) or None,
            prior=used,
            voted=[*(vote.voice for vote in ranking.votes), *(["reader"] if _was_read(ranking) else [])],
        )

    def _read(self, case: Case, ranking: Ranking, reader: Reader, entities: Sequence[Entity]) -> Ranking:
        """Return the ranking after the language model has read the case beside each candidate in front."""
        shown = read_places(ranking.places)
        labels = [place.given or self.catalogue.display(place.number or 0).en for place in shown]
        reading = reader.read(case.text, labels, entities)
        return with_reader(ranking, reading.log_probability) if reading else ranking

    def _left_out(self, evidence: CaseEvidence) -> list[Bilingual]:
        """Say what of a very long narrative the text voice did not read."""
        count = self.text_voice.unread_clauses(evidence)
        told = Bilingual(
            f"The text voice did not read the last {count} clauses of this long narrative.",
            f"病情描述过长，文字判断未读取最后{count}个分句。",
        )
        return [told] if count else []

    def _dangerous(self, evidence: CaseEvidence, votes: Sequence[Vote], used: PriorUsed) -> list[CantMiss]:
        """Return what must not be missed, by the table's own prior whatever is in force: rare is no reason."""
        vote = next((vote for vote in votes if vote.voice == "bayes"), None)
        if vote is not None and (used.kind != "table" or used.confirmed_cases):
            vote = self.bayes.vote(replace(evidence, prior=None))
        told = next((vote for vote in votes if vote.voice == "text"), None)
        return cant_miss(vote, told, self.bayes.table, self.catalogue, self.catalogue.impossible_in(evidence.sex))

    def _named(self, hypotheses: Sequence[Hypothesis], flags: Sequence[RedFlag]) -> dict[str, SourceRecord]:
        """Return the records of the sources that evidence and danger signs name."""
        ids = {row.source for hypothesis in hypotheses for row in hypothesis.evidence} | {flag.source for flag in flags}
        return {name: self._sources[name] for name in sorted(ids) if name in self._sources}

    def next_step(
        self,
        case: Case,
        entities: Sequence[Entity] = (),
        top: int = 10,
        practice: Practice | None = None,
        questions: int = NEXT_QUESTIONS,
    ) -> tuple[Differential, NextQuestion | None]:
        """Return one stateless interview step: the differential, and the next question.

        The question is None when more would not change the decision; the runners-up stand in `next_questions`.
        """
        differential = self.diagnose(case, entities, top, practice, questions)
        return differential, next(iter(differential.next_questions), None)

    def _rank(self, case: Case, evidence: CaseEvidence, top: int) -> Ranking:
        scope = fusion.scope_of(case, evidence, self.text_voice.reads(evidence))
        heard = "all" if case.candidates else scope
        asked = (voice.vote(evidence) for voice in self.voices if heard == "all" or voice.scores in ("all", heard))
        votes = [vote for vote in asked if vote is not None]
        told = self.text_voice.over(case.candidates, evidence) if case.candidates else None
        return fusion.rank(
            scope, case.candidates, votes, self.catalogue, top, told, self.catalogue.impossible_in(case.sex)
        )

    def _believed(self, case: Case, ranking: Ranking) -> tuple[Place, ...]:
        """Return the places as they may be shown: tables that were filled from a narrative keep some doubt.

        Where the text voice voted, the field is open and its own confidence was measured.
        """
        if ranking.scope != "common" or not case.text.strip() or any(vote.voice == "text" for vote in ranking.votes):
            return ranking.places
        return narrative.doubted(ranking.places)

    def _first(self, case: Case, evidence: CaseEvidence) -> str | None:
        """Return the code (or the candidate's name) in first place, None where nobody voted."""
        ranking = self._rank(case, evidence, 1)
        return self._code(ranking.places[0]) if ranking.votes and ranking.places else None

    def _leader(self, ranking: Ranking) -> str | None:
        return self._code(ranking.places[0]) if ranking.places else None

    def _code(self, place: Place) -> str:
        return place.given or "" if place.number is None else self.catalogue.code(place.number)

    def _hypothesis(
        self,
        rank: int,
        place: Place,
        ranking: Ranking,
        is_silent: bool,
        dangerous: set[str],
        reasons: Sequence[Reasons],
    ) -> Hypothesis:
        code, number = self._code(place), place.number
        name = place.given or (self.catalogue.name(number) if number is not None else "")
        numbers = [] if number is None else self.catalogue.both(number)
        own = {vote.voice: _opinion(vote, numbers) for vote in ranking.votes} | dict(place.votes)
        return Hypothesis(
            rank=rank,
            code=code,
            name=name,
            display=Bilingual(name, name) if number is None else self.catalogue.display(number),
            probability=None if is_silent else min(1.0, max(0.0, place.probability)),
            votes=Votes() if is_silent else Votes(**own),
            evidence=self._explainer.evidence(numbers, reasons),
            group=None if number is None else self.catalogue.group(number),
            cant_miss=code in dangerous,
            other_codes=[] if number is None else self.catalogue.other_codes(number),
            prior=None if is_silent else _prior_of(number, ranking.votes),
        )

    def _present_codes(self, evidence: CaseEvidence) -> frozenset[str]:
        terms = self.ontology.closure(list(evidence.present_terms)).tolist()
        answered = {code for code, answer in evidence.answers.items() if answer == ("yes",)}
        partly = {code for code, (known, _) in evidence.partial.items() if "yes" in known}
        return frozenset({self.ontology.code(term) for term in terms} | answered | partly)

    def _unknown_candidates(self, case: Case, ranking: Ranking) -> list[str]:
        """Return the candidates that no voice could judge; the text voice judges every name."""
        if any(vote.voice == "text" for vote in ranking.votes):
            return []
        return [name for name in case.candidates if not self.catalogue.find(name)]

    def _of_other_sex(self, case: Case) -> list[Bilingual]:
        """Mark the named candidates that a patient of the recorded sex cannot have; they stay in the list."""
        impossible = self.catalogue.impossible_in(case.sex)
        if impossible is None:
            return []
        found = {name: self.catalogue.find(name) for name in case.candidates}
        marked = [name for name, numbers in found.items() if numbers and all(impossible[number] for number in numbers)]
        return [
            Bilingual(
                f"Ranked because it was named, but it does not occur in the recorded sex: {name}",
                f"因被列为候选而参与排序，但与记录的性别不符：{name}",
            )
            for name in marked
        ]

    def _unknown_own(self, case: Case) -> list[str]:
        return [case.own_diagnosis] if case.own_diagnosis and not self.catalogue.find(case.own_diagnosis) else []

    def _contradictions(self, evidence: CaseEvidence) -> list[Bilingual]:
        return [
            Bilingual(
                f"Said to be both present and absent, so taken as unknown: {shown.en}",
                f"同时记录为有和无，按未知处理：{shown.zh}",
            )
            for shown in map(self._explainer.display, evidence.contradictions)
        ]


def _prior_of(number: int | None, votes: Sequence[Vote]) -> float | None:
    """Return the probability of a disease before any finding, from the voice that has a prior for it."""
    for vote in votes:
        if number is not None and vote.log_prior is not None and vote.first <= number < vote.end:
            return float(np.exp(vote.log_prior[number - vote.first]))
    return None


def _opinion(vote: Vote, numbers: Sequence[int]) -> float | None:
    """Return what a vote gives a disease, under whichever of its numbers it scored."""
    return next((own for number in numbers if (own := fusion.probability_of(vote, number)) is not None), None)


def _was_read(ranking: Ranking) -> bool:
    return any("reader" in place.votes for place in ranking.places)


def _knowledge_rows(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return sorted({row.source for hypothesis in hypotheses for row in hypothesis.evidence})

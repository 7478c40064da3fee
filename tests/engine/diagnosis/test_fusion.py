"""A further voice that scores every disease joins the two table voices without a change to fusion."""

from __future__ import annotations

import numpy as np
import pytest

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import COMMON_SHARE, TOLD_SHARE, shares_of
from engine.diagnosis.voice import Scope, VoiceName, Vote, normalised
from engine.knowledge.index import KnowledgeIndex

ASTHMA, MARFAN = "DDX:Bronchospasm / acute asthma exacerbation", "OMIM:154700"


class OneSided:
    """A voice over the whole catalogue that favours one disease by so many nats."""

    name: VoiceName = "text"
    scores: Scope = "all"

    def __init__(self, count: int, favourite: int, nats: float) -> None:
        self._log_score = np.zeros(count)
        self._log_score[favourite] = nats

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        return Vote(self.name, 0, normalised(self._log_score), (), 1)


def with_voice(index: KnowledgeIndex, diagnoser: Diagnoser, favourite: str, nats: float) -> Diagnoser:
    number = diagnoser.catalogue.find(favourite)[0]
    return Diagnoser(index, voices=[OneSided(len(diagnoser.catalogue), number, nats)])


def case_of(*codes: str, **fields: object) -> api.Case:
    return api.Case(findings=[api.Finding(code=code) for code in codes], **fields)  # type: ignore[arg-type]


def ranked(diagnoser: Diagnoser, case: api.Case) -> dict[str, api.Hypothesis]:
    return {row.code: row for row in diagnoser.diagnose(case, top=1000).hypotheses}


@pytest.mark.parametrize("scope", ["common", "rare", "all"])
def test_probabilities_sum_to_one_with_a_voice_that_scores_all(
    diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser, scope: str
) -> None:
    loud = with_voice(diagnosis_index, diagnoser, ASTHMA, 20.0)
    case = case_of("E_66", "HP:0001166", "HP:0000098", scope=scope, candidates=[])
    ranking = loud._rank(case, loud.reader.read(case), 20_000)
    assert sum(place.probability for place in ranking.places) == pytest.approx(1.0)
    assert len(ranking.votes) == {"common": 2, "rare": 2, "all": 3}[scope]


def test_a_voice_that_scores_all_moves_the_common_ranking(
    diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser
) -> None:
    case = case_of("E_66", "E_201", age_years=30)
    before = ranked(diagnoser, case)[ASTHMA]
    after = ranked(with_voice(diagnosis_index, diagnoser, ASTHMA, 6.0), case)[ASTHMA]
    assert after.rank == 1
    assert after.rank <= before.rank
    assert after.votes.text is not None
    assert before.votes.text is None


def test_it_may_bring_in_a_rare_disease_where_only_common_findings_were_read(
    diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser
) -> None:
    case = case_of("E_154", "E_88", scope="all")
    assert MARFAN not in ranked(diagnoser, case)
    assert MARFAN in ranked(with_voice(diagnosis_index, diagnoser, MARFAN, 20.0), case)


def test_beside_a_narrative_rare_diseases_hold_what_they_hold_among_people(diagnoser: Diagnoser) -> None:
    catalogue = diagnoser.catalogue
    common, rare = catalogue.rare_first, len(catalogue) - catalogue.rare_first
    read = [Vote("phenotype", common, normalised(np.zeros(rare)), (), 3)]
    for name, share in (("bayes", COMMON_SHARE), ("text", TOLD_SHARE)):
        size = catalogue.common_count if name == "bayes" else common
        vote = Vote(name, 0, normalised(np.zeros(size)), (), 3)  # type: ignore[arg-type]
        assert shares_of("all", [vote, *read], catalogue)[:common].sum() == pytest.approx(share)


def test_a_voice_without_an_opinion_leaves_the_order_as_it_was(
    diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser
) -> None:
    case = case_of("E_66", "E_201", "E_124", age_years=30)
    mute = with_voice(diagnosis_index, diagnoser, ASTHMA, 0.0)
    assert [row.code for row in mute.diagnose(case).hypotheses] == [
        row.code for row in diagnoser.diagnose(case).hypotheses
    ]


def test_agreement_is_judged_over_the_kind_of_disease_that_stands_first(
    diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser
) -> None:
    case = case_of("E_214", "E_66", "E_124", "E_46", "E_201", age_years=20, sex="male")
    assert diagnoser.diagnose(case).voices_agree is None
    assert with_voice(diagnosis_index, diagnoser, ASTHMA, 9.0).diagnose(case).voices_agree == "agree"
    assert with_voice(diagnosis_index, diagnoser, "DDX:Ebola", 3.0).diagnose(case).voices_agree == "disagree"


def test_a_voice_that_scores_all_can_decide_alone(diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser) -> None:
    case = api.Case(text="tall, long fingers", scope="all")
    first = with_voice(diagnosis_index, diagnoser, MARFAN, 20.0).diagnose(case).hypotheses[0]
    assert first.code == MARFAN

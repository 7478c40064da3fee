"""Which questions stand on the next form: those of the tables, and over a narrative those of the pictures."""

from __future__ import annotations

from engine.api import NextQuestion
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import Ranking
from engine.diagnosis.interview import Interviewer
from engine.diagnosis.picture_questions import PictureQuestioner, RankAgain


class QuestionForm:
    """Puts one form together."""

    def __init__(self, tables: Interviewer, pictures: PictureQuestioner, catalogue: Catalogue) -> None:
        self._tables = tables
        self._pictures = pictures
        self._catalogue = catalogue

    def next_questions(
        self, evidence: CaseEvidence, ranking: Ranking, rank_again: RankAgain, count: int, is_named: bool
    ) -> list[NextQuestion]:
        """Return at most `count` questions, best first.

        Over a narrative the tables ask only where one of their own conditions leads, and leave room for the pictures of
        the others. Candidates that somebody named (`is_named`) are told apart by the tables alone.
        """
        tables = self._tables.next_questions(evidence, count)
        if is_named or not ranking.places or not any(vote.voice == "text" for vote in ranking.votes):
            return tables
        pictures = self._pictures.next_questions(evidence, ranking, rank_again, count)
        leader = ranking.places[0].number
        if leader is None or not self._catalogue.is_common(leader):
            return pictures
        return [*tables[:1], *pictures, *tables[1:]][:count]

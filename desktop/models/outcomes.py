"""What a plan measures at each visit, as a Qt list."""

from __future__ import annotations

from desktop.models.records import RecordModel
from desktop.outcome_words import outcome_line
from engine.api import Outcome


class OutcomeModel(RecordModel[Outcome]):
    """Each measure with its history."""

    def text(self, record: Outcome) -> str:
        return outcome_line(record, self.language)

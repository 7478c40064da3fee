"""Differences as Qt lists: a plan against the previous one, and the signed text against the draft."""

from __future__ import annotations

from desktop.models.records import RecordModel
from desktop.report.decisions import DraftChange
from desktop.words import CHANGE_KINDS, change_text, word
from engine.api import PlanChange


class PlanChangeModel(RecordModel[PlanChange]):
    """What changed since the previous plan, each with its reason."""

    def text(self, record: PlanChange) -> str:
        return f"{word(CHANGE_KINDS, record.kind, self.language)}: {change_text(record, self.language)}"


class DraftChangeModel(RecordModel[DraftChange]):
    """What a signature would change from the draft."""

    def text(self, record: DraftChange) -> str:
        return f"{record.kind}: {record.before} {record.after}".strip()

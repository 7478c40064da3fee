"""Passages of the clinic's own references about a plan's diagnosis, as a Qt list."""

from __future__ import annotations

from desktop.models.records import RecordModel
from desktop.words import passage_source, shown
from engine.api import Plan, PlanSentence, SourceRecord


class PassageModel(RecordModel[PlanSentence]):
    """Quoted passages; they are shown beside the plan and are no part of what it proposes."""

    def show_plan(self, plan: Plan | None) -> None:
        """Show the passages that came along with a plan that has options of its own."""
        self.sources: dict[str, SourceRecord] = plan.sources if plan is not None else {}
        self.set_records(plan.reference if plan is not None and plan.covered else ())

    def text(self, record: PlanSentence) -> str:
        return f"{shown(record.display, record.text, self.language)} ({self.place(record)})"

    def place(self, record: PlanSentence) -> str:
        """Return title, page and offset of a passage."""
        return passage_source(record, self.sources, self.language)

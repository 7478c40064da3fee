"""What stands beside the plan, one tab each: alerts, sources, what changed, basis."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QTabWidget, QWidget

from desktop.models.changes import PlanChangeModel
from desktop.models.outcomes import OutcomeModel
from desktop.models.passages import PassageModel
from desktop.models.records import screen_language
from desktop.models.sources import SourceModel
from desktop.report.decisions import Decisions
from desktop.views import plan_markup
from desktop.views.basis import Basis, BasisPanel
from desktop.views.plan_alerts import AlertPanel
from desktop.views.rich_delegate import rich_list
from engine.api import Bilingual, Plan

Index = QModelIndex | QPersistentModelIndex


class PlanTabs(QTabWidget):
    """Changes, what is measured and the clinic's own references have a tab only where there is something to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, documentMode=True)
        self._plan: Plan | None = None
        self.alerts = AlertPanel()
        self.source_model = SourceModel(self)
        self.change_model = PlanChangeModel(self)
        self.sources = rich_list(self.source_model, self._source_markup)
        self.changes = rich_list(self.change_model, self._change_markup)
        self.outcome_model = OutcomeModel(self)
        self.outcomes = rich_list(self.outcome_model, self._outcome_markup)
        self.passage_model = PassageModel(self)
        self.passages = rich_list(self.passage_model, self._passage_markup)
        self.basis = BasisPanel()
        for panel in (self.alerts, self.sources, self.passages, self.changes, self.outcomes, self.basis):
            self.addTab(panel, "")

    def show_plan(self, plan: Plan | None, decisions: Decisions) -> None:
        """Show the alerts, sources and changes of `plan`."""
        self._plan = plan
        self.alerts.show_check(plan.check if plan is not None else None, decisions)
        self.source_model.set_sources(plan.sources if plan is not None else {})
        self.change_model.set_records(plan.changes if plan is not None else ())
        self.setTabVisible(self.indexOf(self.changes), self.change_model.rowCount() > 0)
        self.passage_model.show_plan(plan)
        self.setTabVisible(self.indexOf(self.passages), self.passage_model.rowCount() > 0)
        self.outcome_model.set_records(plan.outcomes if plan is not None else ())
        self.setTabVisible(self.indexOf(self.outcomes), self.outcome_model.rowCount() > 0)

    def show_basis(self, made_by: Basis) -> None:
        """Show which versions made the plan, and how its options were ranked."""
        plan = self._plan
        if plan is None:
            self.basis.show_basis(Basis(made_by.versions, made_by.made_at))
            return
        worked = tuple((option.display or Bilingual(option.name, option.name), option.display_utility)
                       for option in plan.options if option.display_utility is not None)
        self.basis.show_basis(Basis(made_by.versions, made_by.made_at, rows=tuple(plan.knowledge_rows),
                                    formula=plan.utility_formula, worked=worked))

    def retranslate(self) -> None:
        """Speak the language in use; the alerts and the basis speak for themselves."""
        language = screen_language()
        self.source_model.set_language(language)
        self.change_model.set_language(language)
        self.outcome_model.set_language(language)
        self.passage_model.set_language(language)
        names = {self.alerts: self.tr("Alerts (C)"), self.sources: self.tr("Sources"),
                 self.passages: self.tr("Clinic's references"), self.changes: self.tr("Changes"),
                 self.outcomes: self.tr("Measured"), self.basis: self.tr("Basis (F2)")}
        for panel, name in names.items():
            self.setTabText(self.indexOf(panel), name)
        self.sources.setAccessibleName(self.tr("Sources"))
        self.passages.setAccessibleName(self.tr("Clinic's references"))
        self.outcomes.setAccessibleName(self.tr("Measured at each visit"))
        self.changes.setAccessibleName(self.tr("Changes against the previous plan"))

    def _source_markup(self, index: Index) -> str:
        source = self.source_model.record(index)
        return "" if source is None else plan_markup.source(source)

    def _change_markup(self, index: Index) -> str:
        change = self.change_model.record(index)
        return "" if change is None else plan_markup.change(change)

    def _passage_markup(self, index: Index) -> str:
        passage = self.passage_model.record(index)
        return "" if passage is None else plan_markup.passage(self.passage_model, passage)

    def _outcome_markup(self, index: Index) -> str:
        outcome = self.outcome_model.record(index)
        return "" if outcome is None else plan_markup.outcome(outcome)

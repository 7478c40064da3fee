"""What explains the ranking, one tab each: for and against, next question, what would change it, basis."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QWidget

from desktop.views.basis import Basis, BasisPanel
from desktop.views.differential_change import ChangePanel
from desktop.views.differential_questions import QuestionPanel
from desktop.views.evidence import EvidencePanel
from engine.api import Differential


class DifferentialTabs(QTabWidget):
    """Before the own diagnosis is given only the questions are open, and they keep their effects to themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, documentMode=True)
        self.evidence = EvidencePanel()
        self.questions = QuestionPanel()
        self.change = ChangePanel()
        self.basis = BasisPanel()
        for panel in (self.evidence, self.questions, self.change, self.basis):
            self.addTab(panel, "")

    def show_differential(self, result: Differential | None, *, waiting: bool) -> None:
        """Show what explains `result`; while `waiting` for the own diagnosis nothing of the ranking leaks."""
        self.setVisible(result is not None)
        self.questions.show_questions(result, with_effects=not waiting)
        self.change.show_differential(None if waiting else result)
        for panel in (self.evidence, self.change, self.basis):
            self.setTabEnabled(self.indexOf(panel), not waiting)
        silent = waiting or result is None or result.status == "abstained"
        self.setCurrentWidget(self.questions if silent else self.evidence)

    def open(self, panel: QWidget) -> None:
        """Bring a tab to the front, where it may be seen."""
        if self.isTabEnabled(self.indexOf(panel)):
            self.setCurrentWidget(panel)

    def show_basis(self, made_by: Basis, result: Differential | None) -> None:
        """Show which versions made the result, and what it had to do without."""
        if result is None:
            self.basis.show_basis(made_by)
            return
        self.basis.show_basis(Basis(made_by.versions, made_by.made_at, tuple(result.missing),
                                    tuple(result.unrecognised), tuple(result.knowledge_rows),
                                    prior=result.prior))

    def retranslate(self) -> None:
        """Name the tabs in the language in use; each panel speaks for itself."""
        names = {self.evidence: self.tr("For and against"), self.questions: self.tr("Next question"),
                 self.change: self.tr("What if (W)"), self.basis: self.tr("Basis (F2)")}
        for panel, name in names.items():
            self.setTabText(self.indexOf(panel), name)

"""The alerts of a plan by harm, each with how it was set aside, and what the check could not do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.models.alerts import AlertModel
from desktop.models.records import screen_language
from desktop.report.decisions import Decisions
from desktop.views import plan_markup, theme
from desktop.views.rich_delegate import rich_list
from engine.api import Alert, CheckResult


class AlertPanel(QWidget):
    """Alerts worst first, then what was not checked; emits `override_asked` for the selected one."""

    override_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: CheckResult | None = None
        self._decisions = Decisions()
        self.model = AlertModel(self)
        self.view = rich_list(self.model, self._markup)
        self._gaps = QLabel(wordWrap=True)
        self.override_button = QPushButton()
        theme.set_role(self._gaps, "muted")
        self.override_button.setIcon(theme.icon("shield-alert"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_PX, 0, 0)
        column.addWidget(self._gaps)
        column.addWidget(self.view, 1)
        column.addWidget(self.override_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)
        self.override_button.clicked.connect(self.override_asked)
        self.view.selectionModel().currentChanged.connect(self._offer)
        self.retranslate()

    def show_check(self, check: CheckResult | None, decisions: Decisions) -> None:
        """Show the alerts of `check`, the worst one current."""
        self._check = check
        self._decisions = decisions
        self.model.set_alerts(check.alerts if check is not None else [], check.sources if check is not None else None)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))
        self.retranslate()

    def show_decisions(self, decisions: Decisions) -> None:
        """Show which alerts are set aside now."""
        self._decisions = decisions
        self.view.doItemsLayout()
        self._offer()

    def current(self) -> Alert | None:
        """Return the alert that is selected."""
        return self.model.record(self.view.currentIndex())

    def _offer(self) -> None:
        self.override_button.setEnabled(self.current() is not None)

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        alert = self.model.record(index)
        if alert is None:
            return ""
        return plan_markup.alert(self.model, alert, self._decisions.override_of(alert))

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.model.set_language(screen_language())
        self.view.setAccessibleName(self.tr("Alerts, worst first"))
        self.view.setVisible(self.model.rowCount() > 0)
        self.override_button.setVisible(self.model.rowCount() > 0)
        self.override_button.setText(self.tr("Set aside with a reason (O)"))
        unknown = self._check.not_checked if self._check is not None else []
        gaps = [] if self.model.rowCount() else [self.tr("No alert was raised.")]
        if unknown:
            gaps.append(self.tr("Not checked, no table knows it: {names}.").format(names=", ".join(unknown)))
        if self._check is not None and self._check.checks_incomplete:
            gaps.append(self.tr("%n check(s) could not be completed; see Check.", "",
                                len(self._check.checks_incomplete)))
        self._gaps.setText(" ".join(gaps))
        self._gaps.setVisible(bool(gaps))
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

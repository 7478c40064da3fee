"""The sign panel: who signs, what the signature changes from the draft, and why somebody may not.

It is the one place where severe alerts interrupt: once a prescription, all of them in one list, the worst first.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.case.record import Role
from desktop.models.alerts import AlertModel
from desktop.models.changes import DraftChangeModel
from desktop.models.records import screen_language
from desktop.report.decisions import Decisions, Signature, changes_from_draft, open_alerts
from desktop.views import plan_markup, theme
from desktop.views.page_header import primary_icon
from desktop.views.rich_delegate import rich_list
from desktop.words import ROLES, readable_time, word
from engine.api import Alert, Plan

SIGNING_ROLES = frozenset({Role.CLINICIAN, Role.CLINICAL_LEAD})


class SignPanel(QFrame):
    """Signing takes a second, deliberate step: this panel, then its button or Ctrl+Return again."""

    sign_requested = Signal()
    override_asked = Signal()
    """Set the current open alert aside, with a reason."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._name, self._role = "", Role.NURSE
        self._signature: Signature | None = None
        self.open_alerts = AlertModel(self)
        self.alert_view = rich_list(self.open_alerts, self._alert_markup)
        self.model = DraftChangeModel(self)
        self.view = rich_list(self.model, self._markup)
        self._title = QLabel(wordWrap=True)
        self.reason = QLabel(wordWrap=True)
        self.button = QPushButton()
        self.back = QPushButton()
        theme.set_role(self._title, "heading")
        theme.set_role(self.reason, "muted")
        theme.set_role(self.button, "primary")
        self.button.setIcon(primary_icon("signature"))
        self.button.clicked.connect(self.confirm)
        self.back.clicked.connect(self.closed)
        self.alert_view.activated.connect(self.override_asked)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        column.addWidget(self._title)
        column.addWidget(self.reason)
        column.addWidget(self.alert_view, 1)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)
        column.addStretch()  # without a list the words stay together at the top
        self.retranslate()

    def show_signer(self, name: str, role: Role) -> None:
        """Say who would sign."""
        self._name, self._role = name, role
        self.retranslate()

    def show_draft(self, plan: Plan, decisions: Decisions) -> None:
        """Show what a signature would change, and every severe alert that still waits for a reason."""
        self.open_alerts.set_alerts(list(open_alerts(plan, decisions)), plan.check.sources)
        self.alert_view.setCurrentIndex(self.open_alerts.index(0))
        self.model.set_records(changes_from_draft(plan, decisions, screen_language()))
        self.retranslate()

    def show_signature(self, signature: Signature | None) -> None:
        """Say that the report is signed, and by whom."""
        self._signature = signature
        self.retranslate()

    def confirm(self) -> None:
        """Sign, where that is allowed."""
        if self.button.isEnabled():
            self.sign_requested.emit()

    def current_alert(self) -> Alert | None:
        """Return the open alert that is selected."""
        return self.open_alerts.record(self.alert_view.currentIndex())

    def may_sign(self) -> bool:
        """Return whether the signer's role allows it, no severe alert is open and nothing is signed yet."""
        return self._role in SIGNING_ROLES and not self.open_alerts.rowCount() and self._signature is None

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        change = self.model.record(index)
        return "" if change is None else plan_markup.draft_change(change)

    def _alert_markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        alert = self.open_alerts.record(index)
        return "" if alert is None else plan_markup.alert(self.open_alerts, alert)

    def retranslate(self) -> None:
        """Speak the language in use."""
        role = word(ROLES, self._role, screen_language())
        self._title.setText(self.tr("Sign as {name} ({role})").format(name=self._name, role=role))
        self.button.setText(self.tr("Sign the report (Ctrl+Return)"))
        self.button.setEnabled(self.may_sign())
        self.back.setText(self.tr("Back (Esc)"))
        self.view.setAccessibleName(self.tr("What the signature changes from the draft"))
        self.view.setVisible(self.model.rowCount() > 0 and not self.open_alerts.rowCount())
        self.open_alerts.set_language(screen_language())
        self.alert_view.setAccessibleName(self.tr("Severe alerts without a reason, worst first"))
        self.alert_view.setVisible(self.open_alerts.rowCount() > 0)
        self.reason.setText(self._reason())

    def _reason(self) -> str:
        if self._signature is not None:
            return self.tr("Signed by {name}, {time}.").format(
                name=self._signature.name, time=readable_time(self._signature.signed_at))
        if self._role not in SIGNING_ROLES:
            return self.tr("Only a clinician or the clinical lead may sign. Switch the user with Ctrl+L.")
        if waiting := self.open_alerts.rowCount():
            return self.tr("%n severe alert(s) must be set aside with a reason before signing.", "", waiting)
        if self.model.rowCount():
            return self.tr("Your signature changes this from the draft:")
        return self.tr("You sign the draft as it is; nothing was changed.")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def focus_first(self) -> None:
        """Put the focus where the next key is expected."""
        waiting = self.alert_view if self.open_alerts.rowCount() else self.back
        (self.button if self.may_sign() else waiting).setFocus(Qt.FocusReason.ShortcutFocusReason)

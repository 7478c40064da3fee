"""The sign panel: who signs, what the signature changes from the draft, and why somebody may not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.case.record import Role
from desktop.models.changes import DraftChangeModel
from desktop.models.records import screen_language
from desktop.report.decisions import Decisions, Signature, changes_from_draft
from desktop.views import plan_markup, theme
from desktop.views.page_header import primary_icon
from desktop.views.rich_delegate import rich_list
from desktop.words import ROLES, readable_time, word
from engine.api import Plan

SIGNING_ROLES = frozenset({Role.CLINICIAN, Role.CLINICAL_LEAD})


class SignPanel(QFrame):
    """Signing takes a second, deliberate step: this panel, then its button or Ctrl+Return again."""

    sign_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._name, self._role = "", Role.NURSE
        self._signature: Signature | None = None
        self._open_alerts = 0
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
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        column.addWidget(self._title)
        column.addWidget(self.reason)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)
        self.retranslate()

    def show_signer(self, name: str, role: Role) -> None:
        """Say who would sign."""
        self._name, self._role = name, role
        self.retranslate()

    def show_draft(self, plan: Plan, decisions: Decisions, open_alerts: int) -> None:
        """Show what a signature would change, and how many severe alerts still wait for a reason."""
        self._open_alerts = open_alerts
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

    def may_sign(self) -> bool:
        """Return whether the signer's role allows it, no severe alert is open and nothing is signed yet."""
        return self._role in SIGNING_ROLES and self._open_alerts == 0 and self._signature is None

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        change = self.model.record(index)
        return "" if change is None else plan_markup.draft_change(change)

    def retranslate(self) -> None:
        """Speak the language in use."""
        role = word(ROLES, self._role, screen_language())
        self._title.setText(self.tr("Sign as {name} ({role})").format(name=self._name, role=role))
        self.button.setText(self.tr("Sign the report (Ctrl+Return)"))
        self.button.setEnabled(self.may_sign())
        self.back.setText(self.tr("Back (Esc)"))
        self.view.setAccessibleName(self.tr("What the signature changes from the draft"))
        self.view.setVisible(self.model.rowCount() > 0)
        self.reason.setText(self._reason())

    def _reason(self) -> str:
        if self._signature is not None:
            return self.tr("Signed by {name}, {time}.").format(
                name=self._signature.name, time=readable_time(self._signature.signed_at))
        if self._role not in SIGNING_ROLES:
            return self.tr("Only a clinician or the clinical lead may sign. Switch the user with Ctrl+L.")
        if self._open_alerts:
            return self.tr("%n severe alert(s) must be set aside with a reason before signing.", "", self._open_alerts)
        if self.model.rowCount():
            return self.tr("Your signature changes this from the draft:")
        return self.tr("You sign the draft as it is; nothing was changed.")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def focus_first(self) -> None:
        """Put the focus where the next key is expected."""
        (self.button if self.may_sign() else self.back).setFocus(Qt.FocusReason.ShortcutFocusReason)

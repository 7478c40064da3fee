"""The plan's sentences: they arrive one by one, and one without a source prints only in the clinician's own words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.models.sentences import SentenceModel, SentenceRow, Standing
from desktop.report.decisions import Decisions
from desktop.views import plan_markup, theme
from desktop.views.rich_delegate import rich_list
from engine.api import Plan, PlanSentence


class SentencePanel(QWidget):
    """Emits the number of the sentence that the clinician adopts or rewords."""

    adopted = Signal(int)
    edited = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SentenceModel(self)
        self.view = rich_list(self.model, self._markup)
        self.adopt_button = QPushButton()
        self.edit_button = QPushButton()
        self.editor = QFrame(visible=False)
        self.field = QPlainTextEdit(tabChangesFocus=True)
        self._label = QLabel()
        self.save_button = QPushButton()
        self.cancel_button = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        theme.set_role(self.editor, "card")
        theme.set_role(self._label, "label")
        theme.set_role(self.save_button, "primary")
        self._label.setBuddy(self.field)
        self.adopt_button.setIcon(theme.icon("check"))
        self.edit_button.setIcon(theme.icon("pen-line"))
        self.field.setFixedHeight(self.fontMetrics().height() * 4)
        inside = QVBoxLayout(self.editor)
        inside.addWidget(self._label)
        inside.addWidget(self.field)
        inside.addLayout(_row(self.save_button, self.cancel_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.editor)
        column.addLayout(_row(self.adopt_button, self.edit_button))

    def _connect(self) -> None:
        self.adopt_button.clicked.connect(self._adopt)
        self.edit_button.clicked.connect(self.open_editor)
        self.save_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self.close_editor)
        self.field.textChanged.connect(self._offer)
        self.view.activated.connect(self.open_editor)
        self.view.selectionModel().currentChanged.connect(self._offer)
        self.model.modelReset.connect(self._offer)

    def show_plan(self, plan: Plan | None, decisions: Decisions) -> None:
        """Show the sentences of `plan`."""
        self.close_editor()
        self.model.set_plan(plan, decisions)

    def show_decisions(self, decisions: Decisions) -> None:
        """Show what the clinician has decided since."""
        self.model.set_decisions(decisions)
        self._offer()

    def add_sentence(self, sentence: PlanSentence) -> None:
        """Show a sentence that has just been written."""
        self.model.add_sentence(sentence)

    def current(self) -> SentenceRow | None:
        """Return the sentence that is selected, or None on a heading."""
        row = self.model.record(self.view.currentIndex())
        return row if row is not None and row.numbered is not None else None

    def open_editor(self) -> None:
        """Open the field with the selected sentence in it."""
        row = self.current()
        if row is not None:
            self.field.setPlainText(row.text)
            self.editor.show()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_editor(self) -> None:
        """Close the field; nothing is changed."""
        self.editor.hide()

    def _adopt(self) -> None:
        row = self.current()
        if row is not None and row.numbered is not None:
            self.adopted.emit(row.numbered.number)

    def _save(self) -> None:
        row, text = self.current(), self.field.toPlainText().strip()
        if row is not None and row.numbered is not None and text:
            self.edited.emit(row.numbered.number, text)
            self.close_editor()
            self.view.setFocus()

    def _offer(self) -> None:
        row = self.current()
        self.adopt_button.setEnabled(row is not None and row.standing is Standing.UNSUPPORTED)
        self.edit_button.setEnabled(row is not None)
        self.save_button.setEnabled(bool(self.field.toPlainText().strip()))

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        row = self.model.record(index)
        return "" if row is None else plan_markup.sentence(row)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.model.set_language(screen_language())
        self.view.setAccessibleName(self.tr("Sentences of the plan"))
        self.adopt_button.setText(self.tr("Adopt as my words"))
        self.edit_button.setText(self.tr("Put in my words"))
        self._label.setText(self.tr("My &words"))
        self.field.setAccessibleName(self.tr("My words"))
        self.save_button.setText(self.tr("Keep"))
        self.cancel_button.setText(self.tr("Cancel"))
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row

"""The interview panel: one question at a time, answered with the number keys; each answer says what would lead."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from desktop.models.questions import ChoiceModel
from desktop.models.records import screen_language
from desktop.views import theme
from desktop.words import pick
from engine.api import Bilingual, Differential, NextQuestion

SEARCH_FROM = 11
"""With more answers than this the panel offers a search; grades from 0 to 10 still stand without one."""


class ChoiceList(QListView):
    """Gives number keys to the panel instead of searching in the list."""

    key_chosen = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and (event.text().isdigit() or event.text() == "."):
            self.key_chosen.emit(event.text())
        else:
            super().keyPressEvent(event)


class QuestionPanel(QWidget):
    """Emits `answer_given(code, value)`; the shell stores it and asks the engine again."""

    answer_given = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions: tuple[NextQuestion, ...] = ()
        self._names: dict[str, str] = {}
        self._displays: dict[str, Bilingual] = {}
        self._place = 0
        self.model = ChoiceModel(self)
        self._question = QLabel(wordWrap=True)
        self._hint = QLabel(wordWrap=True)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.view = ChoiceList()
        self.confirm = QPushButton()
        self.skip = QPushButton()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        theme.set_role(self._question, "heading")
        theme.set_role(self._hint, "small")
        self.view.setModel(self.model)
        self.view.setWordWrap(True)
        self.view.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.view.setSpacing(theme.SPACE_PX // 2)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.key_chosen.connect(self._choose_key)
        self.view.activated.connect(self._choose)
        self.view.clicked.connect(self._choose)
        self.search.textChanged.connect(self.model.narrow)
        self.confirm.clicked.connect(self._confirm)
        self.skip.clicked.connect(self._next)
        buttons = QHBoxLayout()
        buttons.addWidget(self.confirm)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_PX, 0, 0)
        for widget in (self._question, self._hint, self.search, self.view):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addStretch()  # without a question the words stay at the top

    def show_questions(self, differential: Differential | None, with_effects: bool = True) -> None:
        """Offer the next questions, best first; effects stay hidden while the own diagnosis is still asked for.

        Where the engine abstained an effect is named without a percentage.
        """
        self._questions = tuple(differential.next_questions) if differential is not None else ()
        shown = differential.hypotheses if differential is not None else []
        self._names = {entry.code: pick(entry.display, screen_language()) for entry in shown}
        self._displays = {entry.code: entry.display for entry in shown}
        self._place = 0
        self.model.show_effects = with_effects
        self.model.show_chances = differential is not None and differential.status == "ranked"
        self._show_question()

    def question_text(self) -> str:
        """Return the question on the screen, or that there is none."""
        return self._question.text()

    def _show_question(self) -> None:
        question = self._current()
        self.search.clear()
        self.search.setVisible(question is not None and len(question.values) > SEARCH_FROM)
        self.model.set_question(question, self._names)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))
        self.retranslate()

    def _current(self) -> NextQuestion | None:
        return self._questions[self._place] if self._place < len(self._questions) else None

    def _next(self) -> None:
        self._place = (self._place + 1) % max(1, len(self._questions))
        self._show_question()

    def _choose_key(self, key: str) -> None:
        row = self.model.row_of_key(key)
        if row is not None:
            self._choose(self.model.index(row))

    def _choose(self, index: QModelIndex) -> None:
        choice, question = self.model.record(index), self._current()
        if choice is None or question is None:
            return
        if self.model.many and choice.value is not None:
            self.model.toggle(index.row())
            self.confirm.setEnabled(bool(self.model.ticked()))
        else:
            self.answer_given.emit(question.code, choice.value)

    def _confirm(self) -> None:
        question = self._current()
        if question is not None and self.model.ticked():
            self.answer_given.emit(question.code, self.model.ticked())

    def retranslate(self) -> None:
        """Speak the language in use."""
        language = screen_language()
        self.model.set_language(language)
        question = self._current()
        self.view.setVisible(question is not None)
        self.view.setAccessibleName(self.tr("Answers"))
        self.search.setAccessibleName(self.tr("Search in the answers"))
        self.search.setPlaceholderText(self.tr("Search in the answers"))
        self.confirm.setText(self.tr("Confirm the ticked answers"))
        self.confirm.setVisible(self.model.many)
        self.confirm.setEnabled(bool(self.model.ticked()))
        self.skip.setText(self.tr("Ask another question"))
        self.skip.setVisible(len(self._questions) > 1)
        if question is None:
            self._question.setText(self.tr("Lantern knows no further question that would change the decision."))
            self._hint.setText("")
            return
        self._question.setText(pick(question.question, language))
        self._hint.setText(self._hint_text(question))

    def _hint_text(self, question: NextQuestion) -> str:
        place = self.tr("Question {n} of {m}. ").format(n=self._place + 1, m=len(self._questions))
        if question.decides is not None and self.model.show_effects:
            name = self._displays.get(question.decides)
            shown = pick(name, screen_language()) if name else question.decides.partition(":")[2]
            place += self.tr("May decide whether to treat {disease}. ").format(disease=shown)
        if question.speaks_for and self.model.show_effects:
            language, named = screen_language(), question.speaks_for
            names = [pick(each.display, language) if each.display else each.code for each in named]
            place += self.tr("A yes speaks for: {diseases}. ").format(diseases=", ".join(names))
        if question.kind == "many_of":
            return place + self.tr("Tick with the number keys, then confirm.")
        return place + self.tr("Answer with the number keys; the point key means the patient does not know.")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and (event.text().isdigit() or event.text() == "."):
            self._choose_key(event.text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.many:
            self._confirm()
        else:
            super().keyPressEvent(event)

"""The answers to one interview question as a numbered Qt list that a nurse can drive with the number keys."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, Qt

from desktop.models.records import Index, RecordModel
from desktop.words import percent, pick
from engine.api import Bilingual, LeadingAfter, NextQuestion

AnswerGiven = bool | int | float | str | tuple[str, ...] | None
"""What one answer is stored as: yes or no, a grade, a value id, several of them, or None for "does not know"."""

YES = Bilingual("Yes", "是")
NO = Bilingual("No", "否")
UNKNOWN = Bilingual("Does not know", "不清楚")
UNKNOWN_KEY = "."


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: the key that gives it, its words, and what would lead the list after it."""

    key: str
    display: Bilingual
    value: AnswerGiven
    leading: LeadingAfter | None = None


def choices_of(question: NextQuestion) -> tuple[Choice, ...]:
    """Return the answers of a question with their keys: 1-9 in order, a grade's own digit, "." for not known."""
    names = {value.id: _without_question(value.display, question.question) for value in question.values}
    if question.kind == "yes_no":
        given = [Choice("1", YES, True, _after(question, "true", "yes")),
                 Choice("2", NO, False, _after(question, "false", "no"))]
    elif question.kind == "grade":
        given = [Choice(value.id if len(value.id) == 1 else "", names[value.id], _grade(value.id),
                        _after(question, value.id)) for value in question.values]
    else:
        given = [Choice(str(place) if place <= 9 else "", names[value.id], value.id, _after(question, value.id))
                 for place, value in enumerate(question.values, start=1)]
    return (*given, Choice(UNKNOWN_KEY, UNKNOWN, None))


def _without_question(value: Bilingual, question: Bilingual) -> Bilingual:
    """Return a value without the question that some tables repeat before it ("pain character: tearing")."""
    return Bilingual(value.en.removeprefix(f"{question.en}: "), value.zh.removeprefix(f"{question.zh}："))


def _after(question: NextQuestion, *keys: str) -> LeadingAfter | None:
    return next((question.if_answer[key] for key in keys if key in question.if_answer), None)


def _grade(value: str) -> AnswerGiven:
    return int(value) if value.lstrip("-").isdigit() else value


class ChoiceModel(RecordModel[Choice]):
    """The answers of the question on the screen. For "many of" questions rows can be ticked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: dict[str, str] = {}
        self._all: tuple[Choice, ...] = ()
        self._ticked: frozenset[AnswerGiven] = frozenset()
        self.many = False
        self.show_effects = True
        self.show_chances = True

    def set_question(self, question: NextQuestion | None, names: dict[str, str]) -> None:
        """Show the answers of `question`; `names` are the diseases on the screen by code."""
        self._names = names
        self._ticked = frozenset()
        self.many = question is not None and question.kind == "many_of"
        self._all = choices_of(question) if question is not None else ()
        self.set_records(self._all)

    def narrow(self, words: str) -> None:
        """Show only answers with `words` in them, "does not know" always; the keys count what is shown."""
        wanted = words.strip().casefold()
        if not wanted:
            self.set_records(self._all)
            return
        found = [choice for choice in self._all[:-1] if wanted in pick(choice.display, self.language).casefold()]
        keyed = [replace(choice, key=str(place) if place <= 9 else "") for place, choice in enumerate(found, start=1)]
        self.set_records((*keyed, *self._all[-1:]))

    def row_of_key(self, key: str) -> int | None:
        """Return the row that a key chooses."""
        return next((row for row, choice in enumerate(self.records()) if choice.key == key), None)

    def toggle(self, row: int) -> None:
        """Tick or untick a row of a "many of" question."""
        self._ticked = self._ticked ^ {self.records()[row].value}
        self.dataChanged.emit(self.index(row), self.index(row))

    def ticked(self) -> tuple[str, ...]:
        """Return the value ids that are ticked, in the order of the rows."""
        return tuple(str(choice.value) for choice in self._all if choice.value in self._ticked)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.CheckStateRole and self.many and self._can_tick(index):
            ticked = self.records()[index.row()].value in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def _can_tick(self, index: Index) -> bool:
        choice = self.record(index)
        return choice is not None and choice.value is not None

    def text(self, record: Choice) -> str:
        key = f"[{record.key}]  " if record.key else ""
        return f"{key}{pick(record.display, self.language)}{self._effect(record)}"

    def _effect(self, choice: Choice) -> str:
        if choice.leading is None or not self.show_effects:
            return ""
        leading = choice.leading
        name = pick(leading.display, self.language) if leading.display else self._names.get(leading.code, leading.code)
        template = QCoreApplication.translate("ChoiceModel", "   → then first: %1, %2")
        if not self.show_chances:
            return template.partition("%1")[0] + name
        return template.replace("%1", name).replace("%2", percent(leading.probability))

"""What a check could not do and how old its tables are; shown also when there is no alert at all."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.models.table_age import TableAge
from desktop.views import theme
from desktop.views.rich_delegate import muted, toned
from desktop.views.table_age_markup import toned_age
from desktop.words import incomplete_lines
from engine.api import CheckResult


class GapsPanel(QScrollArea):
    """Three short lists: not checked, incomplete, tables."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: CheckResult | None = None
        self._ages: tuple[TableAge, ...] = ()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                           | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        inside = QWidget(objectName="canvas")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.SPACE_PX, 0)
        column.addWidget(self._text)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)

    def show_check(self, check: CheckResult | None, ages: list[TableAge]) -> None:
        """Show the gaps of `check` and the ages of the tables."""
        self._check, self._ages = check, tuple(ages)
        self.retranslate()

    def text(self) -> str:
        """Return the rich text on the panel."""
        return self._text.text()

    def retranslate(self) -> None:
        """Speak the language in use."""
        sections = [(self.tr("Not checked: no table knows these"), self._not_checked()),
                    (self.tr("Checks that could not be completed"), self._incomplete()),
                    (self.tr("Tables that were asked"), [_age(age) for age in self._ages])]
        self._text.setText("".join(
            f"<p><b>{escape(title)}</b><br>{'<br>'.join(lines)}</p>" for title, lines in sections if lines))
        self.setVisible(any(lines for _, lines in sections))

    def _not_checked(self) -> list[str]:
        check = self._check
        if check is None:
            return []
        return [toned("? " + escape(name), "warning") + self._suggested(check.suggestions.get(name, []))
                for name in check.not_checked]

    def _suggested(self, names: list[str]) -> str:
        if not names:
            return ""
        return " " + muted(escape(self.tr("Did you mean {names}?").format(names=", ".join(names))))

    def _incomplete(self) -> list[str]:
        gaps = self._check.checks_incomplete if self._check is not None else []
        return [escape(line) for line in incomplete_lines(gaps, screen_language())]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _age(age: TableAge) -> str:
    return f"{escape(age.source)}, {escape(age.edition)}: {toned_age(age)}"

"""What the page shows when no row knows the diagnosis: that plainly, and cited passages to read."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.views import theme
from desktop.words import passage_source, pick, shown
from engine.api import Plan, PlanSentence


class UncoveredPanel(QFrame):
    """No option is offered; the passages are quoted as what they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._plan: Plan | None = None
        self._title = QLabel(wordWrap=True)
        self._text = QLabel(wordWrap=True)
        self.passages = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self.passages.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                              | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        theme.set_role(self._title, "heading")
        theme.set_role(self._text, "muted")
        column = QVBoxLayout(self)
        margin = theme.SPACE_PX * 3
        column.setContentsMargins(margin, margin, margin, margin)
        for widget in (self._title, self._text, self.passages):
            column.addWidget(widget)
        column.addStretch(1)
        self.retranslate()

    def show_plan(self, plan: Plan | None) -> None:
        """Show the passages of a plan that is not covered."""
        self._plan = plan
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        plan = self._plan
        name = pick(plan.display_diagnosis, screen_language()) if plan is not None else ""
        self._title.setText(self.tr("Lantern has no treatment rows for {diagnosis}").format(diagnosis=name))
        passages = plan.reference if plan is not None else []
        self._text.setText(self.tr("It proposes nothing here. These passages from its library may help:") if passages
                           else self.tr("It proposes nothing here, and its library holds no passage on it."))
        self.passages.setText("".join(f"<p>{self._passage(passage)}</p>" for passage in passages))

    def _passage(self, passage: PlanSentence) -> str:
        records = self._plan.sources if self._plan is not None else {}
        text = escape(shown(passage.display, passage.text, screen_language()))
        place = escape(passage_source(passage, records, screen_language()))
        return f"{text}<br><span style='color:{theme.LIGHT['muted']}'>{place}</span>"

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

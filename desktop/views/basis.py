"""The basis of a result: versions, date, what was missing or not read, and how many knowledge rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.views import theme
from desktop.words import NOT_A_DECISION, REVIEWED, UNREVIEWED, field_word, pick, prior_text, readable_time
from engine.api import Bilingual, PriorUsed, Versions


@dataclass(frozen=True, slots=True)
class Basis:
    """What a result rests on. `made_at` is a local ISO time; `missing` are field names of the case."""

    versions: Versions | None = None
    made_at: str = ""
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    rows_reviewed: bool = False
    prior: PriorUsed | None = None
    formula: Bilingual | None = None
    worked: tuple[tuple[Bilingual, Bilingual], ...] = ()
    """Each option with its sum in that formula."""


class BasisPanel(QScrollArea):
    """Read-only text that can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._basis = Basis()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                           | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        inside = QWidget(objectName="canvas")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, theme.SPACE_PX, theme.SPACE_PX, 0)
        column.addWidget(self._text)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.retranslate()

    def show_basis(self, basis: Basis) -> None:
        """Show what the result on the page rests on."""
        self._basis = basis
        self.retranslate()

    def plain_text(self) -> str:
        """Return the lines as they read, for a screen reader and for tests."""
        return "\n".join(f"{name}: {value}" for name, value in self._lines())

    def retranslate(self) -> None:
        """Speak the language in use."""
        heading = f"<p><b>{escape(pick(NOT_A_DECISION, screen_language()))}</b></p>"
        lines = "".join(
            f"<p style='margin:0 0 8px 0'><span style='color:{theme.LIGHT['muted']}'>{escape(name)}</span><br>"
            f"{escape(value)}</p>" for name, value in self._lines())
        self._text.setText(heading + lines)
        self._text.setAccessibleName(self.plain_text())

    def _lines(self) -> list[tuple[str, str]]:
        basis, language = self._basis, screen_language()
        lines: list[tuple[str, str]] = []
        if basis.formula is not None:
            lines.append((self.tr("How the options are ranked"), pick(basis.formula, language)))
        lines += [(pick(name, language), pick(working, language)) for name, working in basis.worked]
        if basis.versions is not None:
            models = ", ".join(f"{name} {version}" for name, version in basis.versions.models.items())
            lines += [(self.tr("Lantern"), basis.versions.lantern), (self.tr("Knowledge"), basis.versions.knowledge),
                      (self.tr("Models"), models or self.tr("none took part"))]
        if basis.made_at:
            lines.append((self.tr("Made at"), readable_time(basis.made_at)))
        if basis.prior is not None:
            lines.append((self.tr("Common conditions start from"), prior_text(basis.prior, language)))
        nothing = self.tr("nothing")
        fields = ", ".join(field_word(name, language) for name in basis.missing)
        lines += [(self.tr("Missing from the case"), fields or nothing),
                  (self.tr("Not understood"), ", ".join(basis.unread) or nothing)]
        if basis.rows:
            reviewed = pick(REVIEWED if basis.rows_reviewed else UNREVIEWED, language)
            lines.append((self.tr("Knowledge rows used"), f"{len(basis.rows)} ({reviewed})"))
            lines.append((self.tr("Rows"), ", ".join(basis.rows)))
        return lines

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

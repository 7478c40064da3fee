"""What each size of machine can do, one line each, with a mark at the size that this machine has."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.i18n import in_language
from desktop.views import theme
from engine import api

MARK = "▶"


class TierList(QWidget):
    """A grid of marks and lines, so that a line that wraps stays beside its mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[QLabel] = []
        self._marks: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_PX)
        self._grid.setColumnStretch(1, 1)

    def show_tiers(self, tiers: list[api.Tier], reached: str) -> None:
        """Show these in the language in use."""
        while len(self.lines) < len(tiers):
            self._add_line()
        for tier, mark, line in zip(tiers, self._marks, self.lines, strict=False):
            is_reached = tier.name == reached
            mark.setText(MARK if is_reached else "")
            line.setText(self._told(tier))
            line.setAccessibleName(self.tr("This machine: {device}").format(device=line.text()) if is_reached else "")

    def _add_line(self) -> None:
        mark, line = QLabel(), QLabel(wordWrap=True)
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self.lines)
        self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(line, row, 1)
        self._marks.append(mark)
        self.lines.append(line)

    def _told(self, tier: api.Tier) -> str:
        names = {
            "tables": self.tr("Tables only"), "small": self.tr("Small"), "medium": self.tr("Medium"),
            "gpu": self.tr("Graphics card"),
        }
        models = {
            "none": "", "0.1-1.5 B, 4 bit": self.tr("0.1-1.5 B, 4 bit"), "3-4 B, 4 bit": self.tr("3-4 B, 4 bit"),
            "3-8 B on the card": self.tr("3-8 B on the card"),
        }
        name, model = names.get(tier.name, tier.name), models.get(tier.model, tier.model)
        if not model:
            return self.tr("{name}: {does}").format(name=name, does=in_language(tier.does))
        return self.tr("{name} ({model}): {does}").format(name=name, model=model, does=in_language(tier.does))

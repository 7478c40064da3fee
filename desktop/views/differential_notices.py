"""What never waits for commit-first: danger signs, the diagnoses not to miss, and findings that do not count yet."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop.models.records import screen_language
from desktop.views import theme
from desktop.views.rich_delegate import muted
from desktop.words import shown, source_name
from engine.api import CantMiss, RedFlag, SourceRecord

CANT_MISS_LIMIT = 5
"""At most five can't-miss diagnoses, as the rules of the product say; more would not be read."""


class _Notice(QFrame):
    """An icon, a heading and a list of lines in a framed strip; hidden while there is nothing to say."""

    def __init__(self, icon: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, f"banner-{tone}")
        self._icon, self._tone, self._picture = icon, tone, QLabel()
        self._heading = QLabel()
        self.lines = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        theme.set_role(self._heading, "heading")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_PX * 2, theme.SPACE_PX, theme.SPACE_PX * 2, theme.SPACE_PX)
        row.setSpacing(theme.SPACE_PX * 2)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.lines, 1)
        self.hide()

    def _say(self, heading: str, plain: list[str], rich: str) -> None:
        self._picture.setPixmap(theme.pixmap(self._icon, self._tone, theme.line_px(self._heading)))
        self._heading.setText(heading)
        self.lines.setText(rich)
        self.setAccessibleName(". ".join([heading, *plain]))
        self.setVisible(bool(plain))

    def retranslate(self) -> None:
        """Speak the language in use."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class DangerSigns(_Notice):
    """The danger signs that a fixed rule found, each with its source."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("siren", "danger", parent)
        self._flags: tuple[RedFlag, ...] = ()
        self._sources: Mapping[str, SourceRecord] = {}

    def show_flags(self, flags: list[RedFlag], sources: Mapping[str, SourceRecord] | None = None) -> None:
        """Show every danger sign; none is left out. `sources` are the records that they name."""
        self._flags, self._sources = tuple(flags), sources or {}
        self.retranslate()

    def retranslate(self) -> None:
        language = screen_language()
        texts = [shown(flag.display, flag.text, language) for flag in self._flags]
        rich = "<br>".join(
            f"<b>{escape(text)}</b> {muted(escape(f'({source_name(flag.source, self._sources)})'))}"
            for text, flag in zip(texts, self._flags, strict=True)
        )
        self._say(self.tr("Danger signs"), texts, rich)


class CantMissStrip(_Notice):
    """At most five diagnoses to keep in mind; a link selects the one that is in the list."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("shield-alert", "warning", parent)
        self._entries: tuple[CantMiss, ...] = ()
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                           | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.lines.linkActivated.connect(self.chosen)

    def show_entries(self, entries: list[CantMiss]) -> None:
        """Show the first five of `entries`, in the engine's order."""
        self._entries = tuple(entries[:CANT_MISS_LIMIT])
        self.retranslate()

    def retranslate(self) -> None:
        language = screen_language()
        names = [shown(entry.display, entry.name, language) for entry in self._entries]
        whys = [shown(entry.display_why, entry.why, language) for entry in self._entries]
        rich = " &nbsp;·&nbsp; ".join(
            f"<a href='{escape(entry.code, quote=True)}' style='color:{theme.LIGHT['text']}'><b>{escape(name)}</b></a>"
            f" <span style='color:{theme.LIGHT['muted']}'>{escape(why)}</span>"
            for entry, name, why in zip(self._entries, names, whys, strict=True)
        )
        plain = [f"{name}: {why}" for name, why in zip(names, whys, strict=True)]
        self._say(self.tr("Do not miss"), plain, rich)


class WaitingFindings(_Notice):
    """How many findings were read from the text and are not decided: they were not counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("circle-question-mark", "info", parent)
        self._count = 0

    def show_count(self, count: int) -> None:
        """Show how many findings wait; hidden at 0."""
        self._count = count
        self.retranslate()

    def retranslate(self) -> None:
        line = self.tr("Read from the text and not confirmed. Confirm or reject on the Case page, then run again.")
        self._say(self.tr("%n finding(s) not counted", "", self._count), [line] if self._count else [], escape(line))

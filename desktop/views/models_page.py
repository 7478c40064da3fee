"""The Models page: which models are installed and vouched for, what this machine is fit for, and how fast it is.

Everybody sees it and may check and measure; installing and rolling back is for IT and the clinical lead.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.i18n import in_language
from desktop.models.model_view import ModelView
from desktop.views import theme
from desktop.views.card import Card, button_row
from desktop.views.page_header import PageHeader
from desktop.views.tier_list import TierList
from engine import api

BETWEEN = "\u00a0\u00a0·  "
"""Between facts: a line that wraps ends with the dot and never begins with it."""
TASKS_FIRST = {"text": 0, "adapter": 1}
"""The language model and what belongs to it stand first."""


class ModelCard(Card):
    """One installed pack with what it says about itself."""

    verify_requested = Signal(str)
    rollback_requested = Signal(str)

    def __init__(self, model: api.InstalledModel, view: ModelView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.facts, self.warning, self.card = QLabel(wordWrap=True), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.verify_button, self.back_button, self.card_button = QPushButton(), QPushButton(), QPushButton()
        theme.set_role(self.warning, "danger")
        theme.set_role(self.card, "small")
        for label in (self.title, self.facts, self.warning, self.card):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for part in (self.facts, self.warning,
                     button_row(self.verify_button, self.card_button, self.back_button), self.card):
            self.body.addWidget(part)
        self.card.hide()
        self.card_button.setCheckable(True)
        self.card_button.setEnabled(bool(model.card))
        self.card_button.toggled.connect(self.card.setVisible)
        self.verify_button.clicked.connect(lambda: self.verify_requested.emit(model.name))
        self.back_button.clicked.connect(lambda: self.rollback_requested.emit(model.name))
        self.verify_button.setEnabled(not view.busy_with)
        self.back_button.setVisible(bool(model.previous))
        self.back_button.setEnabled(view.may_change and not view.busy_with)
        self.retranslate()

    def retranslate(self) -> None:
        """Speak the language in use."""
        model = self.model
        self.title.setText(
            BETWEEN.join((model.title or model.name, model.version)) if model.version else model.name
        )
        tasks = {
            "text": self.tr("writes words"), "encoder": self.tr("compares sentences"),
            "multilingual": self.tr("compares sentences in many languages"),
            "classifier": self.tr("sorts texts"), "tagger": self.tr("finds names"), "answer": self.tr("finds answers"),
            "seq2seq": self.tr("rewrites texts"), "entities": self.tr("finds names"),
            "adapter": self.tr("helps another model to write"),
            "ranker": self.tr("compares sentences"),
        }
        trusts = {
            "local": self.tr("signed on this machine"), "distributor": self.tr("signed by a distributor you added"),
        }
        gates = {
            True: self.tr("compared with its original: passed"),
            False: self.tr("compared with its original: NOT PASSED"), None: self.tr("never compared with its original"),
        }
        if model.task == "adapter":
            gates[False] = self.tr("measured: NOT PASSED, so it is not used")
        usable = model.trust in trusts
        parts = [tasks.get(model.task, model.task), self.tr("{size} MB").format(size=f"{model.size_bytes / 1e6:,.0f}"),
                 model.licence, trusts.get(model.trust, ""), gates[model.gate_passed]]
        self.facts.setText(BETWEEN.join(part for part in parts if part))
        self.facts.setVisible(usable)
        told = self.tr("It is not used: {code}. Install it again.").format(code=model.trust)
        self.warning.setText(told if not usable else "")
        self.warning.setVisible(not usable)
        self.card.setText(model.card)
        self.verify_button.setText(self.tr("Check every byte"))
        self.card_button.setText(self.tr("Model card"))
        self.back_button.setText(self.tr("Back to version {version}").format(version=model.previous))


class ModelsPage(QWidget):
    """Emits what is asked for; what comes of it is shown by `show_models`."""

    verify_requested = Signal(str)
    rollback_requested = Signal(str)
    folder_chosen = Signal(object)
    """Path of a folder with a pack."""
    measure_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="page")
        self._view = ModelView()
        self.header = PageHeader()
        self.install_button, self.measure_button = QPushButton(), QPushButton()
        self.said, self.refused = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.machine = Card()
        self.device, self.tiers = self.machine.title, TierList()
        self.cards: list[ModelCard] = []
        self._list = QVBoxLayout()
        self._lay_out()
        self.install_button.clicked.connect(self._choose)
        self.measure_button.clicked.connect(self.measure_requested)
        self.show_models(self._view)

    def _lay_out(self) -> None:
        theme.set_role(self.refused, "danger")
        for label in (self.said, self.refused, self.device):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.header.add_button(self.install_button)
        self.header.add_button(self.measure_button)
        self.machine.body.addWidget(self.tiers)
        inside = QWidget(objectName="canvas")
        column = QVBoxLayout(inside)
        margin = theme.SPACE_PX * 2
        column.setContentsMargins(margin, margin, margin, margin)
        for part in (self.header, self.said, self.refused, self.machine):
            column.addWidget(part)
        column.addLayout(self._list)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True, focusPolicy=Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def show_models(self, view: ModelView) -> None:
        """Show how things stand."""
        self._view = view
        self.install_button.setEnabled(view.may_change and not view.busy_with)
        self.measure_button.setEnabled(not view.busy_with and view.report is not None)
        for card in self.cards:
            self._list.removeWidget(card)
            card.deleteLater()
        listed = sorted(view.report.models, key=lambda model: TASKS_FIRST.get(model.task, 2)) if view.report else []
        self.cards = [ModelCard(model, view) for model in listed]
        for card in self.cards:
            card.verify_requested.connect(self.verify_requested)
            card.rollback_requested.connect(self.rollback_requested)
            self._list.addWidget(card)
        self.machine.setVisible(view.report is not None)
        self.retranslate()

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder of a model pack"))
        if name:
            self.folder_chosen.emit(Path(name))

    def retranslate(self) -> None:
        """Speak the language in use."""
        view, report = self._view, self._view.report
        self.header.say(self.tr("Models"), self._subtitle(view))
        self.install_button.setText(self.tr("Install from a folder…"))
        self.measure_button.setText(self.tr("Measure the speed"))
        told = in_language(report.said) if report and not view.busy_with and not view.failure else ""
        self.said.setText(told)
        self.said.setVisible(bool(told))
        self.refused.setText(self.tr("Refused, and nothing was changed: {reason}").format(reason=view.failure))
        self.refused.setVisible(bool(view.failure))
        if report is not None:
            self.device.setText(self.tr("This machine: {device}").format(device=report.device))
            self.tiers.show_tiers(report.tiers, report.tier)
        for card in self.cards:
            card.retranslate()

    def _subtitle(self, view: ModelView) -> str:
        doing = {
            "list": self.tr("Looking…"), "verify": self.tr("Checking every byte…"),
            "install": self.tr("Copying, checking and trying the model…"), "rollback": self.tr("Going back…"),
            "bench": self.tr("Measuring; this takes up to a minute…"),
        }
        if view.busy_with:
            return doing.get(view.busy_with, "")
        if view.may_change:
            return self.tr("Only packs with a signature this machine trusts are used.")
        return self.tr("Installing and going back is for IT and the clinical lead.")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

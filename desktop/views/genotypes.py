"""The genotypes of a case: genes that a laboratory has called, and the patient's variant file. Off until turned on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.case.record import CaseRecord
from desktop.views import theme
from desktop.views.card import button_row
from desktop.views.rows import Column, RowsEditor
from engine.api import Bilingual


@dataclass(frozen=True, slots=True)
class GeneCalled:
    """One row: a gene and what a laboratory wrote for it."""

    gene: str
    diplotype: str


COLUMNS = (
    Column("gene", Bilingual("Gene, such as CYP2D6 or HLA-B", "基因，如 CYP2D6 或 HLA-B"), 2, read=str),
    Column("diplotype", Bilingual("Result, such as *1/*4", "结果，如 *1/*4"), 3, read=str),
)


class GenotypesSection(QWidget):
    """Shows and reads back `outside_calls` and `vcf_path` of a record; it opens no file itself."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vcf_path: str | None = None
        self.rows = RowsEditor(lambda: GeneCalled("", ""), COLUMNS)
        self.file_line = QLabel(wordWrap=True)
        self.choose_button, self.remove_button = QPushButton(), QPushButton()
        for widget, role in ((self.file_line, "muted"), (self.choose_button, "quiet"), (self.remove_button, "quiet")):
            theme.set_role(widget, role)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_PX // 2)
        for part in (self.rows, self.file_line, button_row(self.choose_button, self.remove_button)):
            column.addWidget(part)
        self.rows.edited.connect(self.edited)
        self.choose_button.clicked.connect(self._choose)
        self.remove_button.clicked.connect(lambda: self.set_file(None))
        self.retranslate()

    def show_record(self, record: CaseRecord) -> None:
        """Show what `record` holds; this is not an edit."""
        self.rows.show_items(tuple(GeneCalled(gene, called) for gene, called in record.outside_calls))
        self._vcf_path = record.vcf_path
        self.retranslate()

    def calls(self) -> tuple[tuple[str, str], ...]:
        """Return the finished rows; a gene that stands twice counts as its last row says."""
        typed = {row.gene.strip(): row.diplotype.strip() for row in self.rows.items() if row.diplotype.strip()}
        return tuple(typed.items())

    @property
    def vcf_path(self) -> str | None:
        """The chosen variant file."""
        return self._vcf_path

    def set_file(self, path: str | None) -> None:
        """Take `path` as the patient's variant file, or none."""
        if path != self._vcf_path:
            self._vcf_path = path
            self.retranslate()
            self.edited.emit()

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a variant file"), "", self.tr("Variant files (*.vcf *.vcf.gz)"))
        if path:
            self.set_file(path)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.choose_button.setText(self.tr("Choose a variant file…"))
        self.remove_button.setText(self.tr("Take the file away"))
        self.remove_button.setVisible(self._vcf_path is not None)
        if self._vcf_path is None:
            self.file_line.setText(self.tr("No variant file (VCF, GRCh38, one sample)."))
        else:
            name = Path(self._vcf_path).name
            self.file_line.setText(self.tr(
                "Variant file: {name}. It stays where it is; the engine reads a copy without names.").format(name=name))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

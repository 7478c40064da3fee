"""The Genotypes tab of the Check page: genes, positions read and missing, and the guidelines for the drugs."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.models.records import screen_language
from desktop.report import genotype_part as part
from desktop.views import theme
from desktop.views.rich_delegate import muted, toned
from desktop.words import pick
from engine.api import GeneResult, GenotypeReport


class GenotypesPanel(QScrollArea):
    """One rich text that can be selected and read out; nothing is worked out here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: GenotypeReport | None = None
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
        self.retranslate()

    def show_report(self, report: GenotypeReport | None) -> None:
        """Show what is known of the genes, None where the case holds no genotype data."""
        self._report = report
        self.retranslate()

    def text(self) -> str:
        """Return the rich text on the panel."""
        return self._text.text()

    def retranslate(self) -> None:
        """Speak the language in use."""
        self.setAccessibleName(self.tr("Genotypes"))
        self._text.setText("" if self._report is None else self._markup(self._report))

    def _markup(self, report: GenotypeReport) -> str:
        language = screen_language()
        blocks = [toned("! " + escape(pick(report.refusal, language)), "danger")] if report.refusal else []
        if report.genes:
            blocks.append(_table(report.genes))
        missing = self._missing(report.genes)
        if missing:
            title = escape(self.tr("Positions that were not read"))
            blocks.append(f"<p><b>{title}</b><br>{'<br>'.join(missing)}</p>")
        said = [escape(part.advice_line(row, language)) for row in report.recommendations]
        lines = said or [muted(escape(pick(part.NO_GUIDELINE, language)))]
        title = escape(pick(part.GUIDELINES, language))
        return "".join([*blocks, f"<p><b>{title}</b><br>{'<br><br>'.join(lines)}</p>"])

    def _missing(self, genes: list[GeneResult]) -> list[str]:
        language = screen_language()
        lines = []
        for gene in genes:
            if gene.separating:
                lines.append(toned("△ " + escape(part.open_line(gene, language)), "warning"))
            others = [name for name in gene.missing if name not in gene.separating]
            if others:
                text = self.tr("{gene}: not read, and changing nothing here: {names}")
                lines.append(muted(escape(text.format(gene=gene.gene, names=", ".join(others)))))
        return lines

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _table(genes: list[GeneResult]) -> str:
    language = screen_language()
    header = "".join(f"<th align='left'>{escape(pick(name, language))}&nbsp;&nbsp;</th>"
                     for name in (part.GENE, part.DIPLOTYPE, part.PHENOTYPE, part.POSITIONS))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}&nbsp;&nbsp;</td>' for cell in part.cells(gene, language))}</tr>"
        for gene in genes)
    return f"<table cellpadding='3'><tr>{header}</tr>{rows}</table>"

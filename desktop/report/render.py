"""Paints a report on pages: a PDF file or a printer, A4 or A5, with the draft mark until it is signed."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from desktop.errors import ReportFailed
from desktop.report.blocks import Report
from desktop.report.layout import document_of, report_font

RESOLUTION_DPI = 300
MARGINS_MM = 12.0
SMALL_PT = 6.5
BAND_LINES = 3.2
"""Height of header and footer in lines of small text."""
EDGE_PX = 2
"""A line that starts the next page touches this page's lower edge; it must not be written here unseen."""
LEFT = Qt.AlignmentFlag.AlignLeft
DRAFT_COLOUR = QColor(200, 40, 40, 38)


class PageSize(Enum):
    A4 = "A4"
    A5 = "A5"


_QT_SIZES = {PageSize.A4: QPageSize.PageSizeId.A4, PageSize.A5: QPageSize.PageSizeId.A5}
LARGER = 1.35
_BODY_PT = {PageSize.A4: 9.0, PageSize.A5: 7.5}


def write_pdf(report: Report, path: Path, page_size: PageSize = PageSize.A4) -> None:
    """Write the report to `path`, whole or not at all. Raises ReportFailed."""
    content = pdf_bytes(report, page_size)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as refused:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ReportFailed(f"cannot write the report: {refused.strerror}") from refused


def pdf_bytes(report: Report, page_size: PageSize = PageSize.A4) -> bytes:
    """Return the report as a PDF. Raises ReportFailed."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION_DPI)
    writer.setTitle(report.title)
    writer.setCreator("Lantern")
    writer.setPageSize(QPageSize(_QT_SIZES[page_size]))
    writer.setPageMargins(QMarginsF(MARGINS_MM, MARGINS_MM, MARGINS_MM, MARGINS_MM))
    _paint(report, writer, _body_pt(report, page_size))
    buffer.close()
    return bytes(buffer.data().data())


def print_to(report: Report, printer: QPagedPaintDevice) -> None:
    """Print the report on a QPrinter (or any paged device) in the page size it is set to. Raises ReportFailed."""
    narrow = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter).width() < 180
    _paint(report, printer, _body_pt(report, PageSize.A5 if narrow else PageSize.A4))


def _body_pt(report: Report, page_size: PageSize) -> float:
    return _BODY_PT[page_size] * (LARGER if report.large else 1.0)


def _paint(report: Report, device: QPagedPaintDevice, body_pt: float) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise ReportFailed("the device refused to start")
    try:
        _paint_pages(report, device, painter, body_pt)
    finally:
        painter.end()


def _paint_pages(report: Report, device: QPagedPaintDevice, painter: QPainter, body_pt: float) -> None:
    whole = QRectF(0, 0, device.width(), device.height())
    band = BAND_LINES * SMALL_PT / 72 * device.logicalDpiY()
    body = whole.adjusted(0, band, 0, -band)
    document = document_of(report, body_pt, QSizeF(body.width(), body.height()), device)
    pages = document.pageCount()
    for page in range(pages):
        if page and not device.newPage():
            raise ReportFailed(f"the device refused page {page + 1} of {pages}")
        if report.draft_mark:
            _paint_draft_mark(painter, whole, report.draft_mark)
        number = report.page_word.replace("%1", str(page + 1)).replace("%2", str(pages))
        top, foot = QRectF(0, 0, whole.width(), band), QRectF(0, whole.height() - band, whole.width(), band)
        name_place = top.adjusted(0, 0, -whole.width() * 0.2, 0)
        _paint_band(painter, name_place, report.header, LEFT | Qt.AlignmentFlag.AlignTop)
        _paint_band(painter, top, number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        _paint_band(painter, foot, report.footer, LEFT | Qt.AlignmentFlag.AlignBottom)
        _paint_body(painter, document, body, page)


def _paint_body(painter: QPainter, document: QTextDocument, body: QRectF, page: int) -> None:
    painter.save()
    painter.translate(0, body.top() - page * body.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    place = QRectF(0, page * body.height(), body.width(), body.height())
    context.clip = place.adjusted(0, 0, 0, -EDGE_PX)
    painter.setClipRect(place)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_band(painter: QPainter, place: QRectF, text: str, edge: Qt.AlignmentFlag) -> None:
    painter.save()
    painter.setFont(report_font(SMALL_PT))
    painter.setPen(QColor("#333333"))
    painter.drawText(place, edge | Qt.TextFlag.TextWordWrap, text)
    painter.restore()


def _paint_draft_mark(painter: QPainter, whole: QRectF, mark: str) -> None:
    """Paint `mark` across the page; it stays light, so that the text under it can be read."""
    painter.save()
    painter.translate(whole.center())
    painter.rotate(-50)
    font = report_font(40)
    font.setBold(True)
    font.setPointSizeF(40 * whole.width() * 0.8 / max(1, _width(painter, font, mark)))
    painter.setFont(font)
    painter.setPen(DRAFT_COLOUR)
    reach = whole.height()
    painter.drawText(QRectF(-reach, -reach, reach * 2, reach * 2), Qt.AlignmentFlag.AlignCenter, mark)
    painter.restore()


def _width(painter: QPainter, font: QFont, mark: str) -> float:
    painter.setFont(font)
    return float(painter.fontMetrics().horizontalAdvance(mark))

"""The gate's page as a PDF on A4, to file or to sign: the same text, laid out by Qt, which the desktop brings."""

from __future__ import annotations

import os
from pathlib import Path

from engine import errors

_DOTS_PER_INCH = 300
_MARGIN_MM = 15.0
_TABLE = '<table width="100%" cellspacing="0">'
"""Qt takes a table's width from here and not from the page's style."""


def write(html: str, target: Path) -> None:
    """Write the page to `target`. Raises ModelDamaged where the file cannot be written; needs no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

    application = QGuiApplication.instance() or QGuiApplication([])  # kept alive to the end: fonts need it
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
    writer.setResolution(_DOTS_PER_INCH)
    sheet = QTextDocument()
    sheet.setDefaultFont(QFont("sans-serif", 9))
    sheet.setHtml(html.replace("<table>", _TABLE))
    sheet.print_(writer)
    del writer, application
    if not target.is_file() or target.read_bytes()[:5] != b"%PDF-":
        raise errors.ModelDamaged(f"{target} could not be written")

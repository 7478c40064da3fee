"""Printing of the recovery sheet, in the system's own print window."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget


def print_recovery_code(parent: QWidget, code: str) -> None:
    """Print the sheet with the recovery code, unless the user gives up."""
    printer = QPrinter()
    if QPrintDialog(printer, parent).exec():
        recovery_sheet(code).print_(printer)


def recovery_sheet(code: str) -> QTextDocument:
    """Return the sheet that is locked away: what the code opens, and the code in large signs."""
    title = QCoreApplication.translate("RecoverySheet", "Lantern: recovery code of the case file")
    text = QCoreApplication.translate(
        "RecoverySheet", "Whoever holds this sheet can open all cases. Lock it away, never beside the computer.")
    sheet = QTextDocument()
    sheet.setHtml(f"<h1>{escape(title)}</h1><p>{escape(text)}</p><p style='font-size:20pt'><b>{escape(code)}</b></p>")
    return sheet

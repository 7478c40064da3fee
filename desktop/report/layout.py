"""Turns a report's blocks into a rich-text document; every text is escaped, so a record can never become markup."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QPaintDevice, QTextDocument

from desktop.report.blocks import Block, Bullets, Facts, Heading, Report, Table, Text, Tone

FONT_FAMILIES = ("Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei",
                 "PingFang SC", "WenQuanYi Micro Hei")
"""Latin faces first; Qt takes a Chinese glyph from the first family that has it."""

_STYLES = {
    Tone.NORMAL: "color:#000000", Tone.MUTED: "color:#444444", Tone.DANGER: "color:#8e1b14", Tone.OWN: "color:#1b4b80",
}
_SHEET = """
h1 { font-size: large; margin: 0 0 4px 0 }
h2 { font-size: medium; margin: 10px 0 3px 0 }
p { margin: 0 0 3px 0 }
li { margin: 0 0 2px 0 }
th { text-align: left; background-color: #eeeeee }
"""


def document_of(report: Report, body_pt: float, page: QSizeF, device: QPaintDevice | None) -> QTextDocument:
    """Return the report as a document laid out on pages of `page` (device units)."""
    document = QTextDocument()
    if device is not None:
        document.documentLayout().setPaintDevice(device)
    document.setDefaultFont(report_font(body_pt))
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(_SHEET)
    document.setHtml(f"<h1>{escape(report.title)}</h1>" + "".join(_html(block) for block in report.blocks))
    document.setPageSize(page)
    return document


def report_font(size_pt: float) -> QFont:
    """Return the font of the report, with Chinese faces behind the Latin ones."""
    font = QFont(list(FONT_FAMILIES))
    font.setPointSizeF(size_pt)
    return font


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Text():
            return f"<p>{_text(block)}</p>"
        case Bullets(items):
            lines = "".join(f"<li>{_text(item)}</li>" for item in items)
            return f"<ul style='margin:0 0 4px 14px; -qt-list-indent:0'>{lines}</ul>"
        case Facts(pairs):
            return "".join(f"<p><b>{escape(name)}:</b> {_lines(value)}</p>" for name, value in pairs)
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    head = "".join(f"<th width='{width}%'>{escape(name)}</th>"
                   for name, width in zip(table.header, table.widths_percent, strict=True))
    body = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return (f"<table width='100%' border='1' cellspacing='0' cellpadding='3' style='border-collapse:collapse; "
            f"border-color:#999999'><thead><tr>{head}</tr></thead>{body}</table><p></p>")


def _cell(texts: tuple[Text, ...]) -> str:
    return "<br>".join(_text(text) for text in texts)


def _text(text: Text) -> str:
    inner = _lines(text.text)
    if text.bold:
        inner = f"<b>{inner}</b>"
    if text.struck:
        inner = f"<s>{inner}</s>"
    return f"<span style='{_STYLES[text.tone]}'>{inner}</span>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")

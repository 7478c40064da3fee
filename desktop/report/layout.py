"""Turns a report's blocks into a rich-text document; every text is escaped, so a record can never become markup."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QAbstractTextDocumentLayout, QFont, QPaintDevice, QTextBlock, QTextDocument

from desktop.report.blocks import Block, Bullets, Facts, Heading, Report, Table, Text, Tone

FONT_FAMILIES = ("Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei",
                 "PingFang SC", "WenQuanYi Micro Hei")
"""Latin faces first; Qt takes a Chinese glyph from the first family that has it."""

SECTION_LEVEL = 2
"""The level of `<h2>`; the title alone is level 1."""
BULLET_PX = 14
"""Room of a bullet before its line; unlike a margin in the style, Qt scales it to the device."""
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
    """Return the report as a document laid out on pages of `page` (device units), no heading alone at a page's end.

    Qt cannot keep a heading with its text, and loses pages when a finished layout is edited; so the document is built
    again with a break before each such heading.
    """
    broken: frozenset[int] = frozenset()
    while True:
        document = _laid_out(report, body_pt, page, device, broken)
        lonely = _lonely_heading(document)
        if lonely is None or lonely in broken:
            return document
        broken |= {lonely}


def _laid_out(report: Report, body_pt: float, page: QSizeF, device: QPaintDevice | None,
              broken: frozenset[int]) -> QTextDocument:
    document = QTextDocument()
    if device is not None:
        document.documentLayout().setPaintDevice(device)
    document.setDefaultFont(report_font(body_pt))
    document.setDocumentMargin(0)
    document.setIndentWidth(BULLET_PX)
    document.setDefaultStyleSheet(_SHEET)
    document.setHtml(f"<h1>{escape(report.title)}</h1>" + _body(report.blocks, broken))
    document.setPageSize(page)
    return document


def _body(blocks: tuple[Block, ...], broken: frozenset[int]) -> str:
    """Return the blocks as markup; headings are counted from 0, those in `broken` start a page."""
    parts, heading = [], 0
    for block in blocks:
        if isinstance(block, Heading):
            style = " style='page-break-before:always'" if heading in broken else ""
            parts.append(f"<h2{style}>{escape(block.text)}</h2>")
            heading += 1
        else:
            parts.append(_html(block))
    return "".join(parts)


def _lonely_heading(document: QTextDocument) -> int | None:
    """Return the number of the first heading whose text starts on a later page, None where there is none."""
    height = document.pageSize().height()
    layout = document.documentLayout()
    document.pageCount()  # finishes the layout
    heading = -1
    block = document.begin()
    while block.isValid():
        following = block.next()
        if block.blockFormat().headingLevel() == SECTION_LEVEL:
            heading += 1
            if following.isValid() and _page_of(layout, block, height) != _page_of(layout, following, height):
                return heading
        block = following
    return None


def _page_of(layout: QAbstractTextDocumentLayout, block: QTextBlock, height: float) -> int:
    """Return the page of a block's first line; the block itself may start on the page before."""
    line = block.layout().lineAt(0)
    first_line_y = line.y() if line.isValid() else 0.0
    return int((layout.blockBoundingRect(block).top() + first_line_y + 1) // height)


def report_font(size_pt: float) -> QFont:
    """Return the font of the report, with Chinese faces behind the Latin ones."""
    font = QFont(list(FONT_FAMILIES))
    font.setPointSizeF(size_pt)
    return font


def _html(block: Text | Bullets | Facts | Table) -> str:
    match block:
        case Text():
            return f"<p>{_text(block)}</p>"
        case Bullets(items):
            lines = "".join(f"<li>{_text(item)}</li>" for item in items)
            return f"<ul style='margin:0 0 4px 0; -qt-list-indent:1'>{lines}</ul>"
        case Facts(pairs, True):
            facts = (f"<b>{escape(name)}:</b> {_lines(value)}" for name, value in pairs)
            return f"<p>{' &nbsp; '.join(facts)}</p>"
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

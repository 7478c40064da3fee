"""Make PDF files for tests with pypdf: pages of real text, pages without any, and locked files."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}


def pdf(pages: list[str], title: str = "", password: str = "") -> bytes:
    """Return a PDF whose pages hold these texts; an empty text is a page without any."""
    writer = PdfWriter()
    font = writer._add_object(DictionaryObject({NameObject(key): NameObject(value) for key, value in _FONT.items()}))
    for text in pages:
        page = writer.add_blank_page(595, 842)
        if text:
            page[NameObject("/Resources")] = DictionaryObject(
                {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
            lines = "".join(f"({_escaped(line)}) Tj 0 -14 Td " for line in text.split("\n"))
            stream = DecodedStreamObject()
            stream.set_data(f"BT /F1 11 Tf 50 780 Td {lines}ET".encode("latin-1"))
            page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title, "/CreationDate": "D:20240305120000Z"})
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

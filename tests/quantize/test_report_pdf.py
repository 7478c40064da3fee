"""The gate's page is a PDF that a reader opens and that says the verdict."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader

from quantize import report_pdf
from quantize.report import page
from quantize.verdict import Changed, GateResult, Line

RESULT = GateResult(
    "tiny Q4_0", "tiny F16", "text", False,
    [Line("perplexity_ratio", 1.2, 4000, "<= 1.05", False), Line("size_mb", 3.1, 1, "", None)],
    [Changed(0.4, "Fever and cough.", "flu", "flu", "asthma")] * 20, [], "2026-11-26", "2 cores",
)


def test_the_pdf_says_the_verdict_and_the_cases(tmp_path: Path) -> None:
    report_pdf.write(page(RESULT), tmp_path / "report.pdf")
    pages = PdfReader(tmp_path / "report.pdf").pages
    text = " ".join(" ".join(each.extract_text() for each in pages).split())
    assert 1 <= len(pages) <= 4
    assert "Not passed." in text
    assert "cases that changed most" in text
    assert text.count("Fever and cough.") == 20

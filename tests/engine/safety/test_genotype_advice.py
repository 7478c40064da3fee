"""How hard a guideline row speaks follows its own strength and words, row by row and over the whole table."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.api import Severity
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import Recommendation
from engine.knowledge.index import KnowledgeIndex
from engine.safety.genotype_advice import severity_of


def row(text: str, strength: str = "Strong", source: str = "CPIC") -> Recommendation:
    return Recommendation("codeine", "CYP2D6", text, strength, source, "2024-03-25")


@pytest.mark.parametrize(
    ("text", "strength", "source", "severity"),
    [
        ("Avoid codeine use because of possibility of diminished analgesia.", "Strong", "CPIC", Severity.AVOID),
        ("Avoid codeine use.", "Moderate", "CPIC", Severity.CAUTION),
        ("Avoid codeine use.", "Optional", "CPIC", Severity.CAUTION),
        ("Abacavir is not recommended", "Strong", "CPIC", Severity.AVOID),
        ("Allopurinol is contraindicated", "Strong", "CPIC", Severity.CONTRAINDICATED),
        ("Allopurinol is contra-indicated", "Strong", "CPIC", Severity.CONTRAINDICATED),
        ("These agents are relatively contraindicated.", "Strong", "CPIC", Severity.AVOID),
        ("If naive, do not use carbamazepine.", "Strong", "CPIC", Severity.AVOID),
        ("Start with drastically reduced doses.", "Strong", "CPIC", Severity.AVOID),
        ("Reduce the dose by 50%.", "Strong", "CPIC", Severity.CAUTION),
        ("Reduce the dose. Other Considerations Avoid other drugs.", "Strong", "CPIC", Severity.CAUTION),
        ("Reduce the dose; avoid moderate and strong CYP2D6 inhibitors.", "Strong", "CPIC", Severity.CAUTION),
        ("Reduce the dose; avoid co-medication with inhibitors.", "Strong", "CPIC", Severity.CAUTION),
        ("Avoid siponimod.", "N/A", "DPWG", Severity.AVOID),
        ("avoid tegafur Fluorouracil and capecitabine are not alternatives.", "N/A", "DPWG", Severity.AVOID),
        ("Avoid azathioprine and mercaptopurine. If not possible: use 10%", "N/A", "DPWG", Severity.AVOID),
        ("Eliglustat is contra-indicated. Choose an alternative.", "N/A", "DPWG", Severity.AVOID),
        ("Avoid tegafur or start with a low dose.", "N/A", "DPWG", Severity.CAUTION),
        ("STROKE or TIA: avoid clopidogrel.", "N/A", "DPWG", Severity.CAUTION),
        ("Avoid siponimod.", "N/A", "CPIC", Severity.CAUTION),
        ("NO action is needed for this gene-drug interaction.", "N/A", "DPWG", None),
        ("The guideline does not provide a recommendation for codeine.", "N/A", "DPWG", None),
        ("Avoid it.", "No recommendation", "CPIC", None),
        ("", "Strong", "CPIC", None),
        ("n/a", "N/A", "CPIC", None),
        ("Use codeine label recommended dosing.", "Strong", "CPIC", None),
        ("No reason to avoid based on G6PD status", "Strong", "CPIC", None),
        ("There is no need to avoid prescribing of atazanavir. Consider jaundice.", "Strong", "CPIC", None),
        ("Initiate therapy with recommended starting dose.", "Strong", "CPIC", None),
        ("Initiate therapy with recommended starting dose. Consider titrating.", "Optional", "CPIC", Severity.NOTE),
        ("Based on TPMT status, start with normal starting dose", "Strong", "CPIC", None),
        ("Clinical findings, family history should guide use.", "Strong", "CPIC", Severity.NOTE),
    ],
)
def test_severity_follows_strength_and_words(text: str, strength: str, source: str, severity: Severity | None) -> None:
    assert severity_of(row(text, strength, source)) == severity


def test_no_row_of_the_table_about_a_called_gene_that_says_avoid_is_left_without_an_alert(
    safety_index: KnowledgeIndex,
) -> None:
    """Whatever is strong and opens with `avoid` interrupts; whatever is not strong and from CPIC never does."""
    found: Counter[str] = Counter()
    for entry in GenomicsTables(safety_index).guidelines():
        severity = severity_of(row(entry.text, entry.strength, entry.source))
        interrupts = severity in (Severity.AVOID, Severity.CONTRAINDICATED)
        if entry.strength == "Strong" and entry.text.lower().startswith(("avoid ", "if patient is")):
            about_other_drugs = "cyp2d6 inhibitors" in entry.text.lower()[:60]
            assert interrupts or about_other_drugs, entry.text
        if entry.source == "CPIC" and entry.strength != "Strong":
            assert not interrupts, entry.text
        found[str(severity)] += 1
    assert min(found["avoid"], found["caution"], found["note"], found["None"]) > 50

"""How hard a dosing guideline's row speaks: from its own strength and its own words, never from what we think of it.

`avoid` interrupts where the guideline calls its advice strong; DPWG gives no grades, so there only a text that opens
with an unconditional "avoid" or "contra-indicated" does. "Drastically reduced doses" counts
as avoiding the usual dose. A row that changes nothing gives no alert at all.
"""

from __future__ import annotations

import re

from engine.api import Severity
from engine.genomics.pgx import Recommendation

_REMARKS = "Other Considerations"
_NOTHING = re.compile(
    r"^(?:based on [\w-]+(?: status)?, )?(?:"
    r"no (?:action|recommendation|reason to avoid|adjustments? needed)|n/a$|xn is not|the guideline does not provide"
    r"|there is no need to avoid|based on genotype, there is no indication"
    r"|use [\w ]+? (?:label|at standard|per standard|according to)|if considering \w+, use at standard"
    r"|initiate (?:therapy |\w+ )?(?:with )?(?:recommended )?(?:standard|starting)"
    r"|start with normal starting dose|prescribe desired starting dose)",
    re.IGNORECASE,
)
_GUIDED_BY_OTHERS = re.compile(r"clinical findings, family history", re.IGNORECASE)
_CHANGE = re.compile(r"\b(?:consider|alternative|reduc|increas|avoid|switch|caution)", re.IGNORECASE)
_OTHER_DRUGS = re.compile(r"\bavoid (?:co-?medication|(?:\w+ (?:and|or|to) )?\w+ CYP\w+ inhibitors)", re.IGNORECASE)
_AVOID = re.compile(
    r"\b(?:avoid|not recommended|contra-?indicated|do not use|should not be used|drastically reduced)\b", re.IGNORECASE
)
_CONTRAINDICATED = re.compile(r"(?<!relatively )\bcontra-?indicated\b", re.IGNORECASE)
_OPENS_WITH_AVOID = re.compile(
    r"^(?:avoid (?:\w+)(?: and \w+)?|\w+ is contra-indicated)(?=\.|$| for HLA| fluorouracil)", re.IGNORECASE
)


def severity_of(row: Recommendation) -> Severity | None:
    """Return the severity of a row that applies to a drug, or None where it asks for nothing."""
    advice = _OTHER_DRUGS.sub("", row.text.split(_REMARKS)[0]).strip()
    if row.strength == "No recommendation" or not advice:
        return None
    if _NOTHING.match(advice):
        first, _, rest = advice.partition(".")
        return Severity.NOTE if not first.lower().startswith(("no ", "there is no")) and _CHANGE.search(rest) else None
    if _GUIDED_BY_OTHERS.search(advice):
        return Severity.NOTE
    if row.strength == "Strong":
        return _strong(advice)
    is_ungraded = row.source == "DPWG"
    return Severity.AVOID if is_ungraded and _OPENS_WITH_AVOID.match(advice) else Severity.CAUTION


def _strong(advice: str) -> Severity:
    if _CONTRAINDICATED.search(advice):
        return Severity.CONTRAINDICATED
    return Severity.AVOID if _AVOID.search(advice) else Severity.CAUTION

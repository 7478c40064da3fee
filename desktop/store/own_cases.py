"""The clinic's own confirmed cases: how often each disease was the diagnosis of a plan that a clinician signed.

One case counts once, for the plan signed last. Only codes of the tables count: what somebody typed in own words may
name a patient and never leaves the case file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.case.confirmed import ConfirmedCases
from desktop.store.permissions import Permission
from engine.api import Bilingual

if TYPE_CHECKING:
    from desktop.store.session import Session

_CODES = ("DDX:", "OMIM:", "ORPHA:", "LNT:")
_LAST_SIGNED = """
SELECT json_extract(e.event, '$.plan.diagnosis') AS code, COUNT(DISTINCT s.case_id) AS cases,
    MAX(json_extract(e.event, '$.plan.display_diagnosis.en')) AS en,
    MAX(json_extract(e.event, '$.plan.display_diagnosis.zh')) AS zh
FROM signatures s JOIN result_events e ON e.result_id = s.result_id
WHERE s.number = (SELECT MAX(later.number) FROM signatures later WHERE later.case_id = s.case_id)
    AND json_extract(e.event, '$.kind') = 'plan_tabled'
GROUP BY code ORDER BY cases DESC, code
"""


def confirmed_cases(session: Session) -> tuple[ConfirmedCases, ...]:
    """Return the confirmed cases by disease, most frequent first. Runs on the store lane. Raises NotAllowed."""
    session.require(Permission.READ_CASES)
    rows = session.case_file.rows(_LAST_SIGNED)
    return tuple(
        ConfirmedCases(row["code"], Bilingual(row["en"], row["zh"]), row["cases"])
        for row in rows
        if str(row["code"]).startswith(_CODES)
    )

"""Make the demonstration case file: a real, encrypted one, filled with the invented cases of resources/demo/."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec

from desktop.case.record import CaseId, CaseRecord, Role
from desktop.paths import data_paths, make_private_folder
from desktop.resources import resources
from desktop.settings import Settings, save_settings
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.session import NewUser, create_clinic
from desktop.store.users import Users

LOGIN = "demo"
PASSWORD = "lantern demonstration"
"""Not a secret: the file holds invented patients only, and the password is printed whenever it is opened."""
NURSE_LOGIN = "nurse"


@dataclass(frozen=True, slots=True)
class DemoCase:
    """`days_ago` dates the visit back from the day the file is made."""

    days_ago: int
    case: CaseRecord


def demo_cases(today: date) -> list[CaseRecord]:
    """Return the invented cases with their visit dates, each with fresh UUIDs."""
    raw = json.loads((resources() / "demo" / "cases.json").read_text(encoding="utf-8"))
    return [
        replace(demo.case, visit_date=(today - timedelta(days=demo.days_ago)).isoformat())
        for demo in msgspec.convert(raw, list[DemoCase])
    ]


def ensure_demo_file(root: Path, today: date) -> CaseId | None:
    """Make the demonstration file under `root` unless it is there; return the id of its first case when it was made."""
    files = CaseFiles(data_paths(root).case_folder)
    if files.exists():
        return None
    make_private_folder(root)
    save_settings(data_paths(root).settings, Settings(last_login=LOGIN, genotype_module=True))
    made = create_clinic(files, NewUser(LOGIN, "Dr. Demo", Role.CLINICAL_LEAD, PASSWORD))
    try:
        Users(made.session).add(NewUser(NURSE_LOGIN, "Nurse Demo", Role.NURSE, PASSWORD))
        cases = Cases(made.session)
        saved = [cases.save(record) for record in demo_cases(today)]
    finally:
        made.session.case_file.close()
    return saved[0].id

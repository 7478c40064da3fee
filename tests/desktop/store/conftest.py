"""Real encrypted case files for the store's tests; only the cost of a password is lowered, by its own parameter."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.case.record import CaseRecord, Patient, Role, Sex
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.session import Created, NewUser, Session, create_clinic, sign_in

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
PASSWORD = "correct horse battery"
LEAD = NewUser("lead", "Dr Lead", Role.CLINICAL_LEAD, PASSWORD)
MARKER = "Zebulon Quartermaine"


def a_case(name: str = MARKER, **changes: object) -> CaseRecord:
    """Return a saved-able case of one patient."""
    given: dict[str, object] = {"visit_date": "2026-03-01", "text": "Chest pain for 3 days. 胸痛三天"} | changes
    return CaseRecord(patient=Patient(name=name, birth_date="1980-03-01", sex=Sex.MALE), **given)  # type: ignore[arg-type]


def crash_copy(files: CaseFiles, folder: Path) -> CaseFiles:
    """Return a copy of the open case file as a power cut would leave it: nothing closed, nothing written back."""
    copy = CaseFiles(folder / "crashed")
    copy.folder.mkdir(parents=True)
    for part in (files.database, files.wal, files.keys, files.head):
        shutil.copyfile(part, copy.folder / part.name)
    return copy


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but SQLite's shared memory, which holds no data and may be made by a reader."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


@pytest.fixture
def files(tmp_path: Path) -> CaseFiles:
    return CaseFiles(tmp_path / "case")


@pytest.fixture
def created(files: CaseFiles) -> Iterator[Created]:
    made = create_clinic(files, LEAD, cost=QUICK)
    yield made
    made.session.case_file.close()


@pytest.fixture
def session(created: Created) -> Session:
    return created.session


@pytest.fixture
def cases(session: Session) -> Cases:
    return Cases(session)


@pytest.fixture
def reopen(files: CaseFiles) -> Iterator[Callable[[], Session]]:
    """Open the case file again as the lead; whatever was opened is closed at the end."""
    opened: list[Session] = []

    def again() -> Session:
        opened.append(sign_in(files, LEAD.login, PASSWORD))
        return opened[-1]

    yield again
    for session in opened:
        session.case_file.close()

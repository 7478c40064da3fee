"""Going on after a loss: decided by somebody, kept aside, and said for good."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop import errors
from desktop.case.record import Role
from desktop.store.audit import Audit
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.salvage import accept_loss
from desktop.store.session import NewUser, Session, sign_in
from desktop.store.users import Users
from tests.desktop.store.conftest import PASSWORD, QUICK, a_case, contents, crash_copy


@pytest.fixture
def damaged(session: Session, files: CaseFiles, tmp_path: Path) -> CaseFiles:
    """A case file that lost its last two of three cases with the end of the log."""
    Users(session, cost=QUICK).add(NewUser("wang", "Wang", Role.CLINICIAN, "wang password"))
    cases = Cases(session)
    cases.save(a_case())
    reached = files.wal.stat().st_size
    cases.save(a_case())
    cases.save(a_case())
    copy = crash_copy(files, tmp_path)
    os.truncate(copy.wal, reached)
    return copy


def test_what_is_left_opens_again_and_the_loss_is_on_record(damaged: CaseFiles) -> None:
    before = contents(damaged.folder)
    loss = accept_loss(damaged, "lead", PASSWORD)
    assert loss.missing_transactions == 2
    assert contents(loss.kept_aside) == before
    opened = sign_in(damaged, "lead", PASSWORD)
    assert Cases(opened).count() == 1
    accepted = [record for record in Audit(opened.case_file).latest() if record.action == "loss_accepted"]
    assert [record.detail for record in accepted] == ["missing: 2"]
    opened.case_file.close()


@pytest.mark.parametrize("content", [None, b"rubbish"])
def test_without_a_head_nobody_knows_how_much(damaged: CaseFiles, content: bytes | None) -> None:
    damaged.head.unlink()
    if content is not None:
        damaged.head.write_bytes(content)
    assert accept_loss(damaged, "lead", PASSWORD).missing_transactions is None
    sign_in(damaged, "lead", PASSWORD).case_file.close()


@pytest.mark.parametrize(
    ("login", "password", "error"),
    [("wang", "wang password", errors.NotAllowed), ("lead", "wrong", errors.WrongPassword)],
)
def test_only_who_may_restore_decides_it(
    damaged: CaseFiles, login: str, password: str, error: type[errors.DesktopError]
) -> None:
    before = contents(damaged.folder)
    with pytest.raises(error):
        accept_loss(damaged, login, password)
    assert contents(damaged.folder) == before


def test_a_database_broken_in_itself_is_left_to_a_backup(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    session.case_file.close()
    os.truncate(files.database, files.database.stat().st_size - 4096)
    before = contents(files.folder)
    with pytest.raises(errors.CaseFileDamaged):
        accept_loss(files, "lead", PASSWORD)
    assert contents(files.folder) == before


def test_an_open_file_is_not_touched(session: Session, files: CaseFiles) -> None:
    with pytest.raises(errors.CaseFileLocked):
        accept_loss(files, "lead", PASSWORD)


def test_a_whole_file_loses_nothing_by_it(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    session.case_file.close()
    assert accept_loss(files, "lead", PASSWORD).missing_transactions == 0
    opened = sign_in(files, "lead", PASSWORD)
    assert Cases(opened).count() == 1
    opened.case_file.close()

"""Backups and restores: proved before they count, and never at the cost of the case file."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from desktop import errors
from desktop.case.record import Role
from desktop.store import backup, database
from desktop.store.audit import Audit
from desktop.store.backup import back_up, list_backups
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.restore import restore_backup
from desktop.store.session import NewUser, Session, sign_in, switch_user
from desktop.store.users import Users
from tests.desktop.store.conftest import PASSWORD, QUICK, a_case, contents


def test_a_backup_is_a_case_file_of_its_own(session: Session) -> None:
    Cases(session).save(a_case())
    made = back_up(session)
    opened = sign_in(CaseFiles(made.folder), "lead", PASSWORD)
    assert Cases(opened).count() == 1
    opened.case_file.close()
    assert Audit(session.case_file).latest(1)[0].action == "backed_up"


def test_backups_are_listed_newest_first_without_unfinished_ones(session: Session, files: CaseFiles) -> None:
    first, second = back_up(session), back_up(session)
    (files.backups / "lantern-20990101T000000000Z-by-hand.part").mkdir()
    (files.backups / "holiday photos").mkdir()
    assert [info.folder for info in list_backups(files.backups)] == [second.folder, first.folder]
    assert list_backups(files.backups / "nowhere") == ()


def test_a_backup_that_fails_its_proof_is_not_kept(
    session: Session, files: CaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_out = backup._copy_out

    def copy_and_damage(case_file: object, part: CaseFiles) -> None:
        copy_out(case_file, part)  # type: ignore[arg-type]
        content = bytearray(part.database.read_bytes())
        content[-100] ^= 1
        part.database.write_bytes(content)

    monkeypatch.setattr(backup, "_copy_out", copy_and_damage)
    with pytest.raises(errors.BackupFailed):
        back_up(session)
    assert list(files.backups.iterdir()) == []


def test_a_copy_with_rows_missing_fails_its_proof(
    session: Session, files: CaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cases(session).save_draft(a_case())
    copy_out = backup._copy_out

    def copy_and_drop(case_file: object, part: CaseFiles) -> None:
        copy_out(case_file, part)  # type: ignore[arg-type]
        db = database.connect(part.database, session.case_file.key)
        db.conn.execute("DELETE FROM drafts")
        db.close()

    monkeypatch.setattr(backup, "_copy_out", copy_and_drop)
    with pytest.raises(errors.BackupFailed):
        back_up(session)


def test_restoring_brings_the_day_of_the_backup_back_and_keeps_the_present(session: Session, files: CaseFiles) -> None:
    cases = Cases(session)
    saved = cases.save(a_case())
    made = back_up(session)
    cases.save(replace(saved, text="later"))
    session.case_file.close()
    restore_backup(files, made.folder, "lead", PASSWORD)
    opened = sign_in(files, "lead", PASSWORD)
    assert len(Cases(opened).revisions(saved.id)) == 1
    assert "restored" in [record.action for record in Audit(opened.case_file).latest()]
    opened.case_file.close()
    (replaced,) = files.folder.parent.glob("case.replaced-*")
    present = sign_in(CaseFiles(replaced), "lead", PASSWORD)
    assert len(Cases(present).revisions(saved.id)) == 2
    present.case_file.close()


def test_a_damaged_case_file_can_be_replaced(session: Session, files: CaseFiles) -> None:
    made = back_up(session)
    session.case_file.close()
    os.truncate(files.database, 0)
    restore_backup(files, made.folder, "lead", PASSWORD)
    sign_in(files, "lead", PASSWORD).case_file.close()


def test_a_lost_case_file_can_be_replaced(session: Session, files: CaseFiles) -> None:
    made = back_up(session)
    session.case_file.close()
    shutil.rmtree(files.folder)
    restore_backup(files, made.folder, "lead", PASSWORD)
    sign_in(files, "lead", PASSWORD).case_file.close()


def test_a_damaged_backup_is_refused_and_the_case_file_stands(session: Session, files: CaseFiles) -> None:
    made = back_up(session)
    session.case_file.close()
    before = contents(files.folder)
    os.truncate(CaseFiles(made.folder).database, 8192)
    with pytest.raises(errors.CaseFileDamaged):
        restore_backup(files, made.folder, "lead", PASSWORD)
    assert contents(files.folder) == before


def test_an_open_case_file_is_not_replaced(session: Session, files: CaseFiles) -> None:
    made = back_up(session)
    with pytest.raises(errors.CaseFileLocked):
        restore_backup(files, made.folder, "lead", PASSWORD)


def test_a_nurse_backs_up_and_does_not_restore(session: Session, files: CaseFiles) -> None:
    Users(session, cost=QUICK).add(NewUser("nurse", "Nurse", Role.NURSE, "nurse password"))
    made = back_up(switch_user(session, "nurse", "nurse password"))
    session.case_file.close()
    with pytest.raises(errors.NotAllowed):
        restore_backup(files, made.folder, "nurse", "nurse password")
    sign_in(files, "lead", PASSWORD).case_file.close()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_restore_needs_a_password_of_the_backup(session: Session, files: CaseFiles, password: str) -> None:
    made = back_up(session)
    session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        restore_backup(files, made.folder, "lead", password)


def test_a_restore_cut_between_its_renames_is_finished_at_the_next_opening(session: Session, files: CaseFiles) -> None:
    made = back_up(session)
    session.case_file.close()
    shutil.copytree(made.folder, files.restored.folder)
    files.folder.rename(files.beside(".replaced-x"))
    assert files.exists()
    sign_in(files, "lead", PASSWORD).case_file.close()
    assert not files.restored.folder.exists()


def test_a_backup_to_a_place_that_refuses_is_reported(session: Session, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    with pytest.raises(errors.FolderUnwritable):
        back_up(session, blocked / "backups")

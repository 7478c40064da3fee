"""Changing the database key: nothing old opens the file afterwards, and no moment of it can lock anybody out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop import errors
from desktop.case.record import Role
from desktop.store import keys, rekey
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.opening import open_case_file
from desktop.store.rekey import change_database_key
from desktop.store.session import NewUser, Session, sign_in, sign_in_with_recovery, switch_user
from desktop.store.users import Users
from tests.desktop.store.conftest import MARKER, PASSWORD, QUICK, a_case


@pytest.fixture
def filled(session: Session) -> Session:
    Cases(session).save(a_case())
    return session


def test_the_new_key_opens_and_the_old_one_does_not(filled: Session, files: CaseFiles) -> None:
    old_key = filled.case_file.key
    changed = change_database_key(filled, {filled.user.id: PASSWORD}, cost=QUICK)
    assert Cases(changed.session).search(MARKER)
    changed.session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        open_case_file(files, old_key)
    sign_in(files, "lead", PASSWORD).case_file.close()
    sign_in_with_recovery(files, changed.recovery_code).case_file.close()


def test_users_without_a_given_password_need_a_new_one(filled: Session, files: CaseFiles) -> None:
    wang = Users(filled, cost=QUICK).add(NewUser("wang", "Wang", Role.CLINICIAN, "wang password"))
    changed = change_database_key(filled, {filled.user.id: PASSWORD}, cost=QUICK)
    assert keys.read_key_file(files).logins() == ("lead",)
    Users(changed.session, cost=QUICK).reset_password(wang.id, "second password")
    changed.session.case_file.close()
    sign_in(files, "wang", "second password").case_file.close()


@pytest.mark.parametrize("password", [None, "wrong"])
def test_without_the_own_password_nothing_is_changed(filled: Session, files: CaseFiles, password: str | None) -> None:
    before = files.keys.read_bytes()
    given = {} if password is None else {filled.user.id: password}
    with pytest.raises(errors.WrongPassword):
        change_database_key(filled, given, cost=QUICK)
    assert files.keys.read_bytes() == before
    assert Cases(filled).count() == 1


def test_power_lost_before_the_swap_leaves_the_old_key_working(
    filled: Session, files: CaseFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = CaseFiles(tmp_path / "copied")

    def cut(copy: Path, at: CaseFiles) -> None:
        shutil.copytree(at.folder, copied.folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(rekey, "_put_in_place", cut)
    with pytest.raises(KeyboardInterrupt):
        change_database_key(filled, {filled.user.id: PASSWORD}, cost=QUICK)
    assert len(keys.read_key_file(copied).sets) == 2
    opened = sign_in(copied, "lead", PASSWORD)
    assert Cases(opened).count() == 1
    opened.case_file.close()
    assert len(keys.read_key_file(copied).sets) == 1


def test_power_lost_after_the_swap_leaves_the_new_key_working(filled: Session, files: CaseFiles) -> None:
    old_sets = keys.read_key_file(files)
    changed = change_database_key(filled, {filled.user.id: PASSWORD}, cost=QUICK)
    changed.session.case_file.close()
    new = keys.read_key_file(files)
    keys.write_key_file(files, keys.KeyFile(new.database_id, (new.slots, old_sets.slots)))
    opened = sign_in(files, "lead", PASSWORD)
    assert Cases(opened).count() == 1
    opened.case_file.close()
    assert keys.read_key_file(files) == new


def test_a_user_without_a_new_slot_is_told_that_the_password_is_wrong(filled: Session, files: CaseFiles) -> None:
    Users(filled, cost=QUICK).add(NewUser("wang", "Wang", Role.CLINICIAN, "wang password"))
    old_sets = keys.read_key_file(files)
    changed = change_database_key(filled, {filled.user.id: PASSWORD}, cost=QUICK)
    changed.session.case_file.close()
    new = keys.read_key_file(files)
    keys.write_key_file(files, keys.KeyFile(new.database_id, (new.slots, old_sets.slots)))
    with pytest.raises(errors.WrongPassword):
        sign_in(files, "wang", "wang password")


def test_a_clinician_does_not_change_the_key(filled: Session) -> None:
    Users(filled, cost=QUICK).add(NewUser("wang", "Wang", Role.CLINICIAN, "wang password"))
    with pytest.raises(errors.NotAllowed):
        change_database_key(switch_user(filled, "wang", "wang password"), {}, cost=QUICK)

"""Adding, removing and re-keying users, and what must stay possible."""

from __future__ import annotations

import pytest

from desktop import errors
from desktop.case.record import Role
from desktop.store.audit import Audit
from desktop.store.files import CaseFiles
from desktop.store.session import Created, NewUser, Session, sign_in, sign_in_with_recovery, switch_user
from desktop.store.users import LoginTaken, Users
from tests.desktop.store.conftest import PASSWORD, QUICK

WANG = NewUser("wang", "王医生", Role.CLINICIAN, "wang password")


@pytest.fixture
def users(session: Session) -> Users:
    return Users(session, cost=QUICK)


def test_an_added_user_can_sign_in(users: Users, session: Session, files: CaseFiles) -> None:
    added = users.add(WANG)
    session.case_file.close()
    opened = sign_in(files, "wang", WANG.password)
    assert opened.user == added
    opened.case_file.close()


def test_a_login_is_given_once(users: Users) -> None:
    users.add(WANG)
    with pytest.raises(LoginTaken):
        users.add(NewUser("WANG", "other", Role.NURSE, "x" * 8))


def test_a_removed_user_is_locked_out_and_still_known(users: Users, session: Session) -> None:
    wang = users.add(WANG)
    users.remove(wang.id)
    with pytest.raises(errors.WrongPassword):
        switch_user(session, "wang", WANG.password)
    assert next(user for user in users.all() if user.id == wang.id).removed_at is not None


def test_a_removed_user_with_an_old_key_file_is_locked_out(users: Users, session: Session, files: CaseFiles) -> None:
    wang = users.add(WANG)
    old = files.keys.read_bytes()
    users.remove(wang.id)
    session.case_file.close()
    files.keys.write_bytes(old)
    with pytest.raises(errors.WrongPassword):
        sign_in(files, "wang", WANG.password)


def test_the_last_who_manages_users_stays(users: Users, session: Session) -> None:
    users.add(WANG)
    with pytest.raises(errors.NotAllowed):
        users.remove(session.user.id)
    with pytest.raises(errors.NotAllowed):
        users.change_role(session.user.id, Role.NURSE)


def test_a_changed_password_replaces_the_old_one(users: Users, session: Session) -> None:
    with pytest.raises(errors.WrongPassword):
        users.change_own_password("not it", "new password")
    users.change_own_password(PASSWORD, "new password")
    switch_user(session, "lead", "new password")
    with pytest.raises(errors.WrongPassword):
        switch_user(session, "lead", PASSWORD)


def test_a_new_recovery_code_replaces_the_old_one(users: Users, created: Created, files: CaseFiles) -> None:
    code = users.new_recovery_code()
    created.session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        sign_in_with_recovery(files, created.recovery_code)
    sign_in_with_recovery(files, code).case_file.close()


def test_a_role_decides_what_a_session_may_do(users: Users, session: Session) -> None:
    wang = users.add(WANG)
    as_wang = switch_user(session, "wang", WANG.password)
    theirs, lead = Users(as_wang), session.user.id
    for change in (lambda: theirs.add(WANG), lambda: theirs.remove(lead), theirs.new_recovery_code,
                   lambda: theirs.reset_password(lead, "hacked!!"), lambda: theirs.change_role(wang.id, Role.IT)):
        with pytest.raises(errors.NotAllowed):
            change()
    users.change_role(wang.id, Role.IT)
    assert switch_user(session, "wang", WANG.password).user.role is Role.IT


def test_every_change_is_audited(users: Users, session: Session) -> None:
    wang = users.add(WANG)
    users.change_role(wang.id, Role.NURSE)
    users.reset_password(wang.id, "whatever it is")
    users.remove(wang.id)
    actions = [record.action for record in Audit(session.case_file).of_subject(wang.id)]
    assert actions == ["user_added", "role_changed", "password_reset", "user_removed"]

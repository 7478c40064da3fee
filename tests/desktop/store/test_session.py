"""Signing in, out, by recovery code, and as somebody else."""

from __future__ import annotations

import pytest

from desktop import errors
from desktop.case.record import Role
from desktop.store import session as sessions
from desktop.store.audit import Audit
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.permissions import PERMISSIONS, Permission
from desktop.store.session import Created, NewUser, Session, create_clinic, sign_in, sign_in_with_recovery, switch_user
from desktop.store.users import Users
from tests.desktop.store.conftest import LEAD, PASSWORD, QUICK, a_case


def test_the_first_user_is_signed_in_after_creation(session: Session) -> None:
    assert (session.user.login, session.user.role) == ("lead", Role.CLINICAL_LEAD)


def test_a_first_user_who_could_add_nobody_is_refused(files: CaseFiles) -> None:
    with pytest.raises(errors.NotAllowed):
        create_clinic(files, NewUser("nurse", "Nurse", Role.NURSE, PASSWORD), cost=QUICK)
    assert not files.exists()


@pytest.mark.parametrize(("login", "password"), [("lead", "wrong"), ("nobody", PASSWORD), ("lead", "")])
def test_a_wrong_password_does_not_open_and_can_be_tried_again(
    session: Session, files: CaseFiles, login: str, password: str
) -> None:
    session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        sign_in(files, login, password)
    sign_in(files, "LEAD", PASSWORD).case_file.close()


def test_the_recovery_code_opens_as_the_lead(created: Created, files: CaseFiles) -> None:
    Cases(created.session).save(a_case())
    created.session.case_file.close()
    recovered = sign_in_with_recovery(files, created.recovery_code.lower().replace("-", " "))
    assert recovered.user.login == "lead"
    assert Cases(recovered).count() == 1
    assert Audit(recovered.case_file).latest(1)[0].action == "signed_in_by_recovery_code"
    Users(recovered, cost=QUICK).reset_password(recovered.user.id, "a new password")
    recovered.case_file.close()
    sign_in(files, "lead", "a new password").case_file.close()


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", PASSWORD])
def test_a_wrong_recovery_code_does_not_open(session: Session, files: CaseFiles, typed: str) -> None:
    session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        sign_in_with_recovery(files, typed)


def test_switching_users_keeps_the_file_open(session: Session) -> None:
    Users(session, cost=QUICK).add(NewUser("wang", "Dr Wang", Role.CLINICIAN, "another password"))
    wang = switch_user(session, "wang", "another password")
    assert wang.case_file is session.case_file
    saved = Cases(wang).save(a_case())
    assert Cases(wang).revisions(saved.id)[0].saved_by == wang.user.id


def test_a_refused_switch_is_audited_and_changes_nothing(session: Session) -> None:
    with pytest.raises(errors.WrongPassword):
        switch_user(session, "lead", "wrong")
    assert Audit(session.case_file).latest(1)[0].action == "sign_in_refused"
    assert Cases(session).save(a_case()).revision == 1


def test_signing_in_and_out_is_audited(session: Session) -> None:
    sessions.sign_out(session)
    assert Audit(session.case_file).latest(1)[0].action == "signed_out"


def test_login_names_are_known_before_unlocking(session: Session, files: CaseFiles) -> None:
    assert sessions.logins(files) == (LEAD.login,)


@pytest.mark.parametrize("role", list(Role))
def test_only_clinicians_and_leads_sign(role: Role) -> None:
    assert (Permission.SIGN in PERMISSIONS[role]) == (role in {Role.CLINICIAN, Role.CLINICAL_LEAD})


@pytest.mark.parametrize("role", list(Role))
def test_only_it_and_leads_manage_users_and_models(role: Role) -> None:
    managing = {Permission.MANAGE_USERS, Permission.MANAGE_MODELS} <= PERMISSIONS[role]
    assert managing == (role in {Role.IT, Role.CLINICAL_LEAD})

"""Set-up, unlock, recovery, lock and switch, over a real case file."""

import pytest

from desktop.access import Access
from desktop.case.record import Role
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.lane import StoreLane
from desktop.store.session import NewUser
from desktop.store.users import Users
from desktop.tasks import Tasks
from desktop.views.unlock import Credentials, Recovery

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
LIN = Credentials("Dr Lin", "three odd words")


class Door:
    """An Access with everything it said. `reopen` stands for the next start of Lantern."""

    def __init__(self, folder):
        self.folder = folder
        self.open()

    def open(self):
        self.lane, self.tasks = StoreLane(), Tasks()
        self.access = Access(CaseFiles(self.folder / "case"), self.lane, self.tasks, QUICK)
        self.said = []
        for name in ("setup_needed", "users_listed", "created", "entered", "locked", "failed"):
            getattr(self.access, name).connect(lambda *given, name=name: self.said.append((name, *given)))

    def close(self):
        self.access.close()
        self.lane.close()
        self.tasks.close()

    def reopen(self):
        self.close()
        self.open()


@pytest.fixture
def door(qapp, tmp_path):
    door = Door(tmp_path)
    yield door
    door.close()


def said(qtbot, door, name):
    """Wait until `name` was said last; return what came with it."""
    qtbot.waitUntil(lambda: bool(door.said) and door.said[-1][0] == name)
    return door.said[-1][1:]


def create(qtbot, door):
    door.access.create(LIN)
    return said(qtbot, door, "created")[0]


def test_empty_folder_needs_a_set_up(qtbot, door):
    door.access.start()
    said(qtbot, door, "setup_needed")


def test_first_user_is_the_clinical_lead_and_gets_the_recovery_code(qtbot, door):
    made = create(qtbot, door)
    assert (made.user.display_name, made.user.role) == ("Dr Lin", Role.CLINICAL_LEAD)
    assert len(made.recovery_code) >= 20
    assert door.access.session is made.session


def test_next_start_lists_users_and_opens_with_the_password(qtbot, door):
    create(qtbot, door)
    door.reopen()
    door.access.start()
    assert said(qtbot, door, "users_listed") == (("Dr Lin",),)
    door.access.unlock(LIN)
    assert said(qtbot, door, "entered")[0].user.login == "Dr Lin"


def test_wrong_password_opens_nothing(qtbot, door):
    create(qtbot, door)
    door.reopen()
    door.access.unlock(Credentials("Dr Lin", "three even words"))
    assert said(qtbot, door, "failed") == ("wrong_password",)
    assert door.access.session is None


def test_lock_puts_the_session_away_until_the_next_password(qtbot, door):
    create(qtbot, door)
    door.access.lock()
    said(qtbot, door, "users_listed")
    assert door.access.session is None
    door.access.unlock(Credentials("Dr Lin", "wrong words here"))
    said(qtbot, door, "failed")
    assert door.access.session is None
    door.access.unlock(LIN)
    said(qtbot, door, "entered")
    assert door.access.session is not None


def test_another_user_takes_over_the_open_file(qtbot, door):
    made = create(qtbot, door)
    nurse = NewUser("anna", "Sister Anna", Role.NURSE, "other odd words")
    door.lane.submit(lambda: Users(made.session, cost=QUICK).add(nurse)).result()
    door.access.lock()
    said(qtbot, door, "users_listed")
    door.access.unlock(Credentials("anna", "other odd words"))
    assert said(qtbot, door, "entered")[0].user.role is Role.NURSE


def test_wrong_recovery_code_while_locked_leaves_the_password_working(qtbot, door):
    create(qtbot, door)
    door.access.lock()
    said(qtbot, door, "users_listed")
    door.access.recover(Recovery("AAAA-AAAA-AAAA-AAAA", "brand new words"))
    said(qtbot, door, "failed")
    door.access.unlock(LIN)
    said(qtbot, door, "entered")


@pytest.mark.parametrize("locked_only", [True, False])
def test_recovery_code_opens_and_sets_a_new_password(qtbot, door, locked_only):
    code = create(qtbot, door).recovery_code
    if locked_only:
        door.access.lock()
        said(qtbot, door, "users_listed")
    else:
        door.reopen()
    door.access.recover(Recovery(code.lower(), "brand new words"))
    said(qtbot, door, "entered")
    door.reopen()
    door.access.unlock(Credentials("Dr Lin", "brand new words"))
    said(qtbot, door, "entered")


def test_wrong_recovery_code_opens_nothing(qtbot, door):
    create(qtbot, door)
    door.reopen()
    door.access.recover(Recovery("AAAA-AAAA-AAAA-AAAA", "brand new words"))
    assert said(qtbot, door, "failed") == ("wrong_password",)


def test_case_file_without_its_keys_is_reported_and_not_made_anew(qtbot, door):
    create(qtbot, door)
    door.close()
    (door.folder / "case" / "lantern.keys").unlink()
    door.open()
    door.access.start()
    assert said(qtbot, door, "failed")[0] in ("file_missing", "file_damaged")


def test_second_lantern_on_the_same_file_is_refused(qtbot, door):
    create(qtbot, door)
    other = Door(door.folder)
    other.access.unlock(LIN)
    assert said(qtbot, other, "failed") == ("file_locked",)
    other.close()

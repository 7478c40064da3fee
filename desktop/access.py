"""Who may work at the case file: first set-up, unlocking, recovery, locking and switching the user. No widgets.

Locking keeps the file open and puts the work away; only the next password brings it back, so a switch is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.case.record import Role
from desktop.store import session as store
from desktop.store.files import CaseFiles
from desktop.store.keys import STANDARD_COST, HashingCost
from desktop.store.lane import StoreLane
from desktop.store.records import User
from desktop.store.session import NewUser, Session
from desktop.store.users import Users
from desktop.tasks import Tasks, code_of
from desktop.views.unlock import Credentials, Recovery


@dataclass(frozen=True, slots=True)
class Entered:
    """A named user may work now. `recovery_code` is set once, when the case file was just made."""

    session: Session
    recovery_code: str = ""

    @property
    def user(self) -> User:
        return self.session.user


class Access(QObject):
    """Every answer comes as one signal; a failure as its code, and nothing has changed then."""

    setup_needed = Signal()
    users_listed = Signal(object)
    created = Signal(object)
    entered = Signal(object)
    locked = Signal()
    failed = Signal(str)

    def __init__(self, files: CaseFiles, lane: StoreLane, tasks: Tasks, cost: HashingCost = STANDARD_COST) -> None:
        super().__init__()
        self._files = files
        self._lane = lane
        self._tasks = tasks
        self._cost = cost
        self._session: Session | None = None
        self._is_unlocked = False

    @property
    def session(self) -> Session | None:
        """The session of the user at work; None while locked."""
        return self._session if self._is_unlocked else None

    def start(self) -> None:
        """Find out whether there is a case file, and who may open it."""
        try:
            is_there = self._files.exists()
        except OSError as hidden:
            self.failed.emit(code_of(hidden))
            return
        if not is_there:
            self.setup_needed.emit()
            return
        self._watch(self._lane.submit(store.logins, self._files), self.users_listed.emit)

    def create(self, first: Credentials) -> None:
        """Make the case file; its first user is the clinical lead."""
        user = NewUser(first.user_name, first.user_name, Role.CLINICAL_LEAD, first.password)
        self._watch(self._lane.submit(store.create_clinic, self._files, user, cost=self._cost), self._made)

    def unlock(self, typed: Credentials) -> None:
        """Open the case file, or change the user of the open one."""
        if self._session is None:
            self._watch(self._lane.submit(store.sign_in, self._files, typed.user_name, typed.password), self._enter)
            return
        self._watch(self._lane.submit(store.switch_user, self._session, typed.user_name, typed.password), self._enter)

    def recover(self, typed: Recovery) -> None:
        """Open the case file with the printed code and give its clinical lead a new password."""
        # The code opens the file afresh, so an open one is closed first; after a wrong code it is opened by password.
        locked, self._session = self._session, None
        self._watch(self._lane.submit(self._recovered, typed, locked), self._enter)

    def lock(self) -> None:
        """Put the work away until the next password."""
        if self._session is not None and self._is_unlocked:
            self._is_unlocked = False
            self._lane.submit(store.sign_out, self._session)
            self.locked.emit()
            self.start()

    def close(self) -> None:
        """Close the case file; the lane then ends."""
        if self._session is not None:
            self._lane.submit(self._session.case_file.close).result()
            self._session = None

    def _recovered(self, typed: Recovery, locked: Session | None) -> Session:
        if locked is not None:
            locked.case_file.close()
        session = store.sign_in_with_recovery(self._files, typed.recovery_code)
        Users(session, cost=self._cost).reset_password(session.user.id, typed.new_password)
        return session

    def _made(self, made: store.Created) -> None:
        self._session = made.session
        self._is_unlocked = True
        self.created.emit(Entered(made.session, made.recovery_code))

    def _enter(self, session: Session) -> None:
        self._session = session
        self._is_unlocked = True
        self.entered.emit(Entered(session))

    def _watch(self, future: Future[Any], done: Callable[[Any], None]) -> None:
        self._tasks.watch(future, done, self.failed.emit)

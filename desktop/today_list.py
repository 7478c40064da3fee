"""The list of Today: asks the store for the cases of a day, of all days or of a search. No widgets."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal

from desktop.models.today_model import TodayRow
from desktop.store.cases import Cases
from desktop.store.lane import StoreLane
from desktop.store.records import CaseSummary
from desktop.store.session import Session
from desktop.tasks import Tasks
from desktop.views.today import CaseQuery


class TodayList(QObject):
    """Only the answer to the newest question is shown."""

    listed = Signal(object)
    failed = Signal(str)

    def __init__(self, lane: StoreLane, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._tasks = lane, tasks
        self._session: Session | None = None
        self._query = CaseQuery("", today_only=True)

    def work_as(self, session: Session | None) -> None:
        """List for this user from now on; None while locked."""
        self._session = session

    def ask(self, query: CaseQuery) -> None:
        """List what `query` describes."""
        self._query = query
        self.refresh()

    def refresh(self) -> None:
        """Ask the last question again."""
        if self._session is None:
            return
        query, session = self._query, self._session
        self._tasks.watch(self._lane.submit(find_rows, session, query, date.today()),
                          lambda rows: self.listed.emit(rows) if query == self._query else None, self.failed.emit)


def find_rows(session: Session, query: CaseQuery, today: date) -> tuple[TodayRow, ...]:
    """Return the rows that `query` asks for. Runs on the store lane."""
    cases = Cases(session)
    if query.text:
        found = cases.search(query.text)
        if query.today_only:
            found = tuple(summary for summary in found if summary.visit_date == today.isoformat())
    else:
        found = cases.on_day(today.isoformat()) if query.today_only else cases.recent()
    return tuple(_row(summary) for summary in found)


def _row(summary: CaseSummary) -> TodayRow:
    return TodayRow(summary.id, summary.name, summary.local_number, summary.sex.value, summary.age_years,
                    summary.visit_date, summary.status.value, summary.own_diagnosis,
                    frozenset(flag.value for flag in summary.flags))

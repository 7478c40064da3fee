"""The store lane: one thread, in order, nothing dropped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop import errors
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.lane import StoreLane
from desktop.store.session import create_clinic
from tests.desktop.store.conftest import LEAD, QUICK, a_case


def test_everything_runs_in_order_on_one_other_thread() -> None:
    lane = StoreLane()
    order: list[int] = []

    def note(number: int) -> int:
        order.append(number)
        return threading.get_ident()

    futures = [lane.submit(note, number) for number in range(20)]
    threads = {future.result(5) for future in futures}
    lane.close()
    assert order == list(range(20))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_what_the_work_raises_comes_with_the_future() -> None:
    lane = StoreLane()

    def fail() -> None:
        raise errors.DiskFull("x")

    assert isinstance(lane.submit(fail).exception(5), errors.DiskFull)
    assert lane.submit(int, "7").result(5) == 7
    lane.close()


def test_closing_finishes_what_was_asked_for() -> None:
    lane = StoreLane()
    gate, done = threading.Event(), []
    lane.submit(gate.wait, 5)
    saves = [lane.submit(done.append, number) for number in range(5)]
    gate.set()
    lane.close()
    assert all(save.done() for save in saves)
    assert done == list(range(5))


def test_work_after_closing_is_a_bug() -> None:
    lane = StoreLane()
    lane.close()
    with pytest.raises(RuntimeError):
        lane.submit(int)


def test_a_connection_of_the_lane_refuses_other_threads(tmp_path: Path) -> None:
    lane = StoreLane()
    session = lane.submit(create_clinic, CaseFiles(tmp_path / "case"), LEAD, cost=QUICK).result(30).session
    assert lane.submit(Cases(session).save, a_case()).result(5).revision == 1
    with pytest.raises(Exception, match="thread"):
        Cases(session).count()
    lane.submit(session.case_file.close).result(5)
    lane.close()

"""A run has one ending, whatever order things happen in."""

from __future__ import annotations

import pytest

from desktop.engine_client.run import Run, RunState
from engine import api, errors

RUN_ID = api.RunId("r")
DONE = api.Done(RUN_ID, api.Versions("1", "1"), 1.0)
ENDINGS: list[api.Terminal] = [DONE, api.Failed(RUN_ID, "internal", ""), api.Cancelled(RUN_ID)]


class Watched:
    """A run with everything it says and asks for."""

    def __init__(self) -> None:
        self.cancels: list[Run] = []
        self.events: list[api.RunEvent] = []
        self.endings: list[api.Terminal] = []
        self.run = Run(api.ExtractRequest(RUN_ID, "cough"), self.cancels.append)
        self.run.event.connect(self.events.append)
        self.run.ended.connect(self.endings.append)


@pytest.mark.parametrize("ending", ENDINGS)
def test_events_pass_until_the_ending_and_nothing_after_it(ending: api.Terminal) -> None:
    watched, stage = Watched(), api.Stage(RUN_ID, "extract")
    watched.run.sent()
    watched.run.receive(stage)
    watched.run.receive(ending)
    for late in (stage, *ENDINGS):
        watched.run.receive(late)
    watched.run.fail(errors.EngineCrashed())
    assert watched.events == [stage]
    assert watched.endings == [ending]
    assert watched.run.ending == ending
    assert watched.run.state is RunState.ENDED


@pytest.mark.parametrize(
    "reason", [errors.EngineCrashed("exit 1"), errors.EngineHung(), errors.EngineProtocolError(), errors.TooLarge()]
)
def test_a_run_the_child_cannot_end_fails_with_the_reason(reason: errors.EngineError) -> None:
    watched = Watched()
    watched.run.fail(reason)
    assert watched.endings == [api.Failed(RUN_ID, reason.code, reason.detail)]


def test_a_crash_after_cancel_is_the_cancel_that_was_asked_for() -> None:
    watched = Watched()
    watched.run.sent()
    watched.run.cancel()
    watched.run.fail(errors.EngineCrashed())
    assert watched.endings == [api.Cancelled(RUN_ID)]


def test_an_answer_that_was_faster_than_the_cancel_counts() -> None:
    watched = Watched()
    watched.run.cancel()
    watched.run.receive(DONE)
    assert watched.endings == [DONE]


def test_cancel_is_passed_on_once_and_never_after_the_end() -> None:
    watched = Watched()
    watched.run.cancel()
    watched.run.cancel()
    assert watched.cancels == [watched.run]
    ended = Watched()
    ended.run.receive(DONE)
    ended.run.cancel()
    assert ended.cancels == []

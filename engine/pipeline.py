"""One consultation, in order: text -> findings -> differential -> plan -> checks -> prose; each step emits records."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from engine import api, errors, model_desk
from engine.assembly import Engine
from engine.diagnosis.reader_voice import Reader
from engine.text.entities import ReadingStopped
from engine.text.legible import Misread

Emit = Callable[[api.RunEvent], None]
Cancelled = Callable[[], bool]

ENTITIES_PER_EVENT = 1000
"""A dense text of 200 kB holds tens of thousands; one line of the protocol holds a few thousand."""


NOT_READ = api.Bilingual(
    "Part of the text is in a language that Lantern does not read: of it there are suggestions at most. Write what"
    " matters in English or Chinese.",
    "文中有一部分使用了 Lantern 不能阅读的语言，对它至多给出建议。请用英文或中文写出要点。",
)


MISREAD_SHOWN = 5


def _misread_note(text: str, misread: Sequence[Misread]) -> list[api.Bilingual]:
    """Return one note that names the first misread words and what they were read as."""
    if not misread:
        return []
    pairs = [(text[each.span.start : each.span.end], each.meant) for each in misread[:MISREAD_SHOWN]]
    en, zh = ", ".join(f"{old} ({new}?)" for old, new in pairs), "、".join(f"{old}（{new}？）" for old, new in pairs)
    return [
        api.Bilingual(
            f"Some words look misread by a scanner: {en}. What was read in them is a suggestion: confirm it.",
            f"部分词语疑似扫描识别错误：{zh}。由此识别的内容仅为建议，请确认。",
        )
    ]


class Pipeline:
    """Runs requests against one assembled engine. Not thread-safe: one inference thread calls it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, request: api.RunRequest, emit: Emit, cancelled: Cancelled) -> dict[str, float]:
        """Emit every result of `request` and return the milliseconds of each step.

        Raises EngineError. A cancelled run returns early; what was emitted stands, the caller writes the ending.
        """
        clock = _StepClock(request.run_id, emit)
        match request:
            case api.ExtractRequest(run_id=run_id, text=text):
                with_clock = clock.step("extract")
                try:
                    entities = self._engine.reader.read(text, suggest=True, cancelled=cancelled)
                except ReadingStopped:
                    return clock.timings_ms
                with_clock()
                for first in range(0, len(entities) or 1, ENTITIES_PER_EVENT):
                    is_last = first + ENTITIES_PER_EVENT >= len(entities)
                    notes = self.notes(text) if is_last else []
                    emit(api.EntitiesFound(run_id, entities[first : first + ENTITIES_PER_EVENT], notes))
            case api.DiagnoseRequest():
                self._diagnose(request, clock, emit, cancelled)
            case api.PlanRequest(run_id=run_id):
                self._plan(request, clock, emit, cancelled)
            case api.CheckRequest(run_id=run_id, case=case):
                finished = clock.step("check")
                result = self._engine.safety.check(case)
                finished()
                emit(api.Checked(run_id, result))
            case api.ModelsRequest(action=action):
                finished = clock.step("models")
                if action != "list":
                    self._engine.forget_text_model()  # its file may change, and a measurement wants the memory
                emit(model_desk.act(request, self._engine.models_dir))
                finished()
            case _:
                assert_never(request)
        return clock.timings_ms

    def _diagnose(self, request: api.DiagnoseRequest, clock: _StepClock, emit: Emit, cancelled: Cancelled) -> None:
        """Emit the ranking, with the language model's vote where it is asked for or has earned it."""
        entities = self.entities(request.case, clock)
        if cancelled():
            return
        reader, why_not = self._reader(request, clock)
        finished = clock.step("diagnose")
        differential = self._engine.diagnoser.diagnose(
            request.case, entities, request.top, request.practice, reader=reader
        )
        finished()
        shown = [*differential.display_reasons, *self.notes(request.case.text), *why_not]
        emit(api.Ranked(request.run_id, replace(differential, display_reasons=shown), entities))

    def _reader(self, request: api.DiagnoseRequest, clock: _StepClock) -> tuple[Reader | None, list[api.Bilingual]]:
        """Return the reader, or none and why: a model that is missing or unfit takes no ranking away."""
        if not request.case.text.strip():
            return None, []
        finished = clock.step("load_model") if request.reader else _nothing
        try:
            return self._engine.case_reader(request.reader), []
        except errors.InstallationError as unfit:
            return None, [api.Bilingual(f"The language model did not vote: {unfit}", f"语言模型未参与判断：{unfit}")]
        finally:
            finished()

    def entities(self, case: api.Case, clock: _StepClock | None = None) -> list[api.Entity]:
        """Return what the text says; only its measured values where a clinician has been through the findings.

        Danger signs look at measured values whether anybody confirmed them or not.
        """
        if not case.text:
            return []
        finished = clock.step("extract") if clock else _nothing
        entities = self._engine.reader.read(case.text)
        finished()
        return [entity for entity in entities if entity.label == "test"] if case.findings_confirmed else entities

    def notes(self, text: str) -> list[api.Bilingual]:
        """Say where part of `text` is in a language that no dictionary reads, and which words look misread."""
        reader = self._engine.reader
        foreign = [NOT_READ] if text and reader.not_read(text) else []
        return [*foreign, *_misread_note(text, reader.misread(text))]

    def _plan(self, request: api.PlanRequest, clock: _StepClock, emit: Emit, cancelled: Cancelled) -> None:
        """Emit the table at once; then, if asked, each worded sentence as soon as its source check has passed."""
        finished = clock.step("plan")
        plan = self._engine.planner.plan(request.case, request.diagnosis, request.previous)
        finished()
        emit(api.PlanTabled(request.run_id, plan))
        if not request.prose or cancelled():
            return
        finished = clock.step("load_model")
        runtime = self._engine.text_runtime()
        finished()
        finished = clock.step("prose")
        for sentence in self._engine.write_prose(plan, request.case, runtime, cancelled):
            clock.mark_first("first_sentence")
            emit(api.SentenceWritten(request.run_id, sentence))
        finished()


class _StepClock:
    """Announces each step and measures it."""

    def __init__(self, run_id: api.RunId, emit: Emit) -> None:
        self._run_id, self._emit = run_id, emit
        self._start = time.perf_counter()
        self.timings_ms: dict[str, float] = {}

    def step(self, name: str) -> Callable[[], None]:
        """Announce `name` and return what to call when it is over."""
        self._emit(api.Stage(self._run_id, name))
        begun = time.perf_counter()

        def finished() -> None:
            self.timings_ms[name] = (time.perf_counter() - begun) * 1000

        return finished

    def mark_first(self, name: str) -> None:
        """Keep the time since the request came in, the first time only."""
        self.timings_ms.setdefault(name, (time.perf_counter() - self._start) * 1000)


def _nothing() -> None:
    """Stand in for a clock where nobody measures."""


def not_empty(case: api.Case) -> api.Case:
    """Return `case`, or raise EmptyCase when it says nothing at all that a voice could use."""
    if case.text.strip() or case.findings or case.answers or case.vitals != api.Vitals() or case.labs:
        return case
    raise errors.EmptyCase

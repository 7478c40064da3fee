"""From the last key to the chip: typed into the real window, read by the real child with its models.

`pytest -s tests/journeys/test_pause_to_chips.py` prints the times; their size is not asserted, only that chips come.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from desktop.views.case_page import TYPING_PAUSE_MS
from tests.journeys.conftest import PATIENCE_MS, WINDOWS_SAY, Desk, Start

pytestmark = pytest.mark.qt_log_ignore(*WINDOWS_SAY)

STORIES = Path(__file__).parents[1] / "data" / "primary_care_cases.jsonl"
AT_LEAST = 20
ADDED = {"en": " Had a nosebleed.", "zh": "还流鼻血。"}
"""What is typed last, a finding that no story has; its chip is the one that begins behind the story."""


def stories() -> list[tuple[str, str]]:
    """Return language and text of everyday stories, both languages."""
    rows = [msgspec.json.decode(line) for line in STORIES.read_bytes().splitlines()]
    return [(row["id"][:2], row["text"]) for row in rows][::2]


def seconds_to_chip(desk: Desk, text: str, added: str) -> float:
    """Return the time from the last key of `added`, typed behind `text`, to its chip."""
    page = desk.app.window.pages.case
    desk.new_case(text)
    desk.qtbot.waitUntil(lambda: page.chips.chips.rowCount() > 0, timeout=PATIENCE_MS)
    model = page.chips.chips
    came: list[float] = []

    def look() -> None:
        spans = (model.chip(row).span for row in range(model.rowCount()))
        if not came and any(span is not None and span[0] >= len(text) for span in spans):
            came.append(time.perf_counter())

    for signal in (model.modelReset, model.rowsInserted, model.dataChanged):
        signal.connect(look)
    cursor = page.story.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    began = time.perf_counter()
    cursor.insertText(added)
    desk.qtbot.waitUntil(lambda: bool(came), timeout=PATIENCE_MS)
    for signal in (model.modelReset, model.rowsInserted, model.dataChanged):
        signal.disconnect(look)
    return came[0] - began


def told(seconds: Sequence[float]) -> str:
    """Return the figures in one line."""
    ms = np.array(seconds) * 1000
    return (
        f"last key to chip, {len(ms)} stories: median {np.median(ms):.0f} ms, 95 % {np.percentile(ms, 95):.0f} ms, "
        f"of which {TYPING_PAUSE_MS} ms are the pause that is waited for"
    )


@pytest.mark.slow
def test_what_is_typed_last_comes_as_a_chip_after_the_pause(start: Start, models: Path) -> None:
    desk = start(models=models)
    desk.unlock()
    chosen = stories()
    assert len(chosen) >= AT_LEAST
    seconds = [seconds_to_chip(desk, text, ADDED[language]) for language, text in chosen]
    print(f"\n{told(seconds)}")  # noqa: T201 (the figure is what this test is for)
    assert all(each * 1000 >= TYPING_PAUSE_MS for each in seconds)

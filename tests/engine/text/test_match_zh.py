"""Chinese phrases: longest first, across words of degree, in full width, with exact places."""

from __future__ import annotations

import pytest

from engine.text.match_zh import ChineseMatcher

MATCHER = ChineseMatcher({"头痛": [1], "痛": [2], "HIV感染": [3], "四肢无力": [4], "无力": [5]})


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("头痛", [(0, 2, (1,))]),
        ("头很痛", [(0, 3, (1,))]),
        ("头 痛", [(0, 3, (1,))]),
        ("四肢无力", [(0, 4, (4,))]),
        ("ＨＩＶ感染", [(0, 5, (3,))]),
        ("hiv 感染", [(0, 6, (3,))]),
        ("头，痛", [(2, 3, (2,))]),
        ("headache", []),
        ("四肢无", []),
    ],
)
def test_longest_phrase_at_its_exact_place(text: str, hits: list[tuple[int, int, tuple[int, ...]]]) -> None:
    assert [(hit.start, hit.end, hit.concepts) for hit in MATCHER.find(text)] == hits


GROUPS = ChineseMatcher({"淋巴结肿大": [1], "咳": [2], "头痛": [3], "呕吐": [4], "痛": [5]}, ["百日咳", "止痛"])


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("淋巴结未触及肿大", [(0, 8, True)]),
        ("淋巴结无明显肿大", [(0, 8, True)]),
        ("头不痛", [(0, 3, True)]),
        ("头痛无呕吐", [(0, 2, False), (3, 5, False)]),
        ("百日咳", []),
        ("止痛药", []),
        ("祛咳丸", []),
        ("不咳了", [(1, 2, False)]),
        ("咳，痛", [(0, 1, False), (2, 3, False)]),
    ],
)
def test_a_denial_inside_a_finding_and_characters_of_other_words(
    text: str, hits: list[tuple[int, int, bool]]
) -> None:
    assert [(hit.start, hit.end, hit.denied) for hit in GROUPS.find(text)] == hits

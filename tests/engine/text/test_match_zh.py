"""Chinese phrases: longest first, across words of degree, in full width, with exact places."""

from __future__ import annotations

import pytest

from engine.text.entities import TextReader
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("肘部疼痛", "HP:0030835"), ("左侧睾丸剧烈疼痛", "HP:0033839"), ("腰部阵发性绞痛", "HP:0003419"),
        ("脚丫痒", "HP:0000989"), ("右上肢无力", "HP:0001324"), ("血钾偏低", "HP:0002900"),
        ("肝脏肿大", "HP:0002240"), ("脖子有点僵硬", "HP:0025258"),
    ],
)
def test_a_part_of_the_body_with_what_is_wrong_there_is_a_finding(reader: TextReader, text: str, code: str) -> None:
    assert code in {entity.code for entity in reader.read(text) if not entity.negated}


def test_a_composed_finding_is_denied_inside(reader: TextReader) -> None:
    assert {entity.negated for entity in reader.read("膝盖不疼")} == {True}


def test_an_impossible_movement_denies_nothing_after_it(reader: TextReader) -> None:
    assert not any(entity.negated for entity in reader.read("右肩抬不起来，晚上疼得厉害"))


def test_a_poor_general_state_after_a_denial_is_present(reader: TextReader) -> None:
    found = {entity.text: entity.negated for entity in reader.read("不发烧，精神不好")}
    assert found == {"发烧": True, "精神不好": False}


def test_a_term_that_a_question_asks_for_answers_it(reader: TextReader) -> None:
    assert {"HP:0010628", "E_156"} <= {entity.code for entity in reader.read("嘴角歪了")}

"""Stories for the ranker: held-out names stay out, the sides of a pair share nothing, the same seed tells the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagnosis.condition_names import loose
from engine.locations import resources
from quantize import ranker_measure, ranker_topics
from quantize.ranker_stories import Storyteller, bare


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ranker") / "material.json.gz"
    ranker_topics.gather(resources() / "knowledge").write(path)
    return path


def test_what_is_measured_shares_no_name_with_what_is_trained(material: Path) -> None:
    teller = Storyteller(material, 0, held=True)
    trained = {loose(name) for topic in teller.topics if not topic["held"] for name in topic["names"]} - {""}
    measured = ranker_measure.untrained(teller)
    assert len(trained) > 5000
    assert len(measured) > 140
    for number in measured:
        assert teller.topics[number]["held"]
        assert not trained & {loose(name) for name in teller.topics[number]["names"]}


def test_batches_hold_only_topics_of_their_side(material: Path) -> None:
    for held in (False, True):
        teller = Storyteller(material, 1, held)
        drawn = {pair.topic for pair in teller.batch(300)} - {-1}
        assert drawn
        assert all(teller.topics[number]["held"] == held for number in drawn)


def test_a_story_does_not_quote_the_text_it_must_find(material: Path) -> None:
    teller = Storyteller(material, 2)
    rows = [number for number in teller.numbers["medquad"] if len(teller.topics[number]["answers"]) > 1][:40]
    for number in rows:
        pair = teller.pair(number)
        assert pair is not None
        sentences = [one for answer in teller.topics[number]["answers"] for one in answer]
        assert not [one for one in sentences if one in pair.text and one in pair.story]


def test_the_same_seed_tells_the_same(material: Path) -> None:
    assert Storyteller(material, 5).batch(60) == Storyteller(material, 5).batch(60)
    assert Storyteller(material, 5).batch(60) != Storyteller(material, 6).batch(60)


def test_look_alikes_come_together(material: Path) -> None:
    teller = Storyteller(material, 3)
    first, second = teller.numbers["row"][:2]
    teller.alike = {number: [first if number != first else second] for number in teller.numbers["row"]}
    drawn = [pair.topic for pair in teller.batch(200, together=2)]
    assert drawn.count(first) > 20


def test_a_sentence_becomes_a_finding_without_its_name() -> None:
    told = bare("Symptoms of gout include sudden pain in the big toe.", ["Gout"])
    assert told == "sudden pain in the big toe"
    assert "gout" not in bare("People with gout often have kidney stones.", ["Gout"]).lower()

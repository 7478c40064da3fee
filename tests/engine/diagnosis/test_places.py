"""Places: every name leads to its own country, whatever stands around it; what is unknown stays unknown."""

from __future__ import annotations

import pytest

from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.places import Gazetteer


@pytest.fixture(scope="module")
def gazetteer(diagnoser: Diagnoser) -> Gazetteer:
    return diagnoser.bayes.priors._gazetteer


def test_every_name_finds_its_own_row(gazetteer: Gazetteer) -> None:
    for _, place in gazetteer._named:
        for name in place.names:
            assert gazetteer.find(name) is place, name


@pytest.mark.parametrize(
    ("region", "who_region", "hemisphere"),
    [
        ("浙江省杭州市", "who:wpr", "north"),
        ("Hangzhou, Zhejiang", "who:wpr", "north"),
        ("rural Papua New Guinea", "who:wpr", "tropics"),
        ("Guinea", "who:afr", "tropics"),
        ("South Sudan", "who:afr", "tropics"),
        ("索马里", "who:emr", "tropics"),
        ("NEW ZEALAND", "who:wpr", "south"),
    ],
)
def test_the_longest_name_in_the_text_counts(
    gazetteer: Gazetteer, region: str, who_region: str, hemisphere: str
) -> None:
    found = gazetteer.find(region)
    assert found is not None
    assert (found.who_region, found.hemisphere) == (who_region, hemisphere)


@pytest.mark.parametrize("region", [None, "", "district 5", "Indianapolis"])
def test_an_unknown_place_says_nothing(gazetteer: Gazetteer, region: str | None) -> None:
    assert gazetteer.find(region) is None

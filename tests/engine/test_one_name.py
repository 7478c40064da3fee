"""A condition goes by one name in each language, on the differential as on its plan."""

from __future__ import annotations

from engine import api
from engine.diagnosis.catalogue import Catalogue, load_wording
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.rare_index import RareIndex
from engine.knowledge.index import KnowledgeIndex
from engine.treatment.plan import Planner


def test_the_plan_calls_every_common_condition_as_the_differential_does(knowledge: KnowledgeIndex) -> None:
    catalogue = Catalogue(CommonTable.load(knowledge), RareIndex.load(knowledge), load_wording(knowledge))
    planner = Planner(knowledge, None)
    for number in range(catalogue.common_count):
        plan = planner.plan(api.Case(), catalogue.code(number))
        assert plan.display_diagnosis == catalogue.display(number)

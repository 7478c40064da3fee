"""Duplicate therapy: the same ingredient in two medications, or two drugs of a class of which one is enough.

Classes are those of the French thesaurus (ANSM, 2020-10-20); that two of them are one too many is Lantern's own rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from engine.api import Alert, Bilingual, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.safety.drugs import Drug
from engine.safety.interactions import THESAURUS_ENTRY
from engine.safety.prescribed import Prescribed

ONE_IS_ENOUGH = {
    "anti-inflammatoires non steroidiens": Bilingual("NSAIDs", "非甾体抗炎药"),
    "inhibiteurs de l'enzyme de conversion": Bilingual("ACE inhibitors", "血管紧张素转换酶抑制剂"),
    "antagonistes des recepteurs de l'angiotensine ii": Bilingual(
        "angiotensin receptor blockers", "血管紧张素受体拮抗剂"
    ),
    "inhibiteurs de l'hmg-coa reductase (statines)": Bilingual("statins", "他汀类"),
    "antisecretoires inhibiteurs de la pompe a protons": Bilingual("proton pump inhibitors", "质子泵抑制剂"),
    "inhibiteurs selectifs de la recapture de la serotonine": Bilingual("SSRIs", "选择性5-羟色胺再摄取抑制剂"),
    "antidepresseurs imipraminiques": Bilingual("tricyclic antidepressants", "三环类抗抑郁药"),
    "benzodiazepines et apparentes": Bilingual("benzodiazepines", "苯二氮卓类"),
    "anticoagulants oraux": Bilingual("oral anticoagulants", "口服抗凝药"),
    "sulfamides hypoglycemiants": Bilingual("sulfonylureas", "磺脲类"),
    "fluoroquinolones": Bilingual("fluoroquinolones", "氟喹诺酮类"),
    "macrolides (sauf spiramycine)": Bilingual("macrolides", "大环内酯类"),
    "dihydropyridines": Bilingual("dihydropyridines", "二氢吡啶类"),
    "triptans": Bilingual("triptans", "曲普坦类"),
    "gliptines": Bilingual("gliptins", "列汀类"),
}


class Duplicates:
    """Find duplicate therapy. Raises KnowledgeDamaged when the thesaurus is missing, KeyError for an unknown class."""

    def __init__(self, index: KnowledgeIndex) -> None:
        table = index.json(THESAURUS_ENTRY)
        self._edition, self._source = str(table["edition"]), str(table["source"])
        self._classes_of: defaultdict[str, set[str]] = defaultdict(set)
        for name in ONE_IS_ENOUGH:
            for inn in table["classes"][name]:
                self._classes_of[inn].add(name)

    def alerts(self, medications: Sequence[Prescribed]) -> list[Alert]:
        """Return one alert for each repeated ingredient and each pair of drugs of one class."""
        drugs = [drug for item in medications for drug in item.drugs]
        repeated = dict.fromkeys(drug for drug in drugs if drugs.count(drug) > 1)
        pairs = combinations(dict.fromkeys(drugs), 2)
        return [*(self._same(drug) for drug in repeated), *(alert for pair in pairs for alert in self._class(*pair))]

    def _same(self, drug: Drug) -> Alert:
        text = Bilingual(
            f"{drug.inn.capitalize()} stands in more than one medication.", f"多种用药中均含{drug.name_zh()}。"
        )
        return self._alert("duplicate:ingredient", [drug.inn], text)

    def _class(self, one: Drug, other: Drug) -> list[Alert]:
        shared = sorted(self._classes_of[one.inn] & self._classes_of[other.inn]) if one != other else []
        return [
            self._alert(
                f"duplicate:{name}",
                [one.inn, other.inn],
                Bilingual(
                    f"{one.inn.capitalize()} and {other.inn} are both {ONE_IS_ENOUGH[name].en}.",
                    f"{one.name_zh()}与{other.name_zh()}同属{ONE_IS_ENOUGH[name].zh}。",
                ),
            )
            for name in shared
        ]

    def _alert(self, rule: str, drugs: list[str], text: Bilingual) -> Alert:
        return Alert(
            kind="duplicate",
            severity=Severity.CAUTION,
            interrupts=False,
            drugs=drugs,
            rule_id=rule,
            text=text.en,
            source=self._source,
            edition=self._edition,
            display=text,
        )

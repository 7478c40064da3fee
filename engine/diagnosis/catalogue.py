"""Every disease Lantern can name, under one numbering: the 49 common conditions, Lantern's own, then the rare index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.api import Bilingual
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.condition_index import SEXES, ConditionIndex
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.string_table import fold
from engine.knowledge.index import KnowledgeIndex

TEXT_NAMES = "text.names"
TEXT_QUESTIONS = "text.questions"
TEXT_VALUES = "text.values"
MOST_NAMES_KEPT = 4096
"""A list of candidates is looked up again for every entry that is turned round, and comes again with the next case."""
Wording = Mapping[str, Mapping[str, str]]
ONLY = {
    "female": re.compile(
        r"premature ovarian failure|primary ovarian|ovarian (?:dysgenesis|fibro|cancer|hyperstim)|teratoma, ovarian"
        r"|polycystic ovary|endometri|pre-?eclampsia|hellp syndrome|cholestasis, intrahepatic, of pregnancy"
        r"|intrahepatic cholestasis of pregnancy|pregnancy loss|hydatidiform mole|hyperemesis grav|cervical cancer"
        r"|menopause|leiomyoma, uterine|uterine anomalies|double uterus|vaginal atresia|vulvovaginal|placental site"
        r"|pruritic urticarial papules and plaques of pregnancy|periodic fever, menstrual",
        re.IGNORECASE,
    ),
    "male": re.compile(
        r"spermatogenic failure|prostat(?:e|ic) |testicular (?:tumou?r|germ|microlith|regression|agenesis|anomalies)"
        r"|testes, |hypospadias|cryptorchidism, |penile |penoscrotal|male infertility|deleted in azoospermia"
        r"|azoospermia|non-syndromic posterior hypospadias",
        re.IGNORECASE,
    ),
}
"""Names of the rare index that begin with an organ or a state that one sex has. X-linked diseases are not among them:
both sexes have them. A name in which the organ is one finding among others says nothing."""
OTHER = {"female": "male", "male": "female"}
EVERYDAY_FROM = 3
"""From this `frequency` on a row is everybody's illness; OMIM's entry of the same name is what is inherited of it."""
LIFE_THREATENING = 3
"""The highest grade of `serious` in a condition row."""


class Catalogue:
    """Numbers to codes, names and groups, and names back to numbers."""

    def __init__(
        self,
        table: CommonTable,
        rare: RareIndex,
        display: Mapping[str, Mapping[str, str]],
        conditions: ConditionIndex | None = None,
    ) -> None:
        self._table = table
        self._rare = rare
        self._display = display
        self.common_count = len(table.conditions)
        self._conditions = conditions
        self._own = _own(conditions, {table.code(number) for number in range(self.common_count)})
        self._own_places = {row: self.common_count + place for place, row in enumerate(self._own)}
        self.rare_first = self.common_count + len(self._own)
        self._inherited: set[int] = set()
        """Entries of the rare index that are only the heredity of a common condition of the same name."""
        self._twins = self._same_disease()
        self._own_twins = {rare: own for own, rare in self._twins.items()}
        self._common_by_name: dict[str, int] = {}
        for number, condition in enumerate(table.conditions):
            for name in (condition.name_given, condition.name_english, table.code(number), self.display(number).zh):
                self._common_by_name.setdefault(fold(name), number)
        self._found = lru_cache(MOST_NAMES_KEPT)(self._look_up)
        self._of_one_sex = self._sex_bound()
        self._life_threatening = self._marked_life_threatening()

    def __len__(self) -> int:
        return self.rare_first + len(self._rare)

    def _same_disease(self) -> dict[int, int]:
        """Return the number in the rare index of each of Lantern's own conditions that is there by the same name.

        Common conditions (obesity, breast cancer) are not the same as OMIM's entry for what is inherited of them.
        """
        twins: dict[int, int] = {}
        for row, own in self._own_places.items():
            conditions = self._of_own(own)
            hits = self._rare.find.find(conditions.names[row])
            if len(hits) != 1 or self.rare_first + hits[0] in twins.values():
                continue
            if conditions.frequency[row] >= EVERYDAY_FROM and self._rare.codes[hits[0]].startswith("OMIM:"):
                self._inherited.add(self.rare_first + hits[0])
            else:
                twins[own] = self.rare_first + hits[0]
        return twins

    def _sex_bound(self) -> Mapping[str, npt.NDArray[np.bool_]]:
        """Return for each sex which diseases it cannot have: by the row, in the rare list by the organ that leads the
        name."""
        bound = {sex: np.zeros(len(self), dtype=bool) for sex in ONLY}
        for row, own in self._own_places.items():
            sex = SEXES[int(self._of_own(own).sex[row])]
            if sex in ONLY:
                bound[OTHER[sex]][[own, *self.both(own)]] = True
        for place in range(len(self._rare.names)):
            name = self._rare.names[place]
            for sex, pattern in ONLY.items():
                if pattern.match(name) and "/" not in name:
                    bound[OTHER[sex]][self.rare_first + place] = True
        return bound

    def _marked_life_threatening(self) -> frozenset[int]:
        if self._conditions is None:
            return frozenset()
        grades = zip(self.condition_numbers(), self._conditions.serious.tolist(), strict=True)
        return frozenset(number for number, serious in grades if serious == LIFE_THREATENING)

    def impossible_in(self, sex: str) -> npt.NDArray[np.bool_] | None:
        """Return which numbers a patient of this recorded sex cannot have; None where the sex rules nothing out."""
        return self._of_one_sex.get(sex)

    @property
    def twins(self) -> Mapping[int, int]:
        """Numbers of Lantern's own conditions to the number of the same disease in the rare index."""
        return self._twins

    def both(self, number: int) -> list[int]:
        """Return every number of the same disease, `number` first."""
        twin = self._twins.get(number, self._own_twins.get(number))
        return [number] if twin is None else [number, twin]

    def is_common(self, number: int) -> bool:
        """Whether the disease is one of DDXPlus."""
        return number < self.common_count

    def is_rare(self, number: int) -> bool:
        """Whether the disease is one of the rare index."""
        return number >= self.rare_first

    def condition_numbers(self) -> list[int]:
        """Return the catalogue number of each of Lantern's condition rows, in their order."""
        assert self._conditions is not None
        own = self._own_places
        codes = {self._table.code(number): number for number in range(self.common_count)}
        return [own.get(row, codes.get(self._conditions.codes[row], -1)) for row in range(len(self._conditions))]

    def code(self, number: int) -> str:
        """Return the disease code, as INTERFACES defines it."""
        if self.is_common(number):
            return self._table.code(number)
        if self.is_rare(number):
            return self._rare.codes[number - self.rare_first]
        if number in self._twins:  # one disease has one code, and Lantern's own only where no other exists
            return self.code(self._twins[number])
        return self._own_code(number)

    def _own_code(self, number: int) -> str:
        return self._of_own(number).codes[self._own[number - self.common_count]]

    def name(self, number: int) -> str:
        """Return the source's name."""
        if self.is_common(number):
            return self._table.conditions[number].name_given
        if self.is_rare(number):
            return self._rare.names[number - self.rare_first]
        return self._of_own(number).names[self._own[number - self.common_count]]

    def _of_own(self, number: int) -> ConditionIndex:
        assert self._conditions is not None, number
        return self._conditions

    def group(self, number: int) -> str | None:
        """Return the group of near-identical diseases, or None."""
        return self._rare.groups[number - self.rare_first] or None if self.is_rare(number) else None

    def other_codes(self, number: int) -> list[str]:
        """Return the codes of the same disease in other vocabularies."""
        found = [each for each in self.both(number) if not self.is_common(each)]
        others = [
            code for each in found if self.is_rare(each) for code in self._rare.others[each - self.rare_first].split()
        ]
        return [*others, *(self._own_code(each) for each in found if not self.is_rare(each) and each in self._twins)]

    def severity(self, number: int) -> int | None:
        """Return DDXPlus's severity, 1 the worst, or None for a rare disease."""
        return self._table.conditions[number].severity if self.is_common(number) else None

    def is_life_threatening(self, number: int) -> bool:
        """Whether the picture of a condition, common or Lantern's own, says so; rare diseases have no such mark."""
        return number in self._life_threatening

    def display(self, number: int) -> Bilingual:
        """Return the name in both languages, English where no Chinese name exists."""
        number = self._own_twins.get(number, number)  # Lantern's own rows have a Chinese name
        if not self.is_common(number) and not self.is_rare(number):
            row = self._own[number - self.common_count]
            return Bilingual(self.name(number), self._of_own(number).chinese[row])
        if number in self._inherited:
            named = self.display_code(self.code(number), self.name(number).capitalize())
            return Bilingual(f"{named.en}, inherited", f"{named.zh}（遗传性）")
        return self.display_code(self.code(number), self.name(number))

    def display_code(self, code: str, english: str) -> Bilingual:
        """Return how a disease, question or term code reads on screen."""
        names = self._display.get(code)
        return Bilingual(names["en"], names["zh"] or names["en"]) if names else Bilingual(english, english)

    def find(self, name: str) -> list[int]:
        """Return the diseases with this code, name or synonym: common ones first."""
        return list(self._found(name))

    def _look_up(self, name: str) -> tuple[int, ...]:
        folded = fold(name)
        common = [self._common_by_name[folded]] if folded in self._common_by_name else []
        return (*common, *self._find_own(name), *(self.rare_first + number for number in self._rare.find.find(name)))

    def _find_own(self, name: str) -> list[int]:
        if self._conditions is None:
            return []
        hits = self._conditions.find_exact.find(name)
        return [self._own_places[row] for row in hits if row in self._own_places]


def _own(conditions: ConditionIndex | None, common: set[str]) -> list[int]:
    """Return the rows that are not pictures of a common condition."""
    if conditions is None:
        return []
    return [row for row in range(len(conditions)) if conditions.codes[row] not in common]


def load_wording(index: KnowledgeIndex, entry: str = TEXT_NAMES) -> Wording:
    """Return one table of words in both languages, or nothing where the text tables are not compiled."""
    rows: Wording = index.json(entry) if entry in index else {}
    return rows


def worded(wording: Wording, code: str, otherwise: Bilingual) -> Bilingual:
    """Return the wording of `code` in both languages, else `otherwise`."""
    row = wording.get(code)
    return Bilingual(row["en"], row["zh"]) if row else otherwise

"""Stories of invented patients for the ranker: findings of a topic in varied words, beside a text of the same topic.

The two sides of a pair never share a sentence: what the story tells is taken out of the text it must find. Needs
nothing but Python, so that it runs where the network is trained. No story is made from a vignette.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARES = (("row", 0.46), ("medquad", 0.2), ("hpoa", 0.12), ("patient", 0.1), ("wording", 0.12))
"""What the pairs are drawn from."""
ALONE = 0.12
"""Share of stories that are one finding and nothing else: clauses are held against pictures one by one too."""
_OPENINGS = (
    "{who} presents with {first}.", "{who} complains of {first}.", "{who}. Chief complaint: {first}.",
    "{who} has had {first} for {time}.", "{who} came in because of {first} that began {time} ago.",
    "{who} with {time} of {first}.", "{who} seen in clinic for {first}.", "{first}, for {time}. {who}.",
    "{who} reports {first}.", "Chief complaint: {first}. {who}.",
)  # fmt: skip
_FURTHER = (
    "There is also {one}.", "Also {one}.", "{one}.", "{pronoun} reports {one}.", "{pronoun} has noticed {one}.",
    "On examination there is {one}.", "Examination: {one}.", "{pronoun} mentions {one}.", "In addition, {one}.",
    "{one} and {two}.", "{pronoun} has {one}, {two}.", "Over the last days {one}.",
)  # fmt: skip
_RISKS = ("Past history: {one}.", "{pronoun} has a history of {one}.", "Background: {one}.", "Risk factors: {one}.")
_BESIDE = (
    "Works as a teacher.", "Lives alone.", "Social history: does not smoke.", "Past history: hypertension.",
    "Takes no regular medicines.", "Past history: appendectomy.", "Family history: diabetes.", "Drinks occasionally.",
    "Social history: 10 cigarettes a day.", "Past history: asthma as a child.", "Vital signs are normal.",
    "Otherwise well.", "Family history: coronary artery disease.", "Retired farmer.", "Two children, both healthy.",
)  # fmt: skip
_TIMES = ("two days", "3 days", "a week", "2 weeks", "a month", "three months", "several years", "a few hours", "1 day")
_LEAD = re.compile(
    r"^(?:the )?(?:most common |common |main |first |early |usual |other |typical )?"
    r"(?:signs? and symptoms?|symptoms?|signs?)"
    r"(?: of [^,:.]{1,60}?)?(?: may| can| often| usually)? (?:include|includes|are|is|be)[ :]+", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A story and a text of the same topic. Pairs of one `topic` are never held against each other."""

    story: str
    text: str
    topic: int


class Storyteller:
    """Draws pairs from the material; `alike` lists for each topic those that look most like it."""

    def __init__(self, path: Path, seed: int, held: bool = False) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            self._material: dict[str, Any] = json.load(stream)
        self.topics: list[dict[str, Any]] = self._material["topics"]
        self._chance = random.Random(seed)
        self._held = held
        self._synonyms = _by_word(self._material["wordings"])
        self._families = {word: family for family in self._material["families"] for word in family}
        self.numbers: Mapping[str, list[int]] = self._usable()
        self._patients: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for patient in self._material["patients"]:
            if self.topics[patient["topic"]]["held"] == held:
                self._patients[patient["topic"]].append(patient)
        self._with_patients = sorted(self._patients)
        self.alike: Mapping[int, Sequence[int]] = {}

    def _usable(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, topic in enumerate(self.topics):
            if topic["held"] == self._held:
                found[topic["source"]].append(number)
        return found

    def batch(self, pairs: int, together: int = 4) -> list[Pair]:
        """Return about `pairs` pairs; where look-alikes are known they come `together`."""
        drawn: list[Pair] = []
        while len(drawn) < pairs:
            kind = self._chance.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
            if kind == "wording":
                drawn.append(self._wording())
                continue
            number = self._chance.choice(self._with_patients if kind == "patient" else self.numbers[kind])
            near = list(self.alike.get(number, ()))
            self._chance.shuffle(near)
            for each in [number, *near[: together - 1]]:
                pair = self.patient_pair(each) if kind == "patient" and each in self._patients else self.pair(each)
                if pair is not None:
                    drawn.append(pair)
        return drawn[:pairs]

    def pair(self, number: int) -> Pair | None:
        """Return a story and a text of one topic, None where there is too little to tell."""
        topic = self.topics[number]
        if topic["terms"]:
            return self._of_terms(number, topic)
        told = [list(answer) for answer in topic["answers"]]
        facts = list(topic["facts"])
        if facts and (not told or self._chance.random() < 0.45):
            story = self.story(self.reworded(self._some(facts, 2, 6)), topic)
            return Pair(story, self._text(topic, [], self._flat(told)), number)
        sentences = self._flat(told)
        if len(sentences) < 2:
            return None
        self._chance.shuffle(sentences)
        cut = max(1, min(5, len(sentences) // 2))
        mine, rest = sentences[:cut], sentences[cut:]
        story = self.story(self.reworded([bare(one, topic["names"]) for one in mine]), topic)
        return Pair(story, self._text(topic, facts, rest), number)

    def patient_pair(self, number: int) -> Pair:
        """Return the story of one described patient of the topic."""
        patient = self._chance.choice(self._patients[number])
        topic = self.topics[number]
        findings = self._some(patient["findings"], 3, 9)
        story = self.story(self.reworded(findings), topic, patient["age_years"], patient["sex"])
        terms = [name for name, _ in topic["terms"]]
        return Pair(story, self._text(topic, [*topic["facts"], *terms], self._flat(topic["answers"])), number)

    def _of_terms(self, number: int, topic: Mapping[str, Any]) -> Pair:
        shown = [name for name, rate in topic["terms"] if self._chance.random() < min(0.95, rate + 0.1)]
        shown = self._some(shown or [topic["terms"][0][0]], 3, 8)
        rest = [name for name, _ in topic["terms"] if name not in shown]
        return Pair(self.story(self.reworded(shown), topic), self._text(topic, rest, []), number)

    def _wording(self) -> Pair:
        group = self._chance.choice(self._material["wordings"])
        one, other = self._chance.sample(group, 2)
        return Pair(self._lower(one), self._lower(other), -1)

    def _text(self, topic: Mapping[str, Any], facts: Sequence[str], sentences: Sequence[str]) -> str:
        """Return the side that must be found: the name alone, or with facts, or with sentences, or without the name."""
        name: str = self._chance.choice(topic["names"]) if self._chance.random() < 0.4 else topic["names"][0]
        told = [f"{fact}." for fact in self._some(facts, 2, 8)] if facts else []
        if sentences and (not told or self._chance.random() < 0.5):
            told += self._some(sentences, 1, 5)
        draw = self._chance.random()
        if not told or draw < 0.35:
            return name
        return " ".join(told if draw < 0.45 else [f"{name}.", *told])[:700]

    def story(
        self, findings: Sequence[str], topic: Mapping[str, Any], age: float | None = None, sex: str | None = None
    ) -> str:
        """Return a few sentences in which a clinician tells `findings` of a patient whom the topic meets."""
        chance = self._chance
        sex = sex if sex in ("female", "male") else self._sex(topic["sex"])
        who = self._who(age if age is not None else self._age(topic["ages"]), sex)
        pronoun = "She" if sex == "female" else "He"
        left = list(findings)
        if chance.random() < ALONE:
            return left[0][:1].upper() + left[0][1:]
        told = [chance.choice(_OPENINGS).format(who=who, first=left.pop(0), time=chance.choice(_TIMES))]
        while left:
            how = chance.choice(_FURTHER)
            if "{two}" in how and len(left) < 2:
                continue
            two = left.pop() if "{two}" in how else ""
            told.append(how.format(one=left.pop(0), two=two, pronoun=pronoun))
        if topic["risks"] and chance.random() < 0.5:
            told.append(chance.choice(_RISKS).format(one=chance.choice(topic["risks"]), pronoun=pronoun))
        told += [chance.choice(_BESIDE) for _ in range(2) if chance.random() < 0.3]
        if chance.random() < 0.15:
            told = told[1:] or told
        return " ".join(sentence[:1].upper() + sentence[1:] for sentence in told)[:900]

    def _who(self, age: float, sex: str) -> str:
        noun = {"female": ("woman", "girl"), "male": ("man", "boy")}[sex][age < 16]
        years = f"{age:.0f}" if age >= 1 else ""
        if not years:
            return f"A baby {noun} of {max(1, round(age * 12))} months"
        return self._chance.choice((
            f"A {years}-year-old {noun}", f"{years} year old {sex}", f"A {noun} of {years}",
            f"{years}yo {sex[0].upper()}", f"{sex.title()}, {years} years",
        ))  # fmt: skip

    def _age(self, ages: Sequence[int]) -> float:
        low, high = max(0, ages[0]), min(88, ages[1])
        age = self._chance.uniform(low, max(low + 1, high))
        return age if age >= 1 else self._chance.uniform(0.1, 1)

    def _sex(self, leaning: str) -> str:
        if leaning in ("female", "male"):
            return leaning
        chance = {"mostly female": 0.85, "mostly male": 0.15}.get(leaning, 0.5)
        return "female" if self._chance.random() < chance else "male"

    def reworded(self, phrases: Sequence[str]) -> list[str]:
        return [self._reword(self._lower(phrase)) for phrase in phrases]

    def _reword(self, phrase: str) -> str:
        """Say a phrase in other words: another name of the finding where one stands in it, other words of the same
        family."""
        words = phrase.split()
        for size in range(min(5, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                key = " ".join(words[first : first + size]).strip(".,;()")
                group = self._synonyms.get(key)
                if group and self._chance.random() < (0.7 if size == len(words) else 0.4):
                    other = self._lower(self._chance.choice(group))
                    return " ".join([*words[:first], other, *words[first + size :]])
        swapped = [
            self._chance.choice(self._families[word])
            if word in self._families and self._chance.random() < 0.25
            else word
            for word in words
        ]
        return " ".join(swapped)

    def _some(self, items: Sequence[str], least: int, most: int) -> list[str]:
        """Return some of the items, in chance order."""
        count = min(len(items), self._chance.randint(least, most))
        return self._chance.sample(list(items), count)

    @staticmethod
    def _flat(answers: Sequence[Sequence[str]]) -> list[str]:
        return [sentence for answer in answers for sentence in answer]

    @staticmethod
    def _lower(phrase: str) -> str:
        """Return a phrase as it stands inside a sentence; abbreviations keep their capitals."""
        phrase = phrase.strip(" .")
        return phrase[:1].lower() + phrase[1:] if phrase[1:2].islower() else phrase


def _by_word(groups: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name.lower(): group for group in groups for name in group if len(name) > 3}


def bare(sentence: str, names: Sequence[str]) -> str:
    """Return a sentence of an answer as a finding: without the lead-in, and without the name that is asked for."""
    told = _LEAD.sub("", sentence).strip(" .")
    for name in sorted(names, key=len, reverse=True):
        told = re.sub(
            rf"\b(?:people|patients|children) with {re.escape(name)}\b", "the patient", told, flags=re.IGNORECASE
        )
        told = re.sub(rf"\b{re.escape(name)}\b", "this condition", told, flags=re.IGNORECASE)
    return told

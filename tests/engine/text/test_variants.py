"""What the names of an ontology teach about how else its terms are worded."""

from __future__ import annotations

from engine.text import variants

OWNERS = {
    ("kidney", "stone"): {"HP:1"},
    ("renal", "stone"): {"HP:1"},
    ("cyst", "kidney"): {"HP:2"},
    ("cyst", "renal"): {"HP:2"},
    ("absent", "kidney"): {"HP:3"},
    ("absent", "renal"): {"HP:3"},
    ("kidney", "tumor"): {"HP:4"},
    ("renal", "tumor"): {"HP:4"},
    ("kidney", "small"): {"HP:5"},
    ("left", "small"): {"HP:6"},
    ("right", "small"): {"HP:6"},
}


def test_two_words_that_change_place_in_names_of_one_term_can_stand_for_each_other() -> None:
    lessons = variants.learn(OWNERS)
    assert lessons.same["kidney"] == {"renal"}
    assert (("renal", "small"), "HP:5") in set(variants.variants(OWNERS, {}, lessons, {}))


def test_pairs_of_different_terms_speak_against_a_lesson() -> None:
    against = {("kidney", f"word{n}"): {f"HP:1{n}"} for n in range(3)} | {
        ("renal", f"word{n}"): {f"HP:2{n}"} for n in range(3)
    }
    assert "kidney" not in variants.learn(OWNERS | against).same


def test_sides_and_fingers_never_stand_for_each_other() -> None:
    many = {(side, f"part{n}"): {f"HP:{n}"} for n in range(9) for side in ("left", "right")}
    assert variants.learn(many).same == {}


def test_a_new_wording_of_several_terms_means_the_one_above_all_others_or_nothing() -> None:
    owners = {("cup", "ear", "odd"): {"HP:1"}, ("bent", "ear", "odd"): {"HP:2"}}
    lessons = variants.Lessons({"cup": frozenset({"bat"}), "bent": frozenset({"bat"})}, frozenset())
    bag = ("bat", "ear", "odd")
    assert bag not in dict(variants.variants(owners, {}, lessons, {}))
    assert dict(variants.variants(owners, {}, lessons, {"HP:2": {"HP:1"}}))[bag] == "HP:1"


def test_a_name_may_lose_its_site_but_not_its_head() -> None:
    owners = {("jaw", "keratocyst", "odontogenic"): {"HP:1"}}
    heads = {("jaw", "keratocyst", "odontogenic"): {"keratocyst"}}
    found = dict(variants.variants(owners, heads, variants.Lessons({}, frozenset()), {}))
    assert found[("keratocyst", "odontogenic")] == "HP:1"
    assert ("jaw", "odontogenic") not in found

"""Every record lies in one part for good, and what the gate reads is never what a recipe was trained on."""

from __future__ import annotations

from quantize import clinic_text


def test_parts_do_not_overlap_and_have_their_shares() -> None:
    parts = {share: clinic_text.cases(share) for share in ("train", "tune", "held")}  # type: ignore[arg-type]
    sizes = {share: len(cases) for share, cases in parts.items()}
    assert sum(sizes.values()) == 1654
    assert sizes["train"] > 1200
    assert min(sizes["tune"], sizes["held"]) > 120
    first = {case.prompt for case in parts["train"]}
    assert not first & {case.prompt for case in parts["held"]}


def test_a_case_ends_where_the_diagnosis_begins_and_names_a_known_one() -> None:
    known = set(clinic_text.diagnoses())
    assert len(known) == 49
    for case in clinic_text.cases("held"):
        assert case.prompt.endswith(clinic_text.QUESTION_LEAD)
        assert case.diagnosis in known


def test_telling_again_changes_order_but_not_the_case() -> None:
    first, again, other = (clinic_text.cases("held", seed) for seed in (0, 0, 1))
    assert first == again
    assert [case.diagnosis for case in first] == [case.diagnosis for case in other]
    assert first != other


def test_running_text_holds_cases_and_passages() -> None:
    text = clinic_text.running_text("held", 20_000)
    assert 15_000 < len(text) < 25_000
    assert "Patient:" in text[:200]
    assert text == clinic_text.running_text("held", 20_000)

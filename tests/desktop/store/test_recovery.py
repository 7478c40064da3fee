"""The printed recovery code: readable, forgiving of lookalikes, strict about everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.store.recovery import new_recovery_code, read_recovery_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = new_recovery_code()


def test_a_code_has_seven_groups_of_four_without_lookalikes() -> None:
    groups = new_recovery_code().split("-")
    assert [len(group) for group in groups] == [4] * 7
    assert not set("".join(groups)) & set("ILOU")


def test_two_codes_differ() -> None:
    assert new_recovery_code() != new_recovery_code()


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        f"  {CODE.replace('-', ' ')} ",
        CODE.replace("0", "O").replace("1", "l"),
    ],
    ids=["as printed", "small letters", "without hyphens", "with spaces", "look-alikes"],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_recovery_code(typed) == CODE


@given(place=st.integers(0, 27), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed_before_any_slow_work(place: int, sign: str) -> None:
    signs = CODE.replace("-", "")
    typed = signs[:place] + sign + signs[place + 1 :]
    assert read_recovery_code(typed) == (CODE if typed == signs else None)


@given(st.text(max_size=60))
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_recovery_code(typed) is None


def test_two_swapped_signs_are_noticed() -> None:
    signs = CODE.replace("-", "")
    place = next(place for place in range(27) if signs[place] != signs[place + 1])
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    assert read_recovery_code(swapped) is None

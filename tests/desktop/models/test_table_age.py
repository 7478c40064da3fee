"""Age of a safety table: amber past 180 days, red past 365, and no date is never fresh."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop.models.table_age import Freshness, edition_date, table_age

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("edition", "expected"), [
    ("20-10-2020", date(2020, 10, 20)), ("2025-11-05", date(2025, 11, 5)), ("2024-05", date(2024, 5, 1)),
    ("2024, 3rd edition", date(2024, 1, 1)), ("PharmCAT 3.1.1 (2025-11-05)", date(2025, 11, 5)),
    ("31-02-2024", date(2024, 1, 1)), ("October", None), ("", None),
])
def test_reads_the_date_of_an_edition(edition: str, expected: date | None) -> None:
    assert edition_date(edition) == expected


@pytest.mark.parametrize(("days", "freshness"), [
    (0, Freshness.FRESH), (180, Freshness.FRESH), (181, Freshness.AMBER), (365, Freshness.AMBER), (366, Freshness.RED),
])
def test_freshness_at_its_limits(days: int, freshness: Freshness) -> None:
    age = table_age("ansm", (TODAY - timedelta(days=days)).isoformat(), TODAY)
    assert (age.days, age.freshness) == (days, freshness)


def test_a_table_without_a_date_is_undated_and_one_from_the_future_is_new() -> None:
    assert table_age("x", "third edition", TODAY).freshness is Freshness.UNDATED
    assert table_age("x", "2030-01-01", TODAY).days == 0


def test_a_copy_on_other_pages_tells_nothing_of_the_age_of_the_original() -> None:
    assert table_age("x", "as mirrored 2026-11", TODAY).freshness is Freshness.UNDATED
    assert table_age("x", "as published 2026-11", date(2026, 11, 26)).freshness is Freshness.FRESH

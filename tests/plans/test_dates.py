"""Dates as plans write them."""

import pytest

from opdanalysis.plans.dates import day_of, years_between


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-02-12", "2026-02-12"), ("2026-02", "2026-02-15"), ("2026", "2026-07-01")],
)
def test_a_month_and_a_year_stand_for_their_middle(written, day):
    assert day_of(written).isoformat() == day


@pytest.mark.parametrize("written", ["12-02-2026", "soon", "2026-02-30", "2026-2-1"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError, match=r"date|day"):
        day_of(written)


def test_years_are_counted_from_the_earlier_to_the_later():
    """226 days from mid-2025 to 12 February 2026."""
    assert years_between("2025-07-01", "2026-02-12") == pytest.approx(226 / 365.25)
    assert years_between("2026-02-12", "2025-07-01") == 0

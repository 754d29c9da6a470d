"""A panel out of a table, and the one message that lists everything wrong with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from opdanalysis.errors import DataProblems
from opdanalysis.evidence.panel_frame import panel_from_frame
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel
from opdanalysis.methods.did_timing import NEVER


def table(**columns):
    base = {
        "unit": ["a", "a", "b", "b"],
        "month": ["2026-01", "2026-02", "2026-01", "2026-02"],
        "outcome": [1.0, 2.0, 3.0, np.nan],
        "moved": ["2026-02", "2026-02", "", ""],
        "moved_to": ["mall", "mall", "", ""],
    }
    return pd.DataFrame(base | columns)


def message(frame):
    with pytest.raises(DataProblems) as caught:
        panel_from_frame(frame)
    return str(caught.value)


def test_a_small_table_becomes_a_panel():
    panel = panel_from_frame(table(), name="minutes")
    assert panel.units == ("a", "b")
    assert list(panel.periods.astype(str)) == ["2026-01", "2026-02"]
    assert panel.moved.tolist() == [1, NEVER]
    assert panel.moved_to == ("mall", "")
    np.testing.assert_array_equal(panel.outcome, [[1, 2], [3, np.nan]])
    assert panel.name == panel.label == "minutes"


def test_dates_may_be_timestamps_and_blanks_may_be_missing():
    frame = table(
        month=pd.to_datetime(["2026-01-15", "2026-02-01", "2026-01-31", "2026-02-28"]),
        moved=[pd.Timestamp("2026-02-12"), pd.Timestamp("2026-02-12"), pd.NaT, pd.NaT],
        moved_to=["mall", "mall", None, np.nan],
    )
    panel = panel_from_frame(frame)
    assert panel.moved.tolist() == [1, NEVER]
    assert panel.moved_to == ("mall", "")


def test_yearly_panels_take_the_year_of_a_move():
    panel = panel_from_frame(table(month=[2025, 2026, 2025, 2026]))
    assert list(panel.periods.astype(str)) == ["2025", "2026"]
    assert panel.moved.tolist() == [1, NEVER]


def test_a_panel_survives_being_written_and_read():
    made = synthetic_panel(World("A2", "ramp", missing=0.1, spillover=0.5), seed=1).panel
    again = panel_from_frame(made.frame(), name=made.name, synthetic=True)
    np.testing.assert_array_equal(again.outcome, made.outcome)
    for column in ("moved", "announced", "crowded", "share_moved"):
        np.testing.assert_array_equal(getattr(again, column), getattr(made, column))
    assert again.moved_to == made.moved_to
    assert again.label == "outcome (synthetic data)"


def test_every_fault_is_listed_in_one_message():
    frame = pd.DataFrame(
        {
            "unit": ["a", "a", "a", "b", "b", ""],
            "month": ["2026-01", "2026-01", "2026-04", "Feb 2026", "2026-04", "2026-04"],
            "outcome": [1, 2, "1,5", 4, 5, 6],
            "moved": ["2026-04", "2026-04", "2026-03", "", "", ""],
            "moved_to": ["", "", "", "", "", ""],
            "share_moved": [1, 1, 1, 1.4, 1.4, 1],
        }
    )
    assert message(frame) == (
        "7 problems in the data:\n"
        "  panel.csv, row 2, column moved_to: unit 'a' has a date in 'moved' and no building; "
        "units that share one share its troubles, so it must be known\n"
        "  panel.csv, row 3, column month: unit 'a' has 2026-01 already in row 2; keep one of "
        "them\n"
        "  panel.csv, row 4, column moved: unit 'a' has '2026-03' here and '2026-04' in row 2; a "
        "unit has one value, and a move is not taken back\n"
        "  panel.csv, row 4, column outcome: is '1,5'; expected a number, with a point for "
        "decimals\n"
        "  panel.csv, row 5, column month: is 'Feb 2026'; expected a month such as 2026-02\n"
        "  panel.csv, row 5, column share_moved: is '1.4'; expected a number above 0 and at most "
        "1\n"
        "  panel.csv, row 7, column unit: is empty; expected the id of the unit"
    )


def test_months_in_which_nobody_has_a_row_are_named():
    found = message(table(month=["2026-01", "2026-04", "2026-01", "2026-04"]))
    assert "no unit has a row for 2026-02, 2026-03; add rows with an empty outcome" in found


def test_faults_of_one_kind_are_one_problem_with_a_count_and_the_first_rows():
    frame = table(month=["01/2026", "2/2026", "03/2026", "04/2026"], outcome=["x", "y", "z", 1.0])
    assert message(frame) == (
        "4 problems in the data:\n"
        "  panel.csv, column month: holds no month; expected months such as 2026-02\n"
        "  panel.csv, row 2, column month: 3 rows: is '01/2026'; expected a month such as 2026-02 "
        "(rows 2, 4, 5)\n"
        "  panel.csv, row 2, column outcome: 3 rows: is 'x'; expected a number, with a point for "
        "decimals (rows 2, 3, 4)\n"
        "  panel.csv, row 3, column month: is '2/2026'; expected a month such as 2026-02"
    )


def test_missing_and_misspelt_columns_are_named():
    frame = table().rename(columns={"moved_to": "move_to"})
    assert message(frame) == (
        "2 problems in the data:\n"
        "  panel.csv, column move_to: is not a column of a panel. Did you mean 'moved_to'?\n"
        "  panel.csv, column moved_to: is missing; a panel has the columns unit, month, outcome, "
        "moved, moved_to"
    )


def test_a_table_without_numbers_is_refused():
    assert "column outcome: holds no number" in message(table(outcome=[np.nan] * 4))
    assert "the table has no rows" in message(table().iloc[:0])

"""An edited workbook is read back: every change is told, every fault with sheet, row and column."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.errors import DataProblems, UsageError
from opdanalysis.reading.everything import problems
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import SheetColumn, fingerprint, input_sheets
from opdanalysis.reading.workbook import FINGERPRINT, cell_text, number_text
from opdanalysis.reading.workbook_changes import read_edited_inputs
from opdanalysis.reading.workbook_comparison import REVIEW
from opdanalysis.report.workbook import write_workbook
from opdanalysis.text.words import Words

ROOT = Path(__file__).resolve().parents[2]
CONTOH = ROOT / "data" / "cities" / "contoh"
WORDS = Words("id")
NUMBER = SheetColumn("value", number=True)

Edit = Callable[[openpyxl.Workbook], None]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    """The workbook of the invented city as a study writes it."""
    path = tmp_path_factory.mktemp("book") / "study.xlsx"
    sheets = input_sheets(CONTOH, Faults())
    write_workbook(path, "", [], [], sheets, {FINGERPRINT: fingerprint(sheets)}, WORDS)
    return path


@pytest.fixture
def edited(workbook, tmp_path):
    """Edit a copy of the workbook and say what it changes."""

    def read(*edits: Edit):
        book = openpyxl.load_workbook(workbook)
        for edit in edits:
            edit(book)
        book.save(tmp_path / "edited.xlsx")
        return read_edited_inputs(tmp_path / "edited.xlsx", CONTOH, WORDS)

    return read


def cell(sheet: str, row: int | str, column: str, value: Any) -> Edit:
    """Write a cell, its row given by its number or by the first cell of the row."""

    def edit(book: openpyxl.Workbook) -> None:
        found = book[f"isian {sheet}"]
        names = [str(c.value).split(" [")[0] for c in found[1]]
        numbers = [r for r in range(2, found.max_row + 1) if found.cell(r, 1).value == row]
        number = numbers[0] if isinstance(row, str) else row
        found.cell(number, names.index(column) + 1).value = value

    return edit


def applied(edits, folder: Path) -> Path:
    """A copy of the city with the changed files of a workbook."""
    import shutil

    shutil.copytree(CONTOH, folder)
    for name, text in edits.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).unlink() if text is None else (folder / name).write_text(text)
    return folder


def test_a_workbook_that_nobody_touched_changes_nothing(workbook):
    found = read_edited_inputs(workbook, CONTOH, WORDS)
    assert found.changes == ()
    assert found.files == {}
    assert found.same_data


def test_a_workbook_that_another_program_saved_changes_nothing(edited):
    assert edited().files == {}


def test_a_changed_number_is_a_judgement_of_the_reviewer(edited):
    found = edited(cell("agencies", "capil", "staff", 42))
    (change,) = found.changes
    assert (change.sheet, change.row, change.key, change.column) == (
        "agencies",
        3,
        "capil",
        "staff",
    )
    assert (change.was, change.now, change.evidence) == ("40", "42", "judgement")
    row = next(r for r in found.files["agencies.csv"].splitlines() if r.startswith("capil,"))
    assert f"42,36,44,judgement,{REVIEW}" in row
    assert REVIEW in yaml.safe_load(found.files["sources.yaml"])


def test_a_changed_number_with_a_source_keeps_what_was_typed(edited):
    found = edited(
        cell("agencies", "capil", "staff", 42),
        cell("agencies", "capil", "staff_evidence", "official"),
        cell("agencies", "capil", "staff_source", "judgement-study"),
    )
    row = next(r for r in found.files["agencies.csv"].splitlines() if r.startswith("capil,"))
    assert "42,36,44,official,judgement-study" in row


def test_a_belief_goes_into_the_parameters_of_the_city(edited, tmp_path):
    found = edited(
        cell("parameters", "guard_cost", "value", 37000000),
        cell("parameters", "guard_cost", "low", 36500000),
        cell("parameters", "guard_cost", "mode", 37000000),
    )
    entry = yaml.safe_load(found.files["parameters.yaml"])["guard_cost"]
    assert entry["value"] == 37000000
    assert entry["distribution"]["low"] == 36500000
    assert (entry["evidence"], entry["source"]) == ("judgement", [REVIEW])
    assert "36000000" in entry["reason"]
    assert problems(applied(found, tmp_path / "kota")) == ()


def test_the_mode_goes_with_the_value_where_both_were_the_same(edited):
    found = edited(cell("parameters", "feeder_speed", "value", 16))
    entry = yaml.safe_load(found.files["parameters.yaml"])["feeder_speed"]
    assert entry["distribution"] == {"kind": "pert", "low": 10, "mode": 16, "high": 20}


def test_a_move_and_a_plan_of_ones_own(edited, tmp_path):
    def own_plan(book: openpyxl.Workbook) -> None:
        book["isian plans"].append(["mine", "Rencana saya", "My plan", "2026-01", "rival"])
        book["isian moves"].append(
            ["mine", "A", "Semua", "All", None, "sosial;izin", None, None, "jalan-mawar-3"]
        )
        book["isian levers"].append(["mine", "electronic_letters_share", 0.5])

    found = edited(own_plan, cell("moves", 2, "agencies", "sosial;izin;pu"))
    assert [c.key for c in found.changes if c.column is None] == [
        "mine",
        "mine / A",
        "mine / electronic_letters_share",
    ]
    mine = yaml.safe_load(found.files["plans/mine.yaml"])
    assert mine["clusters"][0]["moves"] == [{"agencies": ["sosial", "izin"], "to": "jalan-mawar-3"}]
    assert mine["levers"] == {"electronic_letters_share": 0.5}
    merge = yaml.safe_load(found.files["plans/merge-in-mawar.yaml"])
    assert merge["clusters"][0]["moves"][0]["agencies"] == ["sosial", "izin", "pu"]
    assert merge["fates"] == {"jalan-melati-5": "sold"}
    assert problems(applied(found, tmp_path / "kota")) == ()


def test_a_scenario_keeps_what_was_not_changed(edited):
    found = edited(cell("scenarios", 2, "value", 55000000))
    (file,) = [name for name in found.files if name.startswith("scenarios/")]
    content = yaml.safe_load(found.files[file])
    assert content["name"]["id"]
    (changed,) = [b for b in content["beliefs"].values() if b["value"] == 55000000]
    assert changed["evidence"] == "judgement"


def test_every_problem_is_told_with_sheet_row_and_column(edited, tmp_path):
    found = edited(
        cell("agencies", "capil", "staff", "=12*5"),
        cell("agencies", "sosial", "staff", "1.234"),
        cell("agencies", "izin", "kind", "kantor"),
        cell("buildings", "jalan-mawar-1", "floor_area_m2", datetime.datetime(2026, 5, 12)),
        cell("ties", 3, "to_agency", "nobody"),
        cell("parameters", "feeder_speed", "value", 90),
        cell("parameters", "guard_cost", "low", "banyak"),
        cell("moves", 2, "to", "rumah"),
    )
    told = found.in_workbook(problems(applied(found, tmp_path / "kota")))
    lines = [str(problem) for problem in told]
    where = "edited.xlsx, sheet 'isian "
    expected = [
        "agencies', row 3, column staff: the cell holds a formula.",
        "agencies', row 4, column staff: the text '1.234' may mean 1.234 or 1234.",
        "agencies', row 5, column kind: 'kantor' is not one of its words.",
        "buildings', row 2, column floor_area_m2: 2026-05-12 is a date;",
        "ties', row 3, column to_agency: 'nobody' is not in agencies.csv.",
        "parameters', row {feeder}, column distribution: low, mode, high are not in rising order.",
        "parameters', row {guard}, column low: 'banyak' is not a number.",
    ]
    rows = {
        "feeder": 2 + [r[0] for r in input_sheets(CONTOH, Faults())[0].rows].index("feeder_speed"),
        "guard": 2 + [r[0] for r in input_sheets(CONTOH, Faults())[0].rows].index("guard_cost"),
    }
    for start in expected:
        assert any(line.startswith(where + start.format(**rows)) for line in lines), (start, lines)


def test_a_move_into_a_building_that_is_not_there_is_told(edited, tmp_path):
    found = edited(cell("moves", 2, "to", "rumah"))
    told = found.in_workbook(problems(applied(found, tmp_path / "kota")))
    assert [p.file for p in told] == ["edited.xlsx, sheet 'isian moves'"]
    assert "rumah" in told[0].message


def test_a_belief_can_be_changed_but_not_removed(edited):
    def remove(book: openpyxl.Workbook) -> None:
        book["isian parameters"].delete_rows(2)

    told = edited(remove).in_workbook([])
    assert len(told) == 1
    assert "is missing. Put it back; a row cannot be removed." in told[0].message


def test_a_missing_sheet_and_a_renamed_column_are_told(edited):
    def spoil(book: openpyxl.Workbook) -> None:
        del book["isian ties"]
        book["isian agencies"]["A1"].value = "kode"

    with pytest.raises(DataProblems) as refusal:
        edited(spoil)
    text = str(refusal.value)
    assert "sheet 'isian ties': the sheet is missing. Put it back." in text
    assert "sheet 'isian agencies', row 1, column kode: the column is not known." in text


def test_what_is_no_workbook_is_refused_in_words(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("id,name\n")
    with pytest.raises(UsageError, match="cannot be read as a workbook"):
        read_edited_inputs(path, CONTOH, WORDS)
    with pytest.raises(UsageError, match="was not found"):
        read_edited_inputs(tmp_path / "b.xlsx", CONTOH, WORDS)
    openpyxl.Workbook().save(path)
    with pytest.raises(UsageError, match="has no sheet of inputs"):
        read_edited_inputs(path, CONTOH, WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10,5", "10.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("-0,25", "-0.25"),
        ("0,125", "0.125"),
        ("10.5", "10.5"),
        ("dua", "dua"),
        (12.5, "12.5"),
        (3.0, "3"),
        (True, "yes"),
        (None, ""),
    ],
)
def test_numbers_typed_the_indonesian_way_are_understood(typed, meant):
    assert cell_text(typed, NUMBER) == meant


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_reads_back_as_the_same(number):
    assert float(number_text(number)) == number

"""A study with its workbook: written with it, fed back after editing, and said in the record."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.study.small import Small


def edit(path: Path, target: Path, sheet: str, row: str, column: str, value: object) -> Path:
    """A copy of a workbook with one cell changed, in the row that begins with a word."""
    book = openpyxl.load_workbook(path)
    found = book[f"isian {sheet}"]
    place = [str(cell.value).split(" [")[0] for cell in found[1]].index(column)
    (line,) = [line for line in found.iter_rows(min_row=2) if line[0].value == row]
    line[place].value = value
    book.save(target)
    return target


@pytest.fixture(scope="module")
def edited(finished, tmp_path_factory) -> Small:
    """The finished study, run again with a workbook in which a number was changed."""
    folder = tmp_path_factory.mktemp("edited")
    own = Small(finished.folder, "with-workbook")
    book = edit(
        finished.out / "study.xlsx", folder / "edited.xlsx", "agencies", "capil", "staff", 43
    )
    assert own.run("--workbook", str(book)) == 0
    return own


def test_the_workbook_holds_every_table_as_its_csv_has_it(finished):
    found = pd.read_excel(finished.out / "study.xlsx", sheet_name=None, keep_default_na=False)
    tables = sorted((finished.out / "tables").glob("*.csv"))
    assert tables
    for path in tables:
        expected = pd.read_csv(path, keep_default_na=False)
        pd.testing.assert_frame_equal(found[path.stem], expected, check_dtype=False)
    assert {"evidence", "sources", "isian parameters", "isian agencies"} <= set(found)


def test_a_changed_number_changes_the_results(finished, edited):
    one, other = finished.files(), edited.files()
    assert one["comparison.csv"] != other["comparison.csv"]
    assert one["tables/gains.csv"] != other["tables/gains.csv"]


def test_the_record_names_the_workbook_and_its_hash(edited, finished, capsys):
    about = edited.record()["workbook"]
    assert about["file"] == "edited.xlsx"
    assert len(about["sha256"]) == len(hashlib.sha256().hexdigest())
    assert (about["changes"], about["same_data"]) == (1, True)
    assert "workbook" not in finished.record()


def test_a_table_says_what_was_changed(edited):
    table = pd.read_csv(edited.out / "tables" / "workbook_changes.csv")
    (row,) = table.to_dict("records")
    assert (row["Lembar"], row["Apa"]) == ("agencies", "capil · staff")
    assert (row["Semula"], row["Menjadi"], row["Dasar"]) == (40, 43, "perkiraan")
    sheet = pd.read_excel(edited.out / "study.xlsx", sheet_name="isian agencies", index_col=0)
    assert sheet.loc["capil", "staff_source"] == "workbook-review"


def test_a_workbook_that_changes_nothing_gives_the_same_numbers(finished, capsys):
    own = Small(finished.folder, "unchanged")
    assert own.run("--workbook", str(finished.out / "study.xlsx")) == 0
    assert "tidak mengubah apa-apa" in capsys.readouterr().out
    one, other = finished.files(), own.files()
    same = [name for name in one if name.startswith(("tables/", "figures/", "html/"))]
    assert same
    assert {name: one[name] for name in same} == {name: other[name] for name in same}
    assert own.record()["workbook"]["changes"] == 0


def test_the_workbook_of_the_changed_study_can_be_fed_back_once_more(edited, tmp_path, capsys):
    own = Small(edited.folder, "again")
    book = edit(
        edited.out / "study.xlsx", tmp_path / "more.xlsx", "agencies", "sosial", "staff", 31
    )
    assert own.run("--workbook", str(book)) == 0
    said = capsys.readouterr().out
    assert "ditulis dari data lain" in said
    table = pd.read_csv(own.out / "tables" / "workbook_changes.csv")
    assert {"capil · staff", "sosial · staff"} <= set(table["Apa"])


def test_the_faults_of_a_workbook_stop_the_study_before_it_begins(finished, tmp_path, capsys):
    own = Small(finished.folder, "faulty")
    book = edit(
        finished.out / "study.xlsx", tmp_path / "f.xlsx", "agencies", "capil", "staff", "banyak"
    )
    assert own.run("--workbook", str(book)) == 3
    told = capsys.readouterr().err
    assert "f.xlsx, sheet 'isian agencies', row 3, column staff: 'banyak' is not a number." in told
    assert not own.out.exists()


def test_a_file_that_is_not_there_is_wrong_usage(finished, capsys):
    assert Small(finished.folder, "none").run("--workbook", "nowhere.xlsx") == 2
    assert "the workbook nowhere.xlsx was not found." in capsys.readouterr().err

"""The workbook of a study: what was written comes back, and nothing in it can do harm."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.input_sheets import SheetColumn, input_sheets
from opdanalysis.reading.workbook_changes import read_edited_inputs
from opdanalysis.report.workbook import (
    header_of,
    meaning_of,
    number_formats,
    result_sheet,
    write_workbook,
)
from opdanalysis.text.words import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[2]
CONTOH = ROOT / "data" / "cities" / "contoh"
WORDS = Words("id")

CSV = """\
Rencana,Biaya (Rp miliar per tahun): 5%,Biaya (Rp miliar per tahun): median,Peluang (%),Tahun
Tetap,-1.25,3.14159,12.5,2026
=1+1,0,,100,
+62 711,1e-05,2.5,0.001,tidak
@rumah,4,5,6,"a
b"
-1 tahun,4,5,6,7
"""
"""A table with everything that a program could mistake."""


def write(path: Path, text: str = CSV, lang: str = "id") -> Path:
    sheets = [result_sheet("gaji", "Gaji dan biaya", "03_cost", text)]
    inputs = input_sheets(CONTOH, Faults())
    about = [("Kota", "=HYPERLINK(1)")]
    write_workbook(path, "Judul", about, sheets, inputs, {"mark": "x"}, Words(lang))
    return path


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("book") / "study.xlsx")


def test_pandas_reads_back_the_values_of_the_csv(workbook, tmp_path):
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    expected = pd.read_csv(tmp_path / "a.csv", keep_default_na=False, na_values=[""])
    found = pd.read_excel(workbook, sheet_name="gaji", keep_default_na=False, na_values=[""])
    assert list(found) == list(expected)
    numbers = [name for name in expected if name not in ("Rencana", "Tahun")]
    pd.testing.assert_frame_equal(found[numbers], expected[numbers], check_dtype=False)
    for name in ("Rencana", "Tahun"):
        assert found[name].map(str).tolist() == expected[name].map(str).tolist()


def test_no_cell_of_the_workbook_is_a_formula(workbook):
    with zipfile.ZipFile(workbook) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in file.read(name)


def test_a_text_that_looks_like_a_formula_stays_one_when_it_is_edited(workbook):
    sheet = openpyxl.load_workbook(workbook)["gaji"]
    marked = {c.value: bool(c.quotePrefix) for (c,) in sheet["A2:A6"]}
    assert marked == {
        "Tetap": False,
        "=1+1": True,
        "+62 711": True,
        "@rumah": True,
        "-1 tahun": True,
    }
    assert all(cell.data_type == "s" for (cell,) in sheet["A2:A6"])


def test_every_sheet_is_linked_frozen_and_filtered(workbook):
    book = openpyxl.load_workbook(workbook)
    contents, *others = book.worksheets
    links = {row[0].hyperlink.location for row in contents.iter_rows() if row[0].hyperlink}
    assert links == {f"'{sheet.title}'!A1" for sheet in others}
    for sheet in others:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref


def test_equal_contents_give_equal_bytes(workbook, tmp_path):
    assert write(tmp_path / "again.xlsx").read_bytes() == workbook.read_bytes()


def test_the_workbook_speaks_the_language_of_the_study(tmp_path):
    english = openpyxl.load_workbook(write(tmp_path / "en.xlsx", lang="en"), read_only=True)
    assert english.sheetnames[0] == "Contents"
    assert "input agencies" in english.sheetnames


def test_percentages_and_rupiah_are_shown_as_such():
    header = ["Biaya (Rp per tahun)", "Biaya (Rp miliar per tahun)", "Bagian (%)", "Kantor"]
    columns = [["1500000"], ["2.5"], ["12.25"], ["7"]]
    assert number_formats(header, columns, [True] * 4) == [
        '"Rp" #,##0',
        "#,##0.00",
        '#,##0.0"%"',
        "#,##0",
    ]


def test_the_points_of_a_range_have_the_same_decimals():
    header = ["Biaya: 5%", "Biaya: median", "Biaya: 95%"]
    columns = [["0.5"], ["30"], ["2000.5"]]
    assert set(number_formats(header, columns, [True] * 3)) == {"#,##0"}


def test_a_header_of_inputs_names_the_unit():
    assert header_of(SheetColumn("staff", True, "person"), WORDS) == "staff [orang]"
    assert header_of(SheetColumn("share", True, "1"), WORDS) == "share"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_of_inputs_and_every_column_is_explained(lang):
    words = Words(lang)
    for sheet in input_sheets(CONTOH, Faults()):
        assert f"workbook.of.{sheet.name}" in words
        unexplained = [c.name for c in sheet.columns if not meaning_of(c, words)]
        assert set(unexplained) <= {"role", "verify"}


def test_libreoffice_opens_it_and_makes_pages_of_it(workbook, libreoffice, tmp_path):
    done = subprocess.run(
        [
            libreoffice,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(workbook),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0
    assert "repair" not in (done.stdout + done.stderr).lower()
    assert (tmp_path / "study.pdf").read_bytes().startswith(b"%PDF")


def test_what_libreoffice_saved_holds_the_same_numbers_and_no_change(
    workbook, libreoffice, tmp_path
):
    subprocess.run(
        [
            libreoffice,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    before = pd.read_excel(workbook, sheet_name=None, header=None)
    after = pd.read_excel(tmp_path / "saved" / "study.xlsx", sheet_name=None, header=None)
    assert list(before) == list(after)
    for name in before:
        pd.testing.assert_frame_equal(before[name], after[name], check_dtype=False)
    saved = read_edited_inputs(tmp_path / "saved" / "study.xlsx", CONTOH, WORDS)
    assert saved.changes == ()

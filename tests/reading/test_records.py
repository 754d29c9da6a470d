"""Records as offices export them: columns by name, Indonesian dates, one message for all faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from opdanalysis.errors import DataProblems
from opdanalysis.evidence.letter_calendar import stamp
from opdanalysis.evidence.letters import MISSING
from opdanalysis.reading.records_bills import read_bills
from opdanalysis.reading.records_calendar import read_calendar
from opdanalysis.reading.records_letters import read_letters
from opdanalysis.reading.records_panel import read_panel
from opdanalysis.reading.records_places import read_places
from opdanalysis.reading.records_survey import read_survey

pytest.importorskip("polars")

MAPPING = """letters:
  columns: {letter: Nomor Surat, sender: Unit Pengirim, receiver: Unit Tujuan, sent: Tanggal Kirim,
    answered: Tanggal Balas, subject: Klasifikasi}
  ids: {Setda Kota: sekda}
  layers: {"0": oversight, "00": field}
"""
HEAD = "Nomor Surat;Unit Pengirim;Unit Tujuan;Tanggal Kirim;Tanggal Balas;Klasifikasi\n"


@pytest.fixture
def write(tmp_path: Path):
    def written(rows: str, mapping: str = MAPPING, head: str = HEAD) -> Path:
        (tmp_path / "columns.yaml").write_text(mapping, encoding="utf-8")
        path = tmp_path / "letters.csv"
        path.write_text(head + rows, encoding="utf-8")
        return path

    return written


def read(path: Path, contoh):
    return read_letters(path, contoh.city, read_calendar(None))


def test_names_dates_and_subjects_become_numbers(write, contoh):
    rows = (
        "1/A;Setda Kota;Dinas Sosial;17/03/2025 08:15;18/03/2025 10:00;000.1\n"
        "2/A;DINAS SOSIAL;capil;17/03/2025 09:00;;005.2\n"
        "3/A;sosial;sosial;17/03/2025 09:00;;001\n"
    )
    found = read(write(rows), contoh)
    log, order = found.log, contoh.city.agency_order
    assert log.sender.tolist() == [order["sekda"], order["sosial"]]
    assert log.receiver.tolist() == [order["sosial"], order["capil"]]
    assert log.sent.tolist() == [stamp(date(2025, 3, 17), 495), stamp(date(2025, 3, 17), 540)]
    assert log.answered.tolist() == [stamp(date(2025, 3, 18), 600), MISSING]
    assert [log.layers[place] for place in log.layer] == ["field", "field"]
    assert (found.to_itself, found.outside) == (1, 0)
    assert log.exported == stamp(date(2025, 3, 18), 600)
    assert log.synthetic  # the city is invented


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("17 Maret 2025 08.15", 495),
        ("Senin, 17 Maret 2025 pukul 08.15 WIB", 495),
        ("17 mar 2025 08:15", 495),
        ("17-03-2025 08:15:40", 495),
        ("17.03.2025 08:15", 495),
        ("2025-03-17 08:15", 495),
        ("2025-03-17T08:15:00", 495),
    ],
)
def test_a_date_is_read_as_offices_write_it(write, contoh, text, minute):
    path = write(f"1;capil;sosial;{text};;0\n")
    assert read(path, contoh).log.sent.tolist() == [stamp(date(2025, 3, 17), minute)]


@pytest.mark.parametrize("name", ["Agustus", "agu", "Ags", "Agt"])
def test_august_has_several_short_names(write, contoh, name):
    path = write(f"1;capil;sosial;5 {name} 2025 08.15;;0\n")
    assert read(path, contoh).log.sent.tolist() == [stamp(date(2025, 8, 5), 495)]


def test_american_dates_are_read_only_when_asked_for(write, contoh):
    row = "1;capil;sosial;03/17/2025 08:15;;0\n"
    with pytest.raises(DataProblems, match="No known way of writing fits"):
        read(write(row), contoh)
    asked = MAPPING + "  dates: month-day-year\n"
    assert read(write(row, asked), contoh).log.sent.tolist() == [stamp(date(2025, 3, 17), 495)]


def test_a_wrong_file_is_told_once_with_counts_and_first_rows(write, contoh):
    rows = "".join(f"{n};capil;sosial;17/03/2025 08:15;;0\n" for n in range(20))
    rows += "".join(f"b{n};capil;Dinas Ajaib;17/03/2025 08:15;;0\n" for n in range(5))
    rows += "c1;capil;sosial;2025-03-17 08:15;;0\nc2;capil;sosial;17 Maret 2025 08.15;;0\n"
    rows += "d;sekda;capil;17/03/2025 08:15;16/03/2025 08:15;0\nd;sekda;capil;17/03/2025;;0\n"
    with pytest.raises(DataProblems) as told:
        read(write(rows), contoh)
    assert str(told.value) == (
        "6 problems in the data:\n"
        "  letters.csv, row 22, column Unit Tujuan: 5 rows: not an agency of the city: "
        "'Dinas Ajaib' (rows 22, 23, 24, ...). Give ids in columns.yaml (null leaves out), or "
        "write outside: leave out.\n"
        "  letters.csv, row 27, column Tanggal Kirim: 1 row: the date is written as "
        "'2025-03-17 08:15' (row 27). Most are written like '17/03/2025 08:15' "
        "(day-month-year). Write all alike.\n"
        "  letters.csv, row 28, column Tanggal Kirim: 1 row: the date is written as "
        "'17 Maret 2025 08.15' (row 28). Most are written like '17/03/2025 08:15' "
        "(day-month-year). Write all alike.\n"
        "  letters.csv, row 29, column Nomor Surat: 2 rows: the number of the letter stands more "
        "than once for one receiver (rows 29, 30). Keep one row for each.\n"
        "  letters.csv, row 29, column Tanggal Balas: 1 row: the answer is older than the letter "
        "(row 29). Day and month may be exchanged.\n"
        "  letters.csv, row 30, column Tanggal Kirim: 1 row: the date is written as '17/03/2025' "
        "(row 30). Most are written like '17/03/2025 08:15' (day-month-year). It has no time of "
        "day."
    )


def test_every_missing_column_is_named_at_once(write, contoh):
    path = write("1;capil\n", MAPPING, "Nomor Surat;Pengirim\n")
    with pytest.raises(DataProblems) as told:
        read(path, contoh)
    found = [problem.column for problem in told.value.problems]
    assert sorted(found) == sorted(
        ["Unit Pengirim", "Unit Tujuan", "Tanggal Kirim", "Tanggal Balas", "Klasifikasi"]
    )
    assert "Did you mean 'Pengirim'?" in str(told.value)


def test_one_letter_may_go_to_several_agencies(write, contoh):
    rows = "1;capil;sosial;17/03/2025 08:15;;0\n1;capil;sekda;17/03/2025 08:15;;0\n"
    assert len(read(write(rows), contoh).log) == 2


def test_letters_to_the_outside_can_be_left_out(write, contoh):
    rows = "1;capil;Kementerian;17/03/2025 08:15;;0\n2;capil;sosial;17/03/2025 08:15;;0\n"
    found = read(write(rows, MAPPING + "  outside: leave out\n"), contoh)
    assert (len(found.log), found.outside) == (1, 1)


def test_a_day_without_holidays_in_the_calendar_is_a_fault(write, contoh):
    with pytest.raises(DataProblems, match="the day is outside the calendar, 2024-01-01 to 2026"):
        read(write("1;capil;sosial;17/03/2031 08:15;;0\n"), contoh)


def test_an_unknown_key_of_the_mapping_is_a_fault(write, contoh):
    path = write("1;capil;sosial;17/03/2025 08:15;;0\n", MAPPING + "  datess: x\n")
    with pytest.raises(DataProblems, match=r"the key is not known\. Did you mean 'dates'\?"):
        read(path, contoh)


def test_moves_divide_time_into_periods(tmp_path, contoh):
    path = tmp_path / "moves.csv"
    path.write_text(
        "agency,from_building,to_building,date\n"
        "capil,old-office,jalan-mawar-1,2025-02-01\n"
        "sosial,jalan-melati-5,jalan-mawar-1,2025-06-01\n",
        encoding="utf-8",
    )
    places, order = read_places(path, contoh.city), contoh.city.agency_order
    assert places.starts.tolist() == [stamp(date(2025, 2, 1)), stamp(date(2025, 6, 1))]
    capil, sosial = order["capil"], order["sosial"]
    assert places.together(
        np.arange(3), np.array([capil] * 3), np.array([sosial] * 3)
    ).tolist() == [
        False,
        False,
        True,
    ]
    still = [place for place in range(len(order)) if place not in (capil, sosial)]
    assert (places.building[:, still] == places.building[0, still]).all()


def test_rupiah_are_read_as_offices_write_them(tmp_path, contoh):
    path = tmp_path / "bills.csv"
    path.write_text(
        "building;month;line;rupiah;kwh\n"
        "jalan-mawar-1;2025-01;electricity;Rp 1.234.567,50;700\n"
        "jalan-mawar-1;01/2025;electricity;432;\n"
        "jalan-mawar-3;2025-01;water;1200,5;\n",
        encoding="utf-8",
    )
    table = read_bills(path, contoh.city).table
    assert table["rupiah"].tolist() == [1234999.5, 1200.5]
    assert table["kwh"].fillna(-1).tolist() == [700.0, -1.0]


def test_faults_of_bills_are_told_together(tmp_path, contoh):
    path = tmp_path / "bills.csv"
    path.write_text(
        "building,month,line,rupiah\nmawar,2025-01,water,5\njalan-mawar-1,Jan,water,5\n"
        "jalan-mawar-1,2025-13,water,x\n",
        encoding="utf-8",
    )
    with pytest.raises(DataProblems) as told:
        read_bills(path, contoh.city)
    assert str(told.value) == (
        "4 problems in the data:\n"
        "  bills.csv, row 2, column building: 1 row: not a building of the city: 'mawar' (row 2). "
        "Give its id in columns.yaml (null leaves it out).\n"
        "  bills.csv, row 3, column month: 1 row: 'Jan' is not a month (row 3). Write 2025-03 or "
        "03/2025.\n"
        "  bills.csv, row 4, column month: 1 row: '2025-13' is not a month (row 4). Write 2025-03 "
        "or 03/2025.\n"
        "  bills.csv, row 4, column rupiah: 1 row: 'x' is not an amount (row 4). Write 1234567."
    )


def test_a_survey_may_number_its_items_as_the_regulation_does(tmp_path):
    path = tmp_path / "survey.csv"
    head = ",".join(f"U{n}" for n in range(1, 10))
    path.write_text(f"{head},wave\n4,4,4,4,4,4,4,4,4,after\n3,3,3,3,3,3,3,3,,after\n", "utf-8")
    surveys = read_survey(path)
    assert list(surveys) == ["after"]
    assert surveys["after"].answers[0].tolist() == [4.0] * 9
    assert np.isnan(surveys["after"].answers[1, 8])


def test_an_answer_off_the_scale_is_told_with_its_row(tmp_path):
    path = tmp_path / "survey.csv"
    head = ",".join(f"U{n}" for n in range(1, 10))
    path.write_text(f"{head}\n4,4,4,4,4,4,4,4,4\n9,3,3,3,3,3,3,3,3\n", "utf-8")
    with pytest.raises(DataProblems, match=r"row 3, column U1: 1 row: '9' is not an ans"):
        read_survey(path)


def test_a_file_with_everything_wrong_is_told_in_one_message(write, contoh):
    """A column missing, agencies not in the city, and dates in three ways: all at once."""
    head = "Nomor Surat;Unit Pengirim;Unit Tujuan;Tanggal Kirim;Klasifikasi\n"
    rows = "".join(f"{n};capil;sosial;17/03/2025 08:15;0\n" for n in range(20))
    rows += "".join(f"b{n};Badan Gaib;sosial;2025-03-17 08:15;0\n" for n in range(5))
    rows += "".join(f"c{n};capil;Dinas Gaib;17 Maret 2025 08.15;0\n" for n in range(4))
    with pytest.raises(DataProblems) as told:
        read(write(rows, head=head), contoh)
    assert str(told.value) == (
        "5 problems in the data:\n"
        "  letters.csv, row 1, column Tanggal Balas: the column is missing. Did you mean "
        "'Tanggal Kirim'?\n"
        "  letters.csv, row 22, column Tanggal Kirim: 5 rows: the date is written as "
        "'2025-03-17 08:15' (rows 22, 23, 24, ...). Most are written like '17/03/2025 08:15' "
        "(day-month-year). Write all alike.\n"
        "  letters.csv, row 22, column Unit Pengirim: 5 rows: not an agency of the city: "
        "'Badan Gaib' (rows 22, 23, 24, ...). Give ids in columns.yaml (null leaves out), or "
        "write outside: leave out.\n"
        "  letters.csv, row 27, column Tanggal Kirim: 4 rows: the date is written as "
        "'17 Maret 2025 08.15' (rows 27, 28, 29, ...). Most are written like "
        "'17/03/2025 08:15' (day-month-year). Write all alike.\n"
        "  letters.csv, row 27, column Unit Tujuan: 4 rows: not an agency of the city: "
        "'Dinas Gaib' (rows 27, 28, 29, ...). Give ids in columns.yaml (null leaves out), or "
        "write outside: leave out."
    )


def test_spaces_around_cells_and_signs_that_are_not_utf8_do_no_harm(write, contoh):
    path = write(
        " 1 ; Capil ; sosial ; 17/03/2025 08:15 ; ;0\n2;capil;sosial;17/03/2025 08:15;;0\n"
    )
    path.write_bytes(path.read_bytes() + b"3;capil;sosial;17/03/2025 08:15; ;caf\xe9\n")
    log = read(path, contoh).log
    assert len(log) == 3
    assert len(set(log.sent.tolist())) == 1
    assert log.is_open.all()


def test_bills_with_everything_wrong_are_told_in_one_message(tmp_path, contoh):
    path = tmp_path / "bills.csv"
    months = ["2025-03", "Maret 2025", "17-03-2025"]
    rows = [f"{'Gedung Gaib' if n % 2 else 'jalan-mawar-1'};{months[n % 3]};10" for n in range(6)]
    path.write_text("building;month;rupiah\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataProblems) as told:
        read_bills(path, contoh.city)
    assert str(told.value) == (
        "4 problems in the data:\n"
        "  bills.csv, row 1, column line: the column is missing. The file has: building, month, "
        "rupiah. Say which it is in columns.yaml, or rename it.\n"
        "  bills.csv, row 3, column building: 3 rows: not a building of the city: 'Gedung Gaib' "
        "(rows 3, 5, 7). Give its id in columns.yaml (null leaves it out).\n"
        "  bills.csv, row 3, column month: 2 rows: 'Maret 2025' is not a month (rows 3, 6). Write "
        "2025-03 or 03/2025.\n"
        "  bills.csv, row 4, column month: 2 rows: '17-03-2025' is not a month (rows 4, 7). Write "
        "2025-03 or 03/2025."
    )


def test_a_panel_with_everything_wrong_is_told_in_one_message(tmp_path, contoh):
    path = tmp_path / "panel.csv"
    months = ["2025-01", "02/2025", "Maret 2025"]
    rows = [
        f"{unit};{month};{'1,5' if unit == 'Capil' else 'banyak'};"
        for unit in ("Capil", "Dinas Gaib")
        for month in months
    ]
    path.write_text("unit;month;outcome;moved\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataProblems) as told:
        read_panel(path, contoh.city)
    assert str(told.value) == (
        "5 problems in the data:\n"
        "  panel.csv, row 1, column moved_to: the column is missing. The file has: unit, month, "
        "outcome, moved. Say which it is in columns.yaml, or rename it.\n"
        "  panel.csv, row 3, column month: 2 rows: is '02/2025'; expected a month such as 2026-02 "
        "(rows 3, 6)\n"
        "  panel.csv, row 4, column month: 2 rows: is 'Maret 2025'; expected a month such as "
        "2026-02 (rows 4, 7)\n"
        "  panel.csv, row 5, column outcome: 3 rows: is 'banyak'; expected a number, with a point "
        "for decimals (rows 5, 6, 7)\n"
        "  panel.csv, row 5, column unit: 3 rows: not in the city: 'Dinas Gaib' (rows 5, 6, 7). "
        "Give ids in columns.yaml (null leaves out), or write units: other."
    )


def test_units_and_buildings_of_a_panel_are_known_by_name_and_can_be_left_out(tmp_path, contoh):
    (tmp_path / "columns.yaml").write_text("panel:\n  ids: {Kementerian: null}\n", "utf-8")
    path = tmp_path / "panel.csv"
    rows = [
        f"{unit},2025-{month:02d},1,{moved}"
        for unit, moved in (
            ("Kementerian", ","),
            ("CAPIL", "2025-02,Jalan-Mawar-1"),
            ("sosial", ","),
        )
        for month in (1, 2)
    ]
    path.write_text("unit,month,outcome,moved,moved_to\n" + "\n".join(rows) + "\n", "utf-8")
    panel = read_panel(path, contoh.city)
    assert panel.units == ("capil", "sosial")
    assert panel.moved_to == ("jalan-mawar-1", "")
    rows[3] = "sosial,2025-02,x,,"
    path.write_text("unit,month,outcome,moved,moved_to\n" + "\n".join(rows) + "\n", "utf-8")
    with pytest.raises(DataProblems, match="row 5, column outcome: is 'x'"):
        read_panel(path, contoh.city)


def test_one_building_written_in_two_ways_is_a_fault(tmp_path, contoh):
    path = tmp_path / "panel.csv"
    path.write_text(
        "unit,month,outcome,moved,moved_to\ncapil,2025-01,1,2025-01,Gedung Baru\n"
        "sosial,2025-01,1,2025-01,gedung baru\n",
        encoding="utf-8",
    )
    with pytest.raises(DataProblems, match="'Gedung Baru' and 'gedung baru' seem to be one"):
        read_panel(path, contoh.city)


def test_a_column_that_stands_twice_is_a_fault(tmp_path, contoh):
    path = tmp_path / "bills.csv"
    path.write_text("building,month,line,rupiah,rupiah\n", encoding="utf-8")
    with pytest.raises(DataProblems, match="column rupiah: the column stands twice"):
        read_bills(path, contoh.city)

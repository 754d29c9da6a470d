"""Another city in an hour: an empty template, filled with the least, is checked and compared."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from opdanalysis.cli.program import main
from opdanalysis.reading.schema import TABLES
from opdanalysis.report.city_template import NEEDED, template_layouts
from opdanalysis.text.words import LANGUAGES

ROWS = {
    "kecamatan": [
        {"id": "barat", "name": "Barat", "lat": -1.0, "lon": 110.0, "area_km2": 12},
        {"id": "timur", "name": "Timur", "lat": -1.01, "lon": 110.05, "area_km2": "20,5"},
    ],
    "agencies": [
        {"id": "setda", "name": "Sekretariat Daerah", "kind": "sekretariat", "staff": 90},
        {"id": "capil", "name": "Dinas Dukcapil", "kind": "dinas"},
        {"id": "camat", "name": "Kantor Camat", "kind": "kecamatan", "kecamatan": "barat"},
    ],
    "buildings": [
        {"id": "balai", "name": "Balai", "kecamatan": "barat", "floor_area_m2": 3000},
        {"id": "ruko", "name": "Ruko", "kecamatan": "timur", "tenure": "rented"},
    ],
    "placement": [
        {"agency": "setda", "building": "balai"},
        {"agency": "capil", "building": "ruko"},
        {"agency": "camat", "building": "balai"},
    ],
    "services": [{"id": "ktp", "name": "KTP"}],
    "steps": [
        {"service": "ktp", "order": 1, "agency": "camat"},
        {"service": "ktp", "order": 2, "agency": "capil"},
    ],
    "plans": [{"id": "satu-atap", "name": "Satu atap", "date": "2026-01", "status": "rival"}],
    "moves": [
        {
            "plan": "satu-atap",
            "cluster": "A",
            "cluster_name": "Ke balai",
            "agencies": "capil",
            "to": "balai",
        }
    ],
}
CENTRE = {"lat": "-1,0", "lon": 110.0, "synthetic": "yes"}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The folder in which an empty city was written, with its workbook."""
    assert main(["new-city", "kota-baru", "--out", str(tmp_path), "--workbook"]) == 0
    return tmp_path


def filled(template: Path, rows=ROWS, centre=CENTRE) -> Path:
    """The workbook of the template with some rows."""
    book = openpyxl.load_workbook(template / "kota-baru" / "kota-baru.xlsx")
    for sheet, lines in rows.items():
        names = [str(cell.value).split(" [")[0] for cell in book[sheet][1]]
        for number, line in enumerate(lines, start=2):
            for name, value in line.items():
                book[sheet].cell(number, names.index(name) + 1).value = value
    for row in book["city"].iter_rows(min_row=2):
        row[1].value = centre.get(row[0].value, row[1].value)
    path = template / "filled.xlsx"
    book.save(path)
    return path


def test_an_empty_template_lists_what_is_needed(template, capsys):
    assert main(["check", str(template / "kota-baru")]) == 3
    told = capsys.readouterr().err
    for file in NEEDED:
        assert f"{file}: the table has a header and no row. Fill it." in told
    assert "city.yaml, key centre.lat: the key has no value." in told


def test_the_tables_have_every_column_of_the_dictionary(template):
    for file in NEEDED:
        header = (template / "kota-baru" / file).read_text().splitlines()[0]
        assert header == ",".join(column.name for column in TABLES[file].all_columns)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_explains_every_column(lang, tmp_path):
    assert main(["new-city", "kota", "--out", str(tmp_path), "--lang", lang]) == 0
    guide = (tmp_path / "kota" / "README.md").read_text(encoding="utf-8")
    for layout in template_layouts():
        if layout.file:
            section = guide.split(f"## {layout.file}\n")[1].split("\n## ")[0]
            for column in layout.columns:
                (line,) = [
                    x
                    for x in section.splitlines()
                    if x.startswith(f"| {column.name}") and x[2 + len(column.name)] in " ["
                ]
                assert line.split("|")[3].strip(), line


def test_a_filled_workbook_becomes_a_city_that_can_be_compared(template, capsys):
    book = filled(template)
    assert main(["new-city", "kota-baru", "--from", str(book), "--out", str(template)]) == 0
    folder = str(template / "kota-baru")
    assert main(["check", folder]) == 0
    said = capsys.readouterr().out
    assert "isian kosong memakai perkiraan nasional" in said
    assert "50.000 (15.000" in said
    assert main(["check", folder, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "file,row,column,value,low,high,reason"
    assert any(line.startswith("agencies.csv,capil,staff,80,40,160,") for line in lines)
    assert main(["compare", folder, "--draws", "20"]) == 0
    assert "Satu atap" in capsys.readouterr().out


def test_the_tables_of_a_city_may_be_filled_by_hand(template, capsys):
    folder = template / "kota-baru"
    for sheet in (file.removesuffix(".csv") for file in NEEDED):
        names = list(dict.fromkeys(name for row in ROWS[sheet] for name in row))
        lines = [
            ",".join(str(row.get(n, "")).replace(",", ".") for n in names) for row in ROWS[sheet]
        ]
        (folder / f"{sheet}.csv").write_text("\n".join([",".join(names), *lines]) + "\n")
    about = (folder / "city.yaml").read_text().replace("lat: , lon: ", "lat: -1, lon: 110")
    (folder / "city.yaml").write_text(about)
    assert main(["check", str(folder)]) == 0
    assert "isian kosong" in capsys.readouterr().out


def test_faults_of_a_workbook_name_sheet_row_and_column_and_nothing_is_written(template, capsys):
    rows = {
        **ROWS,
        "placement": [{"agency": "setda", "building": "istana"}, *ROWS["placement"][1:]],
        "moves": [{**ROWS["moves"][0], "to": "gudang"}],
    }
    book = filled(template, rows, {"lat": "utara"})
    before = sorted(path.name for path in (template / "kota-baru").iterdir())
    assert main(["new-city", "kota-baru", "--from", str(book), "--out", str(template)]) == 3
    told = capsys.readouterr().err
    start = "filled.xlsx, sheet '"
    assert f"{start}placement', row 2, column building: 'istana' is not in buildings.csv." in told
    assert f"{start}city', row 6, column value: lat: 'utara' is not a number." in told
    assert sorted(path.name for path in (template / "kota-baru").iterdir()) == before


def test_a_city_that_is_there_is_not_overwritten(template, capsys):
    assert main(["new-city", "kota-baru", "--out", str(template)]) == 2
    assert "is there already. Choose another name, or remove it." in capsys.readouterr().err
    book = filled(template)
    again = ["new-city", "kota-baru", "--from", str(book), "--out", str(template)]
    assert main(again) == 0
    assert main(again) == 2
    assert "is filled in already." in capsys.readouterr().err


def test_a_name_that_cannot_be_an_id_is_refused(tmp_path, capsys):
    assert main(["new-city", "Kota Baru", "--out", str(tmp_path)]) == 2
    assert "'Kota Baru' cannot name a city." in capsys.readouterr().err

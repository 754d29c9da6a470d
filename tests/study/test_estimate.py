"""From records to parameters that a city can use, by the command and in a notebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from opdanalysis.cli import main
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel
from opdanalysis.reading.everything import read_everything
from opdanalysis.study.open_study import OpenStudy, open_study
from opdanalysis.study.records import records_of

polars = pytest.importorskip("polars")

MAPPING = """letters:
  layers: {"f": field, "o": oversight}
bills: {}
"""


@pytest.fixture(scope="module")
def records():
    return records_of(open_study("contoh", draws=5, lang="en"))


@pytest.fixture
def folder(tmp_path: Path, records) -> Path:
    """The invented records written down as an office would."""
    (tmp_path / "columns.yaml").write_text(MAPPING, encoding="utf-8")
    log = records.log
    names = np.array(log.agencies)

    def text(stamps):
        dates = stamps.astype("datetime64[m]").astype("datetime64[ms]")
        shown = polars.Series(dates).dt.strftime("%d/%m/%Y %H:%M")
        return polars.select(
            polars.when(polars.Series(stamps > 0)).then(polars.lit(shown))
        ).to_series()

    polars.DataFrame(
        {
            "letter": np.arange(len(log)),
            "sender": names[log.sender],
            "receiver": names[log.receiver],
            "sent": text(log.sent),
            "received": text(log.stages["received"]),
            "opened": text(log.stages["opened"]),
            "answered": text(log.answered),
            "returned": np.where(log.returned, "ya", "tidak"),
            "subject": np.array(log.layers)[log.layer],
        }
    ).write_csv(tmp_path / "letters.csv")
    start = "2025-02-18"
    first, second = records.places.building
    moved = np.flatnonzero(first != second)
    rows = [
        f"{names[place]},office-{first[place]},office-{second[place]},{start}" for place in moved
    ]
    head = "agency,from_building,to_building,date"
    (tmp_path / "moves.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return tmp_path


def test_what_is_missing_is_invented_and_says_so(records):
    said = repr(records.say(open_study("contoh", lang="en").words))
    assert "Invented, since the city is invented or has no such file" in said
    assert records.log.synthetic
    assert set(records.beliefs["source"]) == {"synthetic-records"}


def test_the_command_writes_parameters_that_a_city_can_read(folder, broken, capsys):
    out = folder / "parameters.yaml"
    assert main(["estimate", "letters", str(folder / "letters.csv"), "--city", str(broken.folder),
                 "--out", str(out), "--lang", "en"]) == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "these records are invented" in said
    assert "Cannot be estimated, registration_hours: the log has no stamps" in said
    entries = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert {entry["evidence"] for entry in entries.values()} == {"measured"}
    broken.write("parameters.yaml", out.read_text(encoding="utf-8"))
    book = read_everything(broken.folder).book
    measured = book["attention_hours"]
    assert measured.sources == ("synthetic-records",)
    assert measured.value == pytest.approx(entries["attention_hours"]["value"])
    for table in ("ties", "effects", "stages", "bulk"):
        assert (folder / f"parameters_{table}.csv").stat().st_size > 50


def test_measured_ties_have_the_columns_of_the_city(folder, broken):
    out = folder / "parameters.yaml"
    main(["estimate", "letters", str(folder / "letters.csv"), "--city", str(broken.folder),
          "--out", str(out)])  # fmt: skip
    written = (folder / "parameters_ties.csv").read_text(encoding="utf-8")
    assert written.splitlines()[0] == broken.lines("ties.csv")[0]
    broken.write("ties.csv", written)
    assert len(read_everything(broken.folder).city.ties) == written.count("\n") - 1


def test_records_in_the_folder_of_a_city_are_used_and_too_few_bills_say_so(
    folder, tmp_path_factory, monkeypatch
):
    study = open_study("contoh", draws=5, lang="en")
    place = tmp_path_factory.mktemp("city")
    shutil.copytree(study.folder, place, dirs_exist_ok=True)
    shutil.copytree(folder, place / "records")
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    rows = [f"{b.id},{m},electricity,10,5" for b in study.city.buildings[:3] for m in months]
    bills = "building,month,line,rupiah,kwh\n" + "\n".join(rows) + "\n"
    (place / "records" / "bills.csv").write_text(bills, encoding="utf-8")
    monkeypatch.setattr(OpenStudy, "folder", place)
    found = records_of(study)
    assert len(found.log) > 1000
    assert found.places.periods == 2
    assert isinstance(found.electricity, str)
    assert "buildings have bills for half a year or more" in found.electricity


def test_a_panel_has_a_command_too(tmp_path, capsys):
    panel = synthetic_panel(World("A2", "jump"), seed=1).panel
    panel.frame().to_csv(tmp_path / "panel.csv", index=False)
    mapping = "panel: {units: other, outcome: minutes, synthetic: true}\n"
    (tmp_path / "columns.yaml").write_text(mapping, encoding="utf-8")
    out = tmp_path / "effect.csv"
    record = str(tmp_path / "panel.csv")
    command = ["estimate", "panel", record, "--city", "contoh", "--out", str(out), "--lang", "en"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "these records are invented" in said
    assert "from 6 units in 6 buildings" in said
    for table in ("movers", "power", "path", "robustness", "drift"):
        assert (tmp_path / f"effect_{table}.csv").stat().st_size > 50
    assert out.read_text(encoding="utf-8").startswith("term,estimate,std_error,df")


def test_bills_and_survey_have_commands_too(tmp_path, capsys):
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    buildings = [b.id for b in read_everything("contoh").city.buildings][:4]
    rows = [
        f"{b},{m},electricity,1000,{100 * n}" for n, b in enumerate(buildings, 1) for m in months
    ]
    bills = tmp_path / "bills.csv"
    bills.write_text("building,month,line,rupiah,kwh\n" + "\n".join(rows), encoding="utf-8")
    out = tmp_path / "p.yaml"
    assert main(["estimate", "bills", str(bills), "--city", "contoh", "--out", str(out)]) == 0
    assert list(yaml.safe_load(out.read_text(encoding="utf-8"))) == ["electricity_intensity"]
    survey = tmp_path / "survey.csv"
    answers = np.random.default_rng(0).integers(2, 5, (40, 9))
    head = ",".join(f"U{n}" for n in range(1, 10))
    body = "\n".join(",".join(map(str, row)) for row in answers)
    survey.write_text(f"{head}\n{body}\n", encoding="utf-8")
    assert main(["estimate", "survey", str(survey), "--out", str(tmp_path / "s.csv")]) == 0
    assert (tmp_path / "s.csv").read_text(encoding="utf-8").count("\n") == 11
    assert "40 baris dibaca." in capsys.readouterr().out


def test_a_wrong_ending_is_refused_before_reading(tmp_path, capsys):
    record = str(tmp_path / "none.csv")
    assert main(["estimate", "survey", record, "--out", "index.yaml"]) == 2
    assert capsys.readouterr().err == "--out index.yaml: the name should end in .csv.\n"


def test_a_missing_file_is_a_fault_of_the_data(tmp_path, capsys):
    arguments = ["letters", str(tmp_path / "none.csv"), "--city", "contoh", "--out", "p.yaml"]
    assert main(["estimate", *arguments]) == 3
    assert "none.csv: the file is missing" in capsys.readouterr().err

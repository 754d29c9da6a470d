"""The tables hold the result's numbers and are written the same way every time."""

import io

import numpy as np
import pandas as pd
import pytest

from opdanalysis import tables
from opdanalysis.text.words import LANGUAGES, Words

TABLES = {
    "summary": lambda w, words: tables.summary_table(w.result, words, w.scenarios),
    "lines": lambda w, words: tables.cost_by_line_table(w.result, words),
    "buildings": lambda w, words: tables.building_cost_table(w.buildings, w.city, words),
    "kinds": lambda w, words: tables.saving_kinds_table(w.result, words),
    "plans": lambda w, words: tables.plans_table(w.result.plans, words, w.sources),
    "moves": lambda w, words: tables.moves_table_words(w.city, w.result.plans, words),
    "vacated": lambda w, words: tables.vacated_table(w.city, w.result.plans, words),
    "evidence": lambda w, words: tables.evidence_table(w.book, words),
    "first": lambda w, words: tables.measure_first_table(w.ranking, w.city, words),
    "sources": lambda w, words: tables.sources_table(w.sources, words),
    "space": lambda w, words: tables.space_table(w.fit.space, w.city, w.moving, words),
    "parking": lambda w, words: tables.parking_table(
        w.fit.parking, w.fit.space, w.city, w.moving, words
    ),
    "busiest": lambda w, words: tables.busiest_hour_table(
        w.fit.parking, w.fit.space, w.city, w.moving, words
    ),
    "readiness": lambda w, words: tables.readiness_table(
        w.fit.readiness, w.fit.space, w.city, w.moving, words
    ),
    "work": lambda w, words: tables.building_work_table(w.work, w.city, w.moving[0], words, 8),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_written_in_three_ways(world, name, lang):
    words = Words(lang)
    table = TABLES[name](world, words)
    assert len(table)
    assert table.columns.is_unique
    found = tables.written(table, words)
    assert found == tables.written(TABLES[name](world, words), words)
    again = pd.read_csv(io.StringIO(found["csv"]))
    assert list(again.columns) == list(table.columns)
    assert len(again) == len(table)
    assert r"\toprule" in found["tex"]
    assert found["md"].startswith("|")


def test_the_summary_holds_the_quantiles_of_the_result(invented):
    table = tables.summary_table(invented.result, Words("id"), invented.scenarios)
    row = table.set_index("Rencana").loc["Penggabungan di Jalan Mawar"]
    expected = np.median(invented.result.gain("net_cost", "merge-in-mawar")) / 1e9
    header = "Penghematan bersih (Rp miliar per tahun), Upah sesuai anggaran: median"
    assert row[header] == pytest.approx(expected)
    assert (row["Kantor yang pindah"], row["Gedung yang dikosongkan"]) == (5, 1)
    assert (row["Tanggal"], row["Status"]) == ("1 November 2025", "diumumkan")


def test_the_lines_of_a_plan_and_its_total_stand_in_the_table(invented):
    table = tables.cost_by_line_table(invented.result, Words("en"))
    total = table[table["Cost line"] == "Total"].set_index("Plan")
    expected = np.quantile(invented.result.level("operating_cost", "today"), 0.95) / 1e9
    assert total.loc["Today", "Cost (Rp billion per year): 95%"] == pytest.approx(expected)


def test_a_vacated_building_shows_its_fate_under_each_plan(invented):
    table = tables.vacated_table(invented.city, invented.result.plans, Words("en"))
    row = table.set_index("Building").loc["Building at Jalan Melati 5"]
    assert row.to_dict() == {"Merge at Jalan Mawar": "sold", "New building at Jalan Seroja": "lent"}


def test_the_sources_of_a_plan_are_publishers_and_dates(real):
    table = tables.plans_table(real.result.plans, Words("id"), real.sources)
    plan = real.plans["2025-11-10-regrouping"]
    cited = table.set_index("Rencana").loc[plan.name["id"], "Sumber"].split("; ")
    first = real.sources[plan.sources[0]]
    assert cited[0].startswith(f"{first.publisher}, ")
    assert not set(cited) & set(real.sources)


def test_the_notes_of_sources_that_recur_are_translated(real):
    notes = {
        lang: tables.sources_table(real.sources, Words(lang)).set_index(key)[note]
        for lang, key, note in (("id", "Kunci", "Catatan"), ("en", "Key", "Note"))
    }
    assert notes["en"].to_dict() == {key: s.note for key, s in real.sources.items()}
    assert notes["id"]["code-9010848315"] == (
        "berkas di repositori kode publik (nomor indeks 9010848315); "
        "nama dan alamat repositori tidak tercatat"
    )


def test_numbers_are_written_as_in_the_language():
    table = pd.DataFrame({"Pos & biaya": ["Sewa"], "Rp juta": [1234.5], "n: 5%": [-0.25]})
    indonesian, english = (tables.written(table, Words(lang)) for lang in LANGUAGES)
    assert indonesian["csv"] == english["csv"] == "Pos & biaya,Rp juta,n: 5%\nSewa,1234.5,-0.25\n"
    assert "| Sewa          |     1.234 |  -0,250 |" in indonesian["md"]
    assert "| Sewa          |     1,234 |  -0.250 |" in english["md"]
    assert r"Pos \& biaya & Rp juta & 5\% \\" in indonesian["tex"]

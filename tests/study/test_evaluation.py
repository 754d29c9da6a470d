"""An evaluation finds the city's panel or invents one, says which, and survives few moves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import opdanalysis as opd
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel
from opdanalysis.methods.did_timing import NEVER
from opdanalysis.reading.records_panel import read_panel
from opdanalysis.study.evaluation import Evaluation, announced_against_done, evaluation_of
from opdanalysis.study.open_study import OpenStudy
from opdanalysis.tables.panel import drift_table, movers_table, power_table, robustness_words
from opdanalysis.text.words import Words


@pytest.fixture(scope="module")
def lesson() -> Evaluation:
    return evaluation_of(opd.open_study("contoh", draws=20, lang="id"))


def test_every_table_and_the_figure_of_an_invented_panel_say_so(lesson):
    from opdanalysis.figures.panel import plot_event_study

    for lang, mark in (("id", "DATA REKAAN"), ("en", "INVENTED RECORDS")):
        words = Words(lang)
        tables = [
            movers_table(lesson.movers, words, True),
            power_table(lesson.power, words, True),
            robustness_words(lesson.robustness, words, True),
            drift_table(lesson.drift, words, True),
        ]
        assert all(mark in table.columns[0] and len(table) > 1 for table in tables)
        assert mark in repr(lesson.say(words))
        assert mark not in movers_table(lesson.movers, words, False).columns[0]
    axes = plot_event_study(lesson.event_study, Words("id"))
    assert "data rekaan" in axes.get_label()


def test_power_does_not_look_at_what_comes_after_the_first_move(lesson):
    later = lesson.panel.outcome.copy()
    later[:, lesson.panel.moved.min() :] *= -7
    other = replace(lesson, panel=lesson.panel.with_outcome(later, "other"))
    assert other.power.equals(lesson.power)
    assert other.fit.params.iloc[0] != lesson.fit.params.iloc[0]


def test_every_announced_unit_and_every_mover_is_counted_once(lesson):
    counts = announced_against_done(lesson.panel)
    assert counts["announced"] == counts["as_said"] + counts["otherwise"] + counts["stayed"]
    movers = counts["as_said"] + counts["otherwise"] + counts["unannounced"]
    assert movers == (lesson.panel.moved < NEVER).sum()
    assert min(counts.values()) > 0


def test_sentences_give_numbers_or_reasons_in_both_languages(lesson):
    for scheme in ("A5", "A3s", "A4"):
        panel = synthetic_panel(World(scheme, "ramp"), 3).panel
        if scheme == "A4":  # all three to one building: no error can be had
            panel = replace(panel, moved_to=("east",) * 3 + panel.moved_to[3:])
        found = Evaluation(panel, Design(anticipation=1), 1, None)
        for words in (Words("id"), Words("en")):
            said = [
                found.say_power(words),
                found.say_pretrend(words),
                found.say_estimate(words),
                found.say_drift(words),
                found.say_announced(words),
                found.say_case(words),
            ]
            assert not any("nan" in repr(one).split() or "{" in repr(one) for one in said)
            assert len(robustness_words(found.robustness, words, True)) > 5
            drift_table(found.drift, words, True)
            power_table(found.power, words, True)


def test_the_panel_in_the_folder_of_records_is_used(tmp_path: Path, monkeypatch):
    pytest.importorskip("polars")
    study = opd.open_study("contoh", draws=20, lang="en")
    folder = tmp_path / "city"
    shutil.copytree(study.folder, folder)
    panel = synthetic_panel(World("A2", "jump"), 5).panel
    (folder / "records").mkdir(exist_ok=True)
    frame = panel.frame()
    frame["outcome"] = [f"{number:.9f}".replace(".", ",") for number in frame["outcome"]]
    record = folder / "records" / "panel.csv"
    frame.to_csv(record, index=False, sep=";")
    (folder / "records" / "columns.yaml").write_text("panel: {outcome: minutes, units: other}\n")
    read = read_panel(record, study.city)
    assert (read.name, read.synthetic) == ("minutes", False)
    assert np.allclose(read.outcome, panel.outcome, atol=1e-8)

    monkeypatch.setattr(OpenStudy, "folder", folder)
    found = evaluation_of(study)
    assert found.truth is None
    assert found.panel.synthetic
    assert found.panel.name == "minutes (INVENTED RECORDS)"
    assert found.fit.params.iloc[0] == pytest.approx(-1, abs=1)

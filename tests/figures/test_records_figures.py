"""Pictures and tables of records speak both languages and say when the records are invented."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from opdanalysis.evidence.bills import BuildingCosts
from opdanalysis.evidence.letter_counts import LetterCounts
from opdanalysis.evidence.satisfaction import SatisfactionIndex
from opdanalysis.figures import records, style
from opdanalysis.study.open_study import open_study
from opdanalysis.study.records import Records, records_of
from opdanalysis.tables.records import (
    beliefs_from_records_table,
    satisfaction_change_table,
    stage_times_table,
)
from opdanalysis.text.words import LANGUAGES, Words


@pytest.fixture(scope="module")
def found() -> Records:
    return records_of(open_study("contoh", draws=5))


PLOTS = {
    "open": lambda r, words, ax: records.plot_open_letters(r.times, words, ax),
    "effects": lambda r, words, ax: records.plot_letter_effects(
        r.effects, len(r.log), words, r.letter_truth, ax
    ),
    "bills": lambda r, words, ax: records.plot_bills(r.electricity, words, r.shared_building, ax),
    "survey": lambda r, words, ax: records.plot_satisfaction(r.satisfaction, words, ax),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_picture_of_invented_records_says_so_in_its_title_and_note(found, name, lang):
    words, given = Words(lang), style.new_axes(13)
    ax = PLOTS[name](found, words, given)
    assert ax is given
    assert ax.get_label().startswith(words("figure.records.invented"))
    shown = " ".join(" ".join(text.get_text().split()) for text in ax.texts)
    assert words("figure.records.note_invented") in shown


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_is_cut_off_at_the_edge(found, name):
    ax = PLOTS[name](found, Words("id"), None)
    ax.figure.draw_without_rendering()
    page, drawn = ax.figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.x1 <= page.x1 + 1
    assert drawn.y0 >= page.y0 - 1


def test_what_cannot_be_estimated_stands_as_a_row_without_a_number(found):
    fits = {"time_pairs": "nobody moved", "duty_ratio_same_building": LetterCounts(
        found.log, found.places).fit()}  # fmt: skip
    table = records.letter_effects_table(fits)
    assert table["ratio"].isna().tolist() == [True, False]
    assert records.plot_letter_effects(fits, 5, Words("en"))


def test_a_ratio_known_to_within_a_factor_of_a_hundred_is_not_shown_as_one(found):
    import numpy as np

    fit = LetterCounts(found.log, found.places).fit()
    vague = replace(fit, covariance=fit.covariance * 1e6, df=fit.df * 0 + 1.0)
    low, _, high = vague.ratio("together")
    assert not high < 100 * low
    ax = records.plot_letter_effects({"time_pairs": vague}, 5, Words("en"))
    assert Words("en")("figure.records.effects.none") in {text.get_text() for text in ax.texts}
    assert np.isfinite(ax.get_xlim()).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bills_that_say_nothing_say_why(lang):
    words = Words(lang)
    ax = records.plot_bills("3 buildings are too few.", words)
    assert any("3 buildings are too few." in text.get_text() for text in ax.texts)
    assert records.bills_table("3 buildings are too few.").empty


def test_the_curve_falls(found):
    table = records.open_letters_table(found.times)
    for _, curve in table.groupby("where"):
        assert curve["open"].is_monotonic_decreasing
        assert (curve["low"] <= curve["open"] + 1e-12).all()
        assert (curve["open"] <= curve["high"] + 1e-12).all()


def test_other_drivers_than_area_and_staff_are_refused(found):
    fit = BuildingCosts(found.bills, "electricity", "kwh", ("staff",), "ols").fit()
    with pytest.raises(Exception, match="expected floor_area_m2, staff"):
        records.plot_bills(fit, Words("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_have_a_row_for_each_number(found, lang):
    words = Words(lang)
    assert len(beliefs_from_records_table(found.beliefs, words)) == len(found.beliefs)
    assert len(satisfaction_change_table(found.change, words)) == 10
    assert len(stage_times_table(found.stages, words)) == len(found.stages)


def test_one_wave_has_no_change_to_show(found):
    alone = SatisfactionIndex(found.surveys["after"], 20, 0).fit()
    table = records.satisfaction_table({"all": alone})
    assert isinstance(table, pd.DataFrame)
    assert set(table["wave"]) == {"all"}

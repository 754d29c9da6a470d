"""Synthetic difference-in-differences of a panel: refusals, notes, and agreement with diff-diff."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel_crosscheck import crosscheck
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import DiD
from opdanalysis.evidence.panel_event_study import event_study
from opdanalysis.evidence.panel_robustness import proportional_effect, robustness_table
from opdanalysis.evidence.panel_synthetic_did import SyntheticDiD
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel


@pytest.fixture(scope="module")
def together():
    return synthetic_panel(World("A1", "jump"), seed=4)


def test_the_effect_and_its_placebo_error_are_found(together):
    fit = SyntheticDiD(together.panel, Design()).fit(99, seed=1)
    low, high = fit.conf_int().loc["effect"]
    assert low < -1 < high
    assert fit.bse["effect"] == pytest.approx(0.28, abs=0.12)
    row = fit.tidy().iloc[0]
    assert (row["n_treated"], row["n_placebos"]) == (6, 99)
    assert fit.table()["gap"].iloc[18:].mean() == pytest.approx(fit.params["effect"])
    assert fit.unit_weights().sum() == pytest.approx(1, abs=1e-4)
    assert fit.time_weights().sum() == pytest.approx(1, abs=1e-4)
    assert "the weights gain nothing on two-way fixed effects" in " ".join(
        str(fit.summary()).split()
    )


def test_moves_one_after_the_other_are_refused_unless_a_month_is_named():
    panel = synthetic_panel(World("A2", "jump"), seed=4).panel
    with pytest.raises(UsageError) as told:
        SyntheticDiD(panel, Design()).fit(9, 0)
    assert str(told.value) == (
        "units moved in 2025-01, 2025-07, 2026-01; synthetic difference-in-differences needs one "
        "month. Name one, and those who moved in other months are left out; or take the "
        "imputation, which is made for moves one after the other."
    )
    fit = SyntheticDiD(panel, Design(), "2025-07").fit(9, 0)
    assert fit.movers == ("unit-03", "unit-04")
    assert set(fit.donors) == set(panel.units[6:])
    with pytest.raises(UsageError, match=r"no unit moved in '2025-08'\. Did you mean '2025-0"):
        SyntheticDiD(panel, Design(), "2025-08").fit(9, 0)


def test_movers_that_share_a_building_have_a_rank_and_no_error(together):
    panel = replace(together.panel, moved_to=("hall",) * 6 + together.panel.moved_to[6:])
    fit = SyntheticDiD(panel, Design()).fit(19, 0)
    assert np.isnan(fit.bse["effect"])
    assert 0 < fit.pvalues["effect"] <= 1
    assert "6 units share 1 building(s)" in fit.notes[0]


def test_months_of_packing_belong_to_neither_side(together):
    outcome = together.panel.outcome.copy()
    outcome[:6, 16:18] = 1e3
    panel = replace(together.panel, outcome=outcome)
    fit = SyntheticDiD(panel, Design(anticipation=2)).fit(0, 0)
    assert abs(fit.params["effect"]) < 5
    assert fit.n_before == 16
    assert np.isnan(fit.pvalues["effect"])


def test_the_robustness_table_has_a_row_per_month_of_a_move_or_says_why_not():
    panel = synthetic_panel(World("A2"), 1).panel
    staggered = robustness_table(panel, Design(), (), (), placebos=9, seed=0)
    rows = staggered[staggered["kind"] == "synthetic_did"]
    assert rows["check"].tolist() == ["2025-01", "2025-07", "2026-01"]
    assert rows["p_value"].between(0.1, 1).all()
    panel = synthetic_panel(World("B18"), 1).panel
    everyone = robustness_table(panel, Design(), (), (), placebos=9, seed=0)
    rows = everyone[everyone["kind"] == "synthetic_did"]
    assert rows["estimate"].isna().all()
    assert "1 units moved and 0 stayed" in rows["note"].iloc[0]


def test_a_share_lost_by_everyone_is_found_by_proportion_and_in_logs(together):
    """Movers lose 30% of very different levels: the proportional forecast is exact."""
    level = np.exp(np.linspace(0, 3, 35))[:, None] * (1 + np.arange(36) / 10)
    after = together.panel.moved[:, None] <= np.arange(36)
    panel = together.panel.with_outcome(np.where(after, 0.7 * level, level), "letters")
    assert proportional_effect(panel, Design()) == pytest.approx(-0.3 * level[after].mean())
    table = robustness_table(panel, Design()).set_index(["kind", "check"])["estimate"]
    assert table["outcome", "log"] == pytest.approx(np.log(0.7))
    assert table["estimator", "proportional"] == pytest.approx(-0.3 * level[after].mean())
    assert table["main", "imputation"] != pytest.approx(-0.3 * level[after].mean(), rel=0.01)


def test_every_result_draws_itself(together):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = DiD(together.panel, Design()).fit()
    assert fit.plot().get_ylabel() == "outcome (synthetic data)"
    assert len(fit.by_event()) == 36
    study = event_study(fit, 3, 3, draws=20, seed=0)
    assert len(study.plot().collections) == 2
    lines = SyntheticDiD(together.panel, Design()).fit(0, 0).plot().lines
    assert [line.get_label() for line in lines[:2]] == ["outcome", "control"]


@pytest.mark.parametrize(("scheme", "packing"), [("A1", 0), ("A1", 1), ("A5", 1)])
def test_the_crosscheck_agrees_with_diff_diff(scheme, packing):
    """diff-diff 3.13 (MIT). Its weights of units and months are found by fewer steps than ours."""
    pytest.importorskip("diff_diff")
    table = crosscheck(
        synthetic_panel(World(scheme, "ramp"), 1).panel, Design(anticipation=packing)
    ).set_index("estimator")
    exact = table.drop("synthetic_did")
    np.testing.assert_allclose(exact["own"], exact["diff_diff"], rtol=1e-8)
    row = table.loc["synthetic_did"]
    if scheme == "A1":
        assert row["own"] == pytest.approx(row["diff_diff"], rel=5e-3)
    else:
        assert row["note"].startswith("own: units moved in 2025-01, 2025-07, 2026-01")


def test_the_crosscheck_says_what_to_install_where_diff_diff_is_absent(together, monkeypatch):
    monkeypatch.setitem(sys.modules, "diff_diff", None)
    with pytest.raises(UsageError) as told:
        crosscheck(together.panel, Design())
    assert str(told.value) == (
        "the crosscheck needs diff-diff, which is not installed. Run: pip install "
        "'diff-diff>=3.13,<4'"
    )

"""What a fitted panel says: numbers, refusals, warnings, and how the case is expressed."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.evidence.panel_case import case_study, series_before_and_after
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import DiD, FewMovesWarning
from opdanalysis.evidence.panel_event_study import event_study
from opdanalysis.evidence.panel_power import minimum_detectable_effect
from opdanalysis.evidence.panel_pretrend import pretrend_test
from opdanalysis.evidence.panel_robustness import robustness_table
from opdanalysis.evidence.panel_sensitivity import drift_sensitivity
from opdanalysis.evidence.synthetic_panel import SCHEMES, World, draw_outcomes, synthetic_panel
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER

TRUTH = {name: World(name, "ramp", shared=0.3 if name == "A3s" else 0.0) for name in SCHEMES}


def fitted(panel, **design):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewMovesWarning)
        return DiD(panel, Design(**design)).fit()


@pytest.fixture(scope="module")
def pairs():
    return synthetic_panel(World("A2", "ramp"), seed=3)


@pytest.mark.parametrize("scheme", ["A1", "A2", "A5", "B18"])
def test_the_interval_covers_the_truth_as_often_as_it_says(scheme):
    """300 panels: coverage within four sampling errors below 95%; the interval may be cautious."""
    world = TRUTH[scheme]
    panel = synthetic_panel(world, 0).panel
    fit = fitted(panel)
    untreated, effect = draw_outcomes(world, 300, np.random.default_rng(1))
    cells = Estimator("imputation").identified(fit.timing)
    truth = effect[cells].mean()
    from scipy import stats

    estimates = fit.jackknife.estimates(untreated + effect)[:, 0]
    t = (estimates - truth) / fit.jackknife.errors(untreated + effect)[:, 0]
    covered = (np.abs(t) <= stats.t.ppf(0.975, fit.jackknife.df[0])).mean()
    assert covered > 0.95 - 4 * np.sqrt(0.05 * 0.95 / 300)
    assert abs(estimates.mean() - truth) < 4 * estimates.std() / np.sqrt(300)


def test_units_of_one_building_are_one_cluster():
    panel = synthetic_panel(TRUTH["A3s"], seed=2).panel
    with pytest.warns(FewMovesWarning, match="Only 3 buildings were moved to"):
        fit = DiD(panel, Design()).fit()
    assert (fit.n_treated, fit.n_treated_clusters, fit.n_clusters) == (12, 3, 26)
    assert fit.df["effect"] < 3
    with pytest.raises(UsageError, match="the moves could have fallen in no other way"):
        fit.randomisation(99, seed=0)


def test_one_building_has_no_standard_error():
    panel = synthetic_panel(TRUTH["A4"], seed=2).panel
    panel = replace(panel, moved_to=("hall",) * 3 + panel.moved_to[3:])
    with pytest.warns(FewMovesWarning, match="no standard error can be had"):
        fit = DiD(panel, Design()).fit()
    assert np.isfinite(fit.params["effect"])
    assert np.isnan(fit.bse["effect"])
    assert fit.conf_int().isna().all(axis=None)
    text = str(fit.summary())
    assert "3 units moved to one building" in text
    row = next(line for line in text.splitlines() if line.startswith("effect"))
    assert len(row.split()) == 2, "an error is printed"


def test_one_mover_alone_can_be_randomised_on_the_coefficient_only(pairs):
    keep = frozenset(pairs.panel.units[1:6])
    fit = fitted(pairs.panel, leave_out=keep)
    with pytest.raises(UsageError, match="there is no t to randomise"):
        fit.randomisation(99, seed=0)
    found = fit.randomisation(99, seed=0, statistic="coefficient")
    assert found.complete
    assert found.possible == 30
    assert 1 / 30 <= found.pvalue <= 1


def test_noisy_movers_are_called_out():
    panel = synthetic_panel(World("A2", noise=3.0), seed=1).panel
    fit = DiD(panel, Design()).fit()
    assert fit.noise_ratio > 2
    with pytest.warns(FewMovesWarning, match="randomising the coefficient is not right"):
        fit.randomisation(99, seed=0, statistic="coefficient")
    assert "do not randomise on the coefficient" in " ".join(str(fit.summary()).split())


def test_the_summary_says_that_data_are_synthetic(pairs):
    assert "outcome (synthetic data)" in str(fitted(pairs.panel).summary())


def test_tidy_and_conf_int_agree(pairs):
    fit = fitted(pairs.panel)
    row, limits = fit.tidy(0.1).iloc[0], fit.conf_int(0.1).loc["effect"]
    assert (row["lower"], row["upper"]) == (limits["lower"], limits["upper"])
    assert row["estimate"] == fit.params["effect"]
    assert limits["lower"] < row["estimate"] < limits["upper"]


@given(st.permutations(range(12)), st.floats(-3, 3).filter(lambda x: abs(x) > 0.01))
@settings(max_examples=15, deadline=None)
def test_order_of_units_and_unit_of_the_outcome_do_not_matter(order, scale):
    made = synthetic_panel(World("A2", "ramp"), seed=5).panel
    panel = replace(
        made,
        units=made.units[:12],
        outcome=made.outcome[:12],
        moved=made.moved[:12],
        moved_to=made.moved_to[:12],
        announced=made.announced[:12],
        announced_to=made.announced_to[:12],
        share_moved=made.share_moved[:12],
        crowded=made.crowded[:12],
        stratum=made.stratum[:12],
    )
    mixed = replace(
        panel,
        units=tuple(panel.units[i] for i in order),
        outcome=scale * panel.outcome[order],
        moved=panel.moved[order],
        moved_to=tuple(panel.moved_to[i] for i in order),
    )
    one, other = fitted(panel), fitted(mixed)
    assert other.params["effect"] == pytest.approx(scale * one.params["effect"])
    assert other.bse["effect"] == pytest.approx(abs(scale) * one.bse["effect"])


def test_the_effect_of_announcement_is_that_of_moving_diluted():
    """Six announced, of whom three move: announcing does half of what moving does."""
    made = synthetic_panel(World("A1", "jump"), seed=4)
    panel = replace(made.panel, outcome=made.effect.copy())
    panel.outcome[3:6] = 0.0
    moved = panel.moved.copy()
    moved[3:6] = NEVER
    panel = replace(panel, moved=moved, moved_to=panel.moved_to[:3] + ("",) * 32)
    assert fitted(panel).params["effect"] == pytest.approx(-1)
    assert fitted(panel, moves="announced").params["effect"] == pytest.approx(-0.5)


def test_a_counter_in_another_building_is_left_apart_or_counted():
    """Unit 1 sent only a counter, and nothing changed for it; the others changed by -1."""
    made = synthetic_panel(World("A1", "jump"), seed=4)
    outcome = made.effect.copy()
    outcome[0] = 0.0
    share = np.ones(35)
    share[0] = 0.1
    panel = replace(made.panel, outcome=outcome, share_moved=share)
    found = {partial: fitted(panel, partial=partial) for partial in ("apart", "moved", "still")}
    assert found["apart"].params["effect"] == pytest.approx(-1)
    assert found["moved"].params["effect"] == pytest.approx(-5 / 6)
    assert found["still"].params["effect"] == pytest.approx(-1)
    assert [fit.n_treated for fit in found.values()] == [5, 6, 5]
    assert found["apart"].nobs == found["still"].nobs - 18


def test_a_crowded_host_spoils_the_comparison_unless_it_is_left_apart():
    """The host gets worse by 2 from the first move on; as a control it makes movers look better."""
    world = World("A1", "jump", spillover=2.0)
    made = synthetic_panel(world, seed=4)
    calm = np.zeros((35, 36))
    calm[6, 18:] = 2.0
    panel = replace(made.panel, outcome=made.effect + calm)
    assert fitted(panel).params["effect"] == pytest.approx(-1)
    assert fitted(panel, hosts="controls").params["effect"] == pytest.approx(-1 - 2 / 29)
    hosts = fitted(panel, effect_on="hosts")
    assert hosts.params["effect"] == pytest.approx(2)
    assert hosts.n_treated == 1


def test_packing_before_the_move_is_part_of_neither_side():
    made = synthetic_panel(World("A1", "jump", anticipated=2), seed=4)
    panel = replace(made.panel, outcome=made.effect)
    assert fitted(panel, anticipation=2).params["effect"] == pytest.approx(-1)
    assert fitted(panel).params["effect"] > -1


def test_a_panel_without_a_comparison_is_refused_in_words():
    panel = synthetic_panel(TRUTH["B18"], seed=1).panel
    with pytest.raises(UsageError, match="no unit-month after a move has a comparison"):
        DiD(panel, Design(Estimator("callaway_santanna", "never"))).fit()
    late = replace(panel, moved=panel.moved + 100)
    with pytest.raises(UsageError, match="no unit has an outcome after its move"):
        DiD(late, Design()).fit()
    with pytest.raises(UsageError) as caught:
        DiD(panel, Design(leave_out=frozenset({"unit-1"}))).fit()
    assert str(caught.value) == "there is no unit 'unit-1'. Did you mean 'unit-18'?"


def test_unknown_choices_are_refused():
    with pytest.raises(UsageError) as caught:
        Design(hosts="control")
    assert str(caught.value) == "hosts is 'control'. Did you mean 'controls'?"


def test_the_table_of_the_design_counts_units_buildings_and_comparisons():
    table = Design().table(synthetic_panel(TRUTH["A3s"], seed=1).panel)
    assert table["moved"].tolist() == ["2025-01", "2025-07", "2026-01", "not"]
    assert table["units"].tolist() == [5, 3, 4, 23]
    assert table["clusters"].tolist() == [1, 1, 1, 23]
    assert table["periods_before"].tolist() == [12, 18, 24, 36]


def test_raw_paths_are_means_of_those_who_moved_together(pairs):
    paths = Design().paths(pairs.panel)
    np.testing.assert_allclose(paths["2025-07"], pairs.panel.outcome[2:4].mean(axis=0))
    np.testing.assert_allclose(paths["not"], pairs.panel.outcome[6:].mean(axis=0))


def test_a_month_with_one_building_gets_no_error():
    found = fitted(synthetic_panel(TRUTH["A3s"], seed=1).panel).by_cohort()
    assert found["estimate"].notna().all()
    assert found["std_error"].isna().all()


def test_leaving_a_unit_out_is_what_contributions_say(pairs):
    fit = fitted(pairs.panel)
    first = fit.contributions().iloc[0]
    without = fitted(pairs.panel, leave_out=frozenset({first["units"]}))
    assert first["without"] == pytest.approx(without.params["effect"])


def test_an_event_study_shows_the_path_and_a_band_around_it(pairs):
    study = event_study(fitted(pairs.panel), leads=6, lags=12, draws=500, seed=0)
    table = study.tidy().set_index("event")
    assert table.index.tolist() == list(range(-6, 13))
    assert study.factor > 1
    assert (table["band_lower"] < table["lower"]).all()
    assert table.at[0, "n_units"] == table.at[0, "n_clusters"] == 6
    assert table.at[12, "n_units"] == 4
    assert study.base == "before -6 for leads, all periods before 0 for lags"
    again = event_study(fitted(pairs.panel), leads=6, lags=12, draws=500, seed=0)
    assert again.factor == study.factor


def test_the_base_period_is_zero_without_an_interval(pairs):
    fit = fitted(pairs.panel, estimator=Estimator("callaway_santanna", "not_yet"))
    table = event_study(fit, leads=3, lags=3, draws=200, seed=0).table.set_index("event")
    assert table.loc[-1, ["estimate", "lower", "upper"]].tolist() == [0, 0, 0]
    assert np.isnan(table.at[-1, "p_value"])


def test_a_drift_before_the_move_is_detected_where_many_moved():
    made = synthetic_panel(World("A5", slope=0.3), seed=1).panel
    found = pretrend_test(fitted(made), leads=6, draws=199, seed=0)
    assert found.slope == pytest.approx(0.3, abs=0.15)
    assert found.p_slope == pytest.approx(1 / 200)
    assert found.p_joint <= 0.05
    assert 0 < found.detectable < 0.3


def test_leads_can_be_tested_where_no_slope_can():
    made = synthetic_panel(TRUTH["B18"], seed=1).panel
    found = pretrend_test(fitted(made), leads=3, draws=49, seed=0)
    assert np.isnan(found.slope)
    assert 0.02 <= found.p_joint <= 1


def test_drift_sensitivity_widens_and_breaks_down():
    made = synthetic_panel(World("C40", "jump"), seed=1).panel
    panel = replace(made, outcome=made.outcome * 0.2 - made.outcome.mean() * 0.2)
    panel = replace(panel, outcome=panel.outcome - 3.0 * (np.arange(36) >= panel.moved[:, None]))
    found = drift_sensitivity(fitted(panel), [0.0, 0.02, 0.2], leads=5, lags=3)
    widths = (found.table["upper"] - found.table["lower"]).tolist()
    assert widths == sorted(widths)
    assert found.breakdown > 0.02
    assert found.errors.rho == pytest.approx(0.6, abs=0.15)


def test_the_detectable_effect_does_not_look_at_what_came_after(pairs):
    before = minimum_detectable_effect(pairs.panel, Design(), 0.8, 0.95, [0.0, 0.3])
    changed = pairs.panel.outcome.copy()
    changed[:, 12:] = 1e6
    after = minimum_detectable_effect(
        replace(pairs.panel, outcome=changed), Design(), 0.8, 0.95, [0.0, 0.3]
    )
    assert before.equals(after)
    assert before.at[0, "by_t"] == before.at[1, "by_t"], "movers share no building"
    assert 0.7 < before.at[0, "by_t"] < 1.6


def test_a_shared_building_raises_the_detectable_effect_and_leaves_nothing_to_randomise():
    panel = synthetic_panel(TRUTH["A3s"], seed=1).panel
    found = minimum_detectable_effect(panel, Design(), 0.8, 0.95, [0.0, 0.3])
    assert found["by_t"].is_monotonic_increasing
    assert found["by_randomisation"].isna().all()
    with pytest.raises(UsageError, match=r"shared is 1\.5"):
        minimum_detectable_effect(panel, Design(), 0.8, 0.95, [1.5])


def test_the_robustness_table_has_a_row_for_every_choice():
    made = synthetic_panel(World("A2", "ramp", spillover=0.5), seed=3).panel
    share = made.share_moved.copy()
    share[0] = 0.2
    announced = made.announced.copy()
    announced[1] = NEVER
    panel = replace(made, share_moved=share, announced=announced)
    other = panel.with_outcome(panel.outcome * 2, "twice")
    table = robustness_table(panel, Design(), other_outcomes={"twice": other})
    assert list(dict.fromkeys(table["kind"])) == [
        "main", "estimator", "anticipation", "hosts", "partial", "moves", "without",
        "placebo_date", "outcome", "synthetic_did",
    ]  # fmt: skip
    rows = table.set_index(["kind", "check"])["estimate"]
    assert rows["outcome", "twice"] == pytest.approx(2 * rows["main", "imputation"])
    assert (table["kind"] == "without").sum() == 5
    assert table["note"].notna().all()


def test_a_placebo_date_sees_nothing_of_the_true_effect():
    made = synthetic_panel(World("A1", "jump"), seed=4)
    earlier = replace(made.panel, outcome=made.effect).earlier_moves(6)
    fit = fitted(earlier)
    assert fit.params["effect"] == pytest.approx(0)
    assert np.isnan(earlier.outcome[0, 18:]).all()
    assert earlier.moved[0] == 12


def test_one_building_as_a_case_has_a_rank_and_no_error():
    made = synthetic_panel(World("A1", "jump"), seed=6)
    outcome = made.panel.outcome - 8.0 * (made.effect < 0)
    found = case_study(replace(made.panel, outcome=outcome), Design(), "place-0")
    assert found.ranks.rank == 1
    assert found.ranks.n_units == 30
    assert found.weights().sum() == pytest.approx(1, abs=1e-5)
    assert set(found.weights().index) <= set(made.panel.units[6:])
    series = series_before_and_after(replace(made.panel, outcome=outcome), Design(), "place-0", 0)
    assert series.params["level"] < -5
    with pytest.raises(UsageError, match="no unit moved to 'place-9'"):
        case_study(made.panel, Design(), "place-9")


def test_the_truth_of_an_invented_panel_is_its_effect(pairs):
    assert pairs.att() == pytest.approx(pairs.effect[pairs.effect < 0].mean())
    assert pairs.by_event()[0] == pytest.approx(-1 / 12)
    assert pairs.by_cohort().index.tolist() == ["2025-01", "2025-07", "2026-01"]
    assert pairs.panel.synthetic
    noiseless = replace(pairs.panel, outcome=pairs.effect)
    assert fitted(noiseless).params["effect"] == pytest.approx(pairs.att())

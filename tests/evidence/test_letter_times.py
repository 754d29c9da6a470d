"""Response-time models against statsmodels, a maximum found by hand, and the invented truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from opdanalysis.errors import UsageError
from opdanalysis.evidence.letter_cells import letter_cells
from opdanalysis.evidence.letter_counts import LetterCounts
from opdanalysis.evidence.letter_times import LogNormalTimes, cox, kaplan_meier
from opdanalysis.evidence.letters import MISSING, Places
from opdanalysis.evidence.pair_effects import PairDesign
from opdanalysis.evidence.response_times import NEVER, response_times
from opdanalysis.evidence.synthetic_letters import LESSON, synthetic_letters


def plain(times):
    """The same times, all taken for known to the minute."""
    low = np.maximum(times.low, 1)
    return replace(times, low=low, high=low, bulk=np.zeros(len(low), dtype=bool))


def test_kaplan_meier_is_that_of_statsmodels(times):
    """Greenwood's error, as statsmodels has it without weights."""
    from statsmodels.duration.survfunc import SurvfuncRight

    some = plain(times)
    some = replace(some, high=np.where(np.arange(len(some)) % 7 == 0, NEVER, some.low))
    mine = kaplan_meier(some)
    theirs = SurvfuncRight(some.low / 60, (~some.is_open).astype(int))
    assert np.allclose(mine["open"], theirs.surv_prob)
    middle = len(mine) // 2
    share, error = theirs.surv_prob[middle], theirs.surv_prob_se[middle]
    factor = np.exp(1.96 * error / (share * abs(np.log(share))))
    assert mine["low"].iloc[middle] == pytest.approx(share**factor)


def dummies(sender, receiver, period, effects):
    """Columns for every effect, with some to spare: least squares takes a pseudo-inverse."""
    n = int(max(sender.max(), receiver.max())) + 1
    each = np.eye(n)
    if effects == "agencies":
        return np.hstack([each[sender], each[receiver], np.eye(2)[period]])
    later = period[:, None] * np.hstack([each[sender], each[receiver]])
    return np.hstack([np.eye(n * n)[sender.astype(int) * n + receiver], later])


@pytest.mark.parametrize("effects", ["pairs", "agencies"])
def test_known_times_give_least_squares_with_dummies(times, effects):
    some = plain(times)
    log = some.log
    design = dummies(log.sender, log.receiver, some.period, effects)
    columns = np.column_stack([some.together, log.layer == 1, design]).astype(float)
    theirs = sm.OLS(np.log(some.low / 60), columns).fit()
    mine = LogNormalTimes(some, effects).fit()
    assert mine.params["together"] == pytest.approx(theirs.params[0], abs=1e-6)
    assert mine.params["oversight"] == pytest.approx(theirs.params[1], abs=1e-6)
    assert mine.log_sd == pytest.approx(np.sqrt(theirs.scale), rel=0.01)


def test_limits_give_the_maximum_of_the_likelihood(calendar):
    """Two agencies, exact, open and bulk-stamped letters: the maximum found by scipy."""
    rng = np.random.default_rng(8)
    places = Places(np.empty(0, dtype=np.int32), np.array([[0, 1]]))
    truth = replace(LESSON, letters_per_year=400.0, hours=30.0, bulk_share=0.0)
    log = synthetic_letters(["a", "b"], ("letters",), places, calendar, truth, 8)
    times = response_times(log, calendar, places)
    low, high = times.low.copy(), times.high.copy()
    kind = rng.integers(0, 3, len(low))
    low, high = np.maximum(low, 2), np.maximum(high, 2)
    high[kind == 1] = NEVER
    low[kind == 2] = low[kind == 2] // 2
    times = replace(times, low=low, high=high, places=places, together=log.sender == 0)

    def loss(theta):
        middle, sd = theta[log.sender], np.exp(theta[2])
        a = (np.log(low / 60) - middle) / sd
        b = (np.log(np.where(high == NEVER, 1, high) / 60) - middle) / sd
        exact = stats.norm.logpdf(a) - np.log(sd)
        still = stats.norm.logsf(a)
        between = np.log(np.maximum(stats.norm.cdf(b) - stats.norm.cdf(a), 1e-300))
        chosen = np.where(high == NEVER, still, np.where(low == high, exact, between))
        return -chosen.sum()

    best = optimize.minimize(loss, np.array([1.0, 1.0, 0.0]), method="BFGS")
    cells = letter_cells(times)
    columns = (cells.place[0] == 0).astype(float)[:, None]
    design = PairDesign(
        ("first",), columns, cells.place[0] * 0, cells.place[1] * 0, cells.place[2], 1, False
    )
    from opdanalysis.evidence.letter_cells import maximise

    params, _, sd = maximise(cells, design.weighted(cells.letters))
    assert params[0] == pytest.approx(best.x[0] - best.x[1], abs=1e-3)
    assert sd == pytest.approx(np.exp(best.x[2]), rel=1e-3)


def test_clustered_errors_are_those_of_the_formula():
    """Bell and McCaffrey (2002): residuals times (1 - H)^(-1/2) by cluster, all by hand."""
    rng = np.random.default_rng(2)
    n, cells = 6, 90
    sender = rng.integers(0, n, cells)
    receiver = (sender + rng.integers(1, n, cells)) % n
    period = rng.integers(0, 2, cells)
    x, y, w = rng.normal(size=cells), rng.normal(size=cells), rng.uniform(0.5, 3, cells)
    design = PairDesign(("x",), x[:, None], sender, receiver, period, n, False)
    solved = design.weighted(w)
    params, fitted = solved.solve(y)
    covariance, df = solved.clustered(y - fitted)

    dummies = [np.eye(n)[sender], np.eye(n)[receiver], np.eye(2)[period]]
    full = np.hstack([x[:, None], *dummies]) * np.sqrt(w)[:, None]
    inverse = np.linalg.pinv(full.T @ full)
    beta = inverse @ full.T @ (np.sqrt(w) * y)
    residual = np.sqrt(w) * y - full @ beta
    meat = 0.0
    low, high = np.minimum(sender, receiver), np.maximum(sender, receiver)
    for pair in np.unique(low * n + high):
        own = low * n + high == pair
        block = full[own]
        values, vectors = np.linalg.eigh(np.eye(own.sum()) - block @ inverse @ block.T)
        root = vectors @ np.diag(values**-0.5) @ vectors.T
        meat += (inverse @ block.T @ root @ residual[own])[0] ** 2
    assert params[0] == pytest.approx(beta[0])
    assert covariance[0, 0] == pytest.approx(meat, rel=1e-6)
    assert 2 < df[0] < len(np.unique(low * n + high))


def test_counts_are_those_of_a_poisson_regression_with_dummies(log, places):
    fit = LetterCounts(log, places, "pairs").fit()
    n = len(log.agencies)
    key = (log.sender.astype(int) * n + log.receiver) * 2 + places.period(log.sent)
    frame = pd.DataFrame({"count": np.bincount(key, minlength=n * n * 2)})
    frame["s"], frame["r"] = frame.index // 2 // n, frame.index // 2 % n
    frame["p"] = frame.index % 2
    wrote = frame.groupby(["s", "r"])["count"].transform("sum") > 0  # the others say nothing
    frame = frame[wrote]
    together = places.together(frame["p"], frame["s"], frame["r"]) * 1.0
    design = dummies(*(frame[name].to_numpy() for name in "srp"), "pairs")
    columns = np.column_stack([together, design])
    columns = columns[:, columns.any(axis=0)]
    found = sm.GLM(frame["count"], columns, sm.families.Poisson()).fit(tol=1e-11, maxiter=40)
    assert fit.params["together"] == pytest.approx(found.params.iloc[0], abs=1e-5)


@pytest.mark.parametrize("effects", ["pairs", "agencies"])
def test_the_invented_truth_is_found_again(calendar, places, effects):
    """Coverage over 1,000 worlds stands in benchmarks/records_recovery.py; here one large world."""
    truth = replace(LESSON, letters_per_year=150.0, pair_sd=0.1, wobble_sd=0.02, mover_ratio=1.0)
    names = [f"opd-{number}" for number in range(12)]
    log = synthetic_letters(names, ("field",), places, calendar, truth, 1)
    fit = LogNormalTimes(response_times(log, calendar, places), effects).fit()
    miss = fit.params["together"] - np.log(truth.time_ratio)
    assert abs(miss) < 3 * fit.bse["together"]
    assert fit.log_sd == pytest.approx(truth.log_sd, rel=0.03)
    assert fit.bse["together"] < 0.12


def test_nothing_to_tell_being_together_apart_is_said(times):
    still = Places(np.empty(0, dtype=np.int32), times.places.building[:1])
    alone = replace(times, places=still, period=np.zeros(len(times), dtype=int))
    with pytest.raises(UsageError, match=r"the effects of pairs .* leave nothing of 'together'"):
        LogNormalTimes(alone, "pairs").fit()


def test_pairs_that_nothing_holds_in_place_are_left_out(log, calendar, places):
    lonely = (log.sender == 2) & (log.receiver == 7)
    answered = np.where(lonely, MISSING, log.answered)
    times = response_times(replace(log, answered=answered), calendar, places)
    fit = LogNormalTimes(times, "pairs").fit()
    assert any("left out" in note for note in fit.notes)
    assert np.isfinite(fit.bse["together"])


def test_cox_sees_quicker_answers_where_times_are_shorter(times):
    fit = cox(times, 500, 1)
    assert fit.params.shape == (2,)
    assert np.isfinite(fit.bse).all()
    again = cox(times, 500, 1)
    assert (fit.params == again.params).all()


def test_the_result_speaks_like_statsmodels(times):
    fit = LogNormalTimes(times, "pairs").fit()
    tidy = fit.tidy().set_index("term")
    limits = fit.conf_int()
    assert tidy.loc["together", "low"] == limits.loc["together", "lower"]
    assert tidy.loc["together", "ratio"] == pytest.approx(np.exp(fit.params["together"]))
    low, middle, high = fit.ratio("together")
    assert limits.loc["together", "lower"] < np.log(low) < np.log(middle) < np.log(high)
    assert "Invented letters." in str(fit.summary())

"""Dyadic regression against refits, statsmodels, formulas worked by hand, and what must hold."""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.methods.dyadic_null import parts_of, permuted_tvalues
from opdanalysis.methods.dyadic_pairs import dyads_of
from opdanalysis.methods.dyadic_permutations import draw_permutations
from opdanalysis.methods.dyadic_regression import SkewnessWarning, mrqap, mrqap_formula

needs_numba = pytest.mark.skipif(
    importlib.util.find_spec("numba") is None, reason="numba is not installed"
)


def network(seed=0, n=14, k=3, directed=True, missing=0.0, gaps=True):
    """An outcome with effects of the agencies, and k predictors of which the first has one."""
    rng = np.random.default_rng(seed)
    predictors = {f"x{i}": rng.normal(size=(n, n)) for i in range(k)}
    y = rng.normal(size=(n, n)) + rng.normal(size=n) + rng.normal(size=(n, 1)) + predictors["x0"]
    if missing:
        y[rng.random((n, n)) < missing] = np.nan
        predictors["x0"][rng.random((n, n)) < gaps * missing / 2] = np.nan
    if not directed:
        y = y + y.T
        predictors = {name: x + x.T for name, x in predictors.items()}
    return y, predictors


def own_part(dyads, i):
    """The residual of predictor i on the others as a matrix, NaN where a predictor is missing."""
    others = np.delete(dyads.design, i + 1, axis=1)
    fit = sm.OLS(dyads.predictors[:, i], others).fit()
    matrix = np.full((dyads.n_agencies, dyads.n_agencies), np.nan)
    matrix[dyads.sender, dyads.receiver] = fit.resid
    waiting = np.delete(dyads.waiting_predictors, i, axis=1)
    expected = fit.predict(np.column_stack([np.ones(len(waiting)), waiting]))
    matrix[dyads.waiting_sender, dyads.waiting_receiver] = dyads.waiting_predictors[:, i] - expected
    return matrix if dyads.directed else np.fmax(matrix, matrix.T)


def refitted_tvalues(dyads, permutations):
    """Double semi-partialling as the paper words it: relabel the residual, fit again, take t.

    The residual is known wherever the predictors are, also where the outcome is missing.
    """
    t = np.full((len(permutations), len(dyads.names)), np.nan)
    for i in range(len(dyads.names)):
        others = np.delete(dyads.design, i + 1, axis=1)
        matrix = own_part(dyads, i)
        for r, p in enumerate(permutations):
            moved = matrix[np.ix_(p, p)][dyads.sender, dyads.receiver]
            both = ~np.isnan(moved)
            fit = sm.OLS(dyads.outcome[both], np.column_stack([others, moved])[both]).fit()
            t[r, i] = fit.tvalues[-1]
    return t


@pytest.mark.parametrize("kernel", ["numpy", pytest.param("numba", marks=needs_numba)])
@pytest.mark.parametrize("missing", [0.0, 0.15])
@pytest.mark.parametrize("directed", [True, False])
def test_permuted_t_values_equal_refits_also_with_missing_pairs(directed, missing, kernel):
    y, predictors = network(1, directed=directed, missing=missing)
    dyads = dyads_of(y, predictors, directed)
    assert (dyads.missing > 0) == (missing > 0)
    permutations = draw_permutations(14, 60, 2)
    ours = permuted_tvalues(dyads, parts_of(dyads), permutations, kernel)
    np.testing.assert_allclose(ours, refitted_tvalues(dyads, permutations), rtol=1e-9, atol=1e-11)


def test_a_gap_of_the_outcome_does_not_move():
    """Every relabelling is then fitted on as many pairs as the data, which the level needs."""
    y, predictors = network(5, missing=0.2, gaps=False)
    dyads = dyads_of(y, predictors)
    assert len(dyads.waiting_sender) == dyads.missing > 20
    permutations = draw_permutations(14, 40, 2)
    for i in range(3):
        matrix = own_part(dyads, i)
        assert np.isfinite(matrix[~np.eye(14, dtype=bool)]).all()
    ours = permuted_tvalues(dyads, parts_of(dyads), permutations)
    np.testing.assert_allclose(ours, refitted_tvalues(dyads, permutations), rtol=1e-9, atol=1e-11)


def test_one_predictor_with_missing_pairs_equals_refits():
    y, predictors = network(3, k=1, missing=0.1)
    dyads = dyads_of(y, predictors)
    permutations = draw_permutations(14, 40, 2)
    ours = permuted_tvalues(dyads, parts_of(dyads), permutations)
    np.testing.assert_allclose(ours, refitted_tvalues(dyads, permutations), rtol=1e-9, atol=1e-11)


@needs_numba
@pytest.mark.parametrize("k", [1, 3, 4, 5, 9])
@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_both_kernels_give_the_same_t(k, missing):
    y, predictors = network(4, n=31, k=k, missing=missing)
    one, other = (mrqap(y, predictors, 300, kernel=kernel) for kernel in ("numba", "numpy"))
    assert np.abs(one.null - other.null).max().max() < 1e-12
    pd.testing.assert_series_equal(one.pvalues, other.pvalues, check_exact=True)


@pytest.mark.parametrize("directed", [True, False])
def test_coefficients_and_least_squares_errors_equal_statsmodels(directed):
    y, predictors = network(5, directed=directed, missing=0.1)
    result = mrqap(y, predictors, 10, directed=directed)
    off = ~np.eye(14, dtype=bool) if directed else np.tri(14, k=-1, dtype=bool)
    table = np.column_stack([y[off], *[x[off] for x in predictors.values()]])
    table = table[~np.isnan(table).any(axis=1)]
    fit = sm.OLS(table[:, 0], sm.add_constant(table[:, 1:])).fit()
    np.testing.assert_allclose(result.params, fit.params, rtol=1e-11)
    np.testing.assert_allclose(result.ols_bse, fit.bse, rtol=1e-11)
    np.testing.assert_allclose(result.tvalues, fit.tvalues, rtol=1e-10)
    assert result.rsquared == pytest.approx(fit.rsquared, rel=1e-11)
    assert result.df_resid == fit.df_resid
    assert result.skewness == pytest.approx(stats.skew(fit.resid), rel=1e-9)


def test_confounding_is_r_squared_of_a_predictor_on_the_others():
    y, predictors = network(6)
    predictors["x1"] = predictors["x1"] + 2 * predictors["x2"]
    result = mrqap(y, predictors, 10)
    table = result.dyads.predictors
    fit = sm.OLS(table[:, 1], sm.add_constant(table[:, [0, 2]])).fit()
    assert result.checks.loc["x1", "confounding"] == pytest.approx(fit.rsquared, rel=1e-11)


def test_p_counts_the_data_among_the_permutations():
    y, predictors = network(7)
    result = mrqap(y, predictors, 99)
    for name in predictors:
        b = (np.abs(result.null[name]) >= abs(result.tvalues[name])).sum()
        p = (1 + b) / 100
        assert result.pvalues[name] == pytest.approx(p)
        assert result.pvalues_se[name] == pytest.approx(np.sqrt(p * (1 - p) / 99))
    assert np.isnan(result.pvalues["Intercept"])
    unmoved = mrqap(y, predictors, np.arange(14)[None])
    np.testing.assert_allclose(unmoved.null.iloc[0], unmoved.tvalues.iloc[1:], rtol=1e-12)
    assert (unmoved.pvalues.iloc[1:] == 1).all()


def test_a_permutation_without_a_t_counts_as_at_least_as_large():
    """Two crossed attributes of eight agencies: some relabellings turn one into the other."""
    a, b = np.repeat([0.0, 1.0], 4), np.tile([0.0, 1.0], 4)
    predictors = {"a": np.outer(a, np.ones(8)), "b": np.outer(b, np.ones(8))}
    y = np.random.default_rng(8).normal(size=(8, 8))
    swap = np.array([0, 4, 2, 6, 1, 5, 3, 7])  # a of the relabelled agencies is b
    result = mrqap(y, predictors, np.stack([swap, swap]))
    assert result.null.isna().all().all()
    assert (result.pvalues[["a", "b"]] == 1).all()
    assert result.notes == (
        "2 of 2 permutations left a predictor without a t value; they count as at least as large.",
    )


def test_the_same_seed_relabels_two_networks_alike():
    assert np.array_equal(draw_permutations(20, 50, 4), draw_permutations(20, 50, 4))
    assert not np.array_equal(draw_permutations(20, 50, 0), draw_permutations(20, 50, 1))
    ready = draw_permutations(20, 50, 4)
    y, predictors = network(n=20)
    one, other = mrqap(y, predictors, 50, seed=4), mrqap(y, predictors, ready)
    pd.testing.assert_frame_equal(one.null, other.null, check_exact=True)


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    order=st.permutations(range(9)),
    directed=st.booleans(),
    missing=st.sampled_from([0.0, 0.1]),
)
@pytest.mark.filterwarnings("ignore::opdanalysis.methods.dyadic_regression.SkewnessWarning")
def test_relabelling_the_agencies_changes_nothing(seed, order, directed, missing):
    """With the permutations relabelled too."""
    y, predictors = network(seed, n=9, directed=directed, missing=missing)
    order = np.array(order)
    back = np.argsort(order)
    draws = draw_permutations(9, 30, seed).astype(int)
    moved = np.array([back[p[order]] for p in draws])
    cells = np.ix_(order, order)
    one = mrqap(y, predictors, draws, directed=directed)
    other = mrqap(y[cells], {k: x[cells] for k, x in predictors.items()}, moved, directed=directed)
    np.testing.assert_allclose(one.params, other.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one.null, other.null, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(one.jackknife_bse, other.jackknife_bse, rtol=1e-6)
    variances = [result.dyad_robust_bse.fillna(0) ** 2 for result in (one, other)]
    np.testing.assert_allclose(*variances, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(one.fixed_effects, other.fixed_effects, rtol=1e-6, atol=1e-8)


@pytest.mark.filterwarnings("ignore::opdanalysis.methods.dyadic_regression.SkewnessWarning")
@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    scale=st.floats(1e-4, 1e4),
    shift=st.floats(-100, 100),
)
def test_scaling_a_predictor_scales_its_coefficient_and_nothing_else(seed, scale, shift):
    y, predictors = network(seed, n=9)
    one = mrqap(y, predictors, 30)
    other = mrqap(y, predictors | {"x1": scale * predictors["x1"] + shift}, 30)
    assert other.params["x1"] * scale == pytest.approx(one.params["x1"], rel=1e-5, abs=1e-8)
    for name in ("x0", "x2"):
        assert other.params[name] == pytest.approx(one.params[name], rel=1e-5, abs=1e-8)
    np.testing.assert_allclose(other.null, one.null, rtol=1e-4, atol=1e-6)
    limits, others = one.conf_int().loc["x1"], other.conf_int().loc["x1"] * scale
    np.testing.assert_allclose(others, limits, rtol=1e-4, atol=1e-6)


def test_size_under_the_null_is_right_within_its_own_sampling_error():
    """200 networks with effects of the agencies; the benchmark has the 10,000."""
    rng = np.random.default_rng(11)
    draws = draw_permutations(15, 199, 12)
    rejected = 0
    for _ in range(200):
        effects = rng.normal(size=(2, 15))
        y = effects[0][:, None] + effects[1] + rng.normal(size=(15, 15))
        place = rng.random((15, 2))
        distance = np.hypot(*(place[:, None] - place).transpose(2, 0, 1))
        predictors = {"distance": distance, "other": rng.normal(size=(15, 15))}
        rejected += mrqap(y, predictors, draws).pvalues["distance"] <= 0.05
    low, high = stats.binom.interval(0.999, 200, 0.05)
    assert low <= rejected <= high


def test_skewed_and_confounded_data_are_warned_about_in_words():
    y, predictors = network(9, n=20)
    predictors["x1"] = predictors["x0"] * 3 + predictors["x1"]
    y = np.exp(2.0 * np.random.default_rng(9).normal(size=(20, 20)))
    with pytest.warns(SkewnessWarning) as caught:
        result = mrqap(y, predictors, 20)
    assert [str(warning.message) for warning in caught] == list(result.notes)
    assert result.notes == (
        f"Skewness of the residuals is {result.skewness:.1f} and R-squared on the other predictors "
        "is above 0.1 for 'x0', 'x1': p values by t may be too small. Read pvalues_robust, or try "
        "np.log1p(y) or poisson_dyads.",
    )
    assert caught[0].filename == __file__
    assert result.notes[0] in " ".join(str(result.summary()).split())
    assert mrqap(np.log(y), predictors, 20).notes == ()


def test_residuals_that_spread_with_a_predictor_are_warned_about_in_words():
    y, predictors = network(12, n=20, k=2)
    loud = np.arange(20) < 5
    together = np.outer(loud, loud) * 1.0
    y = np.where(together == 1, 4 * y, y)
    with pytest.warns(SkewnessWarning) as caught:
        result = mrqap(y, {"together": together, "x1": predictors["x1"]}, 99)
    assert [str(warning.message) for warning in caught] == [
        "The residuals vary more where these predictors have most to say: 'together' "
        f"({result.checks.loc['together', 'spread']:.1f} times). p values by t may be too small. "
        "Read pvalues_robust."
    ]


def test_a_formula_warns_in_the_line_of_its_caller(tables):
    dyads, nodes = tables
    dyads = dyads.assign(
        contacts=np.exp(3 * np.random.default_rng(1).normal(size=90)),
        near=-(dyads["distance"] ** 2),
    )
    with pytest.warns(SkewnessWarning) as caught:
        mrqap_formula("contacts ~ distance + near", dyads, nodes, 20)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_the_robust_statistic_and_the_spread_follow_their_formulas(missing):
    y, predictors = network(13, k=2, missing=missing)
    result = mrqap(y, predictors, 60)
    dyads = result.dyads
    for i, name in enumerate(predictors):
        others = sm.add_constant(dyads.predictors[:, [1 - i]])
        matrix = np.nan_to_num(own_part(dyads, i))
        own = matrix[dyads.sender, dyads.receiver]
        residual = sm.OLS(dyads.outcome, others).fit().resid
        rest = sm.OLS(dyads.outcome, dyads.design).fit().resid

        def robust(e, residual=residual):
            return (e @ residual) / np.sqrt(e**2 @ residual**2)

        permuted = [
            robust(matrix[np.ix_(p, p)][dyads.sender, dyads.receiver]) for p in result.permutations
        ]
        b = (np.abs(permuted) >= abs(robust(own))).sum()
        assert result.pvalues_robust[name] == pytest.approx((1 + b) / 61)
        spread = len(own) * (own**2 @ rest**2) / (own @ own * (rest @ rest))
        assert result.checks.loc[name, "spread"] == pytest.approx(spread, rel=1e-9)


def test_the_robust_p_keeps_its_level_where_t_loses_it():
    """A skewed third quantity widens both outcome and predictor: t rejects about a third."""
    rng = np.random.default_rng(14)
    draws = draw_permutations(20, 99, 15)
    by_t = robust = 0
    for _ in range(200):
        z = rng.gamma(1, size=(20, 20))
        x, y = z * rng.gamma(4, size=(2, 20, 20))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SkewnessWarning)
            result = mrqap(y, {"x": x, "z": z}, draws)
        by_t += result.pvalues["x"] <= 0.05
        robust += result.pvalues_robust["x"] <= 0.05
    low, high = stats.binom.interval(0.999, 200, 0.05)
    assert low <= robust <= high
    assert by_t > 2 * high


def test_summary_is_the_same_every_time_and_says_what_each_column_is():
    y, predictors = network(10)
    text = str(mrqap(y, predictors, 99).summary())
    assert text == str(mrqap(y, predictors, 99).summary())
    for word in ("MRQAP", "directed", "182", "x0", "P>|t|", "within", "for reference only"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 120
    assert "<table" in mrqap(y, predictors, 9).summary().as_html()


def test_the_picture_of_the_null_has_one_row_per_predictor():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    y, predictors = network(10)
    result = mrqap(y, predictors, 99)
    ax = result.plot_null()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["x0", "x1", "x2"]
    _, given = plt.subplots()
    assert result.plot_null(["x2"], ax=given) is given
    with pytest.raises(UsageError) as error:
        result.plot_null(["x3"])
    assert str(error.value) == "there is no predictor 'x3'. Allowed: x0, x1, x2."
    plt.close("all")


WRONG = {
    "there is no predictor; give at least one, such as {'distance': matrix}": lambda y, x: (y, {}),
    "a predictor is called 'Intercept', which is the name of the constant": lambda y, x: (
        y,
        {"Intercept": x["x0"]},
    ),
    "predictor 'x0' is a 13 by 13 matrix, the others are 14 by 14": lambda y, x: (
        y,
        x | {"x0": x["x0"][:13, :13]},
    ),
    "predictor 'x0' must be a square matrix, agencies by agencies; it is 14 by 13": lambda y, x: (
        y,
        x | {"x0": x["x0"][:, :13]},
    ),
    "the outcome is infinite in row 1, column 2; missing is NaN": lambda y, x: (
        np.where(np.arange(196).reshape(14, 14) == 1, np.inf, y),
        x,
    ),
    "the outcome is the same for every pair; there is nothing to explain": lambda y, x: (
        np.ones((14, 14)),
        x,
    ),
    "predictor 'flat' is the same for every pair, so it cannot be told from the constant. "
    "Leave it out.": lambda y, x: (y, x | {"flat": np.full((14, 14), 0.1)}),
    "predictors 'x0', 'x2', 'sum' are collinear: each follows exactly from the others and the "
    "constant. Leave one of them out.": lambda y, x: (y, x | {"sum": x["x0"] - 2 * x["x2"] + 5}),
    "2 observed pairs cannot determine 4 coefficients": lambda y, x: (
        np.where(np.arange(196).reshape(14, 14) < 3, y, np.nan),
        x,
    ),
}


@pytest.mark.parametrize("words", WRONG)
def test_matrices_that_do_not_fit_are_refused_in_words(words):
    y, predictors = network()
    y, predictors = WRONG[words](y, predictors)
    with pytest.raises(UsageError) as error:
        mrqap(y, predictors, 10)
    assert str(error.value) == words


def test_words_instead_of_numbers_are_refused():
    y, predictors = network()
    with pytest.raises(UsageError) as error:
        mrqap(y, predictors | {"x0": np.full((14, 14), "far")}, 10)
    assert str(error.value) == "predictor 'x0' holds something that is not a number"


def test_a_matrix_with_a_direction_is_refused_where_there_is_none():
    y, predictors = network(directed=False)
    y[2, 5] = 1.0
    y[5, 2] = 2.5
    with pytest.raises(UsageError) as error:
        mrqap(y, predictors, 10, directed=False)
    assert str(error.value) == (
        "the outcome differs between the two directions: 1 in row 3, column 6, but 2.5 the other "
        "way. Make it symmetric or leave directed=True."
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"permutations": 0}, "permutations is 0; at least 1 is needed"),
        (
            {"permutations": np.zeros((2, 14), int)},
            "each row of permutations must hold 0 to 13 once; the array is 2 by 14",
        ),
        ({"kernel": "cuda"}, "kernel 'cuda' is unknown. Allowed: auto, numba, numpy."),
    ],
)
def test_wrong_settings_are_refused_in_words(arguments, words):
    y, predictors = network()
    with pytest.raises(UsageError) as error:
        mrqap(y, predictors, **arguments)
    assert str(error.value) == words


def test_a_computer_without_numba_still_computes(monkeypatch):
    y, predictors = network()
    with_it = mrqap(y, predictors, 50)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    without = mrqap(y, predictors, 50)
    assert np.abs(with_it.null - without.null).max().max() < 1e-12
    with pytest.raises(UsageError) as error:
        mrqap(y, predictors, 50, kernel="numba")
    assert str(error.value) == ("numba is not installed; leave kernel='auto' to run without it")


def test_data_frames_are_matched_by_label():
    y, predictors = network()
    ids = [f"agency{i:02d}" for i in range(14)]
    frame = pd.DataFrame(y, ids, ids)
    frames = {name: pd.DataFrame(x, ids, ids) for name, x in predictors.items()}
    shuffled = frames["x1"].sample(frac=1, random_state=1)
    one, other = mrqap(frame, frames, 20), mrqap(frame, frames | {"x1": shuffled}, 20)
    pd.testing.assert_series_equal(one.params, other.params)
    assert one.dyads.labels == tuple(ids)
    with pytest.raises(UsageError) as error:
        mrqap(frame, frames | {"x1": frames["x1"].rename(index={"agency03": "agency99"})}, 20)
    assert str(error.value) == (
        "predictor 'x1': agency 'agency03' is not in the rows of every matrix"
    )
    with pytest.raises(UsageError) as error:
        mrqap(frame, frames | {"x1": frames["x1"].rename(index={"agency03": "agency02"})}, 20)
    assert str(error.value) == "predictor 'x1' names agency 'agency02' twice in its rows"


# The formula


@pytest.fixture
def tables():
    """Pairs of ten agencies with contacts and distance, and what is known of each agency."""
    rng = np.random.default_rng(20)
    ids = [f"opd{i}" for i in range(10)]
    nodes = pd.DataFrame(
        {"kind": ["badan", "dinas", "dinas", "kantor", "badan"] * 2, "staff": range(10, 110, 10)},
        index=ids,
    )
    pairs = [(one, other) for one in ids for other in ids if one != other]
    dyads = pd.DataFrame(pairs, columns=["sender", "receiver"])
    dyads["distance"] = rng.random(90)
    dyads["contacts"] = rng.poisson(3, 90)
    return dyads, nodes


def test_a_formula_makes_categories_and_interactions(tables):
    dyads, nodes = tables
    result = mrqap_formula(
        "np.log1p(contacts) ~ distance * same_kind + C(sender_kind) + receiver_staff",
        dyads, nodes, 20,
    )  # fmt: skip
    kind = nodes["kind"].to_numpy()
    same = (kind[:, None] == kind) * 1.0
    distance = np.zeros((10, 10))
    y = np.zeros((10, 10))
    distance[~np.eye(10, dtype=bool)] = dyads["distance"]
    y[~np.eye(10, dtype=bool)] = np.log1p(dyads["contacts"])
    by_hand = mrqap(
        y,
        {
            "C(sender_kind)[T.dinas]": np.outer(kind == "dinas", np.ones(10)),
            "C(sender_kind)[T.kantor]": np.outer(kind == "kantor", np.ones(10)),
            "distance": distance,
            "same_kind": same,
            "distance:same_kind": distance * same,
            "receiver_staff": np.outer(np.ones(10), nodes["staff"]),
        },
        20,
    )
    pd.testing.assert_series_equal(result.params, by_hand.params)
    pd.testing.assert_frame_equal(result.null, by_hand.null)


def test_the_order_of_rows_and_whether_both_orders_are_given_do_not_matter(tables):
    dyads, nodes = tables
    dyads = dyads[dyads["sender"] < dyads["receiver"]]
    formula = "contacts ~ distance + C(pair_kind)"
    one = mrqap_formula(formula, dyads, nodes, 20, directed=False)
    turned = dyads.rename(columns={"sender": "receiver", "receiver": "sender"})
    both = pd.concat([dyads, turned]).sample(frac=1, random_state=3)
    other = mrqap_formula(formula, both, nodes, 20, directed=False)
    pd.testing.assert_series_equal(one.params, other.params)
    pd.testing.assert_frame_equal(one.null, other.null)
    assert "C(pair_kind)[T.badan + dinas]" in one.params.index
    assert one.nobs == 45


def test_pairs_without_a_row_or_with_a_gap_are_missing(tables):
    dyads, nodes = tables
    nodes = nodes.astype({"staff": float})
    nodes.loc["opd0", "kind"] = None
    dyads.loc[dyads["sender"] == "opd1", "distance"] = np.nan
    dyads = dyads.drop(index=89)
    result = mrqap_formula("contacts ~ distance + same_kind", dyads, nodes, 20)
    gaps = 9 + 9 + 9 - 1 + 1  # opd1 as sender, opd0 as either, one of both, the row left out
    assert result.dyads.missing == gaps
    assert result.nobs == 90 - gaps


FORMULAS = {
    "formula 'contacts ~ distnce': there is no column 'distnce'. Did you mean 'distance'?": {
        "formula": "contacts ~ distnce"
    },
    "formula 'contacts ~ 0 + distance' takes the constant out; it must stay in": {
        "formula": "contacts ~ 0 + distance"
    },
    "predictor 'C(sender_kind)[T.dinas]' differs between the two directions: 1 in row 1, column 2, "
    "but 0 the other way. Make it symmetric or leave directed=True.": {
        "formula": "distance ~ C(sender_kind)",
        "directed": False,
    },
}


@pytest.mark.parametrize("words", FORMULAS)
def test_wrong_formulas_are_refused_in_words(tables, words):
    dyads, nodes = tables
    if not FORMULAS[words].get("directed", True):
        dyads = dyads[dyads["sender"] < dyads["receiver"]]
        nodes = nodes.assign(kind=nodes["kind"].iloc[::-1].to_numpy())
        nodes["kind"] = ["dinas"] + ["badan"] * 9
    with pytest.raises(UsageError) as error:
        mrqap_formula(dyads=dyads, nodes=nodes, **FORMULAS[words])
    assert str(error.value) == words


def test_wrong_tables_are_refused_in_words(tables):
    dyads, nodes = tables

    def words(dyads=dyads, nodes=nodes, directed=True):
        with pytest.raises(UsageError) as error:
            mrqap_formula("contacts ~ distance", dyads, nodes, 10, directed=directed)
        return str(error.value)

    assert words(dyads.drop(columns="sender")) == (
        "the table of pairs needs the columns 'sender' and 'receiver'"
    )
    assert words(pd.concat([dyads, dyads.iloc[[4]]])) == (
        "the pair 'opd0', 'opd5' stands twice in the table of pairs"
    )
    assert words(dyads.assign(receiver=dyads["sender"])) == (
        "row 1 of the table of pairs pairs agency 'opd0' with itself"
    )
    assert words(dyads.replace({"receiver": {"opd7": None}})) == (
        "row 7 of the table of pairs lacks sender or receiver"
    )
    assert words(dyads.replace({"sender": {"opd7": "opd77"}})) == (
        "agency 'opd77' is in the table of pairs but not in the table of agencies. "
        "Did you mean 'opd7'?"
    )
    assert words(nodes=nodes.rename(index={"opd1": "opd0"})) == (
        "agency 'opd0' stands twice in the table of agencies"
    )
    assert words(dyads.assign(same_kind=1)) == (
        "column 'same_kind' of the table of pairs is also made from the table of agencies; "
        "rename one of them"
    )
    assert words(directed=False) == (
        "the outcome differs between the two directions: 3 in row 1, column 2, but 2 the other "
        "way. Make it symmetric or leave directed=True."
    )

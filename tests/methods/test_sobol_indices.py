"""Sobol indices against closed forms."""

import numpy as np
import pytest

from opdanalysis.methods.sobol_indices import sobol_indices

DRAWS = 2**13


def ishigami(x):
    """Ishigami and Homma 1990, with a = 7 and b = 0.1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def samples(columns, seed):
    """Two independent stratified samples of uniform numbers from -pi to pi."""
    rng = np.random.default_rng(seed)
    strata = [
        (rng.permuted(np.tile(np.arange(DRAWS), (columns, 1)), axis=1).T + rng.random((DRAWS, 1)))
        for _ in range(2)
    ]
    return [(2 * u / DRAWS - 1) * np.pi for u in strata]


def swaps(one, other, groups):
    for columns in groups:
        changed = one.copy()
        changed[:, columns] = other[:, columns]
        yield changed


def test_the_indices_of_the_ishigami_function_agree_with_their_closed_form():
    """Target V31: S1 0.313905, 0.442411, 0; ST 0.557589, 0.442411, 0.243684."""
    one, other = samples(3, seed=4)
    swapped = [ishigami(x) for x in swaps(one, other, [[0], [1], [2]])]
    found = sobol_indices(ishigami(one), ishigami(other), swapped, ["x1", "x2", "x3"], seed=0)
    assert (abs(found["first"] - [0.313905, 0.442411, 0]) < 2 * found["first_error"]).all()
    assert (abs(found["total"] - [0.557589, 0.442411, 0.243684]) < 2 * found["total_error"]).all()
    assert (found["first_error"] < 0.04).all()
    assert (found["total_error"] < 0.03).all()


def test_a_group_has_the_indices_of_its_inputs_together():
    """Ishigami: x1 and x3 explain everything but the 0.442411 of x2, alone and in total."""
    one, other = samples(3, seed=9)
    swapped = [ishigami(x) for x in swaps(one, other, [[0, 2], [1]])]
    found = sobol_indices(ishigami(one), ishigami(other), swapped, ["x1 and x3", "x2"], seed=0)
    np.testing.assert_allclose(found["first"], [0.557589, 0.442411], atol=0.04)
    np.testing.assert_allclose(found["total"], [0.557589, 0.442411], atol=0.03)


def test_an_outcome_that_never_varies_has_no_shares():
    same = np.ones(100)
    found = sobol_indices(same, same, [same], ["x"], seed=0)
    assert found.drop(columns="group").to_numpy().sum() == 0


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_intervals(seed):
    one, other = samples(3, seed=1)
    swapped = [ishigami(x) for x in swaps(one, other, [[0], [1], [2]])]
    runs = [sobol_indices(ishigami(one), ishigami(other), swapped, "abc", seed) for _ in "ab"]
    assert runs[0].equals(runs[1])


def test_indices_and_intervals_are_those_of_salib():
    """SALib.analyze.sobol on the same worlds; the two bootstraps draw other samples."""
    from SALib.analyze import sobol

    one, other = samples(3, seed=2)
    swapped = [ishigami(x)[:1000] for x in swaps(one, other, [[0], [1], [2]])]
    a, b = ishigami(one)[:1000], ishigami(other)[:1000]
    found = sobol_indices(a, b, swapped, ["x1", "x2", "x3"], seed=0)
    theirs = sobol.analyze(
        {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3},
        np.stack([a, *swapped, b], axis=1).ravel(),
        calc_second_order=False,
        num_resamples=400,
        conf_level=0.90,
        seed=1,
    )
    np.testing.assert_allclose(found["first"], theirs["S1"], rtol=1e-9)
    np.testing.assert_allclose(found["total"], theirs["ST"], rtol=1e-9)
    np.testing.assert_allclose(found["first_error"], theirs["S1_conf"], rtol=0.25)
    np.testing.assert_allclose(found["total_error"], theirs["ST_conf"], rtol=0.25)


def test_an_outcome_that_hardly_ever_differs_gives_numbers_without_warnings():
    """One draw of 200 differs: many a resample has none of it."""
    one, other = np.zeros(200), np.zeros(200)
    one[7] = 1.0
    with np.errstate(all="raise"):
        found = sobol_indices(one, other, [one, other], "ab", seed=1)
    assert np.isfinite(found.drop(columns="group").to_numpy()).all()

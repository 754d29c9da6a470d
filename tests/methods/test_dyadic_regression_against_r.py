"""The t value of every permutation against R's sna::netlm, on the permutations that R drew.

`netlm/make_cases.R` made the stored files with R 4.2.2 and sna 2.7-1; R is not needed here. An
error of a t value near zero comes from sums that cancel, in R as here, so it is measured against
1 + |t|.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from opdanalysis.methods.dyadic_null import parts_of, permuted_tvalues
from opdanalysis.methods.dyadic_pairs import dyads_of
from opdanalysis.methods.dyadic_regression import mrqap

FOLDER = Path(__file__).parent / "netlm"
CASES = ("directed", "undirected", "rank")
needs_numba = pytest.mark.skipif(
    importlib.util.find_spec("numba") is None, reason="numba is not installed"
)
KERNELS = ("numpy", pytest.param("numba", marks=needs_numba))


class Case:
    """One simulated network: its matrices, what netlm estimated, and its permutations."""

    def __init__(self, name: str) -> None:
        table = pd.read_csv(FOLDER / f"{name}_matrices.csv")
        self.matrices = {
            column: table.pivot(index="row", columns="column", values=column).to_numpy()
            for column in table.columns.drop(["row", "column"])
        }
        self.y = self.matrices.pop("y")
        self.estimates = pd.read_csv(FOLDER / f"{name}_estimates.csv", index_col="term")
        self.directed = self.estimates["mode"].iloc[0] == "digraph"
        null = pd.read_csv(FOLDER / f"{name}_null.csv")
        draws = null["permutation"].str.split(expand=True).astype(int) - 1
        self.permutations = {t: draws[null["term"] == t].to_numpy() for t in self.matrices}
        self.tvalues = {t: null.loc[null["term"] == t, "t"].to_numpy() for t in self.matrices}


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", CASES)
def test_every_permuted_t_equals_that_of_r(name, kernel):
    case = Case(name)
    dyads = dyads_of(case.y, case.matrices, case.directed)
    parts = parts_of(dyads)
    for place, term in enumerate(case.matrices):
        permutations = case.permutations[term].astype(np.uint32)
        ours = permuted_tvalues(dyads, parts, permutations, kernel)[:, place]
        theirs = case.tvalues[term]
        assert np.array_equal(np.isnan(ours), np.isnan(theirs))
        error = np.abs(ours - theirs) / (1 + np.abs(theirs))
        assert np.nanmax(error) < 1e-12


def test_r_has_permutations_without_a_t_in_the_case_of_lost_rank():
    case = Case("rank")
    assert sum(np.isnan(t).sum() for t in case.tvalues.values()) == 26


@pytest.mark.filterwarnings("ignore::opdanalysis.methods.dyadic_regression.SkewnessWarning")
@pytest.mark.parametrize("name", CASES)
def test_coefficients_and_t_values_equal_those_of_r(name):
    case = Case(name)
    result = mrqap(case.y, case.matrices, permutations=1, directed=case.directed)
    np.testing.assert_allclose(result.params, case.estimates["coef"], rtol=1e-12)
    np.testing.assert_allclose(result.tvalues, case.estimates["t"], rtol=1e-12)


@pytest.mark.filterwarnings("ignore::opdanalysis.methods.dyadic_regression.SkewnessWarning")
@pytest.mark.parametrize("name", ["directed", "undirected"])
def test_p_values_are_those_of_r_with_the_data_counted_among_the_permutations(name):
    """R reports b / R, which can be zero; ours is (1 + b) / (1 + R)."""
    case = Case(name)
    for term in case.matrices:
        permutations = case.permutations[term]
        ours = mrqap(case.y, case.matrices, permutations, directed=case.directed).pvalues[term]
        share = case.estimates.loc[term, "p"]
        count = len(permutations)
        assert ours == pytest.approx((1 + count * share) / (1 + count), rel=1e-12)

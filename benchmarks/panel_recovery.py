"""Do the panel estimators find known effects, and do their tests hold their size?

    OPENBLAS_NUM_THREADS=1 python benchmarks/panel_recovery.py [2000 [recovery size ...]]

The arguments are the number of invented panels and the tables to print, without them all:
`recovery`, `size`, `pretrend`, `power`, `case` (one building), `synthetic` (synthetic
difference-in-differences) and `drift` (60 panels at most). The schemes and the errors are those of
`evidence/synthetic_panel.py`: 36 months, AR(1) with rho 0.6, standard deviation 1.
docs/methods/panel.md shows what was printed and what had to be met.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from scipy import stats

from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import DiD, DiDFit
from opdanalysis.evidence.panel_sensitivity import drift_sensitivity
from opdanalysis.evidence.synthetic_panel import (
    PERIODS,
    World,
    autoregressive,
    draw_outcomes,
    synthetic_panel,
)
from opdanalysis.methods.cluster_jackknife import Jackknife, WeightsOf, cluster_jackknife
from opdanalysis.methods.detectable_effect import detectable_effect
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_pretrend import pretrend_slope
from opdanalysis.methods.did_timing import Timing
from opdanalysis.methods.did_weights import imputation_leads
from opdanalysis.methods.error_process import ErrorProcess, ar1_correlation, error_process
from opdanalysis.methods.interrupted_series import interrupted_series
from opdanalysis.methods.move_assignments import Assignments, move_assignments
from opdanalysis.methods.randomisation import permuted_values
from opdanalysis.methods.simultaneous_band import band_factor
from opdanalysis.methods.synthetic_control import placebo_ranks
from opdanalysis.methods.synthetic_did import placebo_effects, synthetic_did

LEVEL = 0.05
PERMUTATIONS = 199
SEED = 20261122

ESTIMATORS = {
    "imputation": Estimator("imputation"),
    "CS not yet": Estimator("callaway_santanna", "not_yet"),
    "Sun-Abraham": Estimator("sun_abraham"),
    "two-way": Estimator("two_way"),
}
WORLDS = {
    "A1 ramp": World("A1", "ramp"),
    "A2 bump": World("A2", "bump"),
    "A3s ramp": World("A3s", "ramp", shared=0.3),
    "A4 ramp": World("A4", "ramp"),
    "A5 bump": World("A5", "bump"),
    "B18 ramp": World("B18", "ramp"),
    "B18 bump": World("B18", "bump"),
}


def setting(world: World, by_unit: bool = False) -> tuple[Timing, np.ndarray]:
    """Timing and clusters of a world; `by_unit` ignores the buildings."""
    panel = synthetic_panel(world, SEED).panel
    timing, clusters = Design().timing(panel), Design().clusters(panel)
    return timing, np.arange(panel.n_units) if by_unit else clusters


def rejections(jackknife: Jackknife, outcomes: np.ndarray, truth: float) -> np.ndarray:
    """Share of panels whose interval misses the truth, per estimate [1]."""
    t = (jackknife.estimates(outcomes) - truth) / jackknife.errors(outcomes)
    return np.asarray((2 * stats.t.sf(np.abs(t), jackknife.df) < LEVEL).mean(axis=0))


def recovery(draws: int) -> None:
    """Bias, coverage and error ratio of four estimators under effects that build up."""
    print("\nRecovery: bias, its Monte Carlo error, coverage of 95% intervals, mean error / sd, df")
    for name, world in WORLDS.items():
        timing, clusters = setting(world)
        untreated, effect = draw_outcomes(world, draws, np.random.default_rng(SEED))
        for label, estimator in ESTIMATORS.items():
            identified = estimator.identified(timing) & timing.treated
            truth = float(effect[identified].mean())
            jackknife = cluster_jackknife(estimator.overall, timing, clusters)
            outcomes = untreated + effect
            found = jackknife.estimates(outcomes)[:, 0]
            bias, error = found.mean() - truth, found.std() / np.sqrt(draws)
            cover = 1 - rejections(jackknife, outcomes, truth)[0]
            ratio = jackknife.errors(outcomes).mean() / found.std()
            print(
                f"{name:9s} {label:12s} truth {truth:6.2f}  bias {bias:6.3f} ({bias / error:5.1f} "
                f"MC errors, {bias / found.std():5.2f} sd)  cover {100 * cover:5.1f}  "
                f"ratio {ratio:.2f}  df {jackknife.df[0]:4.1f}  sd {found.std():.3f}"
            )


def some(timing: Timing, clusters: np.ndarray) -> Assignments:
    """A fixed sample of assignments, whether or not all could be listed."""
    found = move_assignments(timing.moved, np.zeros(timing.n_units), clusters, PERMUTATIONS, SEED)
    if not found.complete:
        return found
    chosen = np.random.default_rng(SEED).integers(len(found.roles), size=PERMUTATIONS)
    return Assignments(found.roles[chosen], found.possible, False)


def p_values(
    jackknife: Jackknife, outcomes: np.ndarray, assignments: Assignments, timing: Timing,
    clusters: np.ndarray, weights_of: WeightsOf,
) -> Iterator[tuple[float, float]]:  # fmt: skip
    """p values by the largest |t| and by the first coefficient, panel by panel."""
    places = np.argsort(assignments.roles, axis=1)
    for outcome in outcomes:
        null = np.abs(
            permuted_values(weights_of, timing, clusters, outcome, assignments, jackknife)
        ).max(axis=1)
        own = np.abs(jackknife.estimates(outcome) / jackknife.errors(outcome)).max()
        level = np.abs(jackknife.estimates(outcome[places])[:, 0])
        mine = abs(jackknife.estimates(outcome)[0])
        yield (
            (1 + (null >= own).sum()) / (1 + len(null)),
            (1 + (level >= mine).sum()) / (1 + len(level)),
        )


def a_year(timing: Timing) -> np.ndarray:
    """Weights of twelve leads."""
    return imputation_leads(timing, range(-12, 0))


def half_a_year(timing: Timing) -> np.ndarray:
    """Weights of six leads."""
    return imputation_leads(timing, range(-6, 0))


def size(draws: int) -> None:
    """Rejections of a true null by the randomisation tests and by clusters of both kinds."""
    print(f"\nRandomisation tests at 5%, {PERMUTATIONS} assignments, no effect: t, coefficient [%]")
    worlds = {name.split()[0]: replace(world, path="none") for name, world in WORLDS.items()}
    del worlds["A3s"]
    worlds["A2 skewed"] = World("A2", errors="skewed")
    worlds["A2 movers twice as noisy"] = World("A2", noise=2.0)
    worlds["A2 movers half as noisy"] = World("A2", noise=0.5)
    for name, world in worlds.items():
        timing, clusters = setting(world)
        outcomes, _ = draw_outcomes(world, draws, np.random.default_rng(SEED + 1))
        estimator = ESTIMATORS["imputation"]
        jackknife = cluster_jackknife(estimator.overall, timing, clusters)
        found = np.array(
            list(
                p_values(
                    jackknife, outcomes, some(timing, clusters), timing, clusters, estimator.overall
                )
            )
        )
        share = 100 * (found <= LEVEL).mean(axis=0)
        panel = synthetic_panel(world, SEED).panel
        ratios = np.array(
            [
                DiDFit(
                    replace(panel, outcome=outcome), Design(), timing, clusters, jackknife
                ).noise_ratio
                for outcome in outcomes[:200]
            ]
        )
        warned = 100 * ((ratios > 1.5) | (ratios < 1 / 1.5)).mean()
        print(f"{name:26s} t {share[0]:5.1f}  coefficient {share[1]:5.1f}  warned {warned:5.1f}")

    print("\nA3s, no effect, 30% of the error variance common to a building: rejections [%]")
    world = World("A3s", shared=0.3)
    outcomes, _ = draw_outcomes(world, draws, np.random.default_rng(SEED + 2))
    for label, estimator in ESTIMATORS.items():
        shares = []
        for by_unit in (True, False):
            timing, clusters = setting(world, by_unit)
            jackknife = cluster_jackknife(estimator.overall, timing, clusters)
            shares.append(100 * rejections(jackknife, outcomes, 0.0)[0])
        print(f"{label:12s} clusters are agencies {shares[0]:5.1f}  buildings {shares[1]:5.1f}")

    print("\nBand over 12 leads, no effect: joint coverage and coverage of the intervals alone [%]")
    for scheme in ("C40", "A5", "A1"):
        timing, clusters = setting(World(scheme))
        jackknife = cluster_jackknife(a_year, timing, clusters)
        few = min(draws, 1000)
        outcomes, _ = draw_outcomes(World(scheme), few, np.random.default_rng(SEED + 3))
        estimates, errors = jackknife.estimates(outcomes), jackknife.errors(outcomes)
        known = np.isfinite(jackknife.df)
        limits = stats.t.ppf(1 - LEVEL / 2, jackknife.df[known])
        largest = (np.abs(estimates / errors)[:, known] / limits).max(axis=1)
        factors = np.array(
            [
                band_factor(deviations, jackknife.factor, jackknife.df, 1 - LEVEL, 1000, SEED)
                for deviations in jackknife.deviations(outcomes)
            ]
        )
        print(
            f"{scheme:4s} joint {100 * (largest <= factors).mean():5.1f}  alone "
            f"{100 * (largest <= 1).mean():5.1f}  factor {factors.mean():.2f}  leads {known.sum()}"
        )


def pretrend(draws: int) -> None:
    """How often a drift before the move is seen, by slope and by leads; and the most there is.

    The slope is weighted by the AR(1) that each panel shows before the first move. `known` is the
    power of the best test for errors that are known, which no test can pass.
    """
    print(
        "\nDrift of movers before the move: detected at 5% [%], by slope (t, randomised t, "
        "randomised coefficient), by leads; known"
    )
    for scheme in ("A1", "A2", "A5", "A4"):
        timing, clusters = setting(World(scheme))
        joint = cluster_jackknife(half_a_year, timing, clusters)
        assignments = some(timing, clusters)
        first, slopes = int(timing.affected.min()), {}
        best = pretrend_slope(timing, ar1_correlation(0.6, PERIODS))[0]
        sd = np.sqrt(np.einsum("nt,ts,ns->", best, ar1_correlation(0.6, PERIODS), best))
        for noise, slope in ((1.0, 0.0), (2.0, 0.0), (1.0, 0.05), (1.0, 0.1)):
            few = min(draws, 1000)
            world = World(scheme, slope=slope, noise=noise)
            outcomes, _ = draw_outcomes(world, few, np.random.default_rng((SEED, 4)))
            rows = []
            for outcome in outcomes:
                rho = round(error_process(outcome[:, :first]).rho, 2)
                if rho not in slopes:
                    of_slope = partial(pretrend_slope, correlation=ar1_correlation(rho, PERIODS))
                    slopes[rho] = of_slope, cluster_jackknife(of_slope, timing, clusters)
                of_slope, jackknife = slopes[rho]
                by_slope = next(
                    p_values(jackknife, outcome[None], assignments, timing, clusters, of_slope)
                )
                by_leads = next(
                    p_values(joint, outcome[None], assignments, timing, clusters, half_a_year)
                )
                by_t = rejections(jackknife, outcome[None], 0.0)[0]
                rows.append([by_t, *(p <= LEVEL for p in (*by_slope, by_leads[0]))])
            known = stats.norm.sf(1.96 - slope / sd) + stats.norm.cdf(-1.96 - slope / sd)
            shown = "  ".join(f"{100 * share:5.1f}" for share in np.mean(rows, axis=0))
            print(
                f"{scheme:4s} slope {slope:4.2f}  movers {noise:.0f} times as noisy  {shown}  "
                f"known {100 * known:5.1f}",
                flush=True,
            )


def power(draws: int) -> None:
    """The smallest detectable effect as promised, and how often it was detected."""
    print("\nDetectable effects (80%, 5%), rho 0.6: by t, found [%]; by randomisation, found [%]")
    for scheme, shared in (("A1", 0), ("A2", 0), ("A3s", 0.3), ("A4", 0), ("A5", 0), ("B18", 0)):
        world = World(scheme, "none", shared=float(shared))
        timing, clusters = setting(world)
        estimator = ESTIMATORS["imputation"]
        jackknife = cluster_jackknife(estimator.overall, timing, clusters)
        errors = ErrorProcess(1.0, 0.6, timing.n_units, PERIODS)
        found = detectable_effect(jackknife, errors, clusters, shared, LEVEL, 0.8)
        outcomes, _ = draw_outcomes(world, draws, np.random.default_rng(SEED + 5))
        by_t = 100 * rejections(jackknife, outcomes + found.by_t * timing.treated, 0.0)[0]
        by_lot = np.nan
        if scheme != "A3s":
            few = outcomes[: min(draws, 500)] + found.by_randomisation * timing.treated
            drawn = p_values(
                jackknife, few, some(timing, clusters), timing, clusters, estimator.overall
            )
            by_lot = 100 * np.mean([p <= LEVEL for p, _ in drawn])
        print(
            f"{scheme:4s} sd {found.sd:.2f}  by t {found.by_t:.2f} found {by_t:5.1f}  by "
            f"randomisation {found.by_randomisation:.2f} found {by_lot:5.1f}"
        )
    print("\nErrors seen in 12 months before the move, 35 units: mean rho and sd, true sd 1")
    rng = np.random.default_rng(SEED + 6)
    for rho in (0.0, 0.3, 0.6, 0.9):
        seen = [
            error_process(one)
            for one in autoregressive((min(draws, 500), 35, PERIODS), rho, "normal", rng)[..., :12]
        ]
        print(
            f"rho {rho:.1f}  seen {np.mean([e.rho for e in seen]):5.2f}"
            f"  sd {np.mean([e.sd for e in seen]):5.2f}"
        )


def case(draws: int) -> None:
    """One building: size of the placebo ranks and of the interrupted series."""
    rng = np.random.default_rng(SEED + 7)
    few = min(draws, 1000)
    ranks = [
        placebo_ranks(one[0], one[1:], 18).pvalue
        for one in autoregressive((few, 20, PERIODS), 0.6, "normal", rng)
    ]
    share = 100 * np.mean(np.array(ranks) <= LEVEL)
    print(f"\nSynthetic control, 1 of 20 units, no effect: p of at most 5% in {share:.1f}%")
    print(
        "\nInterrupted series, level change at 5%, none there [%]: ours; least squares; Newey-West"
        " 3, 12"
    )
    for periods, change in ((36, 18), (60, 30), (48, 36)):
        for rho in (0.0, 0.3, 0.6, 0.8):
            series = autoregressive((few, periods), rho, "normal", rng)
            shares = np.array([_series_tests(one, change) for one in series]).mean(axis=0)
            shown = "  ".join(f"{100 * share:5.1f}" for share in shares)
            print(f"{periods} months, change at {change}, rho {rho:.1f}:  {shown}")


def synthetic(draws: int) -> None:
    """Synthetic difference-in-differences where six of 35 move in one month, beside imputation."""
    few = min(draws, 1000)
    print(f"\nSynthetic difference-in-differences, A1, {few} panels, 99 placebos, no effect")
    for name, world in (
        ("parallel", World("A1")),
        ("movers twice as noisy", World("A1", noise=2.0)),
        ("movers drift by 0.05", World("A1", slope=0.05)),
    ):
        timing, _ = setting(world)
        weights = ESTIMATORS["imputation"].overall(timing)[0]
        outcomes, _ = draw_outcomes(world, few, np.random.default_rng((SEED, 9)))
        rng, rows = np.random.default_rng((SEED, 10)), []
        for outcome in outcomes:
            effect = synthetic_did(outcome[:6], outcome[6:], 18).effect
            placebos = placebo_effects(outcome[6:], 6, 18, 99, rng)
            rows.append(
                [effect, (weights * outcome).sum(), placebos.pvalue(effect) <= LEVEL,
                 abs(effect) > 1.96 * placebos.sd, placebos.sd]
            )  # fmt: skip
        effect, imputed, by_rank, by_error, error = np.array(rows, dtype=float).T
        print(
            f"{name:22s} mean {effect.mean():5.2f} sd {effect.std():.3f}  imputation mean "
            f"{imputed.mean():5.2f} sd {imputed.std():.3f}  mean error / sd "
            f"{error.mean() / effect.std():.2f}  rejected by rank {100 * by_rank.mean():4.1f} by "
            f"error {100 * by_error.mean():4.1f}",
            flush=True,
        )


def _series_tests(series: np.ndarray, change: int) -> list[bool]:
    import statsmodels.api as sm

    ours = interrupted_series(series, change)
    least = sm.OLS(series, ours.design.to_numpy()).fit()
    tests = [ours.pvalues["level"] < LEVEL, least.pvalues[2] < LEVEL]
    for lags in (3, 12):
        tests.append(
            least.get_robustcov_results("HAC", maxlags=lags, use_correction=True).pvalues[2] < LEVEL
        )
    return [bool(test) for test in tests]


def drift(draws: int) -> None:
    """Intervals that allow for a drift, where there is none and where there is a straight one."""
    print("\nDrift, no effect: coverage [%] and half-width at M = 0 and 0.01; coverage without [%]")
    for scheme in ("A1", "A5", "C40"):
        for slope in (0.0, 0.05):
            world = World(scheme, slope=slope)
            panel = synthetic_panel(world, SEED).panel
            outcomes, _ = draw_outcomes(world, min(draws, 60), np.random.default_rng(SEED + 8))
            rows, plain = [], []
            for outcome in outcomes:
                fit = DiD(replace(panel, outcome=outcome), Design()).fit()
                table = drift_sensitivity(fit, [0.0, 0.01], leads=10, lags=12).table
                covers = (table["lower"] <= 0) & (table["upper"] >= 0)
                rows.append([*(100 * covers), *((table["upper"] - table["lower"]) / 2)])
                plain.append(fit.pvalues["effect"] >= LEVEL)
            shown = np.mean(rows, axis=0)
            print(
                f"{scheme:4s} slope {slope:.2f}  cover {shown[0]:5.1f} {shown[1]:5.1f}  half-width "
                f"{shown[2]:.2f} {shown[3]:.2f}  without {100 * np.mean(plain):5.1f}"
            )


TABLES = {
    "recovery": recovery,
    "size": size,
    "pretrend": pretrend,
    "power": power,
    "case": case,
    "synthetic": synthetic,
    "drift": drift,
}

if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    warnings.simplefilter("ignore")
    for table in sys.argv[2:] or TABLES:
        TABLES[table](number)

"""How often MRQAP rejects a true null, and how often it finds an effect: 35 agencies, 5% tests.

    python benchmarks/mrqap_size_and_power.py [10000 [size skew power counts]]

The arguments are the number of networks and the tables to print, without them all: `size` where the
pairs of an agency have something in common, size where `skew` and uneven spread do harm, `power`,
and `counts`. Each network is drawn with its own predictors and its own errors, 199 permutations.
docs/methods/dyadic_regression.md shows what was printed. The dearer methods (jackknife, fixed
effects, Poisson) are tried on the first networks only, and the last three tables on fewer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np
from scipy import stats

from opdanalysis.errors import UsageError
from opdanalysis.methods.dyadic_counts import poisson_dyads
from opdanalysis.methods.dyadic_errors import (
    agency_fixed_effects,
    dyad_robust_errors,
    least_squares,
    least_squares_jackknife,
)
from opdanalysis.methods.dyadic_null import (
    parts_of,
    permuted_robust,
    permuted_tvalues,
    spread_ratios,
    two_sided,
)
from opdanalysis.methods.dyadic_pairs import dyads_of
from opdanalysis.methods.dyadic_permutations import draw_permutations
from opdanalysis.methods.dyadic_regression import (
    CONFOUNDING_LIMIT,
    SKEWNESS_LIMIT,
    SPREAD_LIMIT,
)

N, PERMUTATIONS, LEVEL = 35, 199, 0.05
DEAR = 500  # networks on which the dearer methods are tried
FEWER = 2000  # networks of the tables of skewness and power
COUNTS = 500  # networks for the Poisson fit with its jackknife

Network = tuple[np.ndarray, np.ndarray, np.ndarray, bool]  # y, x, z, directed


def noise(rng: np.random.Generator, directed: bool) -> np.ndarray:
    """Independent normal numbers, one per pair."""
    return symmetric(rng.normal(size=(N, N))) if not directed else rng.normal(size=(N, N))


def symmetric(matrix: np.ndarray) -> np.ndarray:
    """The lower triangle, mirrored."""
    low = np.tril(matrix, -1)
    return low + low.T


def errors(rng: np.random.Generator, share: float, directed: bool) -> np.ndarray:
    """Errors of unit variance, a share of it from effects of the agencies."""
    one = rng.normal(size=(N, 1))
    other = rng.normal(size=N) if directed else one[:, 0]
    return np.sqrt(share / 2) * (one + other) + np.sqrt(1 - share) * noise(rng, directed)


def distance(rng: np.random.Generator) -> np.ndarray:
    """Distances between places strewn over a square."""
    place = rng.random((N, 2))
    return np.hypot(*(place[:, None] - place).transpose(2, 0, 1))


def together(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Same building for 19 of 595 pairs (groups of 5, 3 and 4 agencies), and who moved."""
    group = np.arange(N)
    group[:12] = np.repeat([-1, -2, -3], [5, 3, 4])
    group = rng.permutation(group)
    return (group[:, None] == group) * 1.0, group < 0


def plain(
    share: float, directed: bool = False, missing: float = 0.0, gaps: float = 0.0
) -> Callable:
    """Distance, with a share of the variance from effects of the agencies.

    `missing` is the share of pairs without an outcome, `gaps` that without the second predictor.
    """

    def draw(rng: np.random.Generator, effect: float = 0.0) -> Network:
        x, z = distance(rng), noise(rng, directed)
        y = 0.5 * z + effect * x / x[~np.eye(N, dtype=bool)].std() + errors(rng, share, directed)
        if missing or gaps:
            y = np.where(rng.random((N, N)) < missing, np.nan, y)
            z = np.where(rng.random((N, N)) < gaps, np.nan, z)
        return y, x, z, directed

    return draw


def same_building(noisier: float = 1.0) -> Callable:
    """Same building, where the agencies that moved may be noisier."""

    def draw(rng: np.random.Generator, effect: float = 0.0) -> Network:
        x, moved = together(rng)
        z = noise(rng, False)
        scale = np.where(moved, noisier, 1.0)
        agency = scale * rng.normal(size=N)
        own = np.sqrt(np.outer(scale, scale)) * noise(rng, False)
        e = 0.5 * (agency[:, None] + agency) + np.sqrt(0.5) * own
        return 0.5 * z + effect * x / x[np.tri(N, k=-1, dtype=bool)].std() + e, x, z, False

    return draw


def correlated(rng: np.random.Generator) -> Network:
    """A predictor that follows z with correlation 0.8, both partly by agency."""
    z = errors(rng, 0.5, False)
    x = 0.8 * z + 0.6 * errors(rng, 0.5, False)
    return 0.5 * z + errors(rng, 0.5, False), x, z, False


def skewed_apart(shape: float) -> Callable:
    """Gamma noise and a skewed z that is in x, but does not widen it."""

    def draw(rng: np.random.Generator) -> Network:
        z, own, e = (symmetric(rng.gamma(shape, 1 / shape, (N, N))) for _ in range(3))
        agency = rng.gamma(4, 1 / 4, N)
        x = 0.7 * z + np.sqrt(0.51) * own
        return e * (0.3 + z) * np.outer(agency, agency), x, z, False

    return draw


def skewed_together(shape: float, own: float = 4, agency: float = 4) -> Callable:
    """A skewed z that widens both x and y; the mean of y is linear in z, x has no effect.

    The larger `own` and `agency`, the less noise pairs and agencies add.
    """

    def draw(rng: np.random.Generator) -> Network:
        z = symmetric(rng.gamma(shape, 1 / shape, (N, N)))
        x = z * symmetric(rng.gamma(own, 1 / own, (N, N)))
        weight = rng.gamma(agency, 1 / agency, N)
        y = z * symmetric(rng.gamma(own, 1 / own, (N, N))) * np.outer(weight, weight)
        return y, x, z, False

    return draw


def counts(rng: np.random.Generator, effect: float = 0.0) -> Network:
    """Counts with effects of senders and receivers and more spread than Poisson's."""
    x, z = distance(rng), 0.5 * noise(rng, True)
    mean = np.exp(0.5 + z + effect * x + 0.7 * (rng.normal(size=(N, 1)) + rng.normal(size=N)))
    return rng.poisson(mean * rng.gamma(2, 1 / 2, (N, N))) * 1.0, x, z, True


def networks(draw: Callable, number: int, seed: int, **options: float) -> Iterator[Network]:
    """Networks of one kind."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield draw(rng, **options)


def rejections(draw: Callable, number: int, dear: int, **options: float) -> dict[str, float]:
    """Share of networks [%] in which each method rejects, and what the warning would have said."""
    permutations = draw_permutations(N, PERMUTATIONS, 1)
    found: dict[str, list[float]] = {}

    def note(method: str, value: float) -> None:
        found.setdefault(method, []).append(value)

    for place, (y, x, z, directed) in enumerate(networks(draw, number, 2, **options)):
        dyads = dyads_of(y, {"x": x, "z": z}, directed)
        parts = parts_of(dyads)
        t = parts.tvalues[0]
        null = permuted_tvalues(dyads, parts, permutations)
        note("t", two_sided(parts.tvalues, null)[0] <= LEVEL)
        note("robust", two_sided(*permuted_robust(dyads, parts, permutations))[0] <= LEVEL)
        note("OLS", 2 * stats.t.sf(abs(t), parts.df) <= LEVEL)
        ratio, p = (value[0] for value in spread_ratios(dyads, parts, permutations))
        skewness = (parts.rest**3).mean() / (parts.rest**2).mean() ** 1.5
        confounding = np.corrcoef(dyads.predictors.T)[0, 1] ** 2
        note("skewness", skewness)
        note("spread", ratio)
        wide = ratio > SPREAD_LIMIT and p <= 0.05
        note("warned", wide or (abs(skewness) > SKEWNESS_LIMIT and confounding > CONFOUNDING_LIMIT))
        if place < dear:
            beta = least_squares(dyads.design, dyads.outcome)[1]
            limit = stats.t.ppf(1 - LEVEL / 2, N - 1)
            note("jackknife", abs(beta) > limit * least_squares_jackknife(dyads)[1])
            note("dyad robust", not abs(beta) <= 1.96 * dyad_robust_errors(dyads)[1])
            note("fixed effects", agency_fixed_effects(dyads)["p"].iloc[0] <= LEVEL)
    medians = ("skewness", "spread")
    return {
        method: float(np.median(values)) if method in medians else 100 * float(np.mean(values))
        for method, values in found.items()
    }


def show(title: str, rows: dict[str, dict[str, float]], columns: list[str]) -> None:
    """Print a table in Markdown."""
    print(f"\n{title}\n\n| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}", flush=True)
    for name, row in rows.items():
        cells = [
            f"{row[c]:.2f}" if c == "spread" else f"{row[c]:.1f}" if c in row else "-"
            for c in columns
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def poisson_rejections(number: int, effect: float) -> dict[str, float]:
    """Share of networks of counts [%] in which the Poisson fit with its jackknife rejects."""
    rejected = []
    for y, x, z, directed in networks(counts, number, 3, effect=effect):
        try:
            result = poisson_dyads(y, {"x": x, "z": z}, directed)
            rejected.append(result.pvalues["x"] <= LEVEL)
        except UsageError:
            rejected.append(False)
    return {"Poisson": 100 * float(np.mean(rejected))}


def show_size(number: int) -> None:
    """Size where pairs are independent, or share the effects of their agencies."""
    kinds = {
        "independent pairs, distance": plain(0.0),
        "agency effects, distance": plain(0.5),
        "the same, directed": plain(0.5, directed=True),
        "directed, outcome of 10% missing": plain(0.5, directed=True, missing=0.1),
        "directed, predictor of 10% missing": plain(0.5, directed=True, gaps=0.1),
        "agency effects, same building": same_building(),
        "agency effects, x correlated 0.8 with z": correlated,
    }
    columns = ["t", "robust", "OLS", "jackknife", "dyad robust", "fixed effects", "warned"]
    rows = {name: rejections(draw, number, min(DEAR, number)) for name, draw in kinds.items()}
    show(f"Size, {number:,} networks", rows, columns)


def show_skew(number: int) -> None:
    """Size where outcomes are skewed or spread unevenly."""
    number = min(number, FEWER)
    kinds = {
        "moved agencies twice as noisy, same building": same_building(noisier=2.0),
        "skewed apart, shape 1": skewed_apart(1),
        "skewed apart, shape 0.25": skewed_apart(0.25),
        "skewed apart, shape 0.05": skewed_apart(0.05),
        "skewed together, shape 4": skewed_together(4),
        "skewed together, shape 1": skewed_together(1),
        "skewed together, shape 0.4": skewed_together(0.4),
        "skewed together, shape 1, little noise": skewed_together(1, own=100, agency=1e6),
    }
    columns = ["skewness", "spread", "t", "robust", "jackknife", "fixed effects", "warned"]
    rows = {name: rejections(draw, number, min(DEAR, number)) for name, draw in kinds.items()}
    show(f"Skewness and uneven spread, {number:,} networks", rows, columns)


def show_power(number: int) -> None:
    """How often an effect is found; it is in units of error SD per SD of the predictor."""
    number = min(number, FEWER)
    rows = {}
    for effect in (0.05, 0.1, 0.15, 0.2, 0.3):
        for name, draw in (("distance", plain(0.5)), ("same building", same_building())):
            rows[f"{name}, effect {effect}"] = rejections(
                draw, number, min(DEAR, number), effect=effect
            )
    show(f"Power, {number:,} networks", rows, ["t", "robust", "jackknife", "fixed effects"])


def show_counts(number: int) -> None:
    """Size and power where the outcome counts contacts; the effect is in logarithms."""
    number = min(number, COUNTS)
    rows = {
        f"distance, effect {effect}": rejections(counts, number, number, effect=effect)
        | poisson_rejections(number, effect)
        for effect in (0.0, -0.3, -0.6)
    }
    columns = ["skewness", "t", "robust", "jackknife", "fixed effects", "Poisson"]
    show(f"Counts with agency effects, {number:,} networks", rows, columns)


TABLES = {"size": show_size, "skew": show_skew, "power": show_power, "counts": show_counts}


def main() -> None:
    """Print the tables that were asked for."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{N} agencies, {PERMUTATIONS} permutations; rejected at 5%, in %")
    for name in sys.argv[2:] or TABLES:
        TABLES[name](number)


if __name__ == "__main__":
    main()

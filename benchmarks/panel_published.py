"""Published estimates of Callaway and Sant'Anna against ours, on their county data.

    OPENBLAS_NUM_THREADS=1 python benchmarks/panel_published.py mpdta.csv

The argument is the file `mpdta` of the R package `did`, as CSV: 500 counties, 2003 to 2007, teen
employment (`lemp`) and the first year with a higher minimum wage (`first.treat`). The file is not
part of this project. Targets: did, article "Getting started" (see docs/methods/panel.md); the
published errors are analytic, ours leave out one county at a time.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from opdanalysis.methods.cluster_jackknife import Jackknife, cluster_jackknife
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER, Timing
from opdanalysis.methods.did_weights import callaway_santanna_weights, equal_parts

GROUP_YEAR = {
    (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
    (2006, 2004): 0.0065, (2006, 2005): -0.0028, (2006, 2006): -0.0046, (2006, 2007): -0.0412,
    (2007, 2004): 0.0305, (2007, 2005): -0.0027, (2007, 2006): -0.0311, (2007, 2007): -0.0261,
}  # fmt: skip
BY_EVENT = {0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
DYNAMIC = (-0.0772, 0.0203)
TOLERANCE = 1e-4
FIRST_YEAR = 2003


def main(path: str) -> int:
    """Print each published number beside ours; 1 if one differs by more than its last digit."""
    table = pd.read_csv(path)
    wide = table.pivot(index="countyreal", columns="year", values="lemp")
    first = table.groupby("countyreal")["first.treat"].first().loc[wide.index].to_numpy()
    outcome = wide.to_numpy()
    timing = Timing(np.where(first == 0, NEVER, first - FIRST_YEAR), ~np.isnan(outcome))
    clusters = np.arange(len(outcome))
    differences = []

    print("group year   published      ours  difference")
    cells = [(timing.moved == g - FIRST_YEAR)[:, None] & _year(y, outcome) for g, y in GROUP_YEAR]
    weights = callaway_santanna_weights(timing, equal_parts(np.stack(cells)), "never", "varying")
    for (group, year), published, weight in zip(
        GROUP_YEAR, GROUP_YEAR.values(), weights, strict=True
    ):
        ours = float((weight * outcome).sum())
        differences.append(ours - published)
        print(f"{group}  {year}    {published:8.4f}  {ours:8.5f}  {ours - published:9.5f}")

    estimator = Estimator("callaway_santanna", "never")
    events = cluster_jackknife(lambda t: estimator.by_event(t, list(BY_EVENT)), timing, clusters)
    print("\nyears since  published      ours  jackknife error")
    for published, ours, error, event in zip(
        BY_EVENT.values(), events.estimates(outcome), events.errors(outcome), BY_EVENT, strict=True
    ):
        differences.append(ours - published)
        print(f"{event}            {published:8.4f}  {ours:8.5f}  {error:8.5f}")
    mean: Jackknife = events.combined(np.full((1, len(BY_EVENT)), 1 / len(BY_EVENT)))
    ours = float(mean.estimates(outcome)[0])
    differences.append(ours - DYNAMIC[0])
    print(f"mean         {DYNAMIC[0]:8.4f}  {ours:8.5f}  {mean.errors(outcome)[0]:8.5f}", end="")
    print(f"  (published error {DYNAMIC[1]:.4f}, df {mean.df[0]:.0f})")

    print("\nmean effect over all treated county-years, without published numbers")
    for name in ("imputation", "callaway_santanna", "sun_abraham", "two_way"):
        found = cluster_jackknife(Estimator(name).overall, timing, clusters)
        print(
            f"{name:18s} {found.estimates(outcome)[0]:8.5f}  error {found.errors(outcome)[0]:.5f}"
            f"  df {found.df[0]:.0f}"
        )
    largest = max(map(abs, differences))
    good = largest <= TOLERANCE
    print(
        f"\nlargest difference {largest:.6f}, allowed {TOLERANCE}: {'match' if good else 'DIFFER'}"
    )
    return 0 if good else 1


def _year(year: int, outcome: np.ndarray) -> np.ndarray:
    return np.arange(outcome.shape[1]) == year - FIRST_YEAR


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

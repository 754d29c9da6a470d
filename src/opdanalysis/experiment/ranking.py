"""Which inputs move an outcome most: the list of what the city should measure first."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]


def measure_first(book: ParameterBook, values: Values, outcome: Floats) -> pd.DataFrame:
    """The uncertain inputs by how closely the outcome follows them, the closest first.

    `outcome` is `(n_draws,)`, from the same draws as `values`. One row per parameter; a column of
    a city has one row for the sum of its entries and one for each entry. Columns: parameter,
    entity (empty for a sum), topic, evidence (of a sum the most frequent), and the Spearman rank
    correlation (of an entry the partial one, given the other entries) with its square, `share`
    [1]. The shares screen the inputs and need not add up to one (Saltelli et al. 2008, Global
    Sensitivity Analysis, chapter 1).
    """
    rows = []
    for name in book:
        parameter, draws = book[name], values[name]
        if isinstance(parameter, Parameter):
            rows.append((name, "", parameter.topic, parameter.evidence, _follows(draws, outcome)))
            continue
        if not parameter.entities:
            continue
        usual = Counter(parameter.evidence).most_common(1)[0][0]
        whole = _follows(draws.sum(axis=1), outcome)
        rows.append((name, "", parameter.topic, usual, whole))
        total = draws.sum(axis=1)
        each = zip(parameter.entities, parameter.evidence, draws.T, strict=True)
        rows += [
            (name, e, parameter.topic, word, _follows(own, outcome, total - own))
            for e, word, own in each
        ]
    frame = pd.DataFrame(rows, columns=["parameter", "entity", "topic", "evidence", "correlation"])
    frame["share"] = frame["correlation"] ** 2
    order = ["share", "parameter", "entity"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _follows(draws: Floats, outcome: Floats, others: Floats | None = None) -> float:
    """Spearman's rank correlation of an input and an outcome; 0 where one of them never varies.

    With `others` it is partial: what an entry adds to the sum of the other entries, with which a
    judged entry shares a part of its error.
    """
    if np.ptp(draws) == 0 or np.ptp(outcome) == 0:
        return 0.0
    plain = _ranked(draws, outcome)
    if others is None or np.ptp(others) == 0:
        return plain
    with_input, with_outcome = _ranked(draws, others), _ranked(others, outcome)
    free = (1 - with_input**2) * (1 - with_outcome**2)
    return (plain - with_input * with_outcome) / float(np.sqrt(free)) if free > 0 else 0.0


def _ranked(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])

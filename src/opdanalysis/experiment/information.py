"""What knowing more would be worth before a plan is chosen: which measurement is worth making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.experiment.choice import Choice
from opdanalysis.methods.information_value import (
    InformationValue,
    partial_information_value,
    perfect_information_value,
)
from opdanalysis.models.present_value import HORIZON, annuity_factor, real_rate
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]

EVERYTHING = "everything"
"""What the row of perfect information is called."""

ENTRIES = 120
"""Entries of a column that enter one by one; of a longer column those with the widest range."""


def information_values(
    choice: Choice,
    book: ParameterBook,
    values: Values,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """What it is worth to know each group of inputs before choosing, the most valuable first.

    `values` are the draws behind the choice. Columns: group (the first row is everything, EVPI,
    the others EVPPI), value and its Monte Carlo standard error [Rp/year]; what choosing by the
    fitted expectations really brought in the draws, `reached` and `reached_error`; and `once` [Rp]:
    the most that a measurement may cost which is paid once, for a choice that holds for ten years,
    at the middle discount rate. No measurement is exact, so each value is a ceiling.
    """
    whole = perfect_information_value(choice.benefit)
    found = {EVERYTHING: whole}
    for id, names in groups.items():
        inputs, entries = group_inputs(book, values, names)
        known = inputs.shape[1] + entries.shape[1]
        found[id] = (
            partial_information_value(choice.benefit, inputs, entries)
            if known
            else InformationValue(0.0, 0.0, 0.0, 0.0)
        )
    factor = float(annuity_factor(real_rate(book.central()), HORIZON))
    table = pd.DataFrame([{"group": id, **vars(own)} for id, own in found.items()])
    table["once"] = factor * table["value"]
    first = table["group"].eq(EVERYTHING)
    return (
        table.assign(first=first)
        .sort_values(["first", "value", "group"], ascending=[False, False, True])
        .drop(columns="first")
        .reset_index(drop=True)
    )


def group_inputs(
    book: ParameterBook, values: Values, names: Sequence[str]
) -> tuple[Floats, Floats]:
    """The draws of a group: numbers for all and sums of columns, and entries of columns.

    Each `(n_draws, n_inputs)`; what never varies is left out. Of a column with more than 120
    uncertain entries those with the widest 5% to 95% range are taken; the sum holds the rest.
    """
    inputs: list[Floats] = [np.empty((values.draws or 1, 0))]
    entries = list(inputs)
    for name in names:
        draws, parameter = values[name], book[name]
        if isinstance(parameter, Parameter):
            inputs.append(draws[:, None])
            continue
        inputs.append(draws.sum(axis=1, keepdims=True))
        if len(parameter.entities) > 1:
            spread = parameter.highs - parameter.lows
            entries.append(draws[:, np.sort(np.argsort(-spread, kind="stable")[:ENTRIES])])
    one, many = (np.hstack(columns) for columns in (inputs, entries))
    return one[:, np.ptp(one, axis=0) > 0], many[:, np.ptp(many, axis=0) > 0]

"""A formula and two tables, one of pairs and one of agencies, as the matrices of a regression."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean

PAIR = ["sender", "receiver"]


def matrices_from_formula(
    formula: str, dyads: pd.DataFrame, nodes: pd.DataFrame | None = None, directed: bool = True
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The outcome matrix and the predictor matrices of a formula, with agencies in sorted order.

    `dyads` has one row per pair, with the columns `sender` and `receiver` and any others; a pair
    without a row, or with a gap in a column that the formula uses, is missing (NaN), not zero.
    `nodes` has one row per agency, its id as index. Each of its columns, say `kind`, can be used as
    `sender_kind`, `receiver_kind`, `same_kind` (1 where both are alike) and `pair_kind` (both in
    alphabetical order, such as "badan + dinas"). The rest is patsy: `C(sender_kind)` for
    categories, `distance:same_kind` and `distance * same_kind` for interactions,
    `np.log1p(contacts)` for functions of numpy. Every category but the first becomes a predictor.

    With `directed` false a pair may be given in either order, or in both if they agree.
    Raises UsageError for an unknown column or agency, a pair given twice and an agency paired with
    itself.
    """
    import patsy

    if not isinstance(dyads, pd.DataFrame) or not set(PAIR) <= set(dyads.columns):
        raise UsageError("the table of pairs needs the columns 'sender' and 'receiver'")
    table = _with_agencies(_checked_pairs(dyads, directed), nodes)
    names = patsy.EvalEnvironment([{"np": np}])
    try:
        outcome, design = patsy.dmatrices(
            formula, table, eval_env=names, NA_action="drop", return_type="dataframe"
        )
    except (patsy.PatsyError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"formula '{formula}': {_in_words(error, table)}") from None
    if "Intercept" not in design.columns:
        raise UsageError(f"formula '{formula}' takes the constant out; it must stay in")
    if outcome.shape[1] != 1:
        raise UsageError(
            f"formula '{formula}': the left side must be one number per pair; it became "
            f"{', '.join(map(str, outcome.columns))}"
        )
    agencies = sorted(set(table["sender"]) | set(table["receiver"]))
    rows = pd.Index(agencies).get_indexer(table.loc[design.index, "sender"])
    columns = pd.Index(agencies).get_indexer(table.loc[design.index, "receiver"])

    def matrix(column: pd.Series) -> pd.DataFrame:
        full = np.full((len(agencies), len(agencies)), np.nan)
        full[rows, columns] = column
        return pd.DataFrame(full, index=agencies, columns=agencies)

    predictors = design.drop(columns="Intercept")
    return matrix(outcome.iloc[:, 0]), {str(name): matrix(predictors[name]) for name in predictors}


def _checked_pairs(dyads: pd.DataFrame, directed: bool) -> pd.DataFrame:
    """The table with ids as text, each pair once; in both orders where there is no direction."""
    table = dyads.reset_index(drop=True)
    gaps = table[PAIR].isna().any(axis=1)
    if gaps.any():
        raise UsageError(f"row {gaps.idxmax() + 1} of the table of pairs lacks sender or receiver")
    table[PAIR] = table[PAIR].astype(str)
    alone = table["sender"] == table["receiver"]
    if alone.any():
        raise UsageError(
            f"row {alone.idxmax() + 1} of the table of pairs pairs agency "
            f"'{table['sender'][alone.idxmax()]}' with itself"
        )
    twice = table.duplicated(PAIR)
    if twice.any():
        sender, receiver = table.loc[twice.idxmax(), PAIR]
        raise UsageError(f"the pair '{sender}', '{receiver}' stands twice in the table of pairs")
    if directed:
        return table
    turned = table.rename(columns={"sender": "receiver", "receiver": "sender"})
    return pd.concat([table, turned], ignore_index=True).drop_duplicates(PAIR, ignore_index=True)


def _with_agencies(table: pd.DataFrame, nodes: pd.DataFrame | None) -> pd.DataFrame:
    """The table of pairs beside what is known of both agencies."""
    if nodes is None:
        return table
    nodes = nodes.set_axis(nodes.index.map(str))
    if not nodes.index.is_unique:
        twice = nodes.index[nodes.index.duplicated()][0]
        raise UsageError(f"agency '{twice}' stands twice in the table of agencies")
    unknown = sorted((set(table["sender"]) | set(table["receiver"])) - set(nodes.index))
    if unknown:
        raise UsageError(
            f"agency '{unknown[0]}' is in the table of pairs but not in the table of agencies. "
            + did_you_mean(unknown[0], nodes.index)
        )
    added: dict[str, Any] = {}
    for name in nodes:
        one = nodes[name].loc[table["sender"]].reset_index(drop=True)
        other = nodes[name].loc[table["receiver"]].reset_index(drop=True)
        known = one.notna() & other.notna()
        ordered = np.sort(np.stack([one.astype(str), other.astype(str)]).astype(str), axis=0)
        both = pd.Series([f"{low} + {high}" for low, high in ordered.T], dtype=object)
        added |= {
            f"sender_{name}": one,
            f"receiver_{name}": other,
            f"same_{name}": (one == other).astype(float).where(known),
            f"pair_{name}": both.where(known),
        }
    taken = sorted(set(added) & set(table.columns))
    if taken:
        raise UsageError(
            f"column '{taken[0]}' of the table of pairs is also made from the table of agencies; "
            "rename one of them"
        )
    return table.assign(**added)


def _in_words(error: Exception, table: pd.DataFrame) -> str:
    unknown = re.search(r"name '(\w+)' is not defined", str(error))
    if unknown:
        name = unknown[1]
        return f"there is no column '{name}'. {did_you_mean(name, map(str, table.columns))}"
    return str(error).splitlines()[0]

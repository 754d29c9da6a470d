"""Plain pictures of fitted panels, as statsmodels draws them; `figures.panel` has the dressed."""

from __future__ import annotations

from typing import Any

import pandas as pd


def plot_path(table: pd.DataFrame, label: str, ax: Any = None) -> Any:
    """Estimates by `event` with their limits, and the band where the table has one; the axes."""
    ax = _axes(ax)
    if "band_lower" in table:
        known = table["band_lower"].notna()
        ax.fill_between(
            table["event"], table["band_lower"], table["band_upper"], where=known, alpha=0.2
        )
    ax.vlines(table["event"], table["lower"], table["upper"])
    ax.plot(table["event"], table["estimate"], "o")
    ax.axhline(0, color="black", linewidth=0.8)
    ax.axvline(-0.5, color="black", linewidth=0.8, linestyle="--")
    ax.set_xlabel("periods since the move")
    ax.set_ylabel(label)
    return ax


def plot_against_control(table: pd.DataFrame, moved: float, label: str, ax: Any = None) -> Any:
    """The outcome of movers and its control over periods, with a line at the move; the axes."""
    ax = _axes(ax)
    for column in ("outcome", "control"):
        ax.plot(range(len(table)), table[column], label=column)
    ax.axvline(moved - 0.5, color="black", linewidth=0.8, linestyle="--")
    shown = range(0, len(table), max(1, len(table) // 6))
    ax.set_xticks(list(shown), [str(table.index[place]) for place in shown])
    ax.set_ylabel(label)
    ax.legend()
    return ax


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(layout="constrained").subplots()

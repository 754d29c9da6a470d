"""What a city's own records say: waiting letters, sharing a building, bills, satisfaction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from opdanalysis.errors import UsageError
from opdanalysis.evidence.bills import CostResult
from opdanalysis.evidence.letter_times import TOGETHER, kaplan_meier
from opdanalysis.evidence.pair_result import PairResult
from opdanalysis.evidence.response_times import ResponseTimes
from opdanalysis.evidence.satisfaction import GRADES, ITEMS, SatisfactionResult
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PALE,
    RED,
    SMALL,
    balanced,
    finish,
    new_axes,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.text.words import Words

CURVE_POINTS = 300
WAVE_LOOKS = ((GREY, "o", False), (BLUE, "o", True), (ORANGE, "D", True))
GRADE_COLOURS = {"A": "#dcefe6", "B": "#eef3f8", "C": "#fbf3e1", "D": "#f7e6e0"}
LEAST_SHOWN = 0.02
"""Share of letters without an answer at which the curve may end."""

WIDEST = 100.0
"""Upper over lower limit of a ratio from which on it counts as not estimated."""


def _title(key: str, invented: bool, words: Words) -> str:
    """A title that says first that the records are invented, where they are."""
    mark = f"{words('figure.records.invented')}: " if invented else ""
    return words(key, invented=mark)


def _note(parts: list[str], invented: bool, words: Words) -> str:
    return " ".join([*parts, *([words("figure.records.note_invented")] if invented else [])])


def open_letters_table(times: ResponseTimes) -> pd.DataFrame:
    """Share of letters without an answer by working hours, together and apart, at 300 points."""
    tables = []
    for together in (True, False):
        if (times.together == together).any():
            curve = kaplan_meier(times, together)
            step = np.unique(np.linspace(0, len(curve) - 1, CURVE_POINTS).astype(int))
            where = "together" if together else "apart"
            tables.append(curve.iloc[step].assign(where=where))
    return pd.concat(tables, ignore_index=True)


@styled
def plot_open_letters(times: ResponseTimes, words: Words, ax: Axes | None = None) -> Axes:
    """How the share of letters without an answer falls, in one building and in different ones."""
    table = open_letters_table(times)
    ax = ax or new_axes(9.5)
    handles = []
    longest = 0.0
    for where, colour, line in (("together", BLUE, "-"), ("apart", ORANGE, "--")):
        curve = table[table["where"] == where]
        if curve.empty:
            continue
        ax.fill_between(
            curve["hours"], curve["low"], curve["high"], color=colour, alpha=0.18, linewidth=0,
            step="post",
        )  # fmt: skip
        ax.step(curve["hours"], curve["open"], line, where="post", color=colour, linewidth=1.6)
        letters = int((times.together == (where == "together")).sum())
        label = words(f"figure.records.open.{where}", letters=words.number(letters))
        handles.append(Line2D([], [], color=colour, linestyle=line, linewidth=1.6, label=label))
        shown = curve.loc[curve["open"] >= LEAST_SHOWN, "hours"]
        longest = max(longest, float(shown.max()) if len(shown) else 0.0)
    ax.set_xlim(0, longest * 1.02 or 1)
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: words.percent(share)))
    ax.set_ylabel(words("figure.records.open.share"))
    value_axis(ax, words, words("figure.records.open.hours"))
    ended = ~times.is_open
    bulk = float(times.bulk.sum() / max(ended.sum(), 1))
    note = words("figure.records.open.note", bulk=words.percent(bulk))
    invented = times.log.synthetic
    title = _title("figure.records.open.title", invented, words)
    finish(ax, title, _note([note], invented, words), handles, columns=1)
    return ax


def letter_effects_table(fits: Mapping[str, PairResult | str]) -> pd.DataFrame:
    """Ratios when together by what was estimated, with 95% limits; NaN where it could not be."""
    rows = []
    for what, fit in fits.items():
        row = {"what": what, "ratio": np.nan, "low": np.nan, "high": np.nan, "p_value": np.nan}
        if not isinstance(fit, str):
            low, middle, high = fit.ratio(TOGETHER, alpha=0.05)
            row |= {"ratio": middle, "low": low, "high": high}
            row["p_value"] = float(fit.pvalues[TOGETHER])
        rows.append(row)
    return pd.DataFrame(rows)


@styled
def plot_letter_effects(
    fits: Mapping[str, PairResult | str],
    letters: int,
    words: Words,
    truth: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Ratios of time and of letters when two agencies share a building, with 95% limits.

    What cannot be estimated, or only to within a factor of a hundred, is a row without a number.
    `truth` holds the ratios behind invented records, by the names of `fits`; None for real ones.
    """
    table = letter_effects_table(fits)
    ax = ax or new_axes(4.2 + 1.0 * len(table))
    ax.axvline(1, color=INK, linewidth=0.9)
    handles = [
        Line2D([], [], color=BLUE, marker="o", linewidth=2.2, markersize=6,
               label=words("figure.records.effects.estimate"))
    ]  # fmt: skip
    for place, row in enumerate(table.itertuples()):
        if not row.high < WIDEST * row.low:
            text = words("figure.records.effects.none")
        else:
            ax.plot([row.low, row.high], [place, place], color=BLUE, linewidth=2.2)
            ax.plot(row.ratio, place, "o", color=BLUE, markersize=6, zorder=3)
            numbers = [words.number(number, 2) for number in (row.ratio, row.low, row.high)]
            text = f"{numbers[0]} ({numbers[1]} – {numbers[2]})"
        ax.annotate(
            text, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0), va="center",
            textcoords="offset points", fontsize=SMALL,
        )  # fmt: skip
        if truth and row.what in truth:
            ax.plot(truth[row.what], place, "|", color=RED, markersize=16, markeredgewidth=2)
    if truth:
        handles.append(
            Line2D([], [], color=RED, marker="|", linestyle="", markersize=11, markeredgewidth=2,
                   label=words("figure.records.effects.truth"))
        )  # fmt: skip
    row_axis(ax, [balanced(words(f"figure.records.effects.{what}"), 30) for what in table["what"]])
    value_axis(ax, words, words("figure.records.effects.ratio"))
    invented = truth is not None
    note = words("figure.records.effects.note", letters=words.number(letters))
    title = _title("figure.records.effects.title", invented, words)
    finish(ax, title, _note([note], invented, words), handles, columns=2)
    return ax


def bills_table(fit: CostResult | str, shared: pd.DataFrame | None = None) -> pd.DataFrame:
    """Buildings with what they used and what is expected, outliers marked, then the forecast.

    No row where there is only a reason why nothing can be estimated.
    """
    if isinstance(fit, str):
        return pd.DataFrame(columns=["building", "floor_area_m2", "staff", "amount", "expected"])
    table = fit.data.assign(kind="building", expected=fit.data["amount"] / np.exp(fit.residuals))
    named = set(fit.outliers()["building"])
    table["outlier"] = [building in named for building in table["building"]]
    if shared is None or shared.empty:
        return table
    return pd.concat([table, fit.forecast(shared).assign(kind="forecast")], ignore_index=True)


@styled
def plot_bills(
    fit: CostResult | str,
    words: Words,
    shared: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Yearly use by floor area on logarithmic axes, with the function, outliers and a forecast.

    `fit` has area and staff as drivers, in this order. `shared` has one row for a building to
    forecast: `building`, `floor_area_m2`, `staff`. Where nothing can be estimated, `fit` says why.
    """
    if isinstance(fit, str):
        ax = ax or new_axes(4.0)
        ax.set_axis_off()
        why = balanced(words("figure.records.bills.nothing", why=fit), 70)
        ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes)
        finish(ax, _title("figure.records.bills.title", False, words), "", [], columns=1)
        return ax
    drivers = tuple(fit.model.drivers)
    if drivers != ("floor_area_m2", "staff"):
        raise UsageError(f"the drivers are {', '.join(drivers)}; expected floor_area_m2, staff.")
    data, strange = fit.data, fit.outliers().set_index("building")
    ax = ax or new_axes(10.5)
    ax.set_xscale("log")
    ax.set_yscale("log")
    usual = ~data["building"].isin(strange.index)
    ax.plot(
        data["floor_area_m2"][usual], data["amount"][usual], "o", color=GREY, markersize=4,
        markerfacecolor="white",
    )  # fmt: skip
    area = np.geomspace(data["floor_area_m2"].min(), data["floor_area_m2"].max(), 60)
    per_area = np.exp(np.log(data["staff"] / data["floor_area_m2"]).mean())
    line = np.exp(
        fit.params["const"]
        + fit.params["floor_area_m2"] * np.log(area)
        + fit.params["staff"] * np.log(area * per_area)
    )
    ax.plot(area, line, color=BLUE, linewidth=1.5)
    handles = [
        Line2D([], [], marker="o", linestyle="", color=GREY, markerfacecolor="white", markersize=4,
               label=words("figure.records.bills.building")),
        Line2D([], [], color=BLUE, linewidth=1.5, label=words("figure.records.bills.line")),
    ]  # fmt: skip
    for building, row in strange.iterrows():
        at = data.set_index("building").loc[building]
        ax.plot(at["floor_area_m2"], at["amount"], "X", color=RED, markersize=8)
        times = words.number(row["times"], 1)
        label = words("figure.records.bills.outlier", building=building, times=times)
        handles.append(Line2D([], [], marker="X", linestyle="", color=RED, label=label))
    if shared is not None and len(shared):
        _draw_forecast(ax, fit, shared, words, handles)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda number, _: words.number(number)))
        axis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(words("figure.records.bills.area"))
    ax.set_ylabel(words("figure.records.bills.amount"))
    ax.grid(color=PALE, linewidth=0.7)
    ax.set_axisbelow(True)
    limits = fit.conf_int()
    numbers = {
        f"{short}{end}": words.number(value, 2).replace("-", "−")
        for short, term in (("area", "floor_area_m2"), ("staff", "staff"))
        for end, value in (
            ("", fit.params[term]),
            ("_low", limits.loc[term, "lower"]),
            ("_high", limits.loc[term, "upper"]),
        )
    }
    note = words("figure.records.bills.note", buildings=len(data), **numbers)
    invented = fit.model.bills.synthetic
    title = _title("figure.records.bills.title", invented, words)
    finish(ax, title, _note([note], invented, words), handles, columns=1)
    return ax


def _draw_forecast(
    ax: Axes, fit: CostResult, shared: pd.DataFrame, words: Words, handles: list[Line2D]
) -> None:
    row = fit.forecast(shared).iloc[0]
    at = row["floor_area_m2"]
    ax.plot([at, at], [row["low"], row["high"]], color=ORANGE, linewidth=2.4)
    ax.plot(at, row["median"], "D", color=ORANGE, markersize=7, zorder=3)
    label = words("figure.records.bills.forecast", level=words.percent(0.95))
    handles.append(Line2D([], [], color=ORANGE, marker="D", linewidth=2.4, label=label))


def satisfaction_table(fits: Mapping[str, SatisfactionResult]) -> pd.DataFrame:
    """The index and items of each wave with 95% limits, grade, and whether the item is weak."""
    tables = []
    for wave, fit in fits.items():
        weak = set(fit.weak_items()["item"])
        table = fit.tidy()
        tables.append(table.assign(wave=wave, weak=[term in weak for term in table["term"]]))
    return pd.concat(tables, ignore_index=True)


@styled
def plot_satisfaction(
    fits: Mapping[str, SatisfactionResult], words: Words, ax: Axes | None = None
) -> Axes:
    """The index and its nine items with 95% limits before bands of grades; weak items marked."""
    table = satisfaction_table(fits)
    ax = ax or new_axes(12.5)
    least = float(table["low"].min()) - 9
    tops = dict(zip(GRADES, [100.0, *list(GRADES.values())[:-1]], strict=True))
    handles: list[Line2D | Patch] = []
    for letter, bottom in GRADES.items():
        if tops[letter] > least:
            ax.axvspan(max(bottom, least), tops[letter], color=GRADE_COLOURS[letter], linewidth=0)
            label = words("figure.records.satisfaction.grade", letter=letter)
            handles.append(Patch(facecolor=GRADE_COLOURS[letter], edgecolor=LIGHT, label=label))
    rows = ["index", *ITEMS]
    steps = (np.arange(len(fits)) - (len(fits) - 1) / 2) * 0.32
    for step, (wave, fit), look in zip(steps, fits.items(), WAVE_LOOKS, strict=False):
        colour, mark, filled = look
        of_wave = table[table["wave"] == wave].set_index("term").loc[rows]
        at = np.arange(len(rows)) + step
        ax.hlines(at, of_wave["low"], of_wave["high"], color=colour, linewidth=2)
        face = colour if filled else "white"
        ax.plot(of_wave["estimate"], at, mark, color=colour, markerfacecolor=face, markersize=5.5)
        for place in np.flatnonzero(of_wave["weak"]):
            ax.annotate(
                words("figure.records.satisfaction.weak"), (of_wave["low"].iloc[place], at[place]),
                xytext=(-4, 0), textcoords="offset points", ha="right", va="center",
                fontsize=SMALL, color=INK,
            )  # fmt: skip
        name = words(f"records.wave.{wave}") if f"records.wave.{wave}" in words else wave
        label = f"{name} ({words.number(fit.index, 2)}: {fit.grade})"
        handles.insert(
            0,
            Line2D(
                [], [], color=colour, marker=mark, markerfacecolor=face, linewidth=2, label=label
            ),
        )
    ax.axhline(0.5, color=GREY, linewidth=0.7)
    row_axis(ax, [balanced(words(f"records.item.{row}"), 26) for row in rows])
    value_axis(ax, words, words("figure.records.satisfaction.index"))
    ax.set_xlim(least, 100)
    some = next(iter(fits.values()))
    note = words(
        "figure.records.satisfaction.note",
        draws=words.number(len(some.item_draws)),
        respondents=words.number(sum(len(fit.survey) for fit in fits.values())),
    )
    invented = any(fit.survey.synthetic for fit in fits.values())
    title = _title("figure.records.satisfaction.title", invented, words)
    finish(ax, title, _note([note], invented, words), handles, columns=3)
    return ax

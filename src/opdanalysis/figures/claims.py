"""What becomes of the public claims, and of one claimed saving under each meaning of the word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from opdanalysis.experiment.claims import SAVINGS
from opdanalysis.experiment.result import Result
from opdanalysis.figures.style import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PALE,
    RED,
    SMALL,
    Named,
    balanced,
    finish,
    new_axes,
    plan_looks,
    range_text,
    result_note,
    row_axis,
    short,
    styled,
    value_axis,
)
from opdanalysis.plans.claim import Claim, ClaimTest
from opdanalysis.text.ranges import needed_in_words, range_in_words
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import Words

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "supported": {"color": BLUE},
    "supported_only_if": {"color": ORANGE, "fillstyle": "left", "markerfacecoloralt": "white"},
    "not_supported": {"color": RED, "markerfacecolor": "white"},
}
"""Colour and filling of the mark of each verdict, so that it reads without colour too."""

DASHED: Mapping[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": (0, (4, 3))}
"""The line of a claimed amount."""

LETTERS = 33
"""Letters of a claim in one line."""


@styled
def plot_claims(
    audited: pd.DataFrame,
    claims: Sequence[Claim],
    result: Result,
    words: Words,
    scenario: Named | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Each claim as a row: the range that the model finds, and the verdict in words.

    `audited` comes from `experiment.claims.audit`; its first scenario is drawn. Every row has a
    scale of its own, in which the claimed amount is the upright line and the claim holds to its
    right.
    """
    first = audited.drop_duplicates("claim").set_index("claim")
    shown = [claim for claim in claims if claim.test is None or claim.id in first.index]
    if ax is None:
        ax = new_axes(4.4 + 1.22 * max(len(shown), 2))
    ax.axvline(0, color=INK, linewidth=0.9)
    for place, claim in enumerate(shown):
        if claim.test is None:
            verdict, detail = "cannot_be_tested", ""
            ax.annotate("?", (0, place), ha="center", va="center", fontsize=SMALL, **_boxed())
        else:
            row = first.loc[claim.id]
            verdict = row["verdict"]
            _draw_range(ax, place, claim.test, row)
            detail = _detail(claim.test, row, words)
        _say(ax, place, verdict, detail, words)
    row_axis(ax, [_label(claim, words) for claim in shown])
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.set_xlim(-1.12, 1.12)
    ax.set_xticks([-0.55, 0.55], [words("figure.claims.not"), words("figure.claims.holds")])
    ax.tick_params(axis="x", length=0)
    ax.set_axisbelow(True)
    for place in range(len(shown) - 1):
        ax.axhline(place + 0.5, color=PALE, linewidth=0.7, zorder=0)
    handles = [_mark(word, words(f"claim.verdict.{word}")) for word in LOOKS]
    note = [words("figure.claims.note"), result_note(result, words, scenario)]
    finish(ax, words("figure.claims.title"), " ".join(note), handles, columns=2)
    return ax


def _draw_range(ax: Axes, place: int, test: ClaimTest, row: pd.Series) -> None:
    """The range on a scale where the claimed amount is 0 and the claim holds above it."""
    low, middle, high = (float(test.margin(row[point])) for point in ("p05", "p50", "p95"))
    size = max(abs(low), abs(middle), abs(high)) or 1.0
    look = LOOKS[row["verdict"]]
    ends, line = [low / size, high / size], {"linewidth": 2.4, "solid_capstyle": "butt"}
    ax.plot(ends, [place, place], color=look["color"], zorder=2, **line)
    ax.plot(middle / size, place, "o", markersize=7, zorder=3, **look)


def _boxed() -> dict[str, Any]:
    box = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": GREY, "linewidth": 0.8}
    return {"bbox": box, "color": GREY, "zorder": 3}


def _detail(test: ClaimTest, row: pd.Series, words: Words) -> str:
    change = test.measure == "gain"
    found = range_in_words(
        row["unit"], words, *(row[point] for point in ("p05", "p50", "p95")), change=change
    )
    asked = needed_in_words(test.measure, test.comparison, test.amount, row["unit"], words)
    return words("figure.claims.detail", found=found, needed=asked)


def _say(ax: Axes, place: int, verdict: str, detail: str, words: Words) -> None:
    """The verdict in words, and below it what was found and what was asked for."""
    beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    head = words(f"claim.verdict.{verdict}")
    shift = 10 if detail else 0
    ax.annotate(
        head, (1, place), (6, shift), va="center", fontsize=SMALL, fontweight="bold", **beside
    )
    ax.annotate(detail, (1, place), (6, -6), va="center", fontsize=SMALL, color=GREY, **beside)


def _mark(verdict: str, label: str) -> Line2D:
    return Line2D([], [], marker="o", markersize=7, linewidth=2.4, label=label, **LOOKS[verdict])


def _label(claim: Claim, words: Words) -> str:
    return balanced(f"{claim.id}  {short(words.of(claim.gist), 3 * LETTERS - 22)}", LETTERS)


@styled
def plot_definitions(
    frame: pd.DataFrame,
    checks: pd.DataFrame,
    claims: Sequence[Claim],
    result: Result,
    words: Words,
    scenario: Named | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The claimed savings against what each meaning of saving comes to, plan by plan.

    `frame` comes from `experiment.claims.definitions`, `checks` from
    `experiment.claim_checks.saving_checks`: what became of promises of that size elsewhere is the
    last row of each claim.
    """
    claimed = {claim.id: claim for claim in claims if claim.id in set(frame["claim"])}
    once = frame.drop_duplicates(["plan", "definition"])
    plans = list(dict.fromkeys(once["plan"]))
    realised = checks[checks["check"] == "usually_realised"].set_index("claim")
    rows = [*SAVINGS, *(f"realised {id}" for id in claimed)]
    most = [claim.number_high or 0.0 for claim in claimed.values()]
    scale = scale_of("Rp/year", [*once["p05"], *once["p95"], *frame["amount"], *most], words)
    if ax is None:
        ax = new_axes(5.6 + len(SAVINGS) * (0.5 + 0.46 * len(plans)) + 0.9 * len(claimed))
    _draw_amounts(ax, list(claimed.values()), scale.size)
    looks = plan_looks(result.plans)
    offsets = (np.arange(len(plans)) - (len(plans) - 1) / 2) * 0.8 / max(len(plans), 2)
    lines = [
        (rows.index(str(row.definition)) + offsets[plans.index(row.plan)], row, looks[row.plan])
        for row in once.itertuples()
    ]
    plain = {"color": GREY, "marker": "x", "markeredgecolor": GREY}
    lines += [(rows.index(f"realised {row.Index}"), row, plain) for row in realised.itertuples()]
    for at, row, look in lines:
        low, middle, high = (n / scale.size for n in (row.p05, row.p50, row.p95))
        ax.plot([low, high], [at, at], color=look["color"], linewidth=2, solid_capstyle="butt")
        ax.plot(middle, at, markersize=5.5, zorder=3, linestyle="none", **look)
        ax.annotate(
            range_text(low, middle, high, scale, words),
            (1, at),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    ax.axvline(0, color=INK, linewidth=0.9)
    labels = [words(f"claim.saving.{name}") for name in SAVINGS]
    labels += [words("figure.definitions.realised", claim=id) for id in claimed]
    row_axis(ax, [balanced(label, 30) for label in labels])
    for place in range(len(rows) - 1):
        ax.axhline(place + 0.5, color=PALE, linewidth=0.7, zorder=0)
    value_axis(ax, words, words("figure.definitions.amount"), scale)
    ax.annotate(
        words("figure.gain.column"),
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom",
        color=GREY,
    )
    names = {plan.id: words.of(plan.name, plan.id) for plan in result.plans}
    handles = [
        Line2D([], [], linewidth=2, markersize=5.5, label=names[id], **looks[id]) for id in plans
    ]
    handles.append(Line2D([], [], label=words("figure.definitions.claimed"), **DASHED))
    note = [words("figure.definitions.note"), result_note(result, words, scenario)]
    title = words("figure.definitions.title", claims=", ".join(claimed))
    finish(ax, title, " ".join(note), handles, columns=1)
    return ax


def _draw_amounts(ax: Axes, claims: Sequence[Claim], size: float) -> None:
    """The claimed amounts as upright lines, or bands where two were named."""
    for claim in claims:
        assert claim.test is not None
        low, high = claim.test.amount / size, (claim.number_high or claim.test.amount) / size
        if high > low:
            ax.axvspan(low, high, color=LIGHT, zorder=0, linewidth=0)
        ax.axvline(low, zorder=1, **DASHED)
        ax.annotate(
            claim.id,
            ((low + high) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            fontweight="bold",
        )

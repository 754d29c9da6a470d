"""Waiting by the hour, four corners of letters and offices, what location can do, pooling."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from opdanalysis.city.city import City
from opdanalysis.city.names import entity_name, group_name
from opdanalysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    RED,
    SMALL,
    InWords,
    balanced,
    finish,
    new_axes,
    range_text,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale
from opdanalysis.text.words import Words

OWNER_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"))
"""Colour and mark of each counter."""

STATE_LINES = {"today": "-", "plan": "--", "busier": ":"}
"""Line of each state of a counter."""

CORNER_LOOKS = {
    ("paper", "apart"): (RED, "o", False),
    ("paper", "together"): (RED, "o", True),
    ("electronic", "apart"): (BLUE, "s", False),
    ("electronic", "together"): (BLUE, "s", True),
}
"""Colour, mark and whether it is filled, by letters and offices."""

SHARE_LOOKS = {"sure": (RED, "o", True), "possible": (ORANGE, "s", False)}

MOST_HALLS = 4
"""Buildings shown at most in the picture of pooling."""


def waiting_by_hour_table(by_hour: pd.DataFrame) -> pd.DataFrame:
    """Counters, use, arrivals and waits of the busiest lines by the hour."""
    return by_hour


def four_corners_table(corners: pd.DataFrame) -> pd.DataFrame:
    """Working days of each service at each corner, the longest service first."""
    longest = corners.groupby("service")["p50"].max().sort_values(ascending=False)
    order = {service: place for place, service in enumerate(longest.index)}
    return corners.sort_values("service", key=lambda s: s.map(order), kind="stable",
                               ignore_index=True)  # fmt: skip


def location_share_table(shares: pd.DataFrame) -> pd.DataFrame:
    """The location shares of today's mix of letters [1], the service with most hours first."""
    rows = shares[shares["letters"] == "today"].drop(columns="letters")
    return rows.sort_values(["hours", "service"], ascending=[False, True], kind="stable",
                            ignore_index=True)  # fmt: skip


def pooling_table(pooled: pd.DataFrame, most: int = MOST_HALLS) -> pd.DataFrame:
    """The ratios of the buildings with most visits."""
    visits = pooled.groupby("building", sort=False)["visits_per_day"].first()
    first = visits.sort_values(ascending=False, kind="stable")
    return pooled[pooled["building"].isin(first.index[:most])].reset_index(drop=True)


@styled
def plot_waiting_by_hour(
    by_hour: pd.DataFrame, city: City, plan: Plan, words: Words, ax: Axes | None = None
) -> Axes:
    """The wait of those who come in each hour, at the busiest counters."""
    table = waiting_by_hour_table(by_hour)
    if ax is None:
        ax = new_axes(11.5 + 0.5 * len(table[["owner", "state"]].drop_duplicates()))
    handles = []
    looks = dict(zip(dict.fromkeys(table["owner"]), cycle(OWNER_LOOKS)))
    for (owner, state), line in table.groupby(["owner", "state"], sort=False):
        colour, mark = looks[owner]
        ax.plot(line["hour"] + 0.5, line["waiting"], STATE_LINES[state], color=colour,
                marker=mark, markersize=4.5, linewidth=1.6,
                markerfacecolor=colour if state == "today" else "white")  # fmt: skip
        first = line.iloc[0]
        name = (
            group_name(city, owner, words.lang)
            if first["kind"] == "group"
            else city.agency(owner).name_in(words.lang)
        )
        text = words(
            f"figure.service.lines.{state}",
            name=name,
            counters=int(first["counters"]),
            use=words.percent(float(first["use"])),
        )
        handles.append(
            Line2D([], [], color=colour, marker=mark, linestyle=STATE_LINES[state],
                   markersize=4.5, label=balanced(text, 70),
                   markerfacecolor=colour if state == "today" else "white")
        )  # fmt: skip
    hours = sorted(set(table["hour"]))
    ax.set_xticks([*hours, hours[-1] + 1], [f"{hour:02d}" for hour in (*hours, hours[-1] + 1)])
    ax.set_xlabel(words("figure.service.hour"), color=INK)
    ax.set_ylabel(f"{words('figure.service.wait')} ({words('unit.minute')})", color=INK)
    ax.yaxis.set_major_formatter(InWords(words))
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color="#ececec", linewidth=0.7)
    title = words("figure.service.title_hour")
    note = words("figure.service.note_hour", plan=words.of(plan.name, plan.id))
    finish(ax, title, _note(note, city, words), handles, columns=1)
    return ax


@styled
def plot_four_corners(
    corners: pd.DataFrame, city: City, draws: int, words: Words, ax: Axes | None = None
) -> Axes:
    """Working days between agencies: offices apart or together, letters on paper or electronic."""
    table = four_corners_table(corners)
    services = list(dict.fromkeys(table["service"]))
    if ax is None:
        ax = new_axes(5.6 + 1.75 * len(services))
    own = table[table["authority"] == "own"]
    for place, service in enumerate(services):
        rows = own[own["service"] == service].set_index(["letters", "offices"])
        for step, (corner, (colour, mark, filled)) in enumerate(CORNER_LOOKS.items()):
            _range(ax, place + (step - 2) * 0.17, rows.loc[corner], colour, mark, filled)
        given = table[(table["service"] == service) & (table["authority"] == "delegated")]
        given = given[(given["letters"] == "paper") & (given["offices"] == "apart")]
        for row in given.to_dict("records"):
            _range(ax, place + 0.34, row, GREY, "D", True)
    labels = [balanced(city.service(id).name_in(words.lang), 30) for id in services]
    row_axis(ax, labels)
    ax.set_xlim(left=0)
    value_axis(ax, words, words("figure.service.between"), Scale(1, words("unit.day"), 1))
    handles = [
        _handle(colour, mark, filled, words(f"figure.service.corners.{letters}_{offices}"))
        for (letters, offices), (colour, mark, filled) in CORNER_LOOKS.items()
    ]
    if (table["authority"] == "delegated").any():
        handles.append(_handle(GREY, "D", True, words("figure.service.corners.delegated")))
    note = words("figure.service.note_corners", draws=words.number(draws))
    finish(ax, words("figure.service.title_corners"), _note(note, city, words), handles, columns=2)
    return ax


@styled
def plot_location_share(
    shares: pd.DataFrame, city: City, draws: int, words: Words, ax: Axes | None = None
) -> Axes:
    """The part of the time between agencies that moving offices could end at most."""
    table = location_share_table(shares)
    services = list(dict.fromkeys(table["service"]))
    if ax is None:
        ax = new_axes(5.0 + 1.0 * len(services))
    for place, service in enumerate(services):
        for mechanisms, (colour, mark, filled) in SHARE_LOOKS.items():
            row = table[(table["service"] == service) & (table["mechanisms"] == mechanisms)]
            entry = row.iloc[0]
            at = place + (-0.16 if mechanisms == "sure" else 0.16)
            scaled = {point: entry[point] * 100 for point in ("p05", "p50", "p95")}
            _range(ax, at, scaled, colour, mark, filled)
            text = range_text(*scaled.values(), Scale(1, "%", 0), words)
            _beside(ax, at, text)
    labels = [balanced(city.service(id).name_in(words.lang), 30) for id in services]
    row_axis(ax, labels)
    ax.set_xlim(0, 100)
    value_axis(ax, words, words("figure.service.share"), Scale(1, "%", 0))
    handles = [
        _handle(colour, mark, filled, words(f"figure.service.{mechanisms}"))
        for mechanisms, (colour, mark, filled) in SHARE_LOOKS.items()
    ]
    note = words("figure.service.note_share", draws=words.number(draws))
    finish(ax, words("figure.service.title_share"), _note(note, city, words), handles, columns=1)
    return ax


@styled
def plot_pooling(
    pooled: pd.DataFrame,
    city: City,
    plan: Plan,
    slow_down: tuple[float, float],
    draws: int,
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """The stay in one line for all counters of a building, by how much slower clerks become.

    `slow_down` are the 5% and 95% points of what is believed [1].
    """
    table = pooling_table(pooled)
    if ax is None:
        ax = new_axes(11.0 + 0.5 * table["building"].nunique())
    ax.axvspan(100 * slow_down[0], 100 * slow_down[1], color="#ececec", zorder=0)
    ax.axhline(1, color=INK, linewidth=0.9)
    handles = []
    for (building, rows), (colour, mark) in zip(
        table.groupby("building", sort=False), cycle(OWNER_LOOKS)
    ):
        x = rows["slow_down"] * 100
        ax.plot(x, rows["p50"], color=colour, marker=mark, markersize=4, linewidth=1.6)
        ax.plot(x, rows["p05"], color=colour, linewidth=0.7, linestyle=":")
        ax.plot(x, rows["p95"], color=colour, linewidth=0.7, linestyle=":")
        name = entity_name(city, "buildings", str(building), words.lang)
        text = words("figure.service.hall", building=name, lines=int(rows["lines"].iloc[0]))
        handles.append(Line2D([], [], color=colour, marker=mark, markersize=4,
                              label=balanced(text, 70)))  # fmt: skip
    ax.set_ylim(0, min(3.0, max(1.5, float(table["p95"].max()) if len(table) else 1.5)))
    ax.set_ylabel(words("figure.service.stay_ratio"), color=INK)
    ax.yaxis.set_major_formatter(InWords(words))
    value_axis(ax, words, words("figure.service.slow_down"), Scale(1, "%", 0))
    title = words("figure.service.title_pooling", plan=words.of(plan.name, plan.id))
    key = "note_pooling" if len(table) else "none_pooling"
    note = words(f"figure.service.{key}", draws=words.number(draws))
    finish(ax, title, _note(note, city, words), handles, columns=1)
    return ax


def _range(ax: Axes, at: float, row: object, colour: str, mark: str, filled: bool) -> None:
    low, middle, high = (row[point] for point in ("p05", "p50", "p95"))  # type: ignore[index]
    ax.plot([low, high], [at, at], color=colour, linewidth=1.5, solid_capstyle="butt")
    face = colour if filled else "white"
    ax.plot(middle, at, mark, color=colour, markersize=5.5, markerfacecolor=face, zorder=3)


def _handle(colour: str, mark: str, filled: bool, label: str) -> Line2D:
    return Line2D([], [], color=colour, marker=mark, linewidth=1.5, markersize=5.5, label=label,
                  markerfacecolor=colour if filled else "white")  # fmt: skip


def _beside(ax: Axes, at: float, text: str) -> None:
    ax.annotate(
        text,
        (1, at),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=INK,
    )


def _note(text: str, city: City, words: Words) -> str:
    return f"{text} {words('figure.note.invented')}" if city.synthetic else text

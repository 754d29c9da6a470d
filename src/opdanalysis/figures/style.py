"""How every picture looks: fonts, colours, marks, the size on the page, title, legend and note."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.textpath import text_to_path
from matplotlib.ticker import Formatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from opdanalysis.experiment.result import Result
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale
from opdanalysis.text.words import Words
from opdanalysis.units import PRICE_YEAR

P = ParamSpec("P")
R = TypeVar("R")

SMALL, NORMAL, LARGE = 8.0, 8.5, 10.5
"""Sizes of letters [pt], at the size at which a figure is shown."""

CM = 1 / 2.54
WIDTH_CM = 17.0

INK, GREY, LIGHT, PALE = "#1a1a1a", "#6e6e6e", "#bdbdbd", "#ececec"
BLUE, ORANGE, GREEN, RED = "#0173b2", "#de8f05", "#029e73", "#b34700"
PINK, BROWN, SKY, YELLOW = "#cc78bc", "#8a5a2b", "#56b4e9", "#ece133"

STYLE: Mapping[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": NORMAL,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "axes.labelsize": NORMAL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.facecolor": "white",
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.6,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": NORMAL,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "opdanalysis",
    "text.usetex": False,
}
"""Settings of matplotlib under which figures are made, and under which they are to be saved."""

SVG_METADATA: Mapping[str, Any] = {"Date": None, "Creator": None}
"""What keeps the day and the version out of a saved SVG, so that its bytes never change."""

PLAN_LOOKS: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "announced": ((RED, "o", False), (ORANGE, "h", False)),
    "done": ((BLUE, "o", True), (SKY, "h", True)),
    "idea": ((GREEN, "^", True), (BROWN, "v", True), (GREEN, "<", False), (BROWN, ">", False)),
    "rival": ((PINK, "D", True), (INK, "s", True), (GREY, "P", True), (SKY, "X", True)),
    "today": ((INK, "o", True),),
}
"""Colour, mark and whether it is filled, by status; the next of a status takes the next look."""


class Named(Protocol):
    """Anything with an id and names by language, such as a scenario."""

    @property
    def id(self) -> str:
        """The id by which a result knows it."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its names by language."""


def use_style() -> AbstractContextManager[Any]:
    """A context in which figures are made and saved in the style of the project."""
    return rc_context(dict(STYLE))


def styled(plot: Callable[P, R]) -> Callable[P, R]:
    """The same function, run in the style of the project whatever the settings outside."""

    @wraps(plot)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> R:
        with use_style():
            return plot(*args, **kwargs)

    return in_style


def new_axes(height_cm: float, width_cm: float = WIDTH_CM) -> Axes:
    """New axes on a page of that size [cm]."""
    import matplotlib.pyplot as plt

    with use_style():
        figure, axes = plt.subplots(figsize=(width_cm * CM, height_cm * CM), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    return axes


class InWords(Formatter):
    """Tick labels as numbers of one language, with as few decimals as they need."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, number: float, position: int | None = None) -> str:
        """One tick label."""
        return self.format_ticks([number])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All tick labels of an axis."""
        digits = next((d for d in range(4) if all(abs(v - round(v, d)) < 1e-9 for v in values)), 4)
        return [self.words.number(value, digits).replace("-", "−") for value in values]


def value_axis(ax: Axes, words: Words, label: str, scale: Scale | None = None) -> None:
    """Dress the horizontal axis: label with unit, few ticks, thin grid lines behind all."""
    label = f"{label} ({scale.unit})" if scale else label
    ax.set_xlabel(balanced(label, 68), color=INK, fontsize=NORMAL)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(InWords(words))
    ax.grid(axis="x", color=PALE, linewidth=0.7)
    ax.set_axisbelow(True)


def row_axis(ax: Axes, labels: Sequence[str]) -> None:
    """Dress the vertical axis: one row per label, the first on top."""
    ax.set_yticks(range(len(labels)), labels, fontsize=NORMAL, color=INK)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def finish(
    ax: Axes, title: str, note: str, handles: Sequence[Artist] = (), columns: int = 3
) -> None:
    """Put the title above the axes, and legend and note below, from the left edge of all.

    The title is also kept as the label of the axes, for whoever needs words for the picture.
    """
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    point = figure.dpi / 72
    frame = ax.get_window_extent()
    parts = [box for box in (_extent(ax.yaxis), _extent(ax.xaxis), frame) if box is not None]
    left = (min(box.x0 for box in parts) - frame.x0) / point
    bottom = (min(box.y0 for box in parts) - frame.y0) / point
    top = (max(box.y1 for box in parts) - frame.y1) / point
    alone = len(figure.axes) == 1
    room = (figure.bbox.width / point - 20) if alone else (frame.width / point - left)
    ax.set_label(title)
    ax.annotate(
        wrapped(title, room, LARGE, bold=True),
        (0, 1),
        xycoords="axes fraction",
        xytext=(left, max(top, 0) + 9),
        textcoords="offset points",
        fontsize=LARGE,
        fontweight="bold",
        va="bottom",
    )
    if handles:
        place = ax.transAxes + ScaledTranslation(
            left / 72, (bottom - 5) / 72, figure.dpi_scale_trans
        )
        legend = ax.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, 0),
            bbox_transform=place,
            ncols=columns,
            borderpad=0,
            borderaxespad=0,
            handlelength=2.2,
            columnspacing=1.6,
        )
        bottom -= 7 + legend.get_window_extent().height / point
    ax.annotate(
        wrapped(note, room, SMALL),
        (0, 0),
        xycoords="axes fraction",
        xytext=(left, bottom - 6),
        textcoords="offset points",
        fontsize=SMALL,
        color=GREY,
        va="top",
        linespacing=1.25,
    )


def _extent(axis: Any) -> Any:
    return axis.get_tightbbox() if axis.get_visible() else None


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of letters [pt]."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def wrapped(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text in lines that are no wider than `room` [pt]."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, bold) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def short(text: str, letters: int) -> str:
    """The text, cut at a word with an ellipsis when it has more letters than allowed."""
    return textwrap.shorten(text, letters, placeholder=" …")


def balanced(text: str, letters: int) -> str:
    """The text in lines of at most that many letters, all about equally long."""
    lines = _lines(text, letters)
    width = letters
    while width > 1 and len(_lines(text, width - 1)) == len(lines):
        width -= 1
    return "\n".join(_lines(text, width))


def _lines(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters, break_long_words=False, break_on_hyphens=False)


def plan_label(plan: Plan, words: Words, letters: int = 28) -> str:
    """The name of a plan in lines of about that many letters."""
    return balanced(words.of(plan.name, plan.id), letters)


def plan_looks(plans: Iterable[Plan]) -> dict[str, dict[str, Any]]:
    """For each plan id the colour, mark and filling, as keywords for `Axes.plot`."""
    looks: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for plan in plans:
        of_status = PLAN_LOOKS[plan.status]
        colour, mark, filled = of_status[seen.get(plan.status, 0) % len(of_status)]
        seen[plan.status] = seen.get(plan.status, 0) + 1
        looks[plan.id] = {
            "color": colour,
            "marker": mark,
            "markerfacecolor": colour if filled else "white",
            "markeredgecolor": colour,
            "markeredgewidth": 1.4,
        }
    return looks


def range_text(low: float, middle: float, high: float, scale: Scale, words: Words) -> str:
    """A median with its range in words: 5,9 (2,8 – 12,7); the numbers are in the scale's unit."""
    shown = [words.number(number, scale.digits).replace("-", "−") for number in (low, middle, high)]
    return f"{shown[1]} ({shown[0]} – {shown[2]})"


def scenario_id(scenario: Named | str | None) -> str | None:
    """The id of a scenario that was given as an object or as its id."""
    return scenario if scenario is None or isinstance(scenario, str) else scenario.id


def scenario_name(scenario: Named | str, words: Words) -> str:
    """The name of a scenario, or its id where only that was given."""
    return scenario if isinstance(scenario, str) else words.of(scenario.name, scenario.id)


def result_note(
    result: Result,
    words: Words,
    scenario: Named | str | None = None,
    money: bool = True,
    first: str = "range",
) -> str:
    """What stands under every figure of a result: ranges, draws, scenario, prices, invented."""
    parts = [words(f"figure.note.{first}", draws=words.number(result.draws))]
    if scenario is not None:
        parts.append(words("figure.note.scenario", scenario=scenario_name(scenario, words)))
    if money:
        parts.append(words("figure.note.prices", year=PRICE_YEAR))
    if result.city.synthetic:
        parts.append(words("figure.note.invented"))
    return " ".join(parts)

"""What the inputs rest on, and which of them should be measured first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.special import ndtri

from opdanalysis.city.city import City
from opdanalysis.city.names import entity_name
from opdanalysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    SKY,
    SMALL,
    balanced,
    finish,
    new_axes,
    row_axis,
    styled,
    value_axis,
)
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.plans.plan import Plan
from opdanalysis.text.scales import Scale
from opdanalysis.text.words import Words

EVIDENCE_LOOKS = {
    "measured": (INK, ""),
    "official": (BLUE, ""),
    "reported": (SKY, "///"),
    "literature": (GREEN, "\\\\\\"),
    "derived": ("#d9d9d9", "..."),
    "judgement": ("white", "xxxx"),
}
"""Colour and hatch, the strongest evidence first."""

SHARE = Scale(0.01, "%", 0)


def evidence_table(book: ParameterBook) -> pd.DataFrame:
    """How many numbers of each topic rest on which evidence: a row a topic, a column a word."""
    counts = book.evidence_share().reindex(columns=list(EVIDENCE_LOOKS), fill_value=0)
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return counts.loc[order].reset_index()


def measure_first_table(frame: pd.DataFrame, top: int = 12) -> pd.DataFrame:
    """The inputs that an outcome follows most closely, of a frame of `experiment.ranking`."""
    moving = frame[frame["share"] > 0]
    return moving.head(top).reset_index(drop=True)


def chance_share(inputs: int, draws: int) -> float:
    """The share [1] that the closest of so many inputs stays below with 95% when none matters.

    The rank correlation of independent numbers is about normal with variance 1 / (draws - 1).
    """
    return float(ndtri(1 - 0.025 / max(inputs, 1)) ** 2 / max(draws - 1, 1))


@styled
def plot_evidence(book: ParameterBook, words: Words, ax: Axes | None = None) -> Axes:
    """Shares of the inputs of each topic by evidence, with the number of inputs beside."""
    counts = evidence_table(book).set_index("topic")
    totals = counts.sum(axis=1)
    if ax is None:
        ax = new_axes(3.8 + 0.95 * len(counts))
    rows = np.arange(len(counts))
    left = np.zeros(len(counts))
    for word in EVIDENCE_LOOKS:
        if not counts[word].any():
            continue
        share = (counts[word] / totals / SHARE.size).to_numpy()
        ax.barh(rows, share, 0.62, left, **_look(word))
        left = left + share
    for row, total in zip(rows, totals, strict=True):
        ax.annotate(
            words("figure.evidence.count", count=words.number(total)),
            (100, row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    row_axis(ax, [balanced(words(f"topic.{topic}"), 30) for topic in counts.index])
    ax.set_xlim(0, 100)
    value_axis(ax, words, words("figure.evidence.share"), SHARE)
    note = words(
        "figure.evidence.note",
        numbers=words.number(totals.sum()),
        judged=words.percent(counts["judgement"].sum() / totals.sum()),
    )
    handles = _handles([word for word in EVIDENCE_LOOKS if counts[word].any()], words)
    finish(ax, words("figure.evidence.title"), note, handles, columns=6)
    return ax


@styled
def plot_measure_first(
    frame: pd.DataFrame,
    city: City,
    book: ParameterBook,
    words: Words,
    top: int = 12,
    outcome: str | None = None,
    plan: Plan | None = None,
    draws: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The inputs that an outcome follows most closely, with what they rest on and their sign.

    `frame` comes from `experiment.ranking.measure_first`. `outcome` and `plan` say of what: with a
    plan, of its gain against today. `draws` adds a line up to which chance alone may lead.
    """
    table = measure_first_table(frame, top)
    if ax is None:
        ax = new_axes(4.8 + 0.95 * max(len(table), 2))
    for row, entry in enumerate(table.itertuples()):
        share = entry.share / SHARE.size
        ax.barh(row, share, 0.62, **_look(entry.evidence))
        sign = "+" if entry.correlation > 0 else "−"
        text = ax.annotate(
            f"{words.number(share, 0 if share >= 10 else 1)}%  {sign}",
            (share, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
        text.set_path_effects([patheffects.withStroke(linewidth=3, foreground="white")])
    names = [_input_name(entry, city, book, words) for entry in table.itertuples()]
    row_axis(ax, [balanced(name, 44) for name in names])
    ax.set_xlim(0, 1.16 * max(table["share"].max() if len(table) else 0, 0.01) / SHARE.size)
    value_axis(ax, words, words("figure.evidence.follows"), SHARE)
    note = [words("figure.evidence.note_first")]
    if draws:
        chance = chance_share(len(frame), draws)
        ax.axvline(chance / SHARE.size, color=INK, linewidth=1, linestyle="--")
        note.append(words("figure.evidence.note_chance", draws=words.number(draws)))
    if city.synthetic:
        note.append(words("figure.note.invented"))
    handles = _handles([w for w in EVIDENCE_LOOKS if w in set(table["evidence"])], words)
    finish(ax, _title(outcome, plan, words), " ".join(note), handles, columns=6)
    return ax


def _title(outcome: str | None, plan: Plan | None, words: Words) -> str:
    title = words("figure.evidence.title_first")
    if outcome is None:
        return title
    label = words(f"outcome.{outcome}")
    subject = label[:1].lower() + label[1:]
    if plan is not None:
        key = "of_saving" if OUTCOMES[outcome].better == "lower" else "of_rise"
        name = words.of(plan.name, plan.id)
        subject = words(f"figure.evidence.{key}", outcome=subject, plan=name)
    return f"{title}: {subject}"


def _look(evidence: str) -> dict[str, object]:
    colour, hatch = EVIDENCE_LOOKS[evidence]
    edge = INK if colour != INK else GREY
    return {"facecolor": colour, "hatch": hatch, "edgecolor": edge, "linewidth": 0.5}


def _handles(evidence: list[str], words: Words) -> list[Patch]:
    return [Patch(label=words(f"evidence.{word}"), **_look(word)) for word in evidence]


def _input_name(entry: object, city: City, book: ParameterBook, words: Words) -> str:
    """The input in words, with the name of its entity, or "all buildings" for a whole column.

    A whole column for which there is no such word goes by its own name.
    """
    name = words(f"parameter.{entry.parameter}")
    if entry.entity:
        return f"{name}: {entity_name(city, entry.topic, entry.entity, words.lang)}"
    all_of = f"all_of.{entry.topic}"
    if entry.parameter in {vector.name for vector in book.vectors} and all_of in words:
        return f"{name}: {words(all_of)}"
    return name

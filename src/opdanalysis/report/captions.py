"""What is seen in a figure, in a sentence for those who do not see it, from its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from opdanalysis.report.material import Material
from opdanalysis.report.standing import amount_of

HALF = 0.5
"""From here on something is more likely than not."""

NAMED = 3
"""Inputs or places that a sentence names."""


def title_of(name: str, material: Material) -> str:
    """The title of a figure, with the plan that it is about."""
    return material.words(f"report.figure.{name}.title", plan=material.name(material.main))


def how_to_read(name: str, material: Material) -> str:
    """One or two sentences on how to read a figure."""
    return material.words(f"report.figure.{name}.read", plan=material.name(material.main))


def alternative(name: str, material: Material) -> str:
    """The text that stands for a figure: its title, and what is seen in it."""
    frame = material.frame(name)
    seen = "" if frame is None or frame.empty else _seen(name, frame, material)
    parts = [f"{title_of(name, material).rstrip('.?')}.", seen or how_to_read(name, material)]
    return " ".join(parts)


def _seen(name: str, frame: pd.DataFrame, material: Material) -> str:
    special = SEEN.get(name)
    if special is not None:
        return special(frame, material)
    if {"scenario", "plan", "outcome", "p50"} <= set(frame.columns):
        return _ranges(frame[frame["scenario"] == frame["scenario"].iloc[0]], material)
    return ""


def _ranges(frame: pd.DataFrame, material: Material) -> str:
    """The range of every plan, one after the other."""
    names = _plans(material)
    said = []
    for row in frame[frame["plan"].isin(names)].itertuples():
        outcome = material.result.outcome(row.outcome)
        points = np.array([row.p05, row.p50, row.p95])
        amount = amount_of(outcome.unit, points, material.words, change=True)
        text = material.words("figure.no_change") if not points.any() else amount.text
        said.append(f"{names[row.plan]}: {text}")
    return "; ".join(said) + "."


def _contacts(frame: pd.DataFrame, material: Material) -> str:
    own = frame[frame["outcome"] == "contacts_one_roof"]
    names = {material.result.plans[0].id: material.words("figure.today"), **_plans(material)}
    shares = [
        f"{names[row.plan]}: {material.words.percent(row.p50)}"
        for row in own.itertuples()
        if row.plan in names
    ]
    return material.words("report.seen.contacts", shares="; ".join(shares))


def _districts(frame: pd.DataFrame, material: Material) -> str:
    names = {one.id: one.name for one in material.result.city.kecamatan}
    order = frame.sort_values("p50", kind="stable")
    words = material.words
    return words(
        "report.seen.districts",
        nearer=int((frame["p05"] > 0).sum()),
        farther=int((frame["p95"] < 0).sum()),
        open=int(((frame["p05"] <= 0) & (frame["p95"] >= 0)).sum()),
        best=names[order["kecamatan"].iloc[-1]],
        gain=words.number(order["p50"].iloc[-1], 1),
        worst=names[order["kecamatan"].iloc[0]],
        loss=words.number(order["p50"].iloc[0], 1).replace("-", "−"),
    )


def _evidence(frame: pd.DataFrame, material: Material) -> str:
    numbers = frame.drop(columns="topic").to_numpy().sum()
    share = material.words.percent(frame["judgement"].sum() / numbers)
    return material.words(
        "report.seen.evidence", judged=share, numbers=material.words.number(numbers)
    )


def _best(frame: pd.DataFrame, material: Material) -> str:
    own = frame[frame["scenario"] == frame["scenario"].iloc[0]]
    names = {material.result.plans[0].id: material.words("figure.today"), **_plans(material)}
    said = [
        f"{names[row.plan]}: {material.words.percent(row.probability)}"
        for row in own.sort_values("probability", ascending=False, kind="stable").itertuples()
    ]
    return material.words("report.seen.best", shares="; ".join(said))


def _worth(frame: pd.DataFrame, material: Material) -> str:
    words = material.words
    said = [
        f"{words(f'group.{row.group}')}: {words.rupiah(row.value)}"
        for row in frame.head(NAMED + 1).itertuples()
    ]
    return words("report.seen.worth", values="; ".join(said))


def _indices(frame: pd.DataFrame, material: Material) -> str:
    words = material.words
    top = frame.sort_values("total", ascending=False, kind="stable").head(NAMED)
    said = [
        f"{words(f'group.{row.group}')} ({words.percent(row.total)})" for row in top.itertuples()
    ]
    return words("report.seen.indices", groups=", ".join(said))


def _tornado(frame: pd.DataFrame, material: Material) -> str:
    words = material.words
    names = [words(f"parameter.{name}") for name in frame["parameter"].head(NAMED)]
    turning = int((np.sign(frame["low"]) != np.sign(frame["high"])).sum())
    return words("report.seen.tornado", inputs=", ".join(names), turning=turning)


def _waterfall(frame: pd.DataFrame, material: Material) -> str:
    rows = frame.set_index("part")
    amounts = {
        part: amount_of(
            "Rp/year", rows.loc[part, ["p05", "p50", "p95"]].to_numpy(dtype=float), material.words
        ).text
        for part in ("gross", "net")
        if part in rows.index
    }
    return material.words("report.seen.waterfall", **amounts) if len(amounts) == 2 else ""


def _utilisation(frame: pd.DataFrame, material: Material) -> str:
    norm = frame[frame["quantity"] == "utilisation"]
    tight = int((norm["p_over"] > HALF).sum())
    return material.words("report.seen.utilisation", all=len(norm), tight=tight)


def _parking(frame: pd.DataFrame, material: Material) -> str:
    cars = frame[frame["kind"] == "car"]
    worst = cars.groupby("building")["p_short"].max()
    return material.words("report.seen.parking", all=len(worst), short=int((worst > HALF).sum()))


def _readiness(frame: pd.DataFrame, material: Material) -> str:
    counts = frame["colour"].value_counts()
    said = [
        f"{material.words(f'colour_short.{colour}')} {counts[colour]}"
        for colour in ("green", "amber", "red", "unknown")
        if colour in counts
    ]
    return material.words("report.seen.readiness", counts=", ".join(said))


def _claims(frame: pd.DataFrame, material: Material) -> str:
    words = material.words
    counts = frame.drop_duplicates("claim")["verdict"].value_counts()
    said = [f"{words(f'claim.verdict.{verdict}')}: {count}" for verdict, count in counts.items()]
    return words("report.seen.claims", counts="; ".join(said))


def _plans(material: Material) -> Mapping[str, str]:
    return {plan.id: material.name(plan) for plan in material.plans}


SEEN: Mapping[str, Callable[[pd.DataFrame, Material], str]] = {
    "contacts": _contacts,
    "access_by_kecamatan": _districts,
    "evidence": _evidence,
    "probability_best": _best,
    "probability_best_citizens": _best,
    "information_value": _worth,
    "group_indices": _indices,
    "tornado": _tornado,
    "waterfall": _waterfall,
    "utilisation": _utilisation,
    "parking_by_hour": _parking,
    "readiness": _readiness,
    "claims": _claims,
}
"""What is seen in figures that show other things than ranges by plan."""


def drawn(names: Sequence[str], material: Material) -> list[str]:
    """The figures that the notebooks drew, of those that are named."""
    return [name for name in names if material.has_figure(name)]

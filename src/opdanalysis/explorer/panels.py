"""The numbers of the page: what a plan changes, and how it compares, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.experiment.claims import Limits
from opdanalysis.experiment.result import RANGE
from opdanalysis.explorer.state import SHOWN, Gains
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.plans.plan import Plan
from opdanalysis.text.ranges import range_in_words
from opdanalysis.text.words import Words

NEARLY_ALL = 0.99
"""A chance above this is not told more exactly: a few hundred draws cannot."""

SUMMARY = ("net_cost", "contacts_one_roof", "stalls_short")
"""What is always in sight on a narrow screen."""

HARDLY = 0.005
"""A change below this rounds to nothing; of shares it would be half a point."""

Floats = NDArray[np.float64]


def verdict(gain: Floats, limits: Limits) -> tuple[str, float]:
    """What the draws say of a gain: `same`, `better`, `worse` or `open`, and how large a share.

    The share is that of the draws that are better, or worse where more of them are.
    """
    better, worse = float((gain > 0).mean()), float((gain < 0).mean())
    if better == worse == 0:
        return "same", 1.0
    word, share = ("better", better) if better >= worse else ("worse", worse)
    return (word if share >= limits.high else "open"), share


def verdict_in_words(gain: Floats, limits: Limits, words: Words) -> str:
    """The verdict as a few words with its chance."""
    word, share = verdict(gain, limits)
    if word == "open":
        word = "open_better" if (gain > 0).mean() >= (gain < 0).mean() else "open_worse"
    all_draws = words("explorer.verdict.nearly_all", share=words.percent(NEARLY_ALL))
    chance = all_draws if share > NEARLY_ALL else words.percent(share)
    return words(f"explorer.verdict.{word}", chance=chance)


def change_in_words(outcome: str, gain: Floats, words: Words) -> str:
    """By how much an outcome rises or falls: median and range, in its own direction."""
    change = _change(outcome, gain)
    low, middle, high = np.quantile(change, RANGE)
    if low == high == 0:
        return words("explorer.no_change")
    if max(-low, high) < HARDLY and OUTCOMES[outcome].unit != "1":
        return words("explorer.hardly")
    return range_in_words(OUTCOMES[outcome].unit, words, low, middle, high, change=True)


def answers_html(gains: Gains, today: Gains, limits: Limits, words: Words) -> str:
    """Each outcome with its level today, its change under the plan, and the verdict."""
    rows = []
    for outcome in SHOWN:
        level = float(np.median(today[outcome]))
        word, _ = verdict(gains[outcome], limits)
        rows.append(
            f'<div class="opd-answer opd-{word}" data-outcome="{outcome}">'
            f"<dt>{escape(words(f'outcome.{outcome}'))}</dt>"
            f'<dd class="opd-change">{escape(change_in_words(outcome, gains[outcome], words))}</dd>'
            f'<dd class="opd-verdict">{escape(verdict_in_words(gains[outcome], limits, words))}'
            f'</dd><dd class="opd-today">{escape(words("explorer.today"))}: '
            f"{escape(range_in_words(OUTCOMES[outcome].unit, words, level))}</dd></div>"
        )
    return f"<h2>{escape(words('explorer.answers'))}</h2><dl>{''.join(rows)}</dl>"


def summary_html(gains: Gains, limits: Limits, words: Words) -> str:
    """The changes alone in one line each, for a narrow screen on which the numbers are far away."""
    rows = "".join(
        f'<li class="opd-{verdict(gains[outcome], limits)[0]}">'
        f"{escape(words(f'explorer.short.{outcome}'))}: "
        f"<strong>{escape(_middle(outcome, gains, words))}</strong></li>"
        for outcome in SUMMARY
    )
    return f'<ul aria-hidden="true">{rows}</ul>'


def comparison_html(
    outcome: str,
    own: Gains,
    others: Mapping[str, Gains],
    names: Mapping[str, str],
    limits: Limits,
    words: Words,
) -> str:
    """One outcome under the own plan and every plan of the city: a bar from 5% to 95% for each.

    `names` are the names of the others by id.
    """
    everyone = {"own": own, **others}
    called = {"own": words("explorer.own"), **names}
    changes = {id: _change(outcome, gains[outcome]) for id, gains in everyone.items()}
    points = {id: np.quantile(change, RANGE) for id, change in changes.items()}
    low = min(0.0, *(found[0] for found in points.values()))
    high = max(0.0, *(found[2] for found in points.values()))
    width = (high - low) or 1.0
    rows = []
    for id, found in points.items():
        start, middle, end = (100 * (point - low) / width for point in found)
        word, _ = verdict(everyone[id][outcome], limits)
        said = change_in_words(outcome, everyone[id][outcome], words)
        chance = verdict_in_words(everyone[id][outcome], limits, words)
        rows.append(
            f'<tr class="opd-{word}{" opd-mine" if id == "own" else ""}" data-plan="{id}">'
            f'<th scope="row">{escape(called[id])}</th>'
            f'<td class="opd-plot" aria-hidden="true"><svg viewBox="0 0 100 10" '
            f'preserveAspectRatio="none">{_line(100 * -low / width)}'
            f'<rect x="{start:.2f}" y="3.5" width="{max(end - start, 0.4):.2f}" height="3"/>'
            f'<rect class="opd-median" x="{middle - 0.4:.2f}" y="1.5" width="0.8" height="7"/>'
            f"</svg></td><td>{escape(said)}</td><td>{escape(chance)}</td></tr>"
        )
    better = words(f"explorer.better.{OUTCOMES[outcome].better}")
    head = "".join(
        f'<th scope="col">{escape(words(f"explorer.column.{name}"))}</th>'
        for name in ("plan", "range", "change", "chance")
    )
    return (
        f'<table class="opd-compare"><caption>{escape(words(f"outcome.{outcome}"))}: '
        f"{escape(words('explorer.against_today'))} {escape(better)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def changes_html(city: City, plan: Plan, words: Words) -> str:
    """Who moves where under a plan, and what becomes of the buildings that it leaves."""
    placement, lang = plan.place(city), words.lang
    movers = city.today.movers(placement)
    by_place: dict[str, list[str]] = {}
    for agency in movers:
        by_place.setdefault(placement[agency], []).append(city.agency(agency).name_in(lang))
    places = "".join(
        f"<li><strong>{escape(city.building(place).name_in(lang))}</strong> "
        f"&larr; {escape('; '.join(names))}</li>"
        for place, names in by_place.items()
    )
    left = "".join(
        f"<li>{escape(city.building(building).name_in(lang))}: "
        f"{escape(words(f'fate.{plan.fate_of(city, building, placement)}'))}</li>"
        for building in city.today.vacated(placement)
    )
    said = words(
        "explorer.plan.said",
        movers=words.number(len(movers)),
        used=words.number(len(placement.occupied)),
        before=words.number(len(city.today.occupied)),
    )
    parts = [f"<p>{escape(said)}</p>"]
    for key, items in (("moves", places), ("left", left)):
        if items:
            head = escape(words(f"explorer.plan.{key}"))
            parts.append(f"<details><summary>{head}</summary><ul>{items}</ul></details>")
    return "".join(parts)


def _middle(outcome: str, gains: Gains, words: Words) -> str:
    """The median change."""
    middle = float(np.median(_change(outcome, gains[outcome])))
    return range_in_words(OUTCOMES[outcome].unit, words, middle, change=True)


def _line(at: float) -> str:
    """Where nothing changes."""
    return f'<line x1="{at:.2f}" x2="{at:.2f}" y1="0" y2="10"/>'


def _change(outcome: str, gain: Floats) -> Floats:
    """The change of the level that makes a gain."""
    return OUTCOMES[outcome].sign * gain + 0.0

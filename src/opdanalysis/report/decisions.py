"""What a city could decide now, plan by plan: what may be expected, and under which conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opdanalysis.experiment.information import EVERYTHING
from opdanalysis.plans.plan import Plan
from opdanalysis.report.material import Material
from opdanalysis.report.standing import LEVELS, Standing, amount_of, standing

GROUPS = ("now", "if", "not_as_is", "nothing")
"""What can be decided now, what only under conditions, what not as it is, and what changes little.
"""

BENEFITS = ("net_cost", "elapsed_days", "access_minutes", "contacts_one_roof", "contacts")
"""Measures in which a plan may be better; the first are named first."""

HARMS = ("residents_farther", "overfull_staff", "stalls_short", "waiting_minutes", "staff_hours")
"""Measures in which a plan may do harm that a condition can ask to be mended."""

SURE = 1.96
"""Standard errors from which what a measurement brings is taken as shown."""


@dataclass(frozen=True)
class Decision:
    """One plan: its group, what may be expected of it, and the conditions, as sentences."""

    plan: Plan
    group: str
    expected: tuple[str, ...]
    conditions: tuple[str, ...]


def decisions(material: Material) -> list[Decision]:
    """Every plan but today, by group, in the order of the study within each."""
    found = [_decision(material, plan) for plan in material.plans]
    return sorted(found, key=lambda decision: GROUPS.index(decision.group))


def _decision(material: Material, plan: Plan) -> Decision:
    better = {name: standing(material, plan, name) for name in BENEFITS}
    harm = {name: standing(material, plan, name) for name in HARMS}
    group = group_of(better, harm)
    words = material.words
    expected = tuple(
        words(f"report.expect.{name}.{found.word}", range=_size(found))
        for name, found in better.items()
        if found.word in ("yes", "no") or (name == "net_cost" and found.word == "open")
    )
    ask = group in ("now", "if")
    conditions = _conditions(material, plan, better["net_cost"], harm) if ask else []
    return Decision(plan, group, expected or (words("report.expect.nothing"),), tuple(conditions))


def group_of(better: dict[str, Standing], harm: dict[str, Standing]) -> str:
    """The group of a plan, from how it stands in what may become better or worse."""
    if better["net_cost"].word == "no":
        return "not_as_is"
    worse = {"no", "open"}
    if any(found.word in worse for found in (*better.values(), *harm.values())):
        return "if"
    return "now" if any(found.word == "yes" for found in better.values()) else "nothing"


def _conditions(
    material: Material, plan: Plan, saving: Standing, harm: dict[str, Standing]
) -> list[str]:
    """What has to hold or be done first, each with its number."""
    words, said = material.words, []
    if plan.levers:
        said.append(words("report.condition.programme"))
    if saving.word == "open":
        said.append(words("report.condition.unsure", chance=words.percent(saving.better)))
    once = standing(material, plan, "once_only_cost")
    if once.amount.points[1] > 0:
        said.append(words("report.condition.once_only_cost", range=once.amount.text))
    for name, found in harm.items():
        loss = found.amount if name in LEVELS else found.amount.turned
        if found.word in ("no", "open") and loss.points[1] > 0:
            said.append(words(f"report.condition.{name}", range=loss.text))
    return [*said, *_left_behind(material, plan)]


def common_conditions(found: Sequence[Decision]) -> list[str]:
    """The conditions that several decisions have all in common, to be said once."""
    if len(found) < 2:
        return []
    return [one for one in found[0].conditions if all(one in other.conditions for other in found)]


def _left_behind(material: Material, plan: Plan) -> list[str]:
    """What the buildings left behind cost, where that is more than they bring."""
    result = material.result
    burden = -result.gain("asset_income", plan.id) - result.gain("cost_holding", plan.id)
    if np.mean(burden > 0) < material.limits.high:
        return []
    amount = amount_of("Rp/year", burden, material.words)
    return [material.words("report.condition.left_behind", range=amount.text)]


def first_to_measure(material: Material) -> str:
    """The group of inputs that is worth measuring first, in words, or nothing where none is."""
    frame = material.frame("information_value")
    if frame is None:
        return ""
    clear = frame[
        (frame["group"] != EVERYTHING) & (frame["reached"] > SURE * frame["reached_error"])
    ]
    return material.words(f"group.{clear['group'].iloc[0]}") if len(clear) else ""


def _size(found: Standing) -> str:
    """An amount without its minus where the sentence says that it is a loss."""
    if found.word != "no" or found.amount.points[1] >= 0 or found.amount.points[-1] > 0:
        return found.amount.text
    return found.amount.turned.text

"""The conditions under which a plan pays or fails, as sentences."""

from __future__ import annotations

import numpy as np

from opdanalysis.experiment.discovery import Condition, Discovery
from opdanalysis.plans.plan import Plan
from opdanalysis.text.amounts import amount_in_words
from opdanalysis.text.words import Words


def discovery_words(found: Discovery, plan: Plan, words: Words) -> list[str]:
    """Sentences: how often the event happens, each condition, and how well they tell it."""
    conditions = [condition_words(condition, words) for condition in found.conditions]
    often, well = summary_words(found, plan, words)
    return [often, *conditions, well]


def summary_words(found: Discovery, plan: Plan, words: Words) -> tuple[str, str]:
    """How often the event happens, and how well the conditions tell it from the other draws."""
    name, event = words.of(plan.name, plan.id), found.event
    often = words(f"discovery.{event}", plan=name, share=words.percent(found.share))
    if not found.conditions:
        return often, words("discovery.same" if found.share in (0, 1) else "discovery.none")
    numbers = {key: words.percent(getattr(found, key)) for key in ("mass", "density", "coverage")}
    return often, words(f"discovery.where_{event}", **numbers)


def condition_words(condition: Condition, words: Words) -> str:
    """One condition as a sentence, with its place in the range of the input."""
    kind = "most" if np.isnan(condition.low) else "least"
    if not np.isnan([condition.low, condition.high]).any():
        kind = "between"
    return words(
        f"discovery.{kind}",
        label=words(f"parameter.{condition.parameter}"),
        low="" if kind == "most" else amount_in_words(condition.low, condition.unit, words),
        high="" if kind == "least" else amount_in_words(condition.high, condition.unit, words),
        below=words.percent(condition.below),
        above=words.percent(condition.above),
    )

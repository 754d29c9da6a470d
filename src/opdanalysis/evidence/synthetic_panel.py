"""Invented panels whose true effects are known, to see whether an estimator finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.evidence.panel import Panel
from opdanalysis.methods.did_timing import NEVER

Path = Literal["none", "jump", "ramp", "bump"]
Errors = Literal["normal", "t5", "skewed"]

PERIODS = 36
START = "2024-01"


@dataclass(frozen=True)
class MoveScheme:
    """Who moves when and where to: one entry per mover, and how many units stay."""

    moved: tuple[int, ...]
    moved_to: tuple[str, ...]
    n_units: int


SCHEMES: Mapping[str, MoveScheme] = {
    "A1": MoveScheme((18,) * 6, tuple(f"place-{i}" for i in range(6)), 35),
    "A2": MoveScheme((12, 12, 18, 18, 24, 24), tuple(f"place-{i}" for i in range(6)), 35),
    "A3s": MoveScheme(
        (12,) * 5 + (18,) * 3 + (24,) * 4, ("east",) * 5 + ("south",) * 3 + ("west",) * 4, 35
    ),
    "A4": MoveScheme((18,) * 3, tuple(f"place-{i}" for i in range(3)), 35),
    "A5": MoveScheme((12,) * 4 + (18,) * 4 + (24,) * 4, tuple(f"place-{i}" for i in range(12)), 35),
    "C40": MoveScheme((18,) * 40, tuple(f"place-{i}" for i in range(40)), 80),
    "B18": MoveScheme(tuple(range(9, 27)), tuple(f"office-{i}" for i in range(18)), 18),
}
"""A1 six of 35 in one month; A2 three pairs; A3s twelve in three buildings; A4 three of 35; A5
twelve in three cohorts; C40 forty of 80 in one month; B18 eighteen kecamatan, each in its own
month, and none that stays."""


@dataclass(frozen=True)
class World:
    """How an invented panel comes about; standard deviations of the monthly error are the unit.

    `shared` is the part of the error variance common to units that will share a building, `slope`
    a drift of movers per month before and after (which no estimator can know to be none), `noise`
    the spread of the errors of movers, `missing` the share of months without a report.
    """

    scheme: str
    path: Path = "none"
    rho: float = 0.6
    errors: Errors = "normal"
    shared: float = 0.0
    slope: float = 0.0
    noise: float = 1.0
    missing: float = 0.0
    spillover: float = 0.0
    anticipated: int = 0

    def __post_init__(self) -> None:
        for word, allowed in (
            (self.scheme, tuple(SCHEMES)),
            (self.path, get_args(Path)),
            (self.errors, get_args(Errors)),
        ):
            if word not in allowed:
                raise UsageError(f"'{word}' is not known. {did_you_mean(word, allowed)}")


@dataclass(frozen=True, eq=False)
class SyntheticPanel:
    """An invented panel with its truth: outcome = `untreated` + `effect`, both `(N, T)`."""

    panel: Panel
    untreated: np.ndarray = field(repr=False)
    effect: np.ndarray = field(repr=False)

    @property
    def _after(self) -> np.ndarray:
        return np.arange(self.panel.n_periods) >= self.panel.moved[:, None]

    def att(self, cells: np.ndarray | None = None) -> float:
        """The true mean effect over the unit-months from the move on, or over those of a mask."""
        chosen = self._after & ~np.isnan(self.panel.outcome)
        return float(self.effect[chosen if cells is None else chosen & cells].mean())

    def by_event(self) -> pd.Series:
        """The true mean effect by months since the move."""
        event = (np.arange(self.panel.n_periods) - self.panel.moved[:, None])[self._after]
        return pd.Series(self.effect[self._after]).groupby(event).mean()

    def by_cohort(self) -> pd.Series:
        """The true mean effect by the month of the move."""
        rows = np.nonzero(self._after)[0]
        dates = [self.panel.period(number) for number in self.panel.moved[rows]]
        return pd.Series(self.effect[self._after]).groupby(dates).mean()


def synthetic_panel(world: World, seed: Any) -> SyntheticPanel:
    """An invented panel of 36 months; the word synthetic goes with it wherever it is shown."""
    rng = np.random.default_rng(seed)
    scheme = SCHEMES[world.scheme]
    untreated, effect = draw_outcomes(world, 1, rng)
    stay = scheme.n_units - len(scheme.moved)
    nobody = np.full(scheme.n_units, NEVER)
    moved = np.concatenate([np.array(scheme.moved), nobody[:stay]])
    moved_to = [*scheme.moved_to, *[""] * stay]
    crowded = nobody.copy()
    if world.spillover and stay:
        # The first unit that stays receives the first movers.
        crowded[len(scheme.moved)] = scheme.moved[0]
        moved_to[len(scheme.moved)] = scheme.moved_to[0]
    outcome = untreated[0] + effect
    outcome = np.where(rng.random(outcome.shape) < world.missing, np.nan, outcome)
    panel = Panel(
        units=tuple(f"unit-{number:02d}" for number in range(1, scheme.n_units + 1)),
        periods=pd.period_range(START, periods=PERIODS, freq="M"),
        outcome=outcome,
        moved=moved,
        moved_to=tuple(moved_to),
        announced=moved.copy(),
        announced_to=(*scheme.moved_to, *[""] * stay),
        share_moved=np.ones(scheme.n_units),
        crowded=crowded,
        stratum=("",) * scheme.n_units,
        name="outcome",
        synthetic=True,
    )
    return SyntheticPanel(panel, untreated[0], effect)


def draw_outcomes(
    world: World, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes without the move, `(draws, N, T)`, and the effect of the move, `(N, T)`."""
    scheme = SCHEMES[world.scheme]
    movers, n_units = len(scheme.moved), scheme.n_units
    buildings, place = np.unique(scheme.moved_to, return_inverse=True)
    own = autoregressive((draws, n_units, PERIODS), world.rho, world.errors, rng)
    if world.shared:
        common = autoregressive((draws, len(buildings), PERIODS), world.rho, world.errors, rng)
        alone = autoregressive((draws, n_units - movers, PERIODS), world.rho, world.errors, rng)
        together = np.concatenate([common[:, place], alone], axis=1)
        own = np.sqrt(1 - world.shared) * own + np.sqrt(world.shared) * together
    own[:, :movers] *= world.noise
    time = np.arange(PERIODS)
    level = rng.normal(size=(draws, n_units, 1)) + rng.normal(size=(draws, 1, PERIODS))
    untreated = level + own
    moved = np.array(scheme.moved)
    untreated[:, :movers] += world.slope * (time - moved[:, None])
    effect = np.zeros((n_units, PERIODS))
    since = time - moved[:, None] + world.anticipated
    order = np.argsort(np.argsort(moved, kind="stable"), kind="stable")
    later = order >= movers / 2
    effect[:movers] = (
        path_of(world.path, since) * np.where(later & (world.path == "bump"), 0.4, 1.0)[:, None]
    )
    if world.spillover and n_units > movers:
        effect_on_host = world.spillover * (time >= moved[0])
        untreated[:, movers] += effect_on_host
    return untreated, effect


def path_of(path: Path, since: np.ndarray) -> np.ndarray:
    """The effect by months since the move, zero before it.

    Jump: -1 at once. Ramp: to -1 in twelve months. Bump: +0.5 for three months, then over nine
    months to -0.8.
    """
    after = since >= 0
    if path == "jump":
        return np.where(after, -1.0, 0.0)
    if path == "ramp":
        return np.where(after, -np.minimum((since + 1) / 12, 1.0), 0.0)
    if path == "bump":
        down = 0.5 - 1.3 * np.clip((since - 2) / 9, 0.0, 1.0)
        return np.where(after, np.where(since < 3, 0.5, down), 0.0)
    return np.zeros(since.shape)


def autoregressive(
    shape: tuple[int, ...], rho: float, errors: Errors, rng: np.random.Generator
) -> np.ndarray:
    """AR(1) errors of unit variance along the last axis; `skewed` has exponential innovations."""
    if errors == "t5":
        drawn = rng.standard_t(5, size=shape) / np.sqrt(5 / 3)
    elif errors == "skewed":
        drawn = rng.exponential(size=shape) - 1.0
    else:
        drawn = rng.standard_normal(shape)
    for period in range(1, shape[-1]):
        drawn[..., period] = rho * drawn[..., period - 1] + np.sqrt(1 - rho**2) * drawn[..., period]
    return drawn

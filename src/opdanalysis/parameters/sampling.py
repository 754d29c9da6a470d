"""Draws from beliefs: each number has a random stream that is named after it."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from opdanalysis.parameters.distribution import (
    Distribution,
    two_sided_logit,
    two_sided_lognormal,
    two_sided_normal,
)
from opdanalysis.parameters.parameter import Parameter, VectorParameter

SHAPES = {
    "lognormal": two_sided_lognormal,
    "normal": two_sided_normal,
    "logit": two_sided_logit,
}
"""What a vector parameter's shape does with normal scores and the three points."""


TOGETHER = 32
"""Entities that are written at a time, for far places of an array are slow to reach one by one."""

KEPT = 512
"""How many parameters' draws are kept: those of a whole book."""


def stream(seed: int, name: str) -> np.random.Generator:
    """The random stream of one name: adding another name changes nothing here."""
    digest = hashlib.sha256(name.encode()).digest()
    words = np.frombuffer(digest, dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()])))


def stratified(seed: int, name: str, draws: int) -> NDArray[np.float64]:
    """Probabilities that cover 0 to 1 evenly in random order, `(draws,)`.

    One point in each of `draws` equal strata (McKay, Beckman and Conover 1979, Technometrics
    21(2)), so that a thousand draws cover the range.
    """
    generator = stream(seed, name)
    return (generator.permutation(draws) + generator.random(draws)) / draws


def scalar_draws(parameter: Parameter, draws: int, seed: int) -> NDArray[np.float64]:
    """Draws of one parameter, `(draws,)`, in its unit; not to be written to."""
    return _drawn(parameter.name, parameter.distribution, parameter.value, draws, seed)


@lru_cache(maxsize=KEPT)
def _drawn(
    name: str, distribution: Distribution, value: float, draws: int, seed: int
) -> NDArray[np.float64]:
    """Kept, for many cities share these beliefs, and some quantiles take long."""
    found = (
        np.full(draws, value)
        if distribution.kind == "fixed"
        else distribution.quantile(stratified(seed, name, draws), value)
    )
    found.setflags(write=False)
    return found


def quantiles_of(
    parameter: Parameter | VectorParameter, probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The numbers of a parameter at some probabilities, `(n,)` or `(n, n_entities)`, in its unit.

    All entries of a column stand at the same probability.
    """
    if isinstance(parameter, Parameter):
        return parameter.distribution.quantile(probabilities, parameter.value)
    numbers = np.tile(parameter.values, (len(probabilities), 1))
    uncertain = np.flatnonzero(parameter.lows < parameter.highs)
    ends = (p[uncertain] for p in (parameter.lows, parameter.values, parameter.highs))
    numbers[:, uncertain] = SHAPES[parameter.shape](ndtri(probabilities)[:, None], *ends)
    return numbers


def vector_draws(
    parameter: VectorParameter, draws: int, seed: int, shared_error: float
) -> NDArray[np.float64]:
    """Draws of one number per entity, `(draws, n_entities)`, in its unit.

    Entries that were judged or derived share a part of their error, `shared_error` as a
    correlation of normal scores: whoever guesses too high for one agency tends to guess too high
    for all. Each entry keeps its own 5%, 50% and 95% points.
    """
    numbers = np.tile(parameter.values, (draws, 1))
    common = ndtri(stratified(seed, f"{parameter.name} (shared)", draws))
    weight = np.where(parameter.shares_its_error, shared_error, 0.0)
    shape = SHAPES[parameter.shape]
    uncertain = np.flatnonzero(parameter.lows < parameter.highs)
    for start in range(0, len(uncertain), TOGETHER):
        places = uncertain[start : start + TOGETHER]
        rows = np.empty((len(places), draws))
        for row, place in zip(rows, places, strict=True):
            own = ndtri(stratified(seed, f"{parameter.name}[{parameter.entities[place]}]", draws))
            z = np.sqrt(weight[place]) * common + np.sqrt(1 - weight[place]) * own
            ends = (parameter.lows[place], parameter.values[place], parameter.highs[place])
            row[:] = shape(z, *ends)
        numbers[:, places] = rows.T
    return numbers

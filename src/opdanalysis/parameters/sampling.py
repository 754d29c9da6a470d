"""Draws from beliefs: each number has a random stream that is named after it."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from opdanalysis.parameters.distribution import two_sided_lognormal, two_sided_normal
from opdanalysis.parameters.parameter import Parameter, VectorParameter


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
    """Draws of one parameter, `(draws,)`, in its unit."""
    if parameter.distribution.kind == "fixed":
        return np.full(draws, parameter.value)
    u = stratified(seed, parameter.name, draws)
    return parameter.distribution.quantile(u, parameter.value)


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
    shape = two_sided_lognormal if parameter.shape == "lognormal" else two_sided_normal
    for place in np.flatnonzero(parameter.lows < parameter.highs):
        own = ndtri(stratified(seed, f"{parameter.name}[{parameter.entities[place]}]", draws))
        z = np.sqrt(weight[place]) * common + np.sqrt(1 - weight[place]) * own
        numbers[:, place] = shape(
            z, parameter.lows[place], parameter.values[place], parameter.highs[place]
        )
    return numbers

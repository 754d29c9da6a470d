"""Random numbers: a stream of its own for each seed, replication, journey and purpose.

So a plan, another journey or the number of workers changes nobody's numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.methods.queue_world import Shape

Sampler = Callable[[np.random.Generator, int], np.ndarray]


def stream(seed: int, replication: int, journey: str, purpose: str) -> np.random.Generator:
    """The random stream of one journey's one purpose in one replication."""
    if seed < 0 or replication < 0:
        raise UsageError(f"seed is {seed}, replication {replication}; expected numbers from 0 up")
    digest = hashlib.sha256(f"{journey}\0{purpose}".encode()).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, replication, *words])))


def service_draw(shape: Shape, cv: float) -> Sampler:
    """Draws service times of mean 1 with the coefficient of variation `cv`."""
    if shape == "fixed":
        return lambda rng, n: np.ones(n)
    if shape == "gamma":
        stages = 1 / cv**2
        return lambda rng, n: rng.standard_gamma(stages, n) / stages
    spread = np.sqrt(np.log1p(cv**2))

    def lognormal(rng: np.random.Generator, n: int) -> np.ndarray:
        z = rng.standard_normal(n)
        z *= spread
        z -= spread**2 / 2
        return np.exp(z, out=z)

    return lognormal


def uniform(rng: np.random.Generator, n: int) -> np.ndarray:
    """Numbers from 0 to 1."""
    return rng.random(n)


def exponential(rng: np.random.Generator, n: int) -> np.ndarray:
    """Exponential numbers of mean 1."""
    return rng.standard_exponential(n)


def minutes_of_day(hourly_weights: tuple[float, ...]) -> Sampler:
    """Draws minutes of the day whose density over the 24 hours follows the weights."""
    weights = np.asarray(hourly_weights, dtype=float)
    share = weights / weights.sum()
    below = np.concatenate([[0.0], np.cumsum(share)])
    last = int(np.flatnonzero(share)[-1])

    def minutes(rng: np.random.Generator, n: int) -> np.ndarray:
        u = rng.random(n)
        hour = np.minimum(np.searchsorted(below, u, side="right") - 1, last)
        return 60.0 * (hour + (u - below[hour]) / share[hour])

    return minutes

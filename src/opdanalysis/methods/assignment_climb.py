"""Quasi-Newton steps up a smooth concave function whose numbers may have lower limits."""

from __future__ import annotations

from typing import Protocol

import numpy as np

MEMORY = 6  # earlier steps that the quasi-Newton direction uses


class Smooth(Protocol):
    """A function with a temperature: its value and slope at a point."""

    def smooth(self, point: np.ndarray, temperature: float) -> tuple[float, np.ndarray]:
        """Value at a point and slope there, `(n,)`."""


class Climb:
    """Quasi-Newton steps upwards that keep multipliers at or above their least value."""

    def __init__(self, dual, point, least) -> None:
        self.dual, self.point, self.least = dual, point, least
        self.forget()

    def forget(self) -> None:
        """Start anew from the point that was reached, without the curvature seen so far."""
        self.now = None
        self.history: list[tuple[np.ndarray, np.ndarray, float]] = []

    def step(self, temperature) -> bool:
        """One step; false when there is none that helps."""
        if self.now is None:
            self.now = self.dual.smooth(self.point, temperature)
        value, slope = self.now
        held = (self.point <= self.least) & (slope < 0)
        direction = np.where(held, 0.0, self._direction(np.where(held, 0.0, slope), temperature))
        gain = _dot(direction, slope)
        if gain <= 0:
            self.history.clear()
            direction = np.where(held, 0.0, slope)
            direction *= temperature / max(float(np.abs(direction).max()), 1e-300)
            gain = _dot(direction, slope)
            if gain <= 0:
                return False
        length = 1.0
        for _ in range(12):
            point = np.maximum(self.point + length * direction, self.least)
            new = self.dual.smooth(point, temperature)
            if new[0] >= value + 1e-4 * length * gain:
                break
            length *= 0.35
        else:
            if not self.history:
                return False
            self.history.clear()
            return True
        moved, turned = point - self.point, slope - new[1]
        curved = _dot(moved, turned)
        if curved > 1e-12 * _dot(turned, turned):
            self.history.append((moved, turned, curved))
            del self.history[:-MEMORY]
        self.point, self.now = point, new
        return True

    def _direction(self, slope, temperature):
        direction = slope.copy()
        if not self.history:
            return direction * (temperature / max(float(np.abs(slope).max()), 1e-300))
        shares = []
        for moved, turned, curved in reversed(self.history):
            share = _dot(moved, direction) / curved
            direction -= share * turned
            shares.append(share)
        moved, turned, curved = self.history[-1]
        direction *= curved / _dot(turned, turned)
        for (moved, turned, curved), share in zip(self.history, reversed(shares), strict=True):
            direction += (share - _dot(turned, direction) / curved) * moved
        return direction


def _dot(one, other):
    # no BLAS: its threads cost more than they save on vectors of this length
    return float(np.einsum("i,i->", one, other))

"""What a queue may be given: rates from 0 up, times above 0, whole servers; floats or arrays."""

from __future__ import annotations

import numpy as np

from opdanalysis.errors import UsageError

Numbers = float | np.ndarray


def plain(numbers: Numbers) -> Numbers:
    """An array without dimensions as a plain number, any other as it is."""
    return numbers[()] if isinstance(numbers, np.ndarray) else numbers


def from_zero(name: str, value: Numbers) -> np.ndarray:
    """The value as a float array, refused below 0 or where it is missing or infinite."""
    array = np.asarray(value, dtype=float)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise UsageError(f"{name} is {_worst(array):g}; expected a number from 0 up")
    return array


def above_zero(name: str, value: Numbers) -> np.ndarray:
    """The value as a float array, refused at 0 and below or where it is missing or infinite."""
    array = from_zero(name, value)
    if not (array > 0).all():
        raise UsageError(f"{name} is 0; expected a number above 0")
    return array


def whole_servers(servers: int | np.ndarray, least: int = 1) -> np.ndarray:
    """Numbers of servers as an integer array, refused where they are not whole or below `least`."""
    array = from_zero("servers", servers)
    broken = (array != np.floor(array)) | (array < least)
    if broken.any():
        raise UsageError(
            f"servers is {array[broken].flat[0]:g}; expected a whole number from {least} up"
        )
    return array.astype(np.int64)


def _worst(array):
    return array[~(np.isfinite(array) & (array >= 0))].flat[0]

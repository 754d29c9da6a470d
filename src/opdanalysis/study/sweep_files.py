"""The files of a sweep: one Parquet file per city with its quantiles, and one with its draws."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from opdanalysis.errors import UsageError
from opdanalysis.experiment.result import RANGE, Result

if TYPE_CHECKING:
    import pyarrow as pa

QUANTILES, DRAWS = "quantiles", "draws"
"""The two datasets of a sweep, each a folder with a file per city."""

ABOUT = b"opdanalysis"
"""Where a file says what it is made of, in its own metadata."""


@dataclass(frozen=True)
class KeptCity:
    """What is known of a city whose numbers are in a file, and the key of what decided them."""

    city: str
    key: str
    name: str
    synthetic: bool
    agencies: int
    buildings: int
    plans: int

    @classmethod
    def of(cls, city: str, key: str, result: Result) -> KeptCity:
        """A city as a result has it; `city` is the name of its folder."""
        found = result.city
        return cls(
            city,
            key,
            found.name,
            found.synthetic,
            len(found.agencies),
            len(found.buildings),
            len(result.plans) - 1,
        )


def arrow() -> Any:
    """The library pyarrow. Raises UsageError with what to install when it is missing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise needs_large("PyArrow") from error
    return pyarrow


def needs_large(library: str) -> UsageError:
    """The sentence for a library of a sweep that is not installed."""
    return UsageError(
        f"A sweep over many cities needs {library}, which is not installed. "
        'Run: pip install "opdanalysis[large]" (in a clone: pip install -e ".[large]")'
    )


def city_file(target: Path, dataset: str, city: str) -> Path:
    """Where the file of a city lies."""
    return target / dataset / f"{city}.parquet"


def kept_city(target: Path, city: str, keep_draws: bool) -> KeptCity | None:
    """The city of a finished file, or None when there is none or it is not whole."""
    found = _about(city_file(target, QUANTILES, city))
    if found is None or (keep_draws and _about(city_file(target, DRAWS, city)) != found):
        return None
    return found


def _about(path: Path) -> KeptCity | None:
    pa = arrow()
    try:
        metadata = pa.parquet.read_schema(path).metadata or {}
        return KeptCity(**json.loads(metadata[ABOUT]))
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError):
        return None


def write_city(target: Path, about: KeptCity, result: Result, keep_draws: bool) -> None:
    """Write the files of a city, each whole or not at all; the quantiles, which count, last."""
    if keep_draws:
        _write(city_file(target, DRAWS, about.city), draws_table(about, result), about)
    _write(city_file(target, QUANTILES, about.city), quantiles_table(about, result), about)


def quantiles_table(about: KeptCity, result: Result) -> pa.Table:
    """A row per scenario, plan and outcome: the level and the gain against today.

    Columns: city, synthetic, scenario, plan, outcome, unit; mean, p05, p50 and p95 of the level;
    the same of the gain, with `gain_` before them; `better`, the share of draws with a gain.
    """
    parts: dict[str, list[Any]] = {name: [] for name in ("outcome", "unit")}
    numbers: dict[str, list[Any]] = {}
    for id, levels in result.numbers.items():
        outcome = result.outcome(id)
        gains = outcome.sign * (levels - levels[:, :1]) + 0.0
        rows = levels.shape[0] * levels.shape[1]
        parts["outcome"] += [id] * rows
        parts["unit"] += [outcome.unit] * rows
        for start, of in (("", levels), ("gain_", gains)):
            found = {"mean": of.mean(axis=-1)}
            found |= zip(("p05", "p50", "p95"), np.quantile(of, RANGE, axis=-1), strict=True)
            for name, values in found.items():
                numbers.setdefault(start + name, []).append(values.ravel())
        numbers.setdefault("better", []).append((gains > 0).mean(axis=-1).ravel())
    many = len(result.numbers)
    scenarios = np.repeat(result.scenarios, len(result.plans)).tolist() * many
    plans = list(result.plan_ids) * (len(result.scenarios) * many)
    return arrow().table(
        {
            **_city_columns(about, len(plans)),
            "scenario": scenarios,
            "plan": plans,
            **parts,
            **{name: np.concatenate(values) for name, values in numbers.items()},
        }
    )


def draws_table(about: KeptCity, result: Result) -> pa.Table:
    """A row per scenario, plan and draw, a column per outcome: the levels."""
    repeats = len(result.plans) * result.draws
    scenarios = np.repeat(result.scenarios, repeats)
    plans = np.tile(np.repeat(result.plan_ids, result.draws), len(result.scenarios))
    return arrow().table(
        {
            **_city_columns(about, len(scenarios)),
            "scenario": scenarios.tolist(),
            "plan": plans.tolist(),
            "draw": np.tile(np.arange(result.draws), len(scenarios) // result.draws),
            **{id: numbers.ravel() for id, numbers in result.numbers.items()},
        }
    )


def _city_columns(about: KeptCity, rows: int) -> dict[str, list[Any]]:
    return {"city": [about.city] * rows, "synthetic": [about.synthetic] * rows}


def _write(path: Path, table: pa.Table, about: KeptCity) -> None:
    pa = arrow()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(about), sort_keys=True, ensure_ascii=False)
    # Its name begins with a dot, so that readers of the folder pass over what is half written.
    part = path.with_name(f".{path.stem}-{uuid4().hex}.part")
    try:
        pa.parquet.write_table(
            table.replace_schema_metadata({ABOUT: text.encode()}), part, compression="zstd"
        )
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)

"""Answers to a satisfaction survey, one row per respondent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from opdanalysis.errors import DataProblems
from opdanalysis.evidence.satisfaction import ITEMS, LEAST_ANSWER, MOST_ANSWER, Survey
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import (
    RecordColumn,
    gathered,
    mapping_beside,
    note_shapes,
    open_record,
    polars,
    read_mapping,
)

COLUMNS = (
    *(RecordColumn(item) for item in ITEMS),
    RecordColumn("weight", needed=False),
    RecordColumn("stratum", needed=False),
    RecordColumn("wave", needed=False),
)
ONE_WAVE = "all"


def read_survey(path: str | Path, mapping: str | Path | None = None) -> dict[str, Survey]:
    """The survey of each wave, such as "before" and "after"; one named "all" without waves.

    An item may be named by its number in the regulation, U1 to U9. Raises DataProblems with every
    kind of fault, its count and first rows.
    """
    pl = polars()
    path = Path(path)
    faults = Faults()
    place = Path(mapping) if mapping else mapping_beside(path)
    mapped = read_mapping(place, "survey", COLUMNS, ("synthetic",), faults)
    if not mapped.columns and path.is_file():
        with path.open(encoding="utf-8", errors="replace") as stream:
            first = stream.readline().lower()
        if "u1" in first and ITEMS[0] not in first:
            numbered = {item: f"U{number}" for number, item in enumerate(ITEMS, start=1)}
            mapped = type(mapped)(numbered, mapped.ids, mapped.settings)
    record = open_record(path, mapped, COLUMNS, faults)
    if record is None:
        raise DataProblems(faults.found)
    names = [column.name for column in COLUMNS if column.name in record]
    numbers = [name for name in names if name in (*ITEMS, "weight")]
    added = [
        pl.col(name)
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
        .alias(f"{name}_number")
        for name in numbers
    ]
    read = gathered((block.with_columns(added) for block in record.blocks(faults)), faults)
    if read is None:
        if not faults.found:
            faults.add(path.name, None, None, "the file has a header and no row.")
        raise record.problems(faults)
    for name in numbers:
        value = pl.col(f"{name}_number")
        if name == "weight":
            wrong, words = ~(value > 0).fill_null(False), "the weight '{}' is not above 0"
        else:
            off = ~value.is_in([float(n) for n in range(LEAST_ANSWER, MOST_ANSWER + 1)]).fill_null(
                False
            )
            wrong, words = pl.col(name).is_not_null() & off, "'{}' is not an answer from 1 to 4"
        note_shapes(read.filter(wrong), name, words, "", path.name, faults)
    if faults.found:
        raise record.problems(faults)
    table = pd.DataFrame(read.to_dict(as_series=False))
    wave = table["wave"].fillna(ONE_WAVE) if "wave" in names else pd.Series(ONE_WAVE, table.index)
    synthetic = bool(mapped.settings.get("synthetic", False))
    return {
        str(name): _survey(table[wave == name], names, synthetic) for name in sorted(wave.unique())
    }


def _survey(table: pd.DataFrame, names: list[str], synthetic: bool) -> Survey:
    answers = table[[f"{item}_number" for item in ITEMS]].to_numpy(dtype=float)
    weights = table["weight_number"].to_numpy(float) if "weight" in names else np.ones(len(table))
    strata = np.zeros(len(table), dtype=int)
    if "stratum" in names:
        strata = pd.factorize(table["stratum"].fillna("").astype(str), sort=True)[0]
    return Survey(answers, weights, strata, synthetic)

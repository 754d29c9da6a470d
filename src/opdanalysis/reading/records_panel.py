"""A panel of records: one row per unit and month, with the outcome and when the unit moved."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from opdanalysis.errors import DataProblems
from opdanalysis.evidence.panel import Panel
from opdanalysis.evidence.panel_frame import OPTIONAL, REQUIRED, panel_from_frame
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.records import (
    RecordColumn,
    gathered,
    mapping_beside,
    open_record,
    polars,
    read_mapping,
)

COLUMNS = (*map(RecordColumn, REQUIRED), *(RecordColumn(name, needed=False) for name in OPTIONAL))


def read_panel(path: str | Path, mapping: str | Path | None = None) -> Panel:
    """The panel of a record in the columns of `panel_from_frame`.

    `columns.yaml` beside it may say, under `panel`, which of its columns is which of ours, what the
    `outcome` is called, and that it is `synthetic`. A decimal comma is read as a point. Raises
    DataProblems with all that is wrong.
    """
    pl = polars()
    path = Path(path)
    faults = Faults()
    place = Path(mapping) if mapping else mapping_beside(path)
    mapped = read_mapping(place, "panel", COLUMNS, ("outcome", "synthetic"), faults)
    record = open_record(path, mapped, COLUMNS, faults)
    if record is None:
        raise DataProblems(faults.found)
    pointed = [
        pl.col(name).str.replace(",", ".", literal=True)
        for name in ("outcome", "share_moved")
        if name in record
    ]
    read = gathered((block.with_columns(pointed) for block in record.blocks(faults)), faults)
    if read is None and not faults.found:
        faults.add(path.name, None, None, "the file has a header and no row.")
    if read is None or faults.found:
        raise DataProblems(faults.found)
    return panel_from_frame(
        pd.DataFrame(read.drop("row").to_dict(as_series=False)),
        str(mapped.settings.get("outcome", mapped.columns.get("outcome", "outcome"))),
        path.name,
        bool(mapped.settings.get("synthetic", False)),
    )

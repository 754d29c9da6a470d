"""What the figures show, and more, as tables to print. The names here are for visitors."""

from opdanalysis.tables.forms import (
    readable,
    written,
)
from opdanalysis.tables.network import (
    fit_table,
    pairs_table,
    structure_table,
    sweep_table,
)
from opdanalysis.tables.results import (
    building_cost_table,
    cost_by_line_table,
    evidence_table,
    measure_first_table,
    moves_table_words,
    plans_table,
    saving_kinds_table,
    sources_table,
    summary_table,
    vacated_table,
)

__all__ = [
    "building_cost_table",
    "cost_by_line_table",
    "evidence_table",
    "fit_table",
    "measure_first_table",
    "moves_table_words",
    "pairs_table",
    "plans_table",
    "readable",
    "saving_kinds_table",
    "sources_table",
    "structure_table",
    "summary_table",
    "sweep_table",
    "vacated_table",
    "written",
]

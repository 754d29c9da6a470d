"""What the figures show, and more, as tables to print. The names here are for visitors."""

from opdanalysis.tables.best_plan import (
    checks_words,
    frontier_words,
    improvement_words,
    robust_words,
)
from opdanalysis.tables.claim_inputs import (
    claim_break_evens_table,
    turning_table,
)
from opdanalysis.tables.claims import (
    checks_table,
    claim_path_table,
    claim_tests_table,
    claims_table,
    definitions_table,
    reach_table,
    scenarios_table,
)
from opdanalysis.tables.findings import (
    findings_table,
    needs_table,
    predictions_table,
)
from opdanalysis.tables.fit import (
    building_work_table,
    busiest_hour_table,
    parking_table,
    readiness_table,
    space_table,
)
from opdanalysis.tables.forms import (
    readable,
    written,
)
from opdanalysis.tables.money import (
    break_even_words,
    fates_table,
    input_break_even_words,
    net_saving_table,
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
    outcomes_table,
    plans_table,
    saving_kinds_table,
    sources_table,
    summary_table,
    vacated_table,
)
from opdanalysis.tables.service_time import (
    journeys_table,
    pooling_words,
)
from opdanalysis.tables.uncertainty import (
    best_plan_words,
    conditions_words,
    dominance_words,
    group_indices_words,
    information_words,
)

__all__ = [
    "best_plan_words",
    "break_even_words",
    "building_cost_table",
    "building_work_table",
    "busiest_hour_table",
    "checks_table",
    "checks_words",
    "claim_break_evens_table",
    "claim_path_table",
    "claim_tests_table",
    "claims_table",
    "conditions_words",
    "cost_by_line_table",
    "definitions_table",
    "dominance_words",
    "evidence_table",
    "fates_table",
    "findings_table",
    "fit_table",
    "frontier_words",
    "group_indices_words",
    "improvement_words",
    "information_words",
    "input_break_even_words",
    "journeys_table",
    "measure_first_table",
    "moves_table_words",
    "needs_table",
    "net_saving_table",
    "outcomes_table",
    "pairs_table",
    "parking_table",
    "plans_table",
    "pooling_words",
    "predictions_table",
    "reach_table",
    "readable",
    "readiness_table",
    "robust_words",
    "saving_kinds_table",
    "scenarios_table",
    "sources_table",
    "space_table",
    "structure_table",
    "summary_table",
    "sweep_table",
    "turning_table",
    "vacated_table",
    "written",
]

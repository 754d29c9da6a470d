"""What every building costs today, line by line, with its range."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.result import RANGE
from opdanalysis.experiment.run import BLOCK
from opdanalysis.models.operating_cost import LINES, operating_cost
from opdanalysis.parameters.values import Values


def building_costs(city: City, values: Values) -> pd.DataFrame:
    """Yearly cost of every building in use today [Rp/year]: a row per building and line.

    Columns are building, line, p05, p50 and p95; the line `total` is the sum of the others.
    """
    parts = [operating_cost(city, city.today, block, {}) for block in values.blocks(BLOCK)]
    lines = {line: np.concatenate([part[line] for part in parts]) for line in LINES}
    lines["total"] = sum(lines.values())
    quantiles = {line: np.quantile(cost, RANGE, axis=0) for line, cost in lines.items()}
    used = np.flatnonzero(city.occupied(city.today))
    rows = [
        (city.buildings[place].id, line, *quantiles[line][:, place])
        for place in used
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["building", "line", "p05", "p50", "p95"])

"""Invented bills with a known cost function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opdanalysis.evidence.bills import Bills

KWH_LINE, OTHER_LINE = "electricity", "cleaning"


@dataclass(frozen=True)
class BillTruth:
    """What holds in the invented bills.

    kwh_per_m2
        Yearly use per floor area of a building with 1,000 m2 and 100 employees [kWh/m2/year].
    area_elasticity, staff_elasticity, tenant_elasticity
        Of the yearly use.
    tariff
        Price of a kWh [Rp/kWh].
    building_sd, month_sd
        Spread of the logarithm between buildings alike, and from month to month.
    missing_share
        Share of bills that are not in the records.
    wrong_buildings
        Buildings that a meter of something else was added to, with five times the use.
    """

    kwh_per_m2: float
    area_elasticity: float
    staff_elasticity: float
    tenant_elasticity: float
    tariff: float
    building_sd: float
    month_sd: float
    missing_share: float
    wrong_buildings: int


BILL_LESSON = BillTruth(
    kwh_per_m2=95.0, area_elasticity=0.65, staff_elasticity=0.35, tenant_elasticity=0.05,
    tariff=1700.0, building_sd=0.25, month_sd=0.15, missing_share=0.03, wrong_buildings=1,
)  # fmt: skip
"""The truth behind the lesson: use grows with area and staff, and hardly with tenants."""


def invented_buildings(count: int, seed: Any) -> pd.DataFrame:
    """Buildings with floor area, staff and tenants, all invented."""
    rng = np.random.default_rng(seed)
    area = np.exp(rng.normal(np.log(1200), 0.7, count))
    staff = np.maximum(np.rint(area / 11 * np.exp(rng.normal(0, 0.45, count))), 3)
    tenants = 1 + rng.poisson(0.8 * (area / 1500), count)
    ids = [f"gedung-{number:02d}" for number in range(1, count + 1)]
    return pd.DataFrame(
        {"building": ids, "floor_area_m2": np.rint(area), "staff": staff, "tenants": tenants}
    )


def synthetic_bills(
    buildings: pd.DataFrame, years: tuple[int, ...], truth: BillTruth, seed: Any
) -> Bills:
    """Invented monthly bills for electricity, and for cleaning by floor area."""
    rng = np.random.default_rng(seed)
    n, months = len(buildings), 12 * len(years)
    area, staff = buildings["floor_area_m2"].to_numpy(), buildings["staff"].to_numpy()
    middle = np.log(truth.kwh_per_m2 * 1000 / 12)
    middle = middle + truth.area_elasticity * np.log(area / 1000)
    middle = middle + truth.staff_elasticity * np.log(staff / 100)
    middle = middle + truth.tenant_elasticity * np.log(buildings["tenants"].to_numpy())
    middle = middle + truth.building_sd * rng.normal(size=n)
    wrong = rng.choice(n, truth.wrong_buildings, replace=False)
    middle[wrong] += np.log(5)
    noise = truth.month_sd * rng.normal(size=(n, months)) - truth.month_sd**2 / 2
    kwh = np.exp(middle[:, None] + noise)
    frame = pd.DataFrame(
        {
            "building": np.repeat(buildings["building"].to_numpy(), months),
            "year": np.tile(np.repeat(years, 12), n),
            "month": np.tile(np.arange(1, 13), n * len(years)),
            "line": KWH_LINE,
            "rupiah": np.rint(kwh * truth.tariff).ravel(),
            "kwh": np.round(kwh, 1).ravel(),
        }
    )
    cleaning = frame.assign(
        line=OTHER_LINE,
        rupiah=np.rint(np.repeat(area, months) * 5400 * np.exp(0.2 * rng.normal(size=len(frame)))),
        kwh=np.nan,
    )
    table = pd.concat([frame, cleaning], ignore_index=True)
    kept = rng.random(len(table)) >= truth.missing_share
    return Bills(table[kept].reset_index(drop=True), buildings, synthetic=True)

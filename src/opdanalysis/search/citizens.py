"""What the way to an agency costs the citizens who come to its counter, kelurahan by kelurahan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.models.access import THERE_AND_BACK
from opdanalysis.models.citizen_trips import citizen_trips
from opdanalysis.models.service_points import REGISTRY, residents
from opdanalysis.parameters.values import Values

Floats = NDArray[np.float64]


def visiting_cost(city: City, values: Values) -> Floats:
    """Yearly cost of the trips from each kelurahan to each agency's counter for each kilometre
    [Rp/km/year], mean over the draws, `(n_agencies, n_kelurahan)`.

    As in `models/access`: cases come from the residents who are served, evenly; a share goes to the
    unit of the own kecamatan, and a mobile service takes a share of the registry's. A kelurahan
    whose kecamatan has no unit of its own counts for none: its residents go to the nearest.
    """
    v = values.beside_entities()
    cases = np.atleast_2d(v["cases_per_year"])
    people = np.atleast_2d(residents(city, values))
    per_km = np.atleast_1d(citizen_trips(values).rupiah_per_km)[:, None] * THERE_AND_BACK
    visits_per_case = np.atleast_2d(v["visits_per_case"])
    at_home = np.atleast_2d(v["mobile_service_share"])
    shares = np.atleast_2d(v["share_at_group"]) if city.group_steps else None
    row_of = {step.id: row for row, step in enumerate(city.group_steps)}
    kecamatan = [kelurahan.kecamatan for kelurahan in city.kelurahan]
    found = np.zeros((len(city.agencies), len(city.kelurahan)))

    def add(agency: str, visits: Floats, total: Floats, serves: Floats) -> None:
        per_head = visits * per_km / np.maximum(total, 1e-9)
        found[city.agency_order[agency]] += (per_head * people).mean(axis=0) * serves

    for step in city.steps:
        if not step.citizen_present:
            continue
        head = city.agency(step.agency)
        visits = cases[:, [city.service_order[step.service]]] * visits_per_case
        if REGISTRY in head.fields:
            visits = visits * (1 - at_home)
        serves = np.array([float(head.kecamatan in (None, k)) for k in kecamatan])
        at_units = 0.0
        if step.id in row_of and step.group:
            at_units = shares[:, [row_of[step.id]]]
            everyone = people.sum(axis=1, keepdims=True)
            for of_unit, unit in city.unit_of(step.group).items():
                own = np.array([float(of_unit == k) for k in kecamatan])
                add(unit, visits * at_units, everyone, own)
        served = people @ serves[:, None]
        add(step.agency, visits * (1 - at_units), served, serves)
    return found

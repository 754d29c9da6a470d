"""The tables that the lessons look at, at middle values, small enough to be worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opdanalysis.city.city import City
from opdanalysis.experiment.counter_queues import lines_table
from opdanalysis.models.access import access_by_kelurahan
from opdanalysis.models.building_use import use_of
from opdanalysis.models.service_points import residents
from opdanalysis.models.space import Space
from opdanalysis.models.ties import ties_of, yearly_contacts
from opdanalysis.parameters.values import Values
from opdanalysis.plans.plan import Plan


def links(city: City, values: Values) -> pd.DataFrame:
    """Who is in contact with whom, and where both sit today: a row for each pair and direction.

    Columns: sender, receiver, contacts [contact/year], sender_building and receiver_building.
    """
    ties, agencies = ties_of(city), [agency.id for agency in city.agencies]
    table = pd.DataFrame(
        {
            "sender": [agencies[place] for place in ties.sender],
            "receiver": [agencies[place] for place in ties.receiver],
            "contacts": yearly_contacts(ties, values),
        }
    )
    table = table.groupby(["sender", "receiver"], as_index=False, sort=True).sum()
    for end in ("sender", "receiver"):
        table[f"{end}_building"] = [city.today[agency] for agency in table[end]]
    return table


def trips(city: City, plan: Plan, values: Values) -> pd.DataFrame:
    """Minutes of a mean trip from each kelurahan to its counters, today and under a plan.

    Columns: kelurahan, residents [person], today and plan [minute]; without kelurahan whose
    residents make no such trip.
    """
    later = values.with_numbers(plan.levers)
    table = pd.DataFrame(
        {
            "kelurahan": [kelurahan.id for kelurahan in city.kelurahan],
            "residents": residents(city, values),
            "today": access_by_kelurahan(city, city.today, values),
            "plan": access_by_kelurahan(city, plan.place(city), later),
        }
    )
    return table.dropna(subset=["today", "plan"], ignore_index=True)


def counter(city: City, values: Values) -> pd.Series:
    """The busiest counter of the city, by visits.

    Entries: owner, building, counters, visits_per_day, minutes of a visit, opening_minutes.
    """
    names = ["owner", "building", "counters", "visits_per_day", "minutes"]
    busiest = lines_table(city, city.today, values, values).iloc[0][names].copy()
    busiest["opening_minutes"] = float(values["opening_minutes"])
    return busiest


def single_moves(city: City, values: Values, most: int = 400) -> pd.DataFrame:
    """One move of one agency to another building in use, by what it adds to contacts in a building.

    Columns: agency, building, contacts (gained by sitting in one building with it, less those that
    are lost) [contact/year], and fits, whether the building would still have the area of the norm.
    Agencies that serve one kecamatan are left out. The `most` that gain most, the best first.
    """
    table = links(city, values)
    pairs = pd.concat(
        [
            table[["sender", "receiver_building", "contacts"]],
            table[["receiver", "sender_building", "contacts"]].set_axis(
                ["sender", "receiver_building", "contacts"], axis=1
            ),
        ]
    )
    shared = pairs.groupby(["sender", "receiver_building"])["contacts"].sum()
    rows = []
    for (agency, building), gained in shared.items():
        home = city.today[agency]
        if building == home or city.agency(agency).kecamatan is not None:
            continue
        rows.append((agency, building, gained - shared.get((agency, home), 0.0)))
    found = pd.DataFrame(rows, columns=["agency", "building", "contacts"])
    best = found.sort_values(
        ["contacts", "agency", "building"], ascending=[False, True, True], ignore_index=True
    ).head(most)
    best["fits"] = [_fits(city, values, row.agency, row.building) for row in best.itertuples()]
    return best


def _fits(city: City, values: Values, agency: str, building: str) -> bool:
    placement = city.today.moved({agency: building})
    place = np.array([city.building_order[building]])
    space = Space(use_of(city, placement, values), place)
    return bool((space.need <= space.available).all())

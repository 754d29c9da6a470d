"""Colours of readiness, and supplies that are known or not."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.models.building_use import use_today
from opdanalysis.models.parking import Parking
from opdanalysis.models.readiness import (
    MEASURED,
    colour,
    needs_and_supplies,
    standing_colours,
)
from opdanalysis.models.space import Space
from opdanalysis.models.supply import known_supply


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (0, "green"),
        (0.1, "green"),
        (0.11, "amber"),
        (0.5, "amber"),
        (0.51, "red"),
        (float("nan"), "unknown"),
    ],
)
def test_a_colour_follows_the_chance_of_falling_short(chance, word):
    assert colour(chance, 0.1, 0.5) == word


def test_planned_space_is_red_and_that_of_others_amber(contoh):
    city = contoh.city
    ids = ["jalan-mawar-1", "jalan-dahlia-20", "plaza-baru", "jalan-seroja-1"]
    places = np.array([city.building_order[id] for id in ids])
    assert standing_colours(city, places) == ["green", "amber", "amber", "red"]


def test_what_nobody_published_stays_unknown(contoh):
    city = contoh.city
    use = use_today(city, contoh.book.central())
    places = np.array([city.building_order[id] for id in ("jalan-mawar-1", "jalan-melati-5")])
    found = needs_and_supplies(Space(use, places), Parking(use, places))
    assert tuple(found) == MEASURED
    supply = {criterion: np.broadcast_to(have, 2) for criterion, (_, have) in found.items()}
    for criterion, known in (("toilets", 10), ("meeting_rooms", 3), ("connected_power", 250)):
        assert supply[criterion][0] == known
        assert np.isnan(supply[criterion][1])
    assert np.isnan(supply["bandwidth"]).all()
    assert not np.isnan(supply["space"]).any()


def test_a_known_supply_is_drawn_in_its_range(contoh):
    city = contoh.city
    use = use_today(city, contoh.book.sample(200, 0))
    stalls = known_supply(use, "parking_car", np.array([city.building_order["jalan-mawar-1"]]))
    assert stalls.shape == (200, 1)
    assert np.quantile(stalls, [0.05, 0.95]) == pytest.approx([27, 33], rel=0.02)


def test_nothing_is_known_in_palembang(palembang):
    use = use_today(palembang.city, palembang.book.central())
    for item in ("parking_car", "toilets", "bandwidth"):
        everywhere = np.arange(len(palembang.city.buildings))
        assert np.isnan(known_supply(use, item, everywhere)).all()

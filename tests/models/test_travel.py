"""Roads between buildings: straight on one bank, over the best bridge between the banks."""

from __future__ import annotations

import numpy as np
import pytest

from opdanalysis.models.travel import river_bank, road_km, way_metres


def test_the_way_over_the_bridge_is_the_triangle_of_the_example_city(contoh) -> None:
    """Worked by hand: 3 km straight, and 2.5 km to the bridge and 2.5 km from it.

    The bridge lies 1.5 km south and 2 km east of Jalan Mawar 1 (sides 1.5, 2 and 2.5 km).
    """
    city, values = contoh.city, contoh.book.central()
    one, other = (city.building_order[b] for b in ("jalan-mawar-1", "jalan-dahlia-20"))
    assert way_metres(city)[one, other] == pytest.approx(5_000, rel=0.002)
    km = road_km(city, values, np.array([one]), np.array([other]))
    assert km[0] == pytest.approx(5 * values["road_detour_factor"], rel=0.002)


def test_ways_are_symmetric_and_no_shorter_than_the_straight_line(palembang) -> None:
    city = palembang.city
    ways = way_metres(city)
    places = city.metres([building.position for building in city.buildings])
    straight = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    np.testing.assert_allclose(ways, ways.T)
    assert (ways >= straight - 1e-6).all()


def test_the_kecamatan_of_ulu_lie_south_of_the_musi(palembang) -> None:
    """Seberang Ulu means the upstream far side; Plaju, Kertapati and Jakabaring are on it too."""
    city = palembang.city
    south = {
        kecamatan.id
        for kecamatan, north in zip(
            city.kecamatan,
            river_bank(city, city.metres([k.position for k in city.kecamatan])),
            strict=True,
        )
        if not north
    }
    assert south == {"seberang-ulu-i", "seberang-ulu-ii", "plaju", "kertapati", "jakabaring"}


def test_straight_lines_agree_with_published_arithmetic(palembang) -> None:
    """From the raw table of derived distances: PUPR to Jl. Sukarela 9.89 km, on one bank."""
    city = palembang.city
    one, other = (city.building_order[b] for b in ("slamet-riyadi-212", "sukarela-129a"))
    assert way_metres(city)[one, other] / 1000 == pytest.approx(9.89, abs=0.01)

"""A city's arrays keep the order of its tables, and its map agrees with the distances published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from opdanalysis.city.estimate import Estimate

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["contoh", "palembang"])
def test_every_agency_has_exactly_one_seat_today(name, request):
    city = request.getfixturevalue(name).city
    seats = city.seats(city.today)
    assert seats.shape == (len(city.agencies), len(city.buildings))
    np.testing.assert_array_equal(seats.sum(axis=1), 1)
    for row, agency in enumerate(city.agencies):
        assert city.buildings[int(seats[row].argmax())].id == city.today[agency.id]


def test_rows_of_the_table_are_places_in_the_arrays(contoh):
    city = contoh.city
    assert [agency.id for agency in city.agencies][:3] == ["sekda", "capil", "sosial"]
    assert city.agency_order["sosial"] == 2
    assert city.building("plaza-baru") is city.buildings[city.building_order["plaza-baru"]]


def test_the_seats_of_a_placement_cannot_be_written_over(contoh):
    with pytest.raises(ValueError, match="read-only"):
        contoh.city.seats(contoh.city.today)[0, 0] = 1


def test_only_steps_with_the_citizen_present_are_visits(contoh):
    """A permit: domicile at Kecamatan Tengah, application at the permit agency, two more unseen."""
    city = contoh.city
    row = [service.id for service in city.services].index("izin-usaha")
    visited = {a.id for a, n in zip(city.agencies, city.visit_steps[row], strict=True) if n}
    assert visited == {"kec-tengah", "izin"}
    assert city.visit_steps[row].sum() == 2


def test_steps_come_service_by_service_and_have_names_that_never_change(contoh):
    city = contoh.city
    assert [step.id for step in city.steps][6:10] == [
        "akta-lahir/1",
        "akta-lahir/2",
        "bantuan-sosial/1",
        "bantuan-sosial/2",
    ]
    assert city.service("izin-usaha") is city.services[city.service_order["izin-usaha"]]


def test_numbers_of_steps_stand_in_the_order_that_the_city_states(contoh):
    """Ten steps at a counter or desk each have minutes or hours; one is shared with the units."""
    city, values = contoh.city, contoh.book.central()
    for name, steps in (
        ("counter_minutes", city.counter_steps),
        ("touch_hours", city.desk_steps),
        ("share_at_group", city.group_steps),
    ):
        assert contoh.book[name].entities == tuple(step.id for step in steps)
        np.testing.assert_array_equal(values[name], [getattr(s, name).value for s in steps])
    assert [step.id for step in city.group_steps] == ["akta-lahir/1"]
    assert len(city.counter_steps) + len(city.desk_steps) == len(city.steps) + 1


def test_each_kecamatan_has_its_unit(contoh):
    assert contoh.city.unit_of("uptd-capil") == {
        "utara": "uptd-capil-utara",
        "tengah": "uptd-capil-tengah",
        "selatan": "uptd-capil-selatan",
    }


def test_steps_beside_each_other_make_one_stage(palembang):
    """Building approval: plan, environment and fire at once, then the consultation."""
    approval = palembang.city.service("building-approval")
    assert [[step.order for step in stage] for stage in approval.stages] == [
        [1],
        [2, 3, 4],
        [5],
        [6],
        [7],
    ]
    assert approval.hand_offs == (
        ("dpmptsp", "pupr"),
        ("dpmptsp", "dlh"),
        ("dpmptsp", "damkar"),
        ("dlh", "pupr"),
        ("damkar", "pupr"),
        ("pupr", "dpmptsp"),
    )


def test_a_case_that_stays_at_one_agency_is_handed_to_nobody(palembang):
    assert palembang.city.service("birth-certificate").hand_offs == ()


def test_groups_and_offices_are_found(contoh):
    city = contoh.city
    assert city.groups == ("uptd-capil",)
    assert [agency.id for agency in city.members("uptd-capil")] == [
        "uptd-capil-utara",
        "uptd-capil-tengah",
        "uptd-capil-selatan",
    ]
    assert city.kecamatan_office == {
        "utara": "kec-utara",
        "tengah": "kec-tengah",
        "selatan": "kec-selatan",
    }


def test_nine_thousandths_of_a_degree_are_a_kilometre(contoh):
    """The note of contoh: 0.009 degrees are 1 km; Jalan Kenanga 10 lies 2 km north."""
    city = contoh.city
    mawar, kenanga, melati = city.metres(
        [city.building(f"jalan-{b}").position for b in ("mawar-1", "kenanga-10", "melati-5")]
    )
    assert kenanga - mawar == pytest.approx([0, 2_000], abs=3)
    assert melati - mawar == pytest.approx([1_000, 0], abs=3)


def test_straight_lines_in_palembang_agree_with_the_table_of_distances(palembang):
    """data/raw/palembang/derived_distances.csv: fifteen lines between offices and hosts, in km."""
    city = palembang.city
    hosts = {
        "mpp": "promotion-centre",
        "dlh-sukarela": "sukarela-129a",
        "dishub-tb": "tangga-buntung",
        "keramasan": "keramasan-complex",
    }
    table = pd.read_csv(ROOT / "data" / "raw" / "palembang" / "derived_distances.csv")
    assert len(table) == 15
    for row in table.itertuples():
        ends = [hosts.get(end) or city.today[end] for end in (row[1], row.to)]
        one, other = city.metres([city.building(end).position for end in ends])
        assert np.hypot(*(one - other)) / 1_000 == pytest.approx(row.km_straight, rel=0.005)


@pytest.mark.parametrize(
    ("value", "low", "high", "message"),
    [
        (1.0, 2.0, 3.0, "low 2, value 1, high 3 are not in order"),
        (1.0, 0.0, 3.0, "the low end must be above 0, for the draws are log-normal"),
        (float("nan"), 1.0, 3.0, "a number is not finite"),
        (1.0, 0.5, float("inf"), "a number is not finite"),
    ],
)
def test_an_estimate_that_cannot_be_drawn_is_refused(value, low, high, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Estimate(value, low, high, "judgement", ("judgement-study",))


def test_an_exact_estimate_may_be_zero():
    assert Estimate(0, 0, 0, "official", ()).is_exact
    assert not Estimate(2, 1, 3, "judgement", ()).is_exact


def test_names_come_in_both_languages(contoh):
    city = contoh.city
    assert (city.name_in("id"), city.name_in("en")) == ("Kota Contoh", "Example City")
    assert city.agency("sosial").name_in("en") == "Social Affairs Agency"
    assert city.building("plaza-baru").name_in("id") == "Ruang di Plaza Baru"
    assert city.services[3].name_in("en") == "Birth certificate"


def test_a_notebook_is_told_that_the_example_is_invented(contoh, palembang):
    assert "12 agencies in 6 buildings. This city is invented." in contoh.city._repr_html_()
    assert "invented" not in palembang.city._repr_html_()

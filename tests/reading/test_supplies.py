"""What buildings are known to have: read, refused with the place of the fault, or unknown."""

from __future__ import annotations

import pytest

from opdanalysis.reading.everything import problems, read_everything

GIVEN = "jalan-mawar-1,toilets,10,10,10,judgement,invented,invented,Counted"


def test_supplies_are_parameters_of_their_buildings(contoh):
    stalls = contoh.book["supply_parking_car"]
    assert stalls.unit == "stall"
    assert stalls.entities == ("jalan-mawar-1", "jalan-seroja-1")
    assert (stalls.lows[0], stalls.values[0], stalls.highs[0]) == (27, 30, 33)


def test_a_table_without_rows_means_that_nothing_is_known(palembang):
    assert palembang.city.supplies == ()
    assert len(palembang.book["supply_toilets"].entities) == 0
    assert palembang.book.sample(3, 0)["supply_toilets"].shape == (3, 0)


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        (GIVEN.replace("jalan-mawar-1", "jalan-mawar-9"), "building", "'jalan-mawar-9' is not in"),
        (GIVEN.replace("toilets", "toilet"), "item", "Did you mean 'toilets'?"),
        (GIVEN.replace("10,10,10", "10,11,12"), "amount", "are not in rising order"),
        (GIVEN.replace("toilets", "parking_car"), "building", "stands already in row 2"),
    ],
)
def test_a_fault_names_its_row_and_column(broken, wrong, column, words):
    broken.replace("supplies.csv", GIVEN, wrong)
    found = problems(broken.folder)
    assert [(p.file, p.row, p.column) for p in found] == [("supplies.csv", 5, column)]
    assert words in found[0].message


def test_a_city_may_have_no_table_of_supplies(broken):
    (broken.folder / "supplies.csv").unlink()
    assert read_everything(broken.folder).city.supplies == ()

"""Who sits where: placements are complete, never change, and say who moved and what was left."""

from __future__ import annotations

import pytest

from opdanalysis.city.placement import Placement

TODAY = Placement({"a": "north", "b": "north", "c": "south"}, {"a": 1, "c": 2})


def test_a_move_gives_a_new_placement_and_leaves_the_old_one():
    later = TODAY.moved({"a": "south"})
    assert dict(later.buildings) == {"a": "south", "b": "north", "c": "south"}
    assert TODAY["a"] == "north"


def test_who_moves_is_known_and_the_old_floor_is_forgotten():
    later = TODAY.moved({"a": "south"})
    assert TODAY.movers(later) == ("a",)
    assert dict(later.floors) == {"c": 2}


def test_a_building_is_left_when_its_last_tenant_goes():
    assert TODAY.vacated(TODAY.moved({"a": "south"})) == ()
    assert TODAY.vacated(TODAY.moved({"a": "south", "b": "west"})) == ("north",)


def test_whoever_is_not_in_the_placement_cannot_be_moved_into_it():
    assert "z" not in TODAY.moved({"z": "south"})


def test_two_placements_with_the_same_seats_are_equal_whatever_their_order():
    other = Placement({"c": "south", "b": "north", "a": "north"})
    assert other == TODAY
    assert hash(other) == hash(TODAY)
    assert other != TODAY.moved({"a": "south"})


def test_a_placement_cannot_be_changed():
    with pytest.raises(TypeError):
        TODAY.buildings["a"] = "south"


def test_a_placement_keeps_its_seats_when_the_given_mapping_changes():
    given = {"a": "north"}
    placement = Placement(given)
    given["a"] = "south"
    assert placement["a"] == "north"


def test_a_notebook_shows_every_tenant():
    shown = TODAY._repr_html_()
    assert "3 agencies in 2 buildings." in shown
    assert "<td>north</td><td>a, b</td>" in shown

"""The page in the kernel, without a browser: what each thing that a reader does changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from opdanalysis.explorer.page import Page, asked_for
from opdanalysis.plans.plan import KECAMATAN_OFFICE
from opdanalysis.reading.everything import Known
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.plans import read_plan
from opdanalysis.study.open_study import open_study


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(open_study("contoh", draws=20, lang="id"), tmp_path)


def test_the_page_begins_with_the_first_announced_plan(page: Page) -> None:
    assert page.plan.value == "merge-in-mawar"
    assert page.undo.disabled
    assert page.reset.disabled


def test_a_move_by_list_changes_the_numbers_and_can_be_undone(page: Page) -> None:
    before = page.answers.value
    page.who.value, page.where.value = "pu", "jalan-seroja-1"
    page.move.click()
    assert page.answers.value != before
    assert page.board.said == "1 dipindahkan ke Gedung baru Jalan Seroja 1."
    page.undo.click()
    assert page.answers.value == before


def test_a_whole_group_is_moved_by_list(page: Page) -> None:
    page.who.value, page.where.value = "group:uptd-capil", "jalan-mawar-1"
    page.move.click()
    units = [unit.id for unit in page.city.members("uptd-capil")]
    assert {page.chosen.own.place(page.city)[unit] for unit in units} == {"jalan-mawar-1"}


def test_an_agency_that_has_no_kecamatan_stays_and_the_page_says_why(page: Page) -> None:
    before = page.chosen
    page.who.value, page.where.value = "pu", KECAMATAN_OFFICE
    page.move.click()
    assert page.chosen == before
    assert "satu kecamatan" in page.board.said


def test_the_other_language_keeps_what_was_chosen(page: Page) -> None:
    page.who.value, page.where.value = "pu", "jalan-seroja-1"
    page.move.click()
    chosen = page.chosen
    page.lang.value = "en"
    assert page.chosen == chosen
    assert "What this plan does" in page.answers.value
    assert page.where.value == "jalan-seroja-1"
    assert page.board.said.startswith("1 moved to")


def test_a_slider_holds_its_belief_and_lets_go(page: Page) -> None:
    before = page.answers.value
    name = page.beliefs.items[0]["name"]
    page._hold({"name": name, "at": 20})
    assert page.answers.value != before
    assert page.beliefs.items[0]["held"]
    page._hold({"name": name, "at": None})
    assert page.answers.value == before


def test_another_scenario_changes_the_cost(page: Page) -> None:
    before = page.answers.value
    page.scenario.value = "compliant-wages"
    assert page.answers.value != before


def test_the_way_back_to_the_plan_keeps_the_scenario(page: Page) -> None:
    page.scenario.value = "compliant-wages"
    before = page.answers.value
    page._move(["pu"], "jalan-seroja-1")
    page._hold({"name": page.beliefs.items[0]["name"], "at": 0})
    page.reset.click()
    assert page.answers.value == before
    assert page.reset.disabled


def test_a_lever_is_part_of_the_plan(page: Page) -> None:
    page._set_lever({"name": "electronic_letters_share", "at": 20})
    assert page.own_plan.levers["electronic_letters_share"] == 1.0


def test_a_saved_plan_can_be_read_by_a_study(page: Page, contoh: Known, tmp_path: Path) -> None:
    page.who.value, page.where.value = "pu", "jalan-seroja-1"
    page.move.click()
    page.name.value = "Rencana Kelompok 3"
    page.save.click()
    faults = Faults()
    plan = read_plan(tmp_path / "rencana-kelompok-3.yaml", contoh.sources, faults)
    assert not faults.found
    assert plan is not None
    assert plan.name["id"] == "Rencana Kelompok 3"
    assert plan.place(contoh.city)["pu"] == "jalan-seroja-1"
    assert "data:text/yaml" in page.saved.value


def test_a_plan_is_not_saved_under_the_name_of_one_of_the_city(page: Page, tmp_path: Path) -> None:
    page.name.value = "merge in mawar"
    page.save.click()
    assert list(tmp_path.iterdir()) == []
    assert "nama lain" in page.saved.value


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {}),
        ("study=contoh&lang=en&draws=30", {"study": "contoh", "lang": "en", "draws": "30"}),
        ("lang=fr&draws=0&x=1", {}),
        ("draws=many", {}),
    ],
)
def test_the_address_may_choose_and_nonsense_is_left_out(query: str, found: dict[str, str]) -> None:
    assert asked_for(query) == found


def test_the_notebook_has_one_line_of_its_own_and_its_parameters() -> None:
    path = Path(__file__).parents[2] / "notebooks" / "explorer" / "explorer.ipynb"
    parameters, page = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert parameters["metadata"]["tags"] == ["parameters"]
    names = re.findall(r"^(\w+) =", "".join(parameters["source"]), re.MULTILINE)
    assert "".join(page["source"]).splitlines()[-1] == f"open_page({', '.join(names)})"

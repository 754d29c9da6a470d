"""A browser shows the report as it should be: whole, quiet, and usable by keyboard and by ear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.report.conftest import Made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEVERE = ("serious", "critical")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

FIRST_COLUMN = "rows => rows.map(row => row.cells[0].textContent)"
SORT_KEYS = "rows => rows.map(row => Number(row.cells[1].dataset.sort))"
PAPER = "() => getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser without a window."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a desk, in light colours."""
    opened = browser.new_page(viewport=DESK, color_scheme="light")
    yield opened
    opened.close()


def show(page: Page, made: Made) -> None:
    """Open a report from its folder."""
    page.goto(made.page.as_uri())


def test_nothing_fails_and_nothing_is_asked_of_the_network(page: Page, either: Made) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    show(page, either)
    page.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [either.page.as_uri()]


def test_every_picture_is_seen(page: Page, either: Made) -> None:
    show(page, either)
    widths = page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    assert len(widths) > 8
    assert min(widths) > 300


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_four_answers_stand_on_the_first_screen(
    page: Page, either: Made, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    show(page, either)
    cards = page.locator(".answer")
    assert cards.count() == 4
    for place in range(4):
        card = cards.nth(place)
        for part in (".word", ".amount b", ".range"):
            assert card.locator(part).first.is_visible()
        amount = card.locator(".range").first.bounding_box()
        assert amount is not None
        assert amount["y"] + amount["height"] <= size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_table_is_sorted_by_keyboard_and_says_so(page: Page, indonesian: Made) -> None:
    show(page, indonesian)
    rows = "#table-compared_money tbody tr"
    head = page.locator("#table-compared_money th").nth(1)
    before = page.eval_on_selector_all(rows, FIRST_COLUMN)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    keys = page.eval_on_selector_all(rows, SORT_KEYS)
    assert keys == sorted(keys)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.eval_on_selector_all(rows, SORT_KEYS) == sorted(keys, reverse=True)
    assert sorted(page.eval_on_selector_all(rows, FIRST_COLUMN)) == sorted(before)


def test_the_first_tab_leads_past_the_contents(page: Page, indonesian: Made) -> None:
    show(page, indonesian)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_colours_follow_the_wish_of_the_reader_and_the_switch(
    browser: Browser, indonesian: Made
) -> None:
    light = browser.new_page(color_scheme="light")
    dark = browser.new_page(color_scheme="dark")
    for opened in (light, dark):
        show(opened, indonesian)
    assert light.evaluate(PAPER) != dark.evaluate(PAPER)
    switch = light.locator("#theme")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.focus()
    light.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true"
    assert light.evaluate(PAPER) == dark.evaluate(PAPER)
    dark.close()
    light.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, either: Made, colours: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened = browser.new_page(viewport=DESK, color_scheme=colours)
    show(opened, either)
    found = axe.Axe().run(opened).response["violations"]
    opened.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SEVERE] == []


def test_on_paper_no_figure_is_cut_and_the_decisions_begin_a_page(
    page: Page, indonesian: Made
) -> None:
    """A figure that fits on a page, and may not be broken, is on one page."""
    show(page, indonesian)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 990})  # A4 without its margins, at 96 per inch
    figures = page.locator("figure")
    for place in range(figures.count()):
        box = figures.nth(place).bounding_box()
        assert box is not None
        assert box["height"] < 990
        assert figures.nth(place).evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    begin = "one => getComputedStyle(one).breakBefore"
    assert page.locator("#decide").evaluate(begin) == "page"
    assert page.locator("nav").is_hidden()
    assert page.pdf(prefer_css_page_size=True)[:4] == b"%PDF"

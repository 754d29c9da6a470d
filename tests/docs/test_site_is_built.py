"""The site is built without a warning, asks nothing of the network, and no link of it is dead."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import data_pages
import pytest
import python_pages

from opdanalysis.reading.everything import read_everything

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("sphinx", "myst_parser", "furo")
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "srcset"}
"""The elements for which a browser fetches something, and what names it."""


class Page(HTMLParser):
    """The links of a page, what a browser fetches for it, its anchors and its language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "html":
            self.language = given.get("lang", "")
        if LOADED.get(tag) in given and given.get("rel") not in ("canonical", "index", "search"):
            self.fetched.append(given[LOADED[tag]])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site built from scratch, every warning a failure."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed; the site cannot be built here")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    places = ["-d", str(folder / "read"), "docs", str(folder / "html")]
    built = subprocess.run([*command, *places], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder / "html"


@cache
def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 60
    return found


def test_no_page_asks_for_anything_from_outside(site: Path) -> None:
    outside = {
        path.relative_to(site).as_posix(): wanted
        for path in pages(site)
        if (wanted := [w for w in page(path).fetched if re.match(r"(?:\w+:)?//", w)])
    }
    assert outside == {}
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)\"']+", text) == []


def test_every_link_within_the_site_leads_to_a_place_that_is_there(site: Path) -> None:
    dead = []
    for path in pages(site):
        for link in page(path).links:
            if re.match(r"[a-z]+:", link) or link in ("#", ""):
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            there = target.is_file()
            if there and anchor and target.suffix == ".html":
                there = unquote(anchor) in page(target).anchors
            dead += [] if there else [f"{path.relative_to(site)}: {link}"]
    assert dead == []


def test_an_indonesian_page_says_that_it_is(site: Path) -> None:
    said = {path.stem: page(path).language for path in (site / "guide").glob("*.html")}
    assert said["penelaah_kebijakan"] == said["mahasiswa"] == "id"
    assert page(site / "kota-lain.html").language == "id"
    assert said["policy_reviewer"] == said["student"] == said["researcher"] == "en"


def test_every_parameter_and_every_source_has_its_place(site: Path) -> None:
    known = read_everything("palembang")
    parameters = page(site / "reference" / "parameters.html").anchors
    assert {data_pages.anchor(p.name) for p in known.book.scalars} <= parameters
    sources = page(site / "reference" / "sources.html").anchors
    assert {f"source-{key}" for key in known.sources} <= sources


def test_every_room_of_the_package_has_its_page(site: Path) -> None:
    """A new room needs a page docs/python/<room>.md like the others."""
    for room in python_pages.rooms():
        assert (site / "python" / f"{room}.html").is_file(), room


def test_every_column_of_a_city_says_what_it_means() -> None:
    for line in data_pages.columns().splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), line

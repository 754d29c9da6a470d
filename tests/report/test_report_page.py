"""The page of a report stands alone, says everything in one language, and never changes."""

from __future__ import annotations

import base64
import html
import re
from html.parser import HTMLParser

import pytest

from opdanalysis.report.chapters import ANNEX_FIGURES, CHAPTERS
from opdanalysis.report.page import report_page
from opdanalysis.text.words import Words
from tests.report.conftest import Made

MOST_BYTES = 8 * 2**20

NO_PROSE = {"script", "style", "title"}


class Read(HTMLParser):
    """What a reader sees of a page, the addresses in it, and the texts behind pictures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.pictures: list[dict[str, str]] = []
        self.ids: list[str] = []
        self._inside: list[str] = []
        self._list: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in NO_PROSE or (tag == "ol" and found.get("class") == "sources"):
            self._inside.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        self.links += [(tag, found[name]) for name in ("href", "src") if name in found]
        if tag == "img":
            self.pictures.append(found)
            self.texts.append(found["alt"])
        self.texts += [found[name] for name in ("aria-label",) if name in found]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.texts.append(" ".join(data.split()))


def read(made: Made) -> Read:
    """A page as it is read."""
    return Read(made.page.read_text(encoding="utf-8"))


def test_the_page_is_small_enough_to_be_sent(either: Made) -> None:
    assert 100_000 < made_size(either) < MOST_BYTES


def made_size(made: Made) -> int:
    """The size of a page [bytes]."""
    return made.page.stat().st_size


def test_nothing_is_fetched_from_anywhere(either: Made) -> None:
    """The only addresses outside are those of sources, to be followed by hand."""
    for tag, address in read(either).links:
        assert address.startswith(("data:", "#")) or (tag == "a" and address.startswith("http"))
    page = either.page.read_text(encoding="utf-8")
    assert "@import" not in page
    assert not re.findall(r"url\(\s*['\"]?http", page)
    assert "fetch(" not in page


def test_every_figure_that_was_drawn_is_there_with_its_data_and_its_text(either: Made) -> None:
    found = read(either)
    names = [name for chapter in CHAPTERS for name in chapter.figures] + list(ANNEX_FIGURES)
    drawn = [name for name in names if (either.folder / "figures" / f"{name}.png").is_file()]
    assert len(drawn) > 8
    assert len(found.pictures) == len(drawn)
    for name in drawn:
        assert f"figure-{name}" in found.ids
        data = (either.folder / "figures" / f"{name}.csv").read_bytes()
        address = f"data:text/csv;charset=utf-8;base64,{base64.b64encode(data).decode()}"
        assert ("a", address) in found.links
    texts = [picture["alt"] for picture in found.pictures]
    assert len(set(texts)) == len(texts)
    assert all(len(text) > 40 and text.endswith(".") for text in texts)


def test_links_inside_lead_somewhere_and_no_name_is_used_twice(either: Made) -> None:
    found = read(either)
    assert len(set(found.ids)) == len(found.ids)
    assert {link[1:] for _, link in found.links if link.startswith("#")} <= set(found.ids)


def test_invented_data_are_called_invented_at_the_top_and_on_every_printed_page(
    either: Made,
) -> None:
    words = Words(either.material.words.lang)
    page = either.page.read_text(encoding="utf-8")
    start = page.index("<body>")
    assert page.index(words("report.synthetic_long"), start) < page.index("<h1>")
    assert f'@top-center {{ content: "{words("report.synthetic_long")}"' in page
    sections = page.count('<section class="chapter"')
    assert sections == page.count(f'data-note="{words("report.synthetic")}"') > 8


def sentences_of(words: Words, other: Words) -> set[str]:
    """The words of a language, several letters long, that the other language does not use."""
    keys = [key for key in words._words if key in other._words]
    found = {words(key) for key in keys if words(key) != other(key)}
    used = {other(key) for key in keys}
    return {one for one in found if len(one) > 3 and "{" not in one and one not in used}


@pytest.mark.parametrize(("made", "foreign"), [("indonesian", "en"), ("english", "id")])
def test_no_word_of_the_other_language_is_left(
    made: str, foreign: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(made)
    texts = set(read(report).texts)
    own = Words(report.material.words.lang)
    foreign_words = sentences_of(Words(foreign), own)
    assert len(foreign_words) > 500
    assert not texts & foreign_words
    phrases = {text for text in foreign_words if " " in text}
    whole = "\n".join(texts)
    assert [phrase for phrase in sorted(phrases) if phrase in whole] == []


def test_no_code_stands_where_a_word_is_expected(indonesian: Made) -> None:
    """Units such as Rp/m2/year and names of files or plans are codes."""
    plans = [plan.id for plan in indonesian.material.plans]
    keys = set(indonesian.material.sources)
    for text in read(indonesian).texts:
        if set(text.split("; ")) <= keys:
            continue
        assert not re.search(r"\b(year|person|building|month|hour)\b", text), text
        assert not re.search(r"\d{2}_[a-z]+", text), text
        assert text not in plans


def test_every_claim_has_its_verdict(either: Made) -> None:
    texts = read(either).texts
    for claim in either.material.claims:
        assert claim.id in texts
    words = either.material.words
    verdicts = {words(f"claim.verdict.{one}") for one in ("supported", "not_supported")}
    assert verdicts & set(texts)


def test_numbers_are_written_as_in_the_language(indonesian: Made, english: Made) -> None:
    """One and a half is 1,5 in Indonesian and 1.5 in English."""
    tables = {
        lang: re.findall(r'<p class="amount"><b>([^<]+)</b>', html.unescape(text))
        for lang, text in (
            ("id", indonesian.page.read_text(encoding="utf-8")),
            ("en", english.page.read_text(encoding="utf-8")),
        )
    }
    assert len(tables["id"]) == 4
    assert [text.translate(str.maketrans(",.", ".,")) for text in tables["id"]] == tables["en"]


def test_the_same_material_gives_the_same_page(either: Made) -> None:
    page = report_page(either.material, "1")
    assert page == report_page(either.material, "1")
    assert str(either.folder) not in page


def test_a_study_without_figures_and_tables_still_has_a_report(indonesian: Made) -> None:
    from dataclasses import replace

    bare = Read(report_page(replace(indonesian.material, files={}), "1"))
    assert not bare.pictures
    assert "money" in bare.ids

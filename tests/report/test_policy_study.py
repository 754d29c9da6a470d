"""The policy study opens in Word, has its sections in order, and never changes."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from opdanalysis.report.document import policy_study
from tests.report.conftest import Made

SECTIONS = {
    "indonesian": [
        "Ringkasan Eksekutif",
        "BAB I Pendahuluan",
        "BAB II Metode dan Data",
        "BAB III Hasil dan Pembahasan",
        "BAB IV Kesimpulan dan Rekomendasi",
        "Daftar Pustaka",
        "Lampiran",
    ],
    "english": [
        "Executive summary",
        "CHAPTER I Introduction",
        "CHAPTER II Methods and data",
        "CHAPTER III Results and discussion",
        "CHAPTER IV Conclusions and recommendations",
        "References",
        "Annexes",
    ],
}


def opened(made: Made) -> docx.document.Document:
    """The policy study as python-docx reads it."""
    return docx.Document(str(made.study))


@pytest.mark.parametrize("made", SECTIONS)
def test_the_sections_stand_in_the_order_of_a_policy_study(
    made: str, request: pytest.FixtureRequest
) -> None:
    paragraphs = opened(request.getfixturevalue(made)).paragraphs
    found = [p.text.replace("\n", " ") for p in paragraphs if p.style.name == "Heading 1"]
    assert found == SECTIONS[made]


def test_its_name_is_in_the_language_of_the_study(indonesian: Made, english: Made) -> None:
    assert indonesian.study.name == "naskah-kajian.docx"
    assert english.study.name == "policy-study.docx"


def test_every_picture_has_a_text_and_every_table_repeats_its_header(either: Made) -> None:
    document = opened(either)
    shapes = document.inline_shapes
    assert len(shapes) > 3
    assert all(len(shape._inline.docPr.get("descr")) > 40 for shape in shapes)
    assert len(document.tables) > 5
    for table in document.tables:
        marks = table.rows[0]._tr.trPr.findall(qn("w:tblHeader"))
        assert len(marks) == 1


def test_an_invented_city_is_called_invented_above_every_page(either: Made) -> None:
    said = either.material.words("report.synthetic_long")
    for section in opened(either).sections:
        assert said in section.header.paragraphs[0].text


def test_the_language_of_the_text_is_told_to_word(indonesian: Made) -> None:
    styles = opened(indonesian).styles.element
    assert styles.xpath("w:docDefaults//w:lang/@w:val") == ["id-ID"]


def test_the_same_material_gives_the_same_bytes_without_a_time_of_writing(either: Made) -> None:
    one, other = (policy_study(either.material, "1") for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = docx.Document(io.BytesIO(one)).core_properties
    assert f"{about.created:%Y-%m-%d}" == f"{about.modified:%Y-%m-%d}" == either.material.day

"""A Word file of headings, texts, tables and pictures, with the same bytes each time."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from opdanalysis.report.cells import Table
from opdanalysis.report.pictures import lighter_png, png_size

FONT = "Arial"
LOCALES = {"id": "id-ID", "en": "en-GB"}
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The time of every part inside the file, the earliest that a zip can hold."""

PAGE_CM = 21.0, 29.7
MARGINS_CM = 3.0, 2.5
"""Left, and the other three sides."""

TALLEST_CM = 14.0
LETTER_CM, PADDING_CM = 0.15, 0.42
"""The width of a letter in a table, and what stays free beside a text."""

BOLD = 1.15
"""How much wider the letters of a header are."""

LONGEST_WORD, MOST_LETTERS = 22, 60
"""Letters from which a word may be broken, and from which a text gives its column no more room."""

SHADE = "E8ECEF"
SMALL, NORMAL = 7.5, 10.5


class WordFile:
    """A file that is written from top to bottom. `running` stands above every page."""

    def __init__(self, lang: str, title: str, running: str, page: str) -> None:
        self._document = Document()
        self._bookmarks = 0
        self._pages()
        self._styles(lang)
        self._running(running, title, page)
        self._document.core_properties.title = title

    def heading(self, text: str, level: int, above: str = "") -> None:
        """A heading of a level; `above` stands in a line of its own over it."""
        paragraph = self._document.add_heading(level=level)
        if above:
            paragraph.add_run(above).add_break(WD_BREAK.LINE)
        paragraph.add_run(text)
        if level == 1:
            paragraph.paragraph_format.page_break_before = True
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def title(self, lines: Sequence[str]) -> None:
        """The title page: the first line large, the others below."""
        for place, line in enumerate(lines):
            style = "Title" if place == 0 else "Subtitle"
            self._document.add_paragraph(line, style=style)
        self._document.add_page_break()

    def text(self, text: str, bold: str = "") -> None:
        """A paragraph, which may begin with some bold words."""
        paragraph = self._document.add_paragraph()
        if bold:
            paragraph.add_run(f"{bold} ").bold = True
        paragraph.add_run(text)

    def items(self, texts: Iterable[str], numbered: bool = False) -> None:
        """A list."""
        style = "List Number" if numbered else "List Bullet"
        for text in texts:
            self._document.add_paragraph(text, style=style)

    def contents(self, entries: Sequence[tuple[int, str]], title: str) -> None:
        """The list of contents as a field; Word fills in the pages when it is updated."""
        self._document.add_paragraph(title, style="TOC Heading")
        for place, (level, text) in enumerate(entries):
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.6 * (level - 1))
            paragraph.paragraph_format.space_after = Pt(0)
            if place == 0:
                _field(paragraph, 'TOC \\o "1-2" \\h \\z \\u', open_only=True)
            paragraph.add_run(text)
            if place == len(entries) - 1:
                _end_field(paragraph)

    def picture(self, png: bytes, caption: str, alternative: str) -> None:
        """A picture with its caption below, and the text that stands for it."""
        width, height = png_size(png)
        widest = PAGE_CM[0] - sum(MARGINS_CM)
        shown = min(widest, TALLEST_CM * width / height)
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(lighter_png(png)), width=Cm(shown))
        about = shape._inline.docPr
        about.set("descr", alternative)
        about.set("title", caption)
        self._document.add_paragraph(caption, style="Caption")

    def table(self, table: Table, caption: str) -> None:
        """A table with its caption above; its header comes again on every page."""
        above = self._document.add_paragraph(caption, style="Caption")
        above.paragraph_format.keep_with_next = True
        made = self._document.add_table(rows=1 + len(table.rows), cols=len(table.headers))
        made.style = "Table Grid"
        made.autofit = False
        section = self._document.sections[-1]
        widths = _widths(table, section.page_width - section.left_margin - section.right_margin)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        texts = [table.headers, *(tuple(cell.text for cell in row) for row in table.rows)]
        cells = iter(made._cells)  # asking each row for its cells takes many times as long
        for place, (row, line) in enumerate(zip(made.rows, texts, strict=True)):
            _mark(row, "w:cantSplit" if place else "w:tblHeader")
            for text, width in zip(line, widths, strict=True):
                cell = next(cells)
                cell.width = width
                _fill(cell, text, head=place == 0)
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def landscape(self) -> None:
        """From here on the pages lie on their side, for wide tables."""
        section = self._document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(PAGE_CM[1]), Cm(PAGE_CM[0])

    def finished(self, author: str, day: datetime.date) -> bytes:
        """The file. Every time in it is that of `day`, or the oldest that there can be."""
        about = self._document.core_properties
        moment = datetime.datetime(day.year, day.month, day.day)
        about.author = about.last_modified_by = author
        about.created = about.modified = about.last_printed = moment
        about.revision, about.comments = 1, ""
        target = io.BytesIO()
        self._document.save(target)
        return same_times(target.getvalue())

    def _pages(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(PAGE_CM[0]), Cm(PAGE_CM[1])
        left, other = MARGINS_CM
        section.left_margin = Cm(left)
        section.right_margin = section.top_margin = section.bottom_margin = Cm(other)

    def _styles(self, lang: str) -> None:
        styles = self._document.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
        language = defaults.find(qn("w:rPr")).find(qn("w:lang"))
        language.set(qn("w:val"), LOCALES[lang])
        for name in ("Normal", "Title", "Subtitle", "Caption", "TOC Heading"):
            _font(styles[name])
        styles["Normal"].font.size = Pt(NORMAL)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        styles["Normal"].paragraph_format.line_spacing = 1.15
        for level, size in ((1, 14), (2, 12), (3, 11)):
            heading = styles[f"Heading {level}"]
            _font(heading)
            heading.font.size = Pt(size)
            heading.font.color.rgb = RGBColor(0x1D, 0x23, 0x28)
            heading.paragraph_format.keep_with_next = True
            heading.paragraph_format.space_before = Pt(12)
            heading.paragraph_format.space_after = Pt(6)
        for name, size in (("Title", 24), ("Subtitle", 13), ("Caption", 9)):
            styles[name].font.size = Pt(size)
            styles[name].font.color.rgb = RGBColor(0x1D, 0x23, 0x28)
            styles[name].font.italic = False
        for name in ("Title", "Subtitle"):
            styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styles["Title"].paragraph_format.space_before = Pt(150)

    def _running(self, running: str, title: str, page: str) -> None:
        section = self._document.sections[0]
        head = section.header.paragraphs[0]
        head.text = running
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot = section.footer.paragraphs[0]
        foot.text = f"{title}    {page} "
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _field(foot, "PAGE")
        for paragraph in (head, foot):
            for run in paragraph.runs:
                run.font.size = Pt(8)


def same_times(zipped: bytes) -> bytes:
    """The same zip with one time for all of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped)) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, OLDEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return target.getvalue()


def _font(style: Any) -> None:
    """One font for all kinds of letters; the theme's own would win otherwise."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)


def _widths(table: Table, whole: int) -> list[int]:
    """Widths that keep words whole where they can, and give the rest to who says most."""
    words, rests = [], []
    for place, header in enumerate(table.headers):
        texts = [header, *(row[place].text for row in table.rows)]
        wide = [BOLD * len(word) for word in header.split()]
        word = max([*wide, *(len(word) for text in texts for word in text.split())])
        words.append(min(word, LONGEST_WORD))
        lengths = [len(text) for text in texts if text]
        said = min(sum(lengths) / max(len(lengths), 1), MOST_LETTERS)
        rests.append(max(said - words[-1], 1.0))
    least = [int(Cm(LETTER_CM * word + PADDING_CM)) for word in words]
    over = whole - sum(least)
    if over <= 0:
        return [int(whole * one / sum(least)) for one in least]
    return [one + int(over * rest / sum(rests)) for one, rest in zip(least, rests, strict=True)]


def _fill(cell: Any, text: str, head: bool = False) -> None:
    if head:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), SHADE)
        cell._tc.get_or_add_tcPr().append(shade)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(SMALL), head


def _mark(row: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _field(paragraph: Any, code: str, open_only: bool = False) -> None:
    """A field that Word fills in; without its end where text follows that stands in for it."""
    for kind in ("begin", None, "separate"):
        run = paragraph.add_run()._r
        if kind is None:
            found = OxmlElement("w:instrText")
            found.set(qn("xml:space"), "preserve")
            found.text = f" {code} "
        else:
            found = OxmlElement("w:fldChar")
            found.set(qn("w:fldCharType"), kind)
        run.append(found)
    if not open_only:
        _end_field(paragraph)


def _end_field(paragraph: Any) -> None:
    end = OxmlElement("w:fldChar")
    end.set(qn("w:fldCharType"), "end")
    paragraph.add_run()._r.append(end)

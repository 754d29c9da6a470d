"""LaTeX tables are whole: environments close, rows have all columns, no sign is left unescaped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.tables.forms import About, written
from opdanalysis.tables.latex import LONG, Head, escaped, head_of
from opdanalysis.text.words import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[2]
POINTS = ("5%", "median", "95%")
ABOUT = About("net_saving", "Hemat & biaya 100%", ("Satu_catatan.", "5% – 95%"))

RANGES = pd.DataFrame(
    {
        "Rencana": ["A & B", "50% {x}_y"],
        "Biaya (Rp miliar per tahun), sekarang: 5%": [-1.25, 1000.5],
        "Biaya (Rp miliar per tahun), sekarang: median": [2.0, 3.0],
        "Biaya (Rp miliar per tahun), sekarang: 95%": [4.0, 12.0],
        "Peluang (%)": [12.5, 7.0],
        "Kantor": [3, 4],
        "Jam: 5%": [1, 2],
        "Jam: median": [2, 3],
    }
)


def columns_in(row: str) -> int:
    """Columns that a row fills, a cell over several columns counted as such."""
    cells = re.split(r"(?<!\\)&", row)
    spans = [re.match(r"\s*\\multicolumn\{(\d+)\}", cell) for cell in cells]
    return sum(int(span[1]) if span else 1 for span in spans)


def columns_of(spec: str) -> int:
    """Columns that a specification such as l>{...}p{2cm}rr makes."""
    while re.search(r"[>p]\{[^{}]*\}", spec):
        spec = re.sub(r">\{[^{}]*\}", "", spec)
        spec = re.sub(r"p\{[^{}]*\}", "l", spec)
    assert set(spec) <= set("lrc"), spec
    return len(spec)


def check(tex: str) -> None:
    """Fail where LaTeX would: open environments, groups, rows with too few or many cells."""
    open_ones: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z]+)\}", tex):
        if kind == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []
    plain = re.sub(r"\\[{}\\]", "", tex)
    depth = 0
    for sign in plain:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    spec = re.search(r"\\begin\{(?:tabular|longtable)\}\{(.*)\}$", tex, re.MULTILINE)
    assert spec is not None
    wide = columns_of(spec[1])
    inside = tex[spec.end() : re.search(r"\\end\{(?:tabular|longtable)\}", tex).start()]
    for line in inside.splitlines():
        if line.endswith(r" \\"):
            assert columns_in(line) == wide, line
    for line in inside.splitlines():
        body = re.sub(r"\\.|\$[^$]*\$", "", line)
        assert not re.search(r"[%#$_^~]", body.replace("~", "")), line
    assert all(ord(sign) < 0x180 for sign in tex)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rows", [0, 1, LONG + 1])
@pytest.mark.parametrize("wide", [1, 4])
@pytest.mark.parametrize("about", [None, ABOUT])
def test_a_table_is_whole_whatever_its_size(lang, rows, wide, about):
    parts = [RANGES.add_prefix(f"{n} " if n else "") for n in range(wide)]
    frame = pd.concat(parts, axis=1).iloc[[0] * rows]
    check(written(frame, Words(lang), about)["tex"])


def test_a_range_stands_under_one_head_with_its_unit_below():
    lines = written(RANGES, Words("id"), ABOUT)["tex"].splitlines()
    top = lines.index(r"\toprule")
    heads = lines[top + 1 : lines.index(r"\midrule")]
    assert r"\multicolumn{3}{>{\centering\arraybackslash}p{3.9cm}}{Biaya, sekarang}" in heads[0]
    assert heads[1] == r"\cmidrule(lr){2-4}\cmidrule(lr){7-8}"
    assert heads[2] == r"Rencana & 5\% & median & 95\% & Peluang & Kantor & 5\% & median \\"
    assert r"\multicolumn{3}{c}{\footnotesize (Rp miliar per tahun)}" in heads[3]
    assert r"\multicolumn{1}{r}{\footnotesize (\%)}" in heads[3]


def test_numbers_are_indonesian_and_their_decimals_stand_under_each_other():
    tex = written(RANGES, Words("id"), ABOUT)["tex"]
    assert r"A \& B & $-$1 & 2 & 4 & 12,5 & 3 & 1 & 2 \\" in tex
    assert r"50\% \{x\}\_y & 1.000 & 3 & 12 & 7,0 & 4 & 2 & 3 \\" in tex
    assert r"\begin{tabular}{lrrrrrrr}" in tex


def test_caption_label_and_notes_stand_around_the_table():
    found = written(RANGES, Words("id"), ABOUT)
    assert r"\caption{Hemat \& biaya 100\%}" in found["tex"]
    assert r"\label{tab:net-saving}" in found["tex"]
    assert r"\item Catatan: Satu\_catatan. 5\% -- 95\%" in found["tex"]
    assert found["md"].startswith("**Tabel: Hemat & biaya 100%**\n\n|")
    assert found["md"].endswith("*Catatan: Satu_catatan. 5% – 95%*\n")


def test_a_long_table_repeats_its_head_and_says_that_it_goes_on():
    tex = written(RANGES.iloc[[0] * (LONG + 1)], Words("id"), ABOUT)["tex"]
    assert tex.count(r"\toprule") == 2
    assert r"\endfirsthead" in tex
    assert r"\endlastfoot" in tex
    assert Words("id")("table.continued") in tex


@pytest.mark.parametrize(
    ("header", "head"),
    [
        ("Biaya (Rp miliar per tahun): 5%", Head("Biaya", "5%", "Rp miliar per tahun")),
        ("Galatnya (poin)", Head("Galatnya", "", "poin")),
        ("Keramasan (rencana)", Head("Keramasan (rencana)", "", "")),
        ("Luas (m²): median", Head("Luas", "median", "m²")),
        ("Catatan: isi", Head("Catatan: isi", "", "")),
        ("(Rp)", Head("(Rp)", "", "Rp")),
    ],
)
def test_a_header_is_taken_apart(header, head):
    assert head_of(header, POINTS) == head


@given(st.text(alphabet=st.characters(max_codepoint=0x17F, categories=("L", "N", "P", "S", "Zs"))))
def test_an_escaped_text_holds_no_sign_that_latex_would_act_on(text):
    left = re.sub(r"\\[a-z]+(\{[^{}]*\})?|\\[\\&%$#_{},]|\$[^$]*\$|~", "", escaped(text))
    assert not re.search(r"[\\&%$#_{}^~]", left)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_notebooks_has_a_caption(lang):
    words = Words(lang)
    names: set[str] = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                names |= set(re.findall(r"\bs\.table\(\s*\"(\w+)\"", "".join(cell["source"])))
    assert names
    assert {name for name in names if f"caption.{name}" not in words} == set()

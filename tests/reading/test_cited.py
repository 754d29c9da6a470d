"""A data file names the sources that it rests on, in columns or under keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from opdanalysis.reading.cited import cited_in
from opdanalysis.reading.everything import Known

KNOWN = ("a-1", "b-2", "c-3")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("t.csv", "id,staff_source,source\nx,a-1,b-2;c-3\ny,,b-2\n", ["a-1", "b-2", "c-3"]),
        ("t.csv", "id,resource\nx,a-1\n", []),
        ("t.csv", "id,source\nx\n", []),
        ("t.csv", "", []),
        ("p.yaml", "x: {source: [a-1, other]}\ny: [{sources: b-2}]\nnote: c-3\n", ["a-1", "b-2"]),
        ("p.yaml", "x: [", []),
        ("t.xlsx", "source a-1", []),
    ],
)
def test_the_sources_of_a_file_are_found(
    name: str, content: str, found: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    assert cited_in(tmp_path / name, KNOWN) == found


def test_a_table_in_another_encoding_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("id,source\n\u00e9,a-1\n".encode("latin-1"))
    assert cited_in(tmp_path / "t.csv", KNOWN) == ["a-1"]


def test_most_sources_of_palembang_are_named_by_some_file(palembang: Known) -> None:
    files = (palembang.folder / name for name in ("agencies.csv", "buildings.csv", "claims.yaml"))
    named = {key for path in files for key in cited_in(path, palembang.sources)}
    assert len(named) > 50
    assert "antara-526434" in named

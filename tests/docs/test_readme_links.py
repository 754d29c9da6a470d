"""What the pages outside the site link to, or name as a file of the project, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "README.id.md", "data/README.md", "CHANGELOG.md"]
NAMED = re.compile(r"`((?:docs|data|src|studies|notebooks|benchmarks|binder)/[\w./-]*)`")
"""A path of the project between backticks, without a placeholder or a star."""

LEFT_TO_A_CITY = re.compile(r"data/cities/[\w-]+/records")


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    folder = (ROOT / page).parent
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_path_between_backticks_is_there(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert [path for path in missing if not LEFT_TO_A_CITY.match(path)] == []

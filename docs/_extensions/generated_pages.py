"""Pages whose text is made from the code and the data when the site is built.

A page holds a line such as `<!-- generated: commands -->`; the text takes its place before the
page is read, so that no copy of it lies in the repository and none can grow old.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import command_pages
import data_pages
import python_pages
from sphinx.application import Sphinx

MARK = re.compile(r"^<!-- generated: ([\w-]+)(?: ([\w/-]+))? -->$", re.MULTILINE)
"""A line that is replaced: what is made, and of what."""

MAKERS: dict[str, Callable[..., str]] = {
    "commands": command_pages.commands,
    "dictionary": data_pages.dictionary,
    "columns": data_pages.columns,
    "parameters": data_pages.parameters,
    "scenarios": data_pages.scenarios,
    "sources": data_pages.sources,
    "outcomes": data_pages.outcomes,
    "front-door": python_pages.front_door,
    "room": python_pages.room,
}
"""What can be made, by the word in the mark."""


def filled(text: str) -> str:
    """A page with the text of its marks in their places. Raises KeyError for an unknown mark."""
    return MARK.sub(lambda mark: MAKERS[mark[1]](*([mark[2]] if mark[2] else [])), text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Fill each page before Sphinx reads it."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill(app: Sphinx, page: str, source: list[str]) -> None:
    source[0] = filled(source[0])

"""Executed notebooks as web pages that need no network."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opdanalysis.study.kept import Part

STYLE = """
body { font-family: "DejaVu Sans", Verdana, sans-serif; line-height: 1.5; color: #1b1b1b;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: #fff; }
nav { border-bottom: 1px solid #bbb; padding-bottom: .5rem; margin-bottom: 1.5rem; }
nav a { margin-right: 1rem; } nav a[aria-current] { font-weight: bold; text-decoration: none; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .85rem; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left; }
th { border-bottom: 2px solid #666; }
a.anchor-link, .jp-InputPrompt, .jp-OutputPrompt { display: none; }
@media print { nav { display: none; } body { max-width: none; } }
"""


def page_of(executed: Any) -> str:
    """An executed notebook as the inside of a web page; the code stays in the notebook."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    return exporter.from_notebook_node(executed)[0]


def title_of(executed: Any, name: str) -> str:
    """The first heading of a notebook, or its name where it has none."""
    for cell in executed.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0].removeprefix("# ").strip())
    return name


def write_pages(parts: Mapping[str, Part], folder: Path, lang: str) -> None:
    """One page per executed notebook, by its name, linked with each other."""
    folder.mkdir(parents=True, exist_ok=True)
    titles = {name: part.title for name, part in parts.items()}
    for name, part in parts.items():
        page = _page(part.page(), titles, name, lang)
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")


def _short(title: str) -> str:
    """A title up to its first colon, comma or question mark, as the words of a link."""
    return re.split(r"[:,?]", title)[0].strip()


def _page(body: str, titles: dict[str, str], current: str, lang: str) -> str:
    links = "\n".join(
        f'<a href="{name}.html"{" aria-current=page" if name == current else ""}>'
        f"{html.escape(_short(title))}</a>"
        for name, title in titles.items()
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(titles[current])}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<nav>{links}</nav>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )

"""Executed notebooks as web pages that need no network."""

from __future__ import annotations

import html
import re
from pathlib import Path

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


def write_pages(notebooks: list[Path], folder: Path, lang: str) -> None:
    """One page per executed notebook, linked with each other; the code stays in the notebooks."""
    import nbformat
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    folder.mkdir(parents=True, exist_ok=True)
    contents = {path.stem: nbformat.read(path, as_version=4) for path in notebooks}
    titles = {name: _title(content, name) for name, content in contents.items()}
    for name, content in contents.items():
        body, _ = exporter.from_notebook_node(content)
        page = _page(body, titles, name, lang)
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")


def _title(content: object, name: str) -> str:
    for cell in content.cells:  # type: ignore[attr-defined]
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0].removeprefix("# ").strip())
    return name


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

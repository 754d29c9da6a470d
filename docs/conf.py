"""How the site is built: Sphinx with Markdown pages and the theme furo, all from this folder."""

import sys
import tomllib
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS / "_extensions"))

_about = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "opdanalysis"
author = _about["authors"][0]["name"]
copyright = author  # a year would change the pages every January
version = release = _about["version"]
language = "en"  # a page in Indonesian says `lang: id` at its head

extensions = [
    "myst_parser",
    "generated_pages",
    "accessible_pages",
]
exclude_patterns = ["_build", "_extensions"]
myst_enable_extensions = ["attrs_inline", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "opdanalysis"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_theme_options = {"sidebar_hide_name": False}

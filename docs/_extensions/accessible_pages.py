"""What browsers and screen readers need to know of a page, and the theme does not say."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

AFTER_THE_THEME = 900


def setup(app: Sphinx) -> dict[str, bool]:
    """Say more of each page, once the theme has said what it has to."""
    app.connect("html-page-context", _language)
    app.connect("html-page-context", _marks, priority=AFTER_THE_THEME)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _language(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object) -> None:
    """A page with `lang: id` at its head is Indonesian."""
    said = (context.get("meta") or {}).get("lang")
    if said:
        context["language"] = said


def _marks(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object) -> None:
    """Code that is wider than the page can be reached by keyboard; headings have a level."""
    if body := context.get("body"):
        context["body"] = body.replace("<pre>", '<pre tabindex="0">')
    if menu := context.get("furo_navigation_tree"):
        context["furo_navigation_tree"] = menu.replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )

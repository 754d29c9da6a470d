"""Docstrings as Markdown: text with `names` in backticks, formulas set in, lists of fields."""

from __future__ import annotations

import re

QUOTED = re.compile(r"(`[^`]*`)")
FIELD = re.compile(r"([\w, *]+?) : (.+)")
NAMES = re.compile(r"[\w, *]+")
RULE = re.compile(r"-{3,}")


def as_markdown(text: str | None) -> str:
    """A docstring, already without its own margin, as Markdown."""
    blocks = re.split(r"\n\s*\n", (text or "").strip())
    return "\n\n".join(_block(block.split("\n")) for block in blocks)


def _block(lines: list[str]) -> str:
    if lines[0].startswith("    "):
        return "\n".join(lines)  # a formula: kept as it is
    if lines[0].startswith(">>> "):
        return "\n".join(["```pycon", *lines, "```"])
    if len(lines) > 1 and RULE.fullmatch(lines[1].strip()):
        rest = [f"\n{_list(lines[2:])}"] if lines[2:] else []
        return "\n".join([f"**{lines[0].strip()}**", *rest])
    if lines[0].startswith("* "):
        return "\n".join(_safe(line) for line in lines)
    if any(line.startswith("  ") for line in lines) or all(map(FIELD.fullmatch, lines)):
        return _list(lines)
    return "\n".join(_safe(line) for line in lines)


def _list(lines: list[str]) -> str:
    """Fields or terms, each with the lines set in below it, as a list."""
    items: list[str] = []
    for line in lines:
        if line.startswith(" ") and items:
            items[-1] += f" {_safe(line.strip())}"
            continue
        if field := FIELD.fullmatch(line):
            items.append(f"* `{field[1]}`: {_safe(field[2])}")
        else:
            items.append(f"* `{line}`:" if NAMES.fullmatch(line) else f"* {_safe(line)}")
    return "\n".join(items)


def _safe(line: str) -> str:
    """A line in which no sign outside backticks means anything to Markdown."""
    bullet = "* " if line.startswith("* ") else ""
    parts = QUOTED.split(line.removeprefix(bullet))
    return bullet + "".join(
        part if part.startswith("`") else re.sub(r"([*<~])", r"\\\1", part) for part in parts
    )

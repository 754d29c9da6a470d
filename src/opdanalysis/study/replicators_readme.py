"""The README for whoever repeats the study, in the order that journals' data editors ask for.

The order is that of the template README of the social science data editors
(https://social-science-data-editors.github.io/template_README/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from opdanalysis.reading.sources import Source
from opdanalysis.study.crate import AboutStudy
from opdanalysis.study.map import NUMBER, Mapped
from opdanalysis.study.shown import FIGURE, TABLE
from opdanalysis.text.words import Words, template

README = "README.md"
"""The file of the README in a study's outputs."""


def write_readme(
    about: AboutStudy,
    rows: Sequence[Mapped],
    titles: Mapping[str, str],
    cited: Mapping[str, Sequence[str]],
    sources: Mapping[str, Source],
    folder: Path,
) -> None:
    """Write the README to the outputs.

    `rows` is the map, `titles` the heading of each notebook, `cited` the keys of the sources that
    each data file names.
    """
    text = readme(about, rows, titles, cited, sources)
    (folder / README).write_text(text, encoding="utf-8", newline="\n")


def readme(
    about: AboutStudy,
    rows: Sequence[Mapped],
    titles: Mapping[str, str],
    cited: Mapping[str, Sequence[str]],
    sources: Mapping[str, Source],
) -> str:
    """The README as Markdown, in the language of the study."""
    words = Words(about.lang)
    exhibits = _exhibits(rows)
    counted = [row.kind for row in exhibits]
    software = [
        (name, version) for name, version in about.libraries.items() if version and name != "python"
    ]
    notebooks = [
        (f"`notebooks/{name}.ipynb`", _cell_of(title)) for name, title in sorted(titles.items())
    ]
    used = {key for keys in cited.values() for key in keys}
    return template("replicators_readme", about.lang).format(
        title=about.name,
        description=about.description,
        synthetic=words("study.invented") if about.synthetic else "",
        notebooks=len(titles),
        figures=counted.count(FIGURE),
        tables=counted.count(TABLE),
        numbers=words.number(sum(row.kind == NUMBER for row in rows)),
        date=about.date,
        data_files=_table(
            [words(f"readme.{name}") for name in ("file", "sources")],
            [(f"`{name}`", ", ".join(cited.get(name, ()))) for name in about.data],
        ),
        python=about.libraries["python"],
        software=_table([words(f"readme.{name}") for name in ("software", "version")], software),
        seed=about.seed,
        draws=words.number(about.draws),
        programs=_table([words(f"readme.{name}") for name in ("notebook", "title")], notebooks),
        study=about.reference,
        settings=f"--lang {about.lang} --draws {about.draws} --seed {about.seed}",
        exhibits=_table(
            [words(f"readme.{name}") for name in ("kind", "name", "notebook", "cell", "heading")],
            [
                (
                    words(f"readme.kinds.{row.kind}"),
                    f"`{row.name}`",
                    row.notebook,
                    "" if row.cell is None else f"[{row.cell}]",
                    _cell_of(row.heading),
                )
                for row in exhibits
            ],
        ),
        references="\n".join(_reference(sources[key]) for key in sorted(used)),
    )


def _exhibits(rows: Iterable[Mapped]) -> list[Mapped]:
    """One row of the map per figure and table, though each has several files."""
    found: dict[tuple[str, str, str, int | None], Mapped] = {}
    for row in rows:
        if row.kind in (FIGURE, TABLE):
            found.setdefault((row.kind, row.name, row.notebook, row.cell), row)
    return list(found.values())


def _reference(source: Source) -> str:
    """A source as an entry of a list."""
    day = f" ({source.date})" if source.date else ""
    where = source.address or source.note
    return f"* `{source.key}`: {source.publisher}{day}. {source.title}. {where}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell_of(text: str) -> str:
    return text.replace("|", "/")

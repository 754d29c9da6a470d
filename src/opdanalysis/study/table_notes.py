"""What stands around the printed tables of a study: captions, and notes on draws and evidence."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from opdanalysis.tables.forms import POINTS, About
from opdanalysis.text.words import Words
from opdanalysis.units import PRICE_YEAR

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy


def caption(name: str, words: Words) -> str:
    """What a table shows, in a few words; its name where nobody gave it a caption."""
    key = f"caption.{name}"
    return words(key) if key in words else name


class TableNotes:
    """Captions and notes for the tables of one study."""

    def __init__(self, study: OpenStudy) -> None:
        self._study = study

    def about(self, name: str, table: pd.DataFrame) -> About:
        """The caption of a table, and notes on draws, ranges, prices, evidence and source."""
        words, header = self._study.words, [str(column) for column in table]
        notes = [self._drawn]
        ends = tuple(f": {words(f'table.{point}')}" for point in POINTS)
        if any(column.endswith(ends) for column in header):
            notes.append(words("table_note.range"))
        if any("Rp" in column for column in header):
            notes.append(words("table_note.money", year=PRICE_YEAR))
        notes += [self._evidence, words("table_note.origin", name=name)]
        return About(name, caption(name, words), tuple(notes))

    @cached_property
    def _drawn(self) -> str:
        study, words = self._study, self._study.words
        first = study.scenarios[0]
        drawn = words(
            "table_note.draws",
            city=study.city.name_in(study.file.lang),
            draws=words.number(study.file.draws),
            seed=study.file.seed,
            scenario=words.of(first.name, first.id),
        )
        return f"{drawn} {words('study.invented')}" if study.city.synthetic else drawn

    @cached_property
    def _evidence(self) -> str:
        """How many of the input numbers are judgements."""
        counts, words = self._study.book.evidence_share(), self._study.words
        total = int(counts.to_numpy().sum())
        judged = int(counts.get("judgement", pd.Series([0])).sum())
        return words(
            "table_note.evidence", share=words.percent(judged / total), count=words.number(total)
        )

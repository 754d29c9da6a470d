"""The policy study as a Word file, in the order in which an Indonesian naskah kajian is read."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from opdanalysis.reading.sources import Source
from opdanalysis.report.answers import answers
from opdanalysis.report.cells import Cell, Table, day_in_words
from opdanalysis.report.chapters import CHAPTERS
from opdanalysis.report.decisions import GROUPS, Decision, decisions, first_to_measure
from opdanalysis.report.inputs import parameters_table
from opdanalysis.report.material import Material
from opdanalysis.report.page_parts import (
    Part,
    figures_of,
    findings,
    judged_claims,
    part_of,
    tables_of,
)
from opdanalysis.report.word_file import WordFile
from opdanalysis.units import PRICE_YEAR

FIGURES = {
    "money": ("net_saving", "waterfall", "payback"),
    "faster": ("elapsed_days", "four_corners"),
    "together": ("contacts", "plan_fit"),
    "loses": ("residents_farther", "access_by_kecamatan"),
    "fit": ("utilisation", "parking_by_hour"),
    "sure": ("information_value", "group_indices"),
    "best": ("probability_best", "best_plan_moves"),
}
"""The figures of each chapter that a study on paper needs."""

QUESTIONS = tuple(chapter for chapter in CHAPTERS if chapter.id != "claims")
ROMAN = ("I", "II", "III", "IV")


def policy_study(material: Material, version: str) -> bytes:
    """The policy study as a Word file, in the language of the words of its material."""
    return _Study(material).written(version)


class _Study:
    """The sections of the study, written one after the other."""

    def __init__(self, material: Material) -> None:
        self.m, self.words = material, material.words
        self.parts = {chapter.id: part_of(chapter, material) for chapter in CHAPTERS}
        self.answers = answers(material, material.main)
        self.decisions = decisions(material)
        running = self._say("report.synthetic_long") if material.invented else material.title
        name = self._say("report.study.title")
        self.file = WordFile(
            self.words.lang, f"{name}: {material.title}", running, self._say("report.study.page")
        )
        self._pictures = self._tables = 0

    def written(self, version: str) -> bytes:
        """The whole file."""
        chapters: Sequence[tuple[str, Callable[[], None]]] = (
            ("introduction", self._introduction),
            ("methods", self._methods),
            ("results", self._results),
            ("conclusion", self._conclusion),
        )
        self._title(version)
        self._contents([name for name, _ in chapters])
        self._heading("executive_summary")
        self._summary()
        for number, (name, write) in zip(ROMAN, chapters, strict=True):
            above = self.words("report.study.chapter", number=number)
            self.file.heading(self._say(f"report.study.{name}"), 1, above)
            write()
        self._heading("references")
        self._references()
        self.file.landscape()
        self._heading("annexes")
        self._annexes()
        day = datetime.date.fromisoformat(self.m.day)
        return self.file.finished(f"opdanalysis {version}", day)

    def _say(self, key: str) -> str:
        return self.words(key)

    def _heading(self, name: str, level: int = 1) -> None:
        self.file.heading(self._say(f"report.study.{name}"), level)

    def _title(self, version: str) -> None:
        day = self.words.date(datetime.date.fromisoformat(self.m.day))
        lines = [self._say("report.study.title"), self.m.title, self.m.city]
        if self.m.invented:
            lines.append(self._say("report.synthetic_long"))
        made = self.words("report.made_by", version=version, seed=self.m.result.seed)
        self.file.title([*lines, self.words("report.study.data_until", day=day), made])

    def _contents(self, chapters: Sequence[str]) -> None:
        entries = [(1, self._say("report.study.executive_summary"))]
        below = {
            "introduction": ("background", "questions", "purpose", "scope"),
            "methods": ("methods_how", "methods_data", "methods_words"),
            "conclusion": ("conclusions", "recommendations"),
        }
        for number, name in zip(ROMAN, chapters, strict=True):
            above = self.words("report.study.chapter", number=number)
            entries.append((1, f"{above} {self._say(f'report.study.{name}')}"))
            entries += [(2, self._say(f"report.study.{key}")) for key in below.get(name, ())]
            if name == "results":
                entries += [(2, part.title) for part in self.parts.values()]
        entries += [(1, self._say(f"report.study.{key}")) for key in ("references", "annexes")]
        self.file.contents(entries, self._say("report.study.contents"))

    def _summary(self) -> None:
        plan, status = self.m.name(self.m.main), self._say(f"status.{self.m.main.status}")
        self.file.text(self.words("report.lead", plan=plan, status=status))
        self._table(self._four_answers())
        self.file.text(self._basis())
        found = findings(self.m)
        if found:
            self.file.heading(self._say("report.findings"), 2)
            self.file.items(finding.sentence for finding in found)
        self.file.heading(self._say("report.decide.title"), 2)
        for group in GROUPS:
            names = [self.m.name(one.plan) for one in self.decisions if one.group == group]
            if names:
                self.file.text("; ".join(names) + ".", f"{self._say(f'report.decide.{group}')}:")

    def _basis(self) -> str:
        return self.words(
            "report.basis",
            draws=self.words.number(self.m.result.draws),
            scenario=self.m.scenario,
            year=PRICE_YEAR,
        )

    def _four_answers(self) -> Table:
        keys = ("report.study.question", "report.study.answer", "report.study.number")
        headers = (self._say(keys[0]),)
        columns = [self.answers]
        for plan in self.m.judged:
            headers += (f"{self.m.name(plan)}: {self._say(keys[1])}", self._say(keys[2]))
        columns += [answers(self.m, plan) for plan in self.m.judged[1:]]
        rows = []
        for place, first in enumerate(self.answers):
            row = [self._say(f"report.chapter.{first.question}.title")]
            for column in columns:
                row += [column[place].word, column[place].standing.amount.text]
            rows.append(tuple(Cell(text, text) for text in row))
        return Table("answers", self._say("report.four_answers"), headers, tuple(rows))

    def _introduction(self) -> None:
        main, words = self.m.main, self.words
        self._heading("background", 2)
        key = "report.study.background_" + ("invented" if self.m.invented else "text")
        self.file.text(
            words(
                key,
                city=self.m.city,
                plan=self.m.name(main),
                status=words(f"status.{main.status}"),
                date=day_in_words(main.date or "", words),
            )
        )
        self.file.text(words.of(main.note).strip())
        count = len(self.m.claims)
        if count:
            self.file.text(words("report.study.background_claims", count=count))
        self._heading("questions", 2)
        self.file.items((self.parts[one.id].title for one in QUESTIONS), numbered=True)
        self._heading("purpose", 2)
        self.file.text(words("report.study.purpose_text"))
        self._heading("scope", 2)
        city = self.m.result.city
        self.file.text(
            words(
                "report.study.scope_text",
                agencies=len(city.agencies),
                buildings=len(city.today.occupied),
                plans=len(self.m.plans),
            )
        )

    def _methods(self) -> None:
        words, frame = self.words, self.m.book.to_frame()
        self._heading("methods_how", 2)
        draws = words.number(self.m.result.draws)
        self.file.text(words("report.study.methods_text", draws=draws, scenario=self.m.scenario))
        self._heading("methods_data", 2)
        share = words.percent(float((frame["evidence"] == "judgement").mean()))
        numbers = words.number(len(frame))
        self.file.text(words("report.study.data_text", numbers=numbers, share=share))
        self._figures(("evidence",))
        self._heading("methods_words", 2)
        limits = self.m.limits
        self.file.text(
            words(
                "report.study.words_text",
                high=words.percent(limits.high),
                low=words.percent(limits.low),
                noticed=words.percent(self.m.noticed),
            )
        )

    def _results(self) -> None:
        for part in self.parts.values():
            self.file.heading(part.title, 2)
            for sentence in part.lead:
                self.file.text(sentence)
            if part.evidence:
                self.file.text(part.evidence)
            if part.compared is not None:
                self._table(_joined(part.compared))
            self._figures(FIGURES.get(part.id, ()))
            if part.claims and part.id != "claims":
                self.file.heading(self._say("report.claims_here"), 3)
                verdict = self._say("table.verdict")
                self.file.items(f"{c.id}: {c.said} {verdict}: {c.verdict}." for c in part.claims)

    def _conclusion(self) -> None:
        self._heading("conclusions", 2)
        for answer in self.answers:
            question = self._say(f"report.chapter.{answer.question}.title")
            self.file.text(answer.sentence, question)
        for name in ("fit", "sure", "best"):
            part: Part = self.parts[name]
            if part.lead:
                self.file.text(" ".join(part.lead), part.title)
        self._heading("recommendations", 2)
        for group in GROUPS:
            found = [one for one in self.decisions if one.group == group]
            if found:
                self.file.heading(self._say(f"report.decide.{group}"), 3)
            first = first_to_measure(self.m)
            if group == "if" and found and first:
                self.file.text(self.words("report.decide.measure", group=first))
            for decision in found:
                self._decision(decision)

    def _decision(self, decision: Decision) -> None:
        expected = "; ".join(decision.expected)
        self.file.text(f"{expected}.", f"{self.m.name(decision.plan)}:")
        self.file.items(decision.conditions)

    def _references(self) -> None:
        cited = self._cited()
        for source in sorted(cited, key=lambda one: (one.publisher.lower(), one.title.lower())):
            date = day_in_words(source.date or "", self.words)
            date = date or self._say("report.study.undated")
            parts = [f"{source.publisher}. ({date}). {source.title}."]
            if source.address:
                parts.append(source.address)
            self.file.text(" ".join(parts))

    def _cited(self) -> list[Source]:
        """The sources of the plans, the claims and the beliefs, each once."""
        keys = {key for plan in self.m.plans for key in plan.sources}
        keys |= {key for claim in self.m.claims for key in claim.sources}
        for joined in self.m.book.to_frame()["sources"]:
            keys |= {key for key in joined.split("; ") if key}
        return [self.m.sources[key] for key in sorted(keys) if key in self.m.sources]

    def _annexes(self) -> None:
        for name, heading in (("plans", "annex_plans"), ("predictions", "annex_predictions")):
            found = tables_of((name,), self.m)
            if found:
                self._heading(heading, 2)
                self._table(found[0])
        claims = judged_claims(self.m)
        if claims:
            self._heading("annex_claims", 2)
            self._table(self._claims_table())
        self._heading("annex_parameters", 2)
        self.file.text(self._say("report.lead_of.parameters"))
        self._table(parameters_table(self.m))

    def _claims_table(self) -> Table:
        keys = ("claim", "said", "verdict", "condition", "needed", "found", "chance")
        rows = tuple(
            tuple(
                Cell(text, text)
                for text in (c.id, c.said, c.verdict, c.condition, c.needed, c.found, c.chance)
            )
            for c in judged_claims(self.m)
        )
        headers = tuple(self._say(f"table.{key}") for key in keys)
        return Table("claims", self._say("report.table.claims"), headers, rows)

    def _figures(self, names: Sequence[str]) -> None:
        for figure in figures_of(names, self.m):
            self._pictures += 1
            caption = self.words("report.study.figure", number=self._pictures, title=figure.title)
            png = self.m.files[f"figures/{figure.name}.png"]
            self.file.picture(png, caption, figure.alternative)
            self.file.text(figure.read, self._say("report.how_to_read"))

    def _table(self, table: Table) -> None:
        self._tables += 1
        title = self.words("report.study.table", number=self._tables, title=table.title)
        self.file.table(table, title)


def _joined(table: Table) -> Table:
    """A comparison of plans with each amount and its word in one cell, as paper is narrow."""
    rows = []
    for plan, *cells in table.rows:
        pairs = zip(cells[::2], cells[1::2], strict=True)
        joined = [f"{amount.text}: {mark.text}" for amount, mark in pairs]
        rows.append((plan, *(Cell(text, text) for text in joined)))
    headers = (table.headers[0], *table.headers[1::2])
    return Table(table.name, table.title, headers, tuple(rows))

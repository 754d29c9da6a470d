"""The parts of a report in the order in which they are read, ready to be set on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from opdanalysis.experiment.claims import VERDICTS
from opdanalysis.report.answers import FIRST, answer
from opdanalysis.report.captions import alternative, drawn, how_to_read, title_of
from opdanalysis.report.cells import Cell, Table, table_of
from opdanalysis.report.chapters import Chapter
from opdanalysis.report.decisions import first_to_measure
from opdanalysis.report.material import Material
from opdanalysis.report.standing import standing
from opdanalysis.tables.forms import PERCENT

TONES = {
    "supported": "good",
    "supported_only_if": "open",
    "not_supported": "bad",
    "cannot_be_tested": "calm",
}
"""How a verdict is coloured."""


@dataclass(frozen=True)
class Figure:
    """A figure to be seen: what it is called, how it is read, and what is seen in it."""

    name: str
    title: str
    read: str
    alternative: str


@dataclass(frozen=True)
class Finding:
    """A sentence that the study stands behind, how far it rests on judgement, and the claims."""

    sentence: str
    judged: str
    answers: str


@dataclass(frozen=True)
class JudgedClaim:
    """A public claim with its verdict: what was said, asked and found, and on what it hangs."""

    id: str
    said: str
    date: str
    verdict: str
    tone: str
    condition: str
    needed: str
    found: str
    chance: str


@dataclass(frozen=True)
class Part:
    """One chapter: its sentences, plans compared, claims, figures, and tables open and closed."""

    id: str
    title: str
    short: str
    lead: tuple[str, ...]
    evidence: str = ""
    compared: Table | None = None
    claims: tuple[JudgedClaim, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    long: tuple[Table, ...] = field(default=())


def part_of(chapter: Chapter, material: Material) -> Part:
    """A chapter with everything that the study made for it."""
    words = material.words
    return Part(
        chapter.id,
        words(f"report.chapter.{chapter.id}.title"),
        words(f"report.chapter.{chapter.id}.short"),
        lead_of(chapter, material),
        evidence_of(chapter.topics, material),
        compared(chapter, material) if chapter.outcomes else None,
        tuple(judged_claims(material))
        if chapter.id == "claims"
        else claims_on(chapter.claims_on, material),
        figures_of(chapter.figures, material),
        tables_of(chapter.tables, material),
        tables_of(chapter.long, material),
    )


def figures_of(names: Sequence[str], material: Material) -> tuple[Figure, ...]:
    """The figures of those names that were drawn."""
    return tuple(
        Figure(
            name,
            title_of(name, material),
            how_to_read(name, material),
            alternative(name, material),
        )
        for name in drawn(names, material)
    )


def tables_of(names: Sequence[str], material: Material) -> tuple[Table, ...]:
    """The tables of those names that were written and are not empty."""
    found = []
    for name in names:
        frame = material.table(name)
        if frame is not None and len(frame):
            title = material.words(f"report.table.{name}")
            found.append(table_of(name, title, frame, material.words))
    return tuple(found)


def lead_of(chapter: Chapter, material: Material) -> tuple[str, ...]:
    """The first sentences of a chapter: its answer, for the main plan and the one beside it."""
    if chapter.id in FIRST:
        return tuple(
            f"{material.name(plan)}: {answer(material, plan, chapter.id).sentence}"
            for plan in material.judged
        )
    return tuple(LEADS[chapter.id](material))


def _lead_fit(material: Material) -> list[str]:
    said = []
    for plan in material.judged:
        staff, stalls = (
            standing(material, plan, name) for name in ("overfull_staff", "stalls_short")
        )
        enough = not any(one.amount.points[-1] > 0 for one in (staff, stalls))
        key = "report.lead_of.fit_enough" if enough else "report.lead_of.fit"
        said.append(
            material.words(
                key,
                plan=material.name(plan),
                staff=staff.amount.text,
                stalls=stalls.amount.text,
            )
        )
    return said


def _lead_sure(material: Material) -> list[str]:
    words, frame = material.words, material.book.to_frame()
    judged = words.percent(float((frame["evidence"] == "judgement").mean()))
    said = [words("report.lead_of.sure", numbers=words.number(len(frame)), share=judged)]
    first = first_to_measure(material)
    if first:
        said.append(words("report.lead_of.sure_measure", group=first))
    elif material.frame("information_value") is not None:
        said.append(words("report.lead_of.sure_nothing"))
    return said


def _lead_best(material: Material) -> list[str]:
    words, frame = material.words, material.frame("probability_best")
    if frame is None:
        return []
    own = frame[frame["scenario"] == frame["scenario"].iloc[0]].set_index("plan")
    names = {plan.id: material.name(plan) for plan in material.plans}
    names[material.result.plans[0].id] = words("figure.today")
    best = str(own["regret"].idxmin())
    said = [
        words(
            "report.lead_of.best",
            plan=names[best],
            share=words.percent(own.loc[best, "probability"]),
            regret=words.rupiah(own.loc[best, "regret"]),
        )
    ]
    if best != material.main.id and material.main.id in own.index:
        share = words.percent(own.loc[material.main.id, "probability"])
        plan = names[material.main.id]
        said.append(words("report.lead_of.best_other", plan=plan, share=share))
    return said


def _lead_claims(material: Material) -> list[str]:
    words, judged = material.words, judged_claims(material)
    if not judged:
        return []
    counts = [
        f"{sum(claim.tone == TONES[verdict] for claim in judged)} "
        f"{words(f'claim.verdict.{verdict}')}"
        for verdict in VERDICTS
    ]
    return [words("report.lead_of.claims", count=len(judged), counts="; ".join(counts))]


LEADS = {
    "fit": _lead_fit,
    "sure": _lead_sure,
    "best": _lead_best,
    "claims": _lead_claims,
}


def evidence_of(topics: Sequence[str], material: Material) -> str:
    """How many numbers an answer rests on, and which part of them is judgement."""
    if not topics:
        return ""
    frame = material.book.to_frame()
    own = frame[frame["topic"].isin(topics)]
    words = material.words
    share = words.percent(float((own["evidence"] == "judgement").mean()))
    return words("report.evidence", share=share, numbers=words.number(len(own)))


def compared(chapter: Chapter, material: Material) -> Table:
    """All plans in the measures of a chapter: each amount, and whether it is better than today."""
    words = material.words
    headers = [words("table.plan")]
    for outcome in chapter.outcomes:
        headers += [words(f"report.measure.{outcome}"), words("report.better_than_today")]
    rows = []
    for plan in material.plans:
        row = [Cell(material.name(plan), material.name(plan))]
        for outcome in chapter.outcomes:
            found = standing(material, plan, outcome)
            mark = words(f"report.mark.{found.word}")
            chance = words.percent(found.better)
            unsure = words("report.chance_better", word=mark, chance=chance)
            row += [
                Cell(found.amount.text, f"{found.amount.points[1]:.6g}", number=True),
                Cell(unsure if found.word == "open" else mark, f"{found.better:.6g}", True),
            ]
        rows.append(tuple(row))
    question = words(f"report.chapter.{chapter.id}.short").lower()
    title = words("report.plans_compared", question=question)
    return Table(f"compared_{chapter.id}", title, tuple(headers), tuple(rows))


def judged_claims(material: Material) -> list[JudgedClaim]:
    """Every claim with its verdict, as the study wrote them down."""
    frame = material.table("claims")
    if frame is None:
        return []
    words = material.words
    keys = ("claim", "said", "date", "verdict", "condition", "needed", "found", "chance")
    texts = table_of("claims", "", frame, words)
    place = {words(f"table.{key}"): key for key in keys}
    found = []
    for row in texts.rows:
        cells = {
            place[header]: cell.text
            for header, cell in zip(texts.headers, row, strict=True)
            if header in place
        }
        verdict = next(
            (v for v in VERDICTS if _begins(cells["verdict"], words(f"claim.verdict.{v}"))),
            "cannot_be_tested",
        )
        cells["id"] = cells.pop("claim")
        found.append(JudgedClaim(tone=TONES[verdict], **cells))
    return found


def _begins(text: str, verdict: str) -> bool:
    """Whether a text is a verdict, or that verdict near its limit."""
    return text == verdict or text.startswith(f"{verdict} (")


def claims_on(outcomes: Sequence[str], material: Material) -> tuple[JudgedClaim, ...]:
    """The claims whose test looks at one of some outcomes."""
    tested = {
        claim.id
        for claim in material.claims
        if claim.test is not None and set(claim.test.outcomes) & set(outcomes)
    }
    return tuple(claim for claim in judged_claims(material) if claim.id in tested)


def findings(material: Material) -> list[Finding]:
    """What the study stands behind, as it wrote it down."""
    frame = material.table("findings")
    if frame is None:
        return []
    words = material.words
    names = [words(f"table.{key}") for key in ("finding", "judged_share", "answers")]
    found = []
    for sentence, judged, answers in frame[names].itertuples(index=False):
        share = "" if pd.isna(judged) else words.percent(min(float(judged) * PERCENT, 1.0))
        found.append(Finding(sentence, share, "" if pd.isna(answers) else str(answers)))
    return found

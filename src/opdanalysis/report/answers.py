"""The four answers of the first page, each chosen by the numbers: a word, a number, a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opdanalysis.plans.plan import Plan
from opdanalysis.report.material import Material
from opdanalysis.report.standing import Standing, standing

FIRST = {
    "money": "net_cost",
    "faster": "elapsed_days",
    "together": "contacts_one_roof",
    "loses": "residents_farther",
}
"""The measure behind each of the four answers."""

TONES = {
    "yes": "good",
    "part": "good",
    "no": "bad",
    "some": "bad",
    "may": "open",
    "open_yes": "open",
    "open_no": "open",
}
"""How a word is coloured; words that are not named here are calm."""

MOST = 0.5
"""From here on a share is most of something."""

NAMED = 3
"""Districts that a sentence names."""


@dataclass(frozen=True)
class Answer:
    """One answer for one plan: the word, its tone, how it stands, and a sentence that says why."""

    question: str
    word: str
    tone: str
    standing: Standing
    sentence: str


def answers(material: Material, plan: Plan) -> list[Answer]:
    """The four answers for a plan, in the order of the questions."""
    return [answer(material, plan, question) for question in FIRST]


def answer(material: Material, plan: Plan, question: str) -> Answer:
    """The answer to one of the four questions for a plan."""
    found = standing(material, plan, FIRST[question])
    key, words = answer_key(question, found), material.words
    said = found.word if key.startswith("open") else key
    sentence = words(
        f"report.answer.{question}.{said}",
        chance=words.percent(found.better),
        against=words.percent(1 - found.better),
        today=found.today.text,
        range=found.amount.text,
        share=_share_of_residents(material, found),
    )
    if question == "loses":
        sentence = " ".join([sentence, *_districts(material, plan)])
    tone = TONES.get(key, "calm")
    return Answer(question, words(f"report.word.{key}"), tone, found, sentence)


def answer_key(question: str, found: Standing) -> str:
    """The key of the word of an answer, from how a plan stands.

    What is open leans to yes or to no. For who is brought together a rise that leaves most contacts
    apart is a part; for who loses, a loss is some, perhaps some, or none.
    """
    if question == "together" and found.word == "yes" and found.amount.points[-1] < MOST:
        return "part"
    if question == "loses":
        return {"no": "some", "open": "may"}.get(found.word, "none")
    if found.word == "open":
        return "open_yes" if found.better > MOST else "open_no"
    return found.word


def _share_of_residents(material: Material, found: Standing) -> str:
    """The median of an amount as a share of all residents, in words."""
    residents = sum(one.population.value for one in material.result.city.kecamatan)
    return material.words.percent(found.amount.points[1] / residents if residents else 0.0)


def _districts(material: Material, plan: Plan) -> Sequence[str]:
    """A sentence that names the districts whose way grows longer, where that is known."""
    frame = material.frame("access_by_kecamatan")
    if frame is None or plan.id != material.main.id:
        return ()
    longer = frame[frame["p50"] < -float(material.book.central()["noticed_minutes"]) / 2]
    worst = longer.sort_values("p50", kind="stable").head(NAMED)["kecamatan"]
    names = {one.id: one.name for one in material.result.city.kecamatan}
    if not len(worst):
        return ()
    return (
        material.words("report.answer.loses.districts", names=", ".join(names[id] for id in worst)),
    )
